//! Price files are held against the other sources of their scenario: one of another
//! asset, quote or unit is a mistake, unless the scenario says that it is meant.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use backstop_prices::{Known, PriceFile, apart};
use rand_chacha::ChaCha8Rng;

use super::points;
use crate::error::ReplayError;
use crate::scenario::tables::{Scenario, Source};
use crate::scenario::values::Moment;

type Files = BTreeMap<usize, Rc<PriceFile>>;

/// Refuses a price file whose prices are more than twice another source's, or less
/// than half, in most of what they say within the run.
pub fn check(
    path: &Path,
    scenario: &Scenario,
    files: &Files,
    rng: &dyn Fn(usize) -> ChaCha8Rng,
) -> Result<(), ReplayError> {
    let run = (scenario.time.start.0, scenario.time.end.0);
    let held = |source: &Source| !source.another_price && source.points_of.is_none();
    let sources = || {
        scenario
            .sources
            .iter()
            .enumerate()
            .filter(|(_, source)| held(source))
    };
    for (index, source) in sources() {
        let Some(file) = files.get(&index) else { continue };
        // Of two files the later one is held against the earlier.
        for (place, other) in sources().filter(|(place, _)| *place < index || !files.contains_key(place)) {
            let beside = known(scenario, place, files, rng(place))?;
            let one = file.known()?.map(|known| known.map_err(ReplayError::from));
            if let Some((at, [there, here])) = apart(beside, one, run)? {
                let field = format!("source {:?}", source.name);
                let value = format!(
                    "at {here} by {} where source {:?} is at {there}, at {}, and as far from it most of the time",
                    file.path().display(),
                    other.name,
                    Moment(at)
                );
                let bound = "within twice of the other: a scenario has one market in one quote and one unit; \
                             if it is known to say another price, say so by another_price = true";
                return Err(ReplayError::field(path, field, value, bound));
            }
        }
    }
    Ok(())
}

type Series = Box<dyn Iterator<Item = Result<Known, ReplayError>>>;

/// What a source's file or points say, before its floor.
fn known(scenario: &Scenario, place: usize, files: &Files, rng: ChaCha8Rng) -> Result<Series, ReplayError> {
    if let Some(file) = files.get(&place) {
        return Ok(Box::new(file.known()?.map(|known| Ok(known?))));
    }
    let along = points::along(scenario.sources[place].clone(), scenario.time.end.0, rng);
    Ok(Box::new(
        along.map(|observation| Ok((observation.at, observation.price))),
    ))
}
