//! What is replayed, and what has to be said of it before anything else.

use std::path::Path;

use backstop_replay::record::Untested;
use backstop_replay::scenario::tables::{Expect, Scenario};

use super::another_market;
use crate::error::BadInput;

/// A scenario that was chosen on the command line.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The scenario.
    pub scenario: Scenario,
    /// Why its prices cannot test it.
    pub untested: Vec<Untested>,
    /// What else there is to know.
    pub notes: Vec<String>,
}

impl Chosen {
    /// The scenario in `path`, as it is written.
    pub fn as_written(path: &Path, scenario: Scenario) -> Result<Self, BadInput> {
        Ok(Self {
            untested: another_market::of(path, &scenario)?,
            scenario,
            notes: vec![],
        })
    }

    /// The scenario in `path` with other prices than it was written for: what it expects
    /// is of its own.
    pub fn with_other_prices(path: &Path, scenario: Scenario) -> Result<Self, BadInput> {
        let mut chosen = Self::as_written(path, scenario)?;
        let expects = std::mem::take(&mut chosen.scenario.expect);
        if expects != Expect::default() {
            chosen.notes.push(
                "What the scenario expects was written for other prices, and was not held against this run."
                    .to_string(),
            );
        }
        Ok(chosen)
    }
}
