//! What the first pass over a file finds out about its prices.

use std::collections::BTreeMap;

use cosmwasm_std::Decimal;

use crate::rows::Row;
use crate::time::{DAY, SECOND};

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
    /// Rows whose time is a date alone, and so a whole day.
    pub days: u64,
    /// Rows whose time is midnight.
    pub midnights: u64,
    /// Rows whose time names no zone, which were taken for UTC.
    pub without_zone: u64,
    /// The lowest price.
    pub lowest: Decimal,
    /// The highest.
    pub highest: Decimal,
    /// The longest time between two rows, and when it began.
    pub silence: (u64, u64),
    last_line: u32,
    /// The first row and the time of the second, and the last row.
    first_row: Option<Row>,
    second: Option<u64>,
    last_row: Option<Row>,
    latest_end: Option<u64>,
    /// The first row's line in the file.
    pub first_line: u32,
    /// Whether any price has decimals.
    pub decimals: bool,
    times: Times,
    steps: BTreeMap<u64, Step>,
    grids: Grids,
    /// The steps of one length at the end of what was added.
    run: Run,
}

/// How often a step of one length occurs.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    count: u64,
    longest: Run,
}

/// From here a file's highest price, if it has no decimals, may be a feed's answer: a
/// dollar in six decimals, and no price in dollars that is usually written so.
const ANSWERS: u64 = 900_000;

/// How many prices are of one time.
#[derive(Debug, Clone, Default)]
struct Times {
    /// Of the last time: the prices that differ from the one before, the lowest and the
    /// highest.
    now: Option<(u64, u32, [Decimal; 2])>,
    last: Option<(u32, Decimal)>,
    /// How many times have so many prices, of which the last is for all more.
    counts: [u64; 16],
    /// How many have prices that are more than a tenth apart.
    apart: u64,
    example: Option<[(u32, Decimal); 2]>,
}

impl Times {
    fn add(&mut self, row: &Row, price: Decimal) {
        let last = self.last.replace((row.line, price));
        match &mut self.now {
            Some((nanos, count, [low, high])) if *nanos == row.nanos => {
                let Some(last) = last.filter(|(_, last)| *last != price) else {
                    return;
                };
                *count += 1;
                (*low, *high) = ((*low).min(price), (*high).max(price));
                self.example.get_or_insert([last, (row.line, price)]);
            }
            _ => {
                self.close();
                self.now = Some((row.nanos, 1, [price; 2]));
            }
        }
    }

    fn close(&mut self) {
        let Some((_, count, [low, high])) = self.now.take() else {
            return;
        };
        let last = self.counts.len() - 1;
        let place = usize::try_from(count).unwrap_or(last).min(last);
        if let Some(times) = self.counts.get_mut(place) {
            *times += 1;
        }
        let tenth = low.checked_mul(Decimal::percent(110)).unwrap_or(Decimal::MAX);
        self.apart += u64::from(high > tenth);
    }

    /// Most times have as many prices, and several; or prices that are of no one market.
    /// A feed that publishes twice at a time seldom does, and trades come in any number.
    fn two_markets(&self) -> Option<[(u32, Decimal); 2]> {
        let mut all = self.clone();
        all.close();
        let times: u64 = all.counts.iter().sum();
        let most = all
            .counts
            .iter()
            .skip(2)
            .copied()
            .max()
            .unwrap_or(0)
            .max(all.apart);
        all.example.filter(|_| most >= 2 && 2 * most > times)
    }
}

/// Bars of another length are refused where they come by chance in fewer files than this.
const BY_CHANCE: f64 = 1e-3;

/// Whether a step between two bars is one or more of the usual ones: then those between
/// are missing, and else nothing says that the first of the two ends before the second.
pub(super) fn missing(step: u64, usual: u64) -> bool {
    step.is_multiple_of(usual.max(1))
}

/// Steps with a common divisor, one after the other: such as hours of which some are
/// missing.
#[derive(Debug, Clone, Default)]
struct Grids {
    /// Those that end with the last step, a divisor once, the finest and longest first.
    open: Vec<Run>,
    /// The longest of each divisor.
    longest: BTreeMap<u64, Run>,
}

impl Grids {
    fn add(&mut self, step: u64, line: u32) {
        self.open.push(Run { step, count: 0, line });
        for run in &mut self.open {
            run.step = divisor(run.step, step);
            run.count += 1;
        }
        // Of two with one divisor the first is the longer one.
        self.open.dedup_by_key(|run| run.step);
        for run in &self.open {
            if self.longest.len() < STEPS || self.longest.contains_key(&run.step) {
                let longest = self.longest.entry(run.step).or_insert(*run);
                if run.count > longest.count {
                    *longest = *run;
                }
            }
        }
    }
}

/// The greatest common divisor.
fn divisor(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Steps of one length, or with one divisor, one after the other.
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
        self.times.add(row, price);
        if self.rows == 0 {
            (self.first, self.lowest) = (row.nanos, price);
            self.first_line = row.line;
            self.first_row = Some(*row);
        } else {
            self.second.get_or_insert(row.nanos);
            self.step(row.nanos - self.last, self.last_line);
        }
        self.rows += 1;
        self.last = row.nanos;
        self.last_row = Some(*row);
        self.latest_end = self.latest_end.max(row.end);
        self.last_line = row.line;
        self.decimals |= !(price.atomics() % Decimal::one().atomics()).is_zero();
        self.days += u64::from(row.day);
        self.midnights += u64::from(row.nanos.is_multiple_of(DAY));
        self.without_zone += u64::from(!row.zoned);
        self.lowest = self.lowest.min(price);
        self.highest = self.highest.max(price);
    }

    fn step(&mut self, step: u64, line: u32) {
        if step > self.silence.0 {
            self.silence = (step, self.last);
        }
        if step > 0 && (self.steps.len() < STEPS || self.steps.contains_key(&step)) {
            self.grids.add(step, line);
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

    /// Whether the prices are so large and without decimals that these are among the digits.
    pub(super) fn may_be_answers(&self) -> bool {
        !self.decimals && self.highest >= Decimal::from_ratio(ANSWERS, 1_u64)
    }

    /// Two rows of one time with two prices, if most times have them.
    pub(super) fn two_markets(&self) -> Option<[(u32, Decimal); 2]> {
        self.times.two_markets()
    }

    /// Rows in a row that are all another time apart than most, and too many for
    /// that to be chance: bars of another length, rather than time without trades.
    pub(super) fn uneven(&self) -> Option<Uneven> {
        let usual = self.step_nanos()?;
        let shorter = self.steps.range(..usual);
        // A shorter step is never a look ahead, and often the bar of a thin market.
        let rare = (self.rows as f64 * 1e4).ln() / 2_f64.ln();
        let shorter = shorter.map(|(step, counted)| (*step, counted.longest));
        let shorter = shorter.filter(|(_, run)| run.count as f64 >= rare.ceil().max(3.0));
        let longer = self.grids.longest.range(usual + 1..);
        let longer = longer.map(|(grid, run)| (*grid, *run));
        let longer = longer.filter(|(grid, run)| self.by_chance(*grid, run.count, usual) < BY_CHANCE);
        let first = shorter.chain(longer).min_by_key(|(_, run)| run.line);
        first.map(|(step, Run { line, .. })| Uneven { line, step })
    }

    /// About how often a file of bars of the usual step has so many steps in a row that
    /// are all a multiple of a longer one, where only trades are missing.
    fn by_chance(&self, grid: u64, count: u64, usual: u64) -> f64 {
        let as_long: u64 = self.steps.range(grid..).map(|(_, step)| step.count).sum();
        let windows = as_long.saturating_sub(count) + 1;
        let multiple = grid as f64 / usual as f64;
        // Of gaps that come by chance and are as long as that, about one in so many is a
        // multiple of it; of short ones, which nights make more of, more are.
        let one = if multiple < 5.0 { 0.6 } else { 1.4 / multiple };
        windows as f64 * f64::powf(one, count as f64)
    }

    /// When the first price is known and when the last, by what says it of a row and the
    /// time of the next.
    pub(super) fn range(&self, known: impl Fn(&Row, Option<u64>) -> u64) -> (u64, u64) {
        let first = self.first_row.map_or(0, |row| known(&row, self.second));
        let last = self.last_row.map_or(0, |row| known(&row, None));
        (first, last.max(self.latest_end.unwrap_or(0)))
    }

    /// How long the last bar may be, which no other follows: as the usual one, or as the
    /// longest step that missing bars do not explain.
    pub(super) fn longest_bar(&self, usual: u64) -> u64 {
        let odd = self.steps.keys().rev().find(|step| !missing(**step, usual));
        odd.copied().unwrap_or(usual).max(usual)
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
