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
}

/// Every observation until `end` of the source at `index` of the scenario in
/// `scenario`; `rng` makes a source's generator, which draws its noise.
pub fn load(
    scenario: &Path,
    sources: &[Source],
    index: usize,
    end: u64,
    rng: &dyn Fn(usize) -> ChaCha8Rng,
) -> Result<Vec<Observation>, BadInput> {
    let source = &sources[index];
    let origin = sources
        .iter()
        .position(|other| Some(&other.name) == source.points_of.as_ref());
    let mut observations = match origin {
        Some(origin) => {
            let observations = own(scenario, &sources[origin], end, &mut rng(origin))?;
            points::repeated(source, &observations, &mut rng(index))
        }
        None => own(scenario, source, end, &mut rng(index))?,
    };
    observations.retain(|o| o.at <= end && !silent(source, o.at));
    if let Some(floor) = source.floor {
        observations
            .iter_mut()
            .for_each(|o| o.price = o.price.max(floor.0));
    }
    if observations.is_empty() {
        let field = format!("source {:?}", source.name);
        return Err(BadInput::field(
            scenario,
            field,
            "without observations",
            "at least one before time.end",
        ));
    }
    Ok(observations)
}

/// What a source's file or points say, before floor and silences.
fn own(
    scenario: &Path,
    source: &Source,
    end: u64,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Observation>, BadInput> {
    match &source.csv {
        Some(file) => csv_file::read(&beside(scenario, file), source),
        None => Ok(points::along(source, end, rng)),
    }
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
