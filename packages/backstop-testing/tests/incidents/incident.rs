//! An incident as a row of the table: what the market was really worth, what each
//! source said, and what must come of it.

use backstop_types::Bps;
use backstop_types::breaker::{Fault, MarketParams, MarketState};

use crate::path::{Path, flat};

/// One incident.
pub struct Incident {
    /// The day and the market; unique.
    pub name: &'static str,
    /// What was wrong, in a few words for the table.
    pub what: &'static str,
    /// From block to block, in seconds.
    pub step: u64,
    /// How long the path is.
    pub minutes: f64,
    /// What the market was really worth.
    pub truth: Path,
    /// Its sources. An exchange without a breaker takes the first.
    pub sources: Vec<Feed>,
    /// The chain stands still from this minute, for so many.
    pub halt: Option<(f64, f64)>,
    /// When an honest policyholder asks for a loss at the true price.
    pub honest: Vec<f64>,
    /// The defaults, changed.
    pub params: fn(&mut MarketParams),
    /// What must come of it.
    pub expected: Expected,
}

/// What must come of an incident. Blocks count from the first block in which the
/// first source's price was wrong, which is block 0; without such a block, from
/// the path's beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The first fault, warnings aside, and its block.
    pub first: Option<(Fault, i64)>,
    /// What tripped, and its block.
    pub trip: Option<(Fault, i64)>,
    /// The worst state over the whole path.
    pub worst: MarketState,
    /// What was paid at once for wrong prices with the breaker, in whole units.
    pub paid: u64,
    /// What was paid for them later: for claims that were held and whose price
    /// stood when the trip had ended.
    pub paid_later: u64,
    /// What was paid for them without a breaker.
    pub paid_without: u64,
    /// How many of the honest claims were paid with the breaker.
    pub honest_paid: usize,
}

/// A source.
#[derive(Clone)]
pub struct Feed {
    pub name: &'static str,
    /// Where its data comes from in the end.
    pub lineage: &'static str,
    /// What it says; none for the truth.
    pub says: Option<Path>,
    /// Whether what it says is off by a few hundredths of a percent, in its own way.
    pub noisy: bool,
    /// A factor on what it says: a composite's second feed.
    pub times: Path,
    /// Its confidence as a part of its price.
    pub width: Path,
    /// It says nothing from this minute until that one.
    pub silent: Option<(f64, f64)>,
    /// The lowest price that its provider publishes.
    pub floor: Option<f64>,
    /// The highest.
    pub cap: Option<f64>,
}

/// A source that says the truth, of a lineage of its own.
pub fn honest(name: &'static str) -> Feed {
    Feed {
        name,
        lineage: name,
        says: None,
        noisy: true,
        times: flat(1.0),
        width: flat(0.001),
        silent: None,
        floor: None,
        cap: None,
    }
}

/// A source that says exactly this, of a lineage of its own.
pub fn saying(name: &'static str, says: Path) -> Feed {
    Feed {
        says: Some(says),
        noisy: false,
        ..honest(name)
    }
}

/// Three venues on which the price goes like this, each in its own way.
pub fn venues(path: impl Fn() -> Path) -> Vec<Feed> {
    let venue = |name| Feed {
        says: Some(path()),
        ..honest(name)
    };
    ["a", "b", "c"].map(venue).to_vec()
}

impl Feed {
    /// Of this lineage.
    pub fn of(self, lineage: &'static str) -> Self {
        Self { lineage, ..self }
    }
}

/// An incident at one-minute blocks under these sources, for the rest to be
/// filled in.
pub fn incident(name: &'static str, truth: Path, sources: Vec<Feed>) -> Incident {
    Incident {
        name,
        what: "",
        step: 60,
        minutes: 150.0,
        truth,
        sources,
        halt: None,
        honest: vec![],
        params: |_| {},
        expected: Expected {
            first: None,
            trip: None,
            worst: MarketState::Normal,
            paid: 0,
            paid_later: 0,
            paid_without: 0,
            honest_paid: 0,
        },
    }
}

/// A stable pair's parameters, those of the shipped scenario `usdc-2023-03`: a
/// price that is meant to stay needs narrower bounds than one that is not.
pub fn stable(params: &mut MarketParams) {
    params.max_outlier = Bps(150);
    params.max_disagreement = Bps(300);
    params.max_jump = Bps(1_000);
}
