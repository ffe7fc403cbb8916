//! What a source says and when: its observations in order of time, from a CSV
//! file or from points written in the scenario.

mod csv_file;
mod points;

use std::path::Path;

use cosmwasm_std::Decimal;
use rand_chacha::ChaCha8Rng;

use crate::error::BadInput;
use crate::scenario::beside;
use crate::scenario::tables::Source;

/// One thing that a source published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// When it was published, in seconds since the epoch.
    pub at: u64,
    /// The price.
    pub price: Decimal,
    /// The confidence, of the price.
    pub confidence_bps: u64,
}

/// Observations in order of time; of two at one moment the later one stands.
#[derive(Debug, Clone, Default)]
pub struct Series {
    observations: Vec<Observation>,
    next: usize,
}

impl Series {
    /// `observations`, which must be in order of time.
    pub fn new(observations: Vec<Observation>) -> Self {
        Self {
            observations,
            next: 0,
        }
    }

    /// The newest observation published by `now` that was not taken before.
    pub fn take(&mut self, now: u64) -> Option<Observation> {
        let mut newest = None;
        while let Some(observation) = self.observations.get(self.next) {
            if observation.at > now {
                break;
            }
            newest = Some(*observation);
            self.next += 1;
        }
        newest
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.observations.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.observations.is_empty()
    }

    /// All of them.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }
}

/// The series of `source` of the scenario in `scenario`, from `start` to `end`;
/// `rng` draws its noise.
pub fn load(
    scenario: &Path,
    source: &Source,
    start: u64,
    end: u64,
    rng: &mut ChaCha8Rng,
) -> Result<Series, BadInput> {
    let mut observations = match &source.csv {
        Some(file) => csv_file::read(&beside(scenario, file), source)?,
        None => points::along(source, end, rng),
    };
    observations.retain(|o| o.at <= end && !silent(source, o.at));
    // Of what was published before the start only the last is still news.
    let stale = observations.partition_point(|o| o.at <= start).saturating_sub(1);
    observations.drain(..stale);
    if observations.is_empty() {
        let field = format!("source {:?}", source.name);
        let bound = "at least one between time.start and time.end";
        return Err(BadInput::field(scenario, field, "without observations", bound));
    }
    Ok(Series::new(observations))
}

fn silent(source: &Source, at: u64) -> bool {
    source.silent.iter().any(|s| s.from.0 <= at && at < s.until.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(at: u64) -> Observation {
        Observation {
            at,
            price: Decimal::one(),
            confidence_bps: 0,
        }
    }

    #[test]
    fn only_the_newest_known_observation_is_taken_and_only_once() {
        let mut series = Series::new(vec![at(10), at(20), at(20), at(30)]);
        assert_eq!(series.take(9), None);
        assert_eq!(series.take(25), Some(at(20)));
        assert_eq!(series.take(29), None);
        assert_eq!(series.take(100), Some(at(30)));
        assert_eq!(series.take(200), None);
    }
}
