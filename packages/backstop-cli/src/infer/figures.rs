//! The numbers of an inferred scenario, each from what the files show.

use backstop_prices::PriceFile;
use backstop_prices::decimal::double;
use backstop_replay::scenario::MAX_BLOCKS;
use backstop_replay::scenario::values::Moment;

use crate::error::BadInput;

const DAY: u64 = 86_400;
/// How old a price may be by the breaker's own default.
const LEAST_AGE: u64 = 120;

/// From when to when, and how fast the chain is, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first block: every file has a price by then.
    pub start: u64,
    /// The last one: no file has ended before.
    pub end: u64,
    /// Between blocks.
    pub block: u64,
    /// The shortest usual step of a file.
    pub step: u64,
    /// How old a price may be.
    pub max_age: u64,
}

impl Span {
    /// What all `files` have in common.
    pub fn of(files: &[PriceFile]) -> Result<Self, BadInput> {
        let start = files.iter().map(|file| file.range().0).max().unwrap_or(0);
        let end = files.iter().map(|file| file.range().1).min().unwrap_or(0);
        if end <= start {
            return Err(apart(files));
        }
        let step = |file: &PriceFile| file.facts().step_seconds().unwrap_or(1);
        if let Some(file) = files.iter().find(|file| step(file) > DAY) {
            return Err(too_slow(file, step(file)));
        }
        let age = |file| age(step(file), file.facts().nearly_every_step_seconds());
        let max_age = files.iter().map(age).max().unwrap_or(LEAST_AGE);
        let step = files.iter().map(step).min().unwrap_or(1);
        let fewest = (end - start).div_ceil(MAX_BLOCKS);
        // No slower than an hour, so that keepers and people act in between.
        let block = step.clamp(10, 3_600).max(fewest).min(end - start);
        Ok(Self {
            start,
            end,
            block,
            step,
            max_age,
        })
    }

    /// How long it is.
    pub fn seconds(&self) -> u64 {
        self.end - self.start
    }

    /// How many blocks that is.
    pub fn blocks(&self) -> u64 {
        self.seconds() / self.block + 1
    }

    /// How many traders: fewer where a replay is long.
    pub fn traders(&self) -> u64 {
        if self.blocks() > 100_000 { 40 } else { 100 }
    }

    /// How often a day a trader closes, so that most positions end within the
    /// run.
    pub fn closes_per_day(&self) -> f64 {
        let often = 3.0 * DAY as f64 / self.seconds() as f64;
        (often.clamp(0.1, 24.0) * 100.0).round() / 100.0
    }

    /// How long a trader stays away, in seconds.
    pub fn return_after(&self) -> u64 {
        (self.seconds() / 50).clamp(600, DAY)
    }
}

/// How old a price may be: as old as nearly all of a file's prices get, and a
/// step more, so that what is usual for a file is no fault and a silence is.
fn age(step: u64, nearly_every: Option<u64>) -> u64 {
    let usual = nearly_every.unwrap_or(step).max(step);
    usual.saturating_add(step).clamp(LEAST_AGE, DAY)
}

/// The deepest fall of any of `files` within the span, from a high to what came
/// after it, as a part of the high; and when that was, in seconds since the
/// epoch.
pub fn deepest_fall(files: &[PriceFile], span: &Span) -> Result<(f64, u64), BadInput> {
    let mut deepest = (0.0, span.start);
    for file in files {
        let mut peak: f64 = 0.0;
        for known in file.known()? {
            let (at, price) = known?;
            if !(span.start..=span.end).contains(&at) {
                continue;
            }
            let price = double(price);
            peak = peak.max(price);
            let fall = 1.0 - price / peak;
            if fall > deepest.0 {
                deepest = (fall, at);
            }
        }
    }
    Ok(deepest)
}

/// The median leverage for a market that falls by `fall` at the deepest: a long
/// from the high with it is liquidated half of the way down, as maintenance
/// margin is 5 %.
pub fn leverage(fall: f64) -> u64 {
    let fits = 1.0 / (fall / 2.0 + 0.05);
    fits.round().clamp(2.0, 8.0) as u64
}

fn range(file: &PriceFile) -> String {
    let (first, last) = file.range();
    format!("{} {} to {}", file.path().display(), Moment(first), Moment(last))
}

fn apart(files: &[PriceFile]) -> BadInput {
    let ranges: Vec<String> = files.iter().map(range).collect();
    BadInput::Argument {
        argument: "the files".to_string(),
        value: ranges.join(", "),
        bound: "of one time, at least two steps long, in which all have prices".to_string(),
        next: "give files of the same days".to_string(),
    }
}

fn too_slow(file: &PriceFile, step: u64) -> BadInput {
    BadInput::Argument {
        argument: file.path().display().to_string(),
        value: format!("a price every {step} seconds"),
        bound: format!("one a day or more ({DAY} seconds): the breaker takes no older price"),
        next: "give a file with daily prices or finer ones".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calmer_markets_are_traded_at_a_higher_leverage() {
        assert_eq!([0.02, 0.15, 0.3, 0.5, 0.99].map(leverage), [8, 8, 5, 3, 2]);
    }

    #[test]
    fn a_price_may_be_as_old_as_the_file_makes_usual_and_never_more_than_a_day() {
        for (step, nearly_every, expected) in [
            (1, 20, 120),
            (60, 60, 120),
            (60, 180, 240),
            (600, 600, 1_200),
            (3_600, 3_600, 7_200),
            (DAY, DAY, DAY),
        ] {
            assert_eq!(age(step, Some(nearly_every)), expected, "{step} {nearly_every}");
        }
    }
}
