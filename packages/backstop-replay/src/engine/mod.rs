//! The replay: the four contracts, driven block by block through a scenario.
//!
//! In each block the sources publish what they have, a keeper pokes the breaker,
//! positions that are due are liquidated, shortfalls and claims are followed up,
//! and then traders and stakers act. Every person draws from a stream of random
//! numbers of their own, so that a run with the breaker on and one with it off
//! have the same people in them.

mod book;
mod chain;
mod course;
mod feeds;
mod figures;
mod friction;
mod keepers;
mod levels;
mod orders;
mod pool;
mod setup;
mod stakers;
mod tally;
mod trace;
mod traders;
mod truth;
mod turbulence;
mod witnesses;

use std::fmt;
use std::path::Path;

use backstop_testing::Spent;
use indicatif::ProgressBar;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::BadInput;
use crate::report::{self, Report};
use crate::scenario::tables::Scenario;

pub use book::Book;
pub use chain::Chain;
pub use course::{Column, Course, Span, gravity};
pub use feeds::Feeds;
pub use figures::{Figures, Watched};
pub use friction::Friction;
pub use keepers::Keepers;
pub use levels::Levels;
pub use stakers::Stakers;
pub use tally::{Adl, Answered, Tally, Transition};
pub use traders::Traders;
pub use truth::{Harm, Truth};
pub use witnesses::{Rule, Witness, Witnesses};

/// A replay that has run to its end.
pub struct Run {
    /// What happened.
    pub report: Report,
    /// How the sources and the breaker went, block by block, for the summary.
    pub course: Course,
    /// Where time went.
    pub spent: Spent,
    /// What it cost whom.
    pub figures: Figures,
}

/// What sets a run apart from another of the same scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The scenario as it is.
    BreakerOn,
    /// The same, where it is set beside other parameters.
    AsWritten,
    /// Without a breaker: the first source raw, no price ever judged wrong.
    BreakerOff,
    /// With the parameters of this file laid over the scenario's.
    Against(String),
}

impl Setting {
    /// Whether the shipped breaker is in place.
    pub fn breaker_on(&self) -> bool {
        *self != Self::BreakerOff
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BreakerOn => f.write_str("with the breaker"),
            Self::AsWritten => f.write_str("with the scenario's parameters"),
            Self::BreakerOff => f.write_str("without a breaker"),
            Self::Against(file) => write!(f, "with {file}"),
        }
    }
}

/// Streams of random numbers, by who draws from them.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    /// A source's noise.
    Source(usize),
    /// One trader.
    Trader(usize),
    /// One staker.
    Staker(usize),
    /// One liquidity provider.
    Provider(usize),
    /// Which of the keepers' messages get in.
    Keepers,
}

impl Stream {
    /// The stream's generator under a seed.
    pub fn rng(self, seed: u64) -> ChaCha8Rng {
        const KINDS: u64 = 4;
        let (kind, index) = match self {
            // The last stream of all, which no number of people reaches.
            Self::Keepers => return stream(seed, u64::MAX),
            Self::Source(index) => (0, index),
            Self::Trader(index) => (1, index),
            Self::Staker(index) => (2, index),
            Self::Provider(index) => (3, index),
        };
        stream(seed, kind + KINDS * index as u64)
    }
}

fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

/// A time until something that happens `per_day` times a day on average, in
/// seconds; never if that is zero.
fn waiting(rng: &mut ChaCha8Rng, per_day: f64) -> u64 {
    // Drawn in any case, so that a rate of zero shifts nobody's other draws.
    let part: f64 = rng.random();
    if per_day <= 0.0 {
        return u64::MAX;
    }
    let seconds = -(1.0 - part).ln() / per_day * 86_400.0;
    seconds.min(1e12) as u64
}

/// Whether the contracts take the parameters; errors name `path` as the place
/// where they are written.
pub fn check(path: &Path, scenario: &Scenario) -> Result<(), BadInput> {
    setup::world(path, scenario, true, true).map(drop)
}

/// Replays `scenario`, read from `path`.
pub fn run(
    path: &Path,
    scenario: &Scenario,
    setting: &Setting,
    seed: u64,
    progress: &ProgressBar,
) -> Result<Run, BadInput> {
    run_watched(path, scenario, setting, seed, progress, Watched::default())
}

/// Replays `scenario`, and holds it against what the market was worth.
pub fn run_watched(
    path: &Path,
    scenario: &Scenario,
    setting: &Setting,
    seed: u64,
    progress: &ProgressBar,
    watched: Watched,
) -> Result<Run, BadInput> {
    let mut feeds = Feeds::load(path, scenario, seed)?;
    let (world, tuned) = setup::world(path, scenario, setting.breaker_on(), watched.invariants)?;
    let mut chain = Chain::new(world);
    setup::liquidity(&mut chain, scenario, seed)?;
    let mut stakers = Stakers::new(&mut chain, scenario, seed);
    let lifetime = setup::lifetime(scenario.time.block, tuned.breaker.max_age);
    let mut traders = Traders::new(&mut chain, scenario, seed, lifetime);
    let mut keepers = Keepers::new(&mut chain, scenario, seed);

    let blocks = scenario.time.blocks();
    let names = scenario.sources.iter().map(|source| source.name.clone());
    let mut course = Course::new(names.collect(), blocks);
    let mut witnesses = Witnesses::new(&mut chain, scenario.market.decimals, blocks);
    stakers.settle_in(&mut chain)?;
    witnesses.settle_in(&mut chain)?;
    feeds.publish(&mut chain)?;
    chain.begin();
    for block in 0..blocks {
        chain.next_block(match block {
            0 => scenario.time.block,
            _ => scenario.time.next(chain.now()) - chain.now(),
        });
        feeds.publish(&mut chain)?;
        keepers.poke(&mut chain)?;
        watched.look(&mut chain, scenario.time.block);
        keepers.work(&mut chain, block)?;
        traders.act(&mut chain)?;
        stakers.act(&mut chain)?;
        witnesses.act(&mut chain, block)?;
        course.note(block, &chain, &feeds);
        progress.inc(1);
    }
    progress.finish();
    let figures = Figures::of(&chain);
    let mut report = report::build(scenario, setting, seed, blocks, &chain, &tuned);
    witnesses.unbond(&mut chain)?;
    stakers.leave(&mut chain)?;
    witnesses.withdraw(&mut chain)?;
    report.finish(&mut chain, &witnesses);
    let spent = chain.world.spent;
    Ok(Run {
        report,
        course,
        spent,
        figures: figures.with_broken(chain.world.violations.len()),
    })
}
