//! What a source says and when: its observations in order of time, from a price
//! file or from points written in the scenario. They are made as they are
//! needed; a year of minutes takes no more memory than an hour.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::Path;
use std::rc::Rc;

use backstop_prices::PriceFile;
use rand_chacha::ChaCha8Rng;

use super::observation::{Observation, Published};
use super::{coverage, one_market, points};
use crate::error::ReplayError;
use crate::scenario::beside;
use crate::scenario::tables::{Scenario, Source};
use crate::scenario::values::Moment;

/// Observations in order of time; of two at one moment the later one stands.
pub struct Series {
    left: Peekable<Published>,
    /// How many were used: of those before the first time that was asked for, the newest.
    pub used: u64,
    begun: bool,
}

impl Series {
    /// `observations`, which must be in order of time.
    fn new(observations: Published) -> Self {
        Self {
            left: observations.peekable(),
            used: 0,
            begun: false,
        }
    }

    /// The newest observation published by `now` that was not taken before.
    pub fn take(&mut self, now: u64) -> Result<Option<Observation>, ReplayError> {
        let (mut newest, mut count) = (None, 0_u64);
        let due = |next: &Result<Observation, ReplayError>| next.as_ref().map_or(true, |o| o.at <= now);
        while let Some(observation) = self.left.next_if(due) {
            newest = Some(observation?);
            count += 1;
        }
        self.used += if self.begun { count } else { count.min(1) };
        self.begun = true;
        Ok(newest)
    }
}

/// The series of every source of `scenario`, which is in `path`, until its end;
/// `rng` makes a source's generator, which draws its noise.
pub fn load(
    path: &Path,
    scenario: &Scenario,
    rng: &dyn Fn(usize) -> ChaCha8Rng,
) -> Result<Vec<Series>, ReplayError> {
    let sources = &scenario.sources;
    let files = files(path, scenario)?;
    one_market::check(path, scenario, &files, rng)?;
    let all = sources.iter().enumerate().map(|(index, source)| {
        let named = |other: &Source| Some(&other.name) == source.points_of.as_ref();
        let published = match sources.iter().position(named) {
            Some(origin) => {
                let series = own(scenario, origin, files.get(&origin), rng(origin))?;
                points::repeated(source.clone(), series, rng(index))
            }
            None => own(scenario, index, files.get(&index), rng(index))?,
        };
        let mut series = Series::new(limited(source, scenario.time.end.0, published));
        match series.left.peek() {
            Some(_) => Ok(series),
            None => Err(ReplayError::field(
                path,
                format!("source {:?}", source.name),
                "without observations",
                "at least one before time.end",
            )),
        }
    });
    all.collect()
}

/// Looks through each price file once.
fn files(path: &Path, scenario: &Scenario) -> Result<BTreeMap<usize, Rc<PriceFile>>, ReplayError> {
    let mut files = BTreeMap::new();
    for (index, source) in scenario.sources.iter().enumerate() {
        let Some(name) = &source.csv else { continue };
        let file = PriceFile::of(&beside(path, name), &source.wanted())?;
        let (first, last) = file.range();
        let time = &scenario.time;
        if last < time.start.0 || first > time.end.0 {
            let field = format!("time, for source {:?},", source.name);
            let value = format!("{} to {}", time.start, time.end);
            let bound = format!(
                "within what {} has: {} to {}",
                file.path().display(),
                Moment(first),
                Moment(last)
            );
            return Err(ReplayError::field(path, field, value, bound));
        }
        coverage::check(path, scenario, source, &file)?;
        files.insert(index, Rc::new(file));
    }
    Ok(files)
}

/// What a source's file or points say, before floor and silences.
fn own(
    scenario: &Scenario,
    index: usize,
    file: Option<&Rc<PriceFile>>,
    rng: ChaCha8Rng,
) -> Result<Published, ReplayError> {
    let source = &scenario.sources[index];
    let Some(file) = file else {
        let along = points::along(source.clone(), scenario.time.end.0, rng);
        return Ok(Box::new(along.map(Ok)));
    };
    let confidence_bps = source.confidence_bps;
    let observed = move |(at, price)| Observation {
        at,
        price,
        confidence_bps,
    };
    Ok(Box::new(file.known()?.map(move |known| Ok(observed(known?)))))
}

/// Until `end`, without the silences, and not below the floor.
fn limited(source: &Source, end: u64, published: Published) -> Published {
    let (silent, floor) = (source.silent.clone(), source.floor);
    let in_time = move |o: &Result<Observation, ReplayError>| o.as_ref().map_or(true, |o| o.at <= end);
    let heard = move |o: &Observation| !silent.iter().any(|silence| silence.has(o.at));
    let lifted = move |o: Observation| Observation {
        price: floor.map_or(o.price, |floor| o.price.max(floor.0)),
        ..o
    };
    let spoken = published
        .take_while(in_time)
        .filter(move |o| o.as_ref().map_or(true, &heard));
    Box::new(spoken.map(move |o| o.map(&lifted)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;

    fn at(at: u64) -> Observation {
        Observation {
            at,
            price: Decimal::one(),
            confidence_bps: 0,
        }
    }

    #[test]
    fn only_the_newest_known_observation_is_taken_and_only_once() {
        let observations = [10, 20, 20, 30].map(|second| Ok(at(second)));
        let mut series = Series::new(Box::new(observations.into_iter()));
        let mut take = |now| series.take(now).unwrap();
        assert_eq!(take(9), None);
        assert_eq!(take(25), Some(at(20)));
        assert_eq!(take(29), None);
        assert_eq!(take(100), Some(at(30)));
        assert_eq!(take(200), None);
        assert_eq!(series.used, 4);
        let mut late = Series::new(Box::new([10, 20, 30].map(|second| Ok(at(second))).into_iter()));
        late.take(20).unwrap();
        late.take(30).unwrap();
        assert_eq!(late.used, 2, "what was over before the beginning is not used");
    }
}
