//! One scenario under many seeds: how far its figures lie apart, in how many seeds each
//! limit bound, and what another setting changes seed by seed. One seed is one draw of
//! who trades when; what it shows may be the draw's and not the setting's.

pub mod all;
mod draw;
mod figure;
pub mod json;
mod limits;
mod page;
mod range;
mod spread;
mod terminal;
pub mod words;
mod write;
mod yields;

use std::collections::BTreeMap;
use std::path::Path;

use backstop_replay::record::{Time, Untested, Yields};
use backstop_replay::scenario::tables::Scenario;
use backstop_replay::{Run, Setting, Watched};
use backstop_types::Seconds;
use cosmwasm_std::Timestamp;
use rayon::prelude::*;

use crate::error::BadInput;
use crate::report::expectations::{self, Expectation};
use crate::report::words::untested;
use crate::threads::pool;
use figure::{FIGURES, Figure};
use limits::LIMITS;
pub use range::Seeds;
use spread::{Spread, Ways};
pub use terminal::text;
pub use write::write;

/// A run to be made: what sets it apart, and its scenario.
pub type Case = (Setting, Scenario);

/// What came of it all.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What every run has in common.
    pub about: About,
    /// The seeds, in order.
    pub seeds: Vec<u64>,
    /// The settings, the scenario's own first.
    pub settings: Vec<Draws>,
    /// The command that makes it again.
    pub command: String,
}

/// What every run has in common.
#[derive(Debug, Clone)]
pub struct About {
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The market's name.
    pub market: String,
    /// The settlement asset.
    pub asset: String,
    /// Its decimals.
    pub decimals: u32,
    /// From when to when, at the latest.
    pub time: Time,
    /// Blocks of a run.
    pub blocks: u64,
}

/// One setting under every seed.
#[derive(Debug, Clone)]
pub struct Draws {
    /// Which.
    pub setting: Setting,
    /// A draw for each seed, in order.
    pub draws: Vec<Draw>,
}

/// One run.
#[derive(Debug, Clone)]
pub struct Draw {
    /// What stakers earned and lost.
    pub yields: Yields,
    /// What each of the figures is.
    pub values: [i128; FIGURES.len()],
    /// How many shortfalls each of the limits bound.
    pub bound: [u64; LIMITS.len()],
    /// Why it tested nothing, in words; empty where all is well.
    pub untested: Vec<String>,
    /// What of the scenario's expectations was not met.
    pub missed: Vec<Expectation>,
    /// Invariants that were broken, where they were checked.
    pub broken: u64,
    /// The first of these, in words.
    pub found: Vec<String>,
    /// The hash of its canonical trace.
    pub trace_sha256: String,
}

impl Outcome {
    /// Whether every invariant held. What a scenario expects is written for its own
    /// seed, so that another misses it is told and no failure.
    pub fn good(&self) -> bool {
        let draws = self.settings.iter().flat_map(|setting| &setting.draws);
        draws.map(|draw| draw.broken).max() == Some(0)
    }

    /// Whether a run tested nothing.
    pub fn untested(&self) -> bool {
        self.settings.iter().any(|setting| !setting.untested().is_empty())
    }

    /// Adds to every run what is known of the prices that were chosen.
    pub fn say_first(&mut self, reasons: &[Untested]) {
        for draw in self.settings.iter_mut().flat_map(|setting| &mut setting.draws) {
            draw.untested.extend(reasons.iter().map(untested));
        }
    }

    /// The settings that the first is set beside.
    pub fn others(&self) -> &[Draws] {
        self.settings.get(1..).unwrap_or_default()
    }

    /// Those of the figures that are not zero everywhere, with their places.
    pub fn moving(&self) -> impl Iterator<Item = (usize, &'static Figure)> {
        FIGURES.iter().enumerate().filter(|(place, _)| {
            let mut draws = self.settings.iter().flat_map(|setting| &setting.draws);
            draws.any(|draw| draw.values[*place] != 0)
        })
    }

    /// How far a figure lies apart under a setting.
    pub fn spread(&self, setting: &Draws, place: usize) -> Spread {
        Spread::of(&setting.values(place), &self.seeds, FIGURES[place].worse)
    }

    /// What a figure is more under a setting than under the first, seed by seed.
    pub fn differences(&self, other: &Draws, place: usize) -> Vec<i128> {
        let first = self.settings.first().map_or(vec![], |first| first.values(place));
        let pairs = other.values(place).into_iter().zip(first);
        pairs.map(|(other, first)| other - first).collect()
    }

    /// How far these lie apart, and how often they were more.
    pub fn paired(&self, other: &Draws, place: usize) -> (Spread, Ways) {
        let differences = self.differences(other, place);
        let spread = Spread::of(&differences, &self.seeds, FIGURES[place].worse);
        (spread, Ways::of(&differences))
    }
}

impl Draws {
    /// Why its runs tested nothing, each reason once with how many runs have it.
    pub fn untested(&self) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for reason in self.draws.iter().flat_map(|draw| &draw.untested) {
            *found.entry(reason.clone()).or_default() += 1;
        }
        found
    }

    /// What a figure is, seed by seed.
    pub fn values(&self, place: usize) -> Vec<i128> {
        self.draws.iter().map(|draw| draw.values[place]).collect()
    }

    /// In how many seeds a limit bound, and how many shortfalls in all.
    pub fn bound(&self, limit: usize) -> (usize, u64) {
        let bound = || self.draws.iter().map(|draw| draw.bound[limit]);
        (bound().filter(|count| *count > 0).count(), bound().sum())
    }
}

impl Draw {
    fn of(run: &Run, scenario: &Scenario) -> Self {
        let expected = expectations::of(scenario, &run.record).into_iter();
        let missed = expected.filter(|expectation| !expectation.met);
        Self {
            yields: run.record.yields,
            values: FIGURES.map(|figure| (figure.of)(run)),
            bound: limits::bound(&run.record),
            untested: run.record.untested.iter().map(untested).collect(),
            missed: missed.collect(),
            broken: run.record.invariants.failures,
            found: run.record.invariants.found.clone(),
            trace_sha256: run.record.trace_sha256.clone(),
        }
    }
}

impl About {
    fn of(scenario: &Scenario) -> Self {
        Self {
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            market: scenario.market.name.clone(),
            asset: scenario.market.asset.clone(),
            decimals: scenario.market.decimals,
            time: Time {
                start: Timestamp::from_seconds(scenario.time.start.0),
                end: Timestamp::from_seconds(scenario.time.end.0),
                block: Seconds(scenario.time.block),
            },
            blocks: scenario.time.blocks(),
        }
    }
}

/// Replays each case of `scenario` under each seed, on so many threads or on one for each core, and
/// calls `next` after each run. Invariants are checked under the first seed: they can
/// take longer than the run. What comes of it hangs on the seeds alone.
pub fn outcome(
    path: &Path,
    scenario: &Scenario,
    cases: &[Case],
    seeds: Seeds,
    jobs: Option<u16>,
    command: String,
    next: impl Fn() + Sync,
) -> Result<Outcome, BadInput> {
    let seeds = seeds.all();
    let tasks: Vec<(usize, usize)> = (0..seeds.len())
        .flat_map(|seed| (0..cases.len()).map(move |case| (seed, case)))
        .collect();
    let one = |(seed, case): &(usize, usize)| {
        let (setting, scenario) = &cases[*case];
        let watched = Watched {
            invariants: *seed == 0,
            ..Watched::default()
        };
        let run = backstop_replay::run_watched(path, scenario, setting, seeds[*seed], &|| (), watched);
        next();
        run.map(|run| Draw::of(&run, scenario))
    };
    let all = || -> Vec<_> { tasks.par_iter().with_max_len(1).map(one).collect() };
    let ended = match jobs {
        None => all(),
        Some(jobs) => pool(jobs)?.install(all),
    };
    let mut settings: Vec<Draws> = cases
        .iter()
        .map(|(setting, _)| Draws {
            setting: setting.clone(),
            draws: vec![],
        })
        .collect();
    for ((_, case), draw) in tasks.iter().zip(ended) {
        settings[*case].draws.push(draw?);
    }
    Ok(Outcome {
        about: About::of(scenario),
        seeds,
        settings,
        command,
    })
}
