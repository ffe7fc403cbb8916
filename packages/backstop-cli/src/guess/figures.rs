//! The numbers of a guessed scenario, each from what the files show.

use crate::error::BadInput;
use crate::scenario::MAX_BLOCKS;
use crate::series::csv::Survey;

const DAY: u64 = 86_400;
/// How old a price may be by the breaker's own default.
const DEFAULT_AGE: u64 = 120;

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
    /// The longest.
    pub longest_step: u64,
}

impl Span {
    /// What all `files` have in common.
    pub fn of(files: &[Survey]) -> Result<Self, BadInput> {
        let start = files.iter().map(|file| file.range().0).max().unwrap_or(0);
        let end = files.iter().map(|file| file.range().1).min().unwrap_or(0);
        if end <= start {
            return Err(apart(files));
        }
        let steps = || files.iter().map(|file| file.facts().step_seconds().unwrap_or(1));
        let step = steps().min().unwrap_or(1);
        let longest_step = steps().max().unwrap_or(1);
        if longest_step > DAY {
            return Err(too_slow(files, longest_step));
        }
        let fewest = (end - start).div_ceil(MAX_BLOCKS);
        // No slower than an hour, so that keepers and people act in between.
        let block = step.clamp(10, 3_600).max(fewest).min(end - start);
        Ok(Self {
            start,
            end,
            block,
            step,
            longest_step,
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

    /// How old a price may be: two steps of the slowest file, so that one that
    /// is missing trips nothing.
    pub fn max_age(&self) -> u64 {
        match self.longest_step {
            0..=60 => DEFAULT_AGE,
            step => (2 * step).clamp(DEFAULT_AGE, DAY),
        }
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

/// The deepest fall of any of `files` within the span, from a high to what came
/// after it, as a part of the high; and when that was, in seconds since the
/// epoch.
pub fn deepest_fall(files: &[Survey], span: &Span) -> Result<(f64, u64), BadInput> {
    let mut deepest = (0.0, span.start);
    for file in files {
        let mut peak: f64 = 0.0;
        for known in file.known()? {
            let (at, price) = known?;
            if !(span.start..=span.end).contains(&at) {
                continue;
            }
            let price: f64 = price.to_string().parse().unwrap_or_default();
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

fn range(file: &Survey) -> String {
    let (first, last) = file.range();
    let moment = crate::scenario::values::Moment;
    format!("{} {} to {}", file.path().display(), moment(first), moment(last))
}

fn apart(files: &[Survey]) -> BadInput {
    let ranges: Vec<String> = files.iter().map(range).collect();
    BadInput::Argument {
        argument: "the files".to_string(),
        value: ranges.join(", "),
        bound: "of one time, at least two steps long, in which all have prices".to_string(),
        next: "give files of the same days".to_string(),
    }
}

fn too_slow(files: &[Survey], step: u64) -> BadInput {
    let slow = files
        .iter()
        .find(|file| file.facts().step_seconds() == Some(step));
    BadInput::Argument {
        argument: slow.map_or(String::new(), |file| file.path().display().to_string()),
        value: format!("a price every {step} seconds"),
        bound: format!("one a day or more ({DAY} seconds): the breaker takes no older price"),
        next: "give a file with daily prices or finer ones".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(seconds: u64, step: u64) -> Span {
        Span {
            start: 0,
            end: seconds,
            block: step,
            step,
            longest_step: step,
        }
    }

    #[test]
    fn calmer_markets_are_traded_at_a_higher_leverage() {
        assert_eq!([0.02, 0.15, 0.3, 0.5, 0.99].map(leverage), [8, 8, 5, 3, 2]);
    }

    #[test]
    fn a_price_may_be_two_steps_old_and_never_more_than_a_day() {
        let ages = [1, 60, 600, 3_600, DAY].map(|step| span(DAY, step).max_age());
        assert_eq!(ages, [120, 120, 1_200, 7_200, DAY]);
    }
}
