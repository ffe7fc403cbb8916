//! What a source said, with what it is held to.

use backstop_types::breaker::{Observation, Source};
use backstop_types::{Price, Seconds};

/// What one source is held to besides the market's parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SourceLimits {
    /// How old its price may be, in place of the market's `max_age`.
    pub max_age: Option<Seconds>,
    /// The lowest price that its provider publishes.
    pub floor: Option<Price>,
    /// The highest price that its provider publishes.
    pub cap: Option<Price>,
}

impl<A> From<&Source<A>> for SourceLimits {
    fn from(source: &Source<A>) -> Self {
        Self {
            max_age: source.max_age,
            floor: source.floor,
            cap: source.cap,
        }
    }
}

/// What one source said.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed<'a> {
    /// The source's name.
    pub source: &'a str,
    /// Its lineage.
    pub lineage: &'a str,
    /// What it is held to besides the market's parameters.
    pub limits: SourceLimits,
    /// What it said.
    pub observation: Observation,
}
