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
    last_line: u32,
    /// The first row's line in the file.
    pub first_line: u32,
    /// Whether any price has decimals.
    pub decimals: bool,
    steps: BTreeMap<u64, Step>,
    /// The steps of one length at the end of what was added.
    run: Run,
}

/// How often a step of one length occurs.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    count: u64,
    longest: Run,
}

/// Steps of one length, one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    step: u64,
    count: u64,
    /// The line that it begins in.
    line: u32,
}

/// Rows that are another time apart than most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uneven {
    /// The line of the first of them.
    pub line: u32,
    /// How far they are apart, in nanoseconds.
    pub step: u64,
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
            self.first_line = row.line;
        } else {
            self.step(row.nanos - self.last, self.last_line);
        }
        self.rows += 1;
        self.last = row.nanos;
        self.last_line = row.line;
        self.decimals |= !(price.atomics() % Decimal::one().atomics()).is_zero();
        self.without_zone += u64::from(!row.zoned);
        self.lowest = self.lowest.min(price);
        self.highest = self.highest.max(price);
    }

    fn step(&mut self, step: u64, line: u32) {
        if step > self.silence.0 {
            self.silence = (step, self.last);
        }
        if step > 0 && (self.steps.len() < STEPS || self.steps.contains_key(&step)) {
            let counted = self.steps.entry(step).or_default();
            counted.count += 1;
            if step != self.run.step {
                let count = 0;
                self.run = Run { step, count, line };
            }
            self.run.count += 1;
            if self.run.count > counted.longest.count {
                counted.longest = self.run;
            }
        }
    }

    /// Rows in a row that are all another time apart than most, and too many for
    /// that to be chance: bars of another length, rather than time without trades.
    pub(super) fn uneven(&self) -> Option<Uneven> {
        let usual = self.step_nanos()? as f64;
        let other = self.steps.iter().filter(|(step, _)| **step as f64 != usual);
        let by_chance = |step: u64| {
            let k = step as f64 / usual;
            let chance = match k {
                // A shorter step is never a look ahead, and often the bar of a thin market.
                _ if k < 1.0 => 0.5,
                _ if k < 6.0 => 0.25,
                // Where trades come by chance, a gap of k bars has at most this one.
                _ => (1.0 - 1.0 / k).powf(k - 1.0) / k,
            };
            let rare = (self.rows as f64 * 1e4).ln() / -chance.ln();
            rare.ceil().max(3.0) as u64
        };
        let found = other.filter(|(step, counted)| counted.longest.count >= by_chance(**step));
        let first = found.min_by_key(|(_, counted)| counted.longest.line);
        first.map(|(step, counted)| Uneven {
            line: counted.longest.line,
            step: *step,
        })
    }

    /// The most common time between two rows, the shortest of those that are
    /// as common; none with fewer than two times. So one bar off the grid, or
    /// a minute without trades, does not change how long a bar is.
    pub fn step_nanos(&self) -> Option<u64> {
        let most = self.steps.values().map(|step| step.count).max()?;
        let found = self.steps.iter().find(|(_, step)| step.count == most);
        found.map(|(step, _)| *step)
    }

    /// The time within which the next row comes in 99 of 100 cases, in seconds.
    pub fn nearly_every_step_seconds(&self) -> Option<u64> {
        let all: u64 = self.steps.values().map(|step| step.count).sum();
        let mut left = all.saturating_sub(all / 100);
        let found = self.steps.iter().find(|(_, step)| {
            left = left.saturating_sub(step.count);
            left == 0
        });
        found.map(|(step, _)| step.div_ceil(SECOND))
    }

    /// The usual step in seconds, at least one.
    pub fn step_seconds(&self) -> Option<u64> {
        self.step_nanos().map(|step| step.div_ceil(SECOND).max(1))
    }
}
