//! What the first pass over a file finds out about its prices.

use std::collections::BTreeMap;

use cosmwasm_std::Decimal;

use crate::rows::Row;
use crate::time::SECOND;

/// So many lengths of a step are counted; a file with more has no usual one
/// among the rest.
const STEPS: usize = 4_096;

/// What there is to know about a series without holding it. Times are
/// nanoseconds since the epoch as the file has them.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Rows with a price.
    pub rows: u64,
    /// Rows without one, in which nobody traded.
    pub empty: u64,
    /// The first row's time.
    pub first: u64,
    /// The last row's.
    pub last: u64,
    /// Rows whose time names no zone, which were taken for UTC.
    pub without_zone: u64,
    /// The lowest price.
    pub lowest: Decimal,
    /// The highest.
    pub highest: Decimal,
    /// The longest time between two rows, and when it began.
    pub silence: (u64, u64),
    steps: BTreeMap<u64, u64>,
}

impl Facts {
    /// Adds the next row in order of time.
    pub(super) fn add(&mut self, row: &Row) {
        let Some(price) = row.price else {
            self.empty += 1;
            return;
        };
        if self.rows == 0 {
            (self.first, self.lowest) = (row.nanos, price);
        } else {
            self.step(row.nanos - self.last);
        }
        self.rows += 1;
        self.last = row.nanos;
        self.without_zone += u64::from(!row.zoned);
        self.lowest = self.lowest.min(price);
        self.highest = self.highest.max(price);
    }

    fn step(&mut self, step: u64) {
        if step > self.silence.0 {
            self.silence = (step, self.last);
        }
        if step > 0 && (self.steps.len() < STEPS || self.steps.contains_key(&step)) {
            *self.steps.entry(step).or_default() += 1;
        }
    }

    /// The most common time between two rows, the shortest of those that are
    /// as common; none with fewer than two times. So one bar off the grid, or
    /// a minute without trades, does not change how long a bar is.
    pub fn step_nanos(&self) -> Option<u64> {
        let most = self.steps.values().max()?;
        let found = self.steps.iter().find(|(_, count)| *count == most);
        found.map(|(step, _)| *step)
    }

    /// The time within which the next row comes in 99 of 100 cases, in seconds.
    pub fn nearly_every_step_seconds(&self) -> Option<u64> {
        let all: u64 = self.steps.values().sum();
        let mut left = all.saturating_sub(all / 100);
        let found = self.steps.iter().find(|(_, count)| {
            left = left.saturating_sub(**count);
            left == 0
        });
        found.map(|(step, _)| step.div_ceil(SECOND))
    }

    /// The usual step in seconds, at least one.
    pub fn step_seconds(&self) -> Option<u64> {
        self.step_nanos().map(|step| step.div_ceil(SECOND).max(1))
    }
}
