//! The replay: the four contracts, driven block by block through a scenario.
//!
//! In each block the sources publish what they have, a keeper pokes the breaker,
//! positions that are due are liquidated, shortfalls and claims are followed up,
//! and then traders and stakers act. Every person draws from a stream of random
//! numbers of their own, so that a run with the breaker on and one with it off
//! have the same people in them.

mod book;
mod chain;
mod feeds;
mod keepers;
mod setup;
mod stakers;
mod tally;
mod trace;
mod traders;

use std::path::Path;

use indicatif::ProgressBar;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::BadInput;
use crate::report::{self, Report};
use crate::scenario::tables::Scenario;

pub use book::Book;
pub use chain::Chain;
pub use feeds::Feeds;
pub use keepers::Keepers;
pub use stakers::Stakers;
pub use tally::{Adl, Answered, Tally, Transition};
pub use traders::Traders;

/// A replay that has run to its end.
pub struct Run {
    /// What happened.
    pub report: Report,
    /// How the sources and the breaker went, block by block, for the summary.
    pub course: Course,
}

/// One value a block.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The breaker's median, not a number where there was none.
    pub median: Vec<f64>,
    /// What each source had published last, by source.
    pub sources: Vec<Vec<f64>>,
    /// The breaker's state; none where it is off.
    pub states: Vec<Option<backstop_types::breaker::MarketState>>,
    /// Assets per share of the vault.
    pub share_price: Vec<f64>,
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
}

impl Stream {
    /// The stream's generator under a seed.
    pub fn rng(self, seed: u64) -> ChaCha8Rng {
        const KINDS: u64 = 4;
        let (kind, index) = match self {
            Self::Source(index) => (0, index),
            Self::Trader(index) => (1, index),
            Self::Staker(index) => (2, index),
            Self::Provider(index) => (3, index),
        };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(kind + KINDS * index as u64);
        rng
    }
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

/// Replays `scenario`, read from `path`, with the breaker on or off.
pub fn run(
    path: &Path,
    scenario: &Scenario,
    seed: u64,
    breaker_on: bool,
    progress: &ProgressBar,
) -> Result<Run, BadInput> {
    let mut feeds = Feeds::load(path, scenario, seed)?;
    let world = setup::world(path, scenario, breaker_on)?;
    let mut chain = Chain::new(world);
    setup::liquidity(&mut chain, scenario, seed);
    let mut stakers = Stakers::new(&mut chain, scenario, seed);
    let mut traders = Traders::new(&mut chain, scenario, seed);
    let mut keepers = Keepers::new(&mut chain, scenario);
    let mut course = Course {
        sources: vec![vec![]; scenario.sources.len()],
        ..Course::default()
    };

    let blocks = (scenario.time.end.0 - scenario.time.start.0) / scenario.time.block + 1;
    stakers.settle_in(&mut chain);
    feeds.publish(&mut chain)?;
    chain.begin();
    for block in 0..blocks {
        chain.next_block(scenario.time.block);
        feeds.publish(&mut chain)?;
        keepers.poke(&mut chain);
        keepers.work(&mut chain, block);
        traders.act(&mut chain);
        stakers.act(&mut chain);
        note(&mut course, &chain, &feeds);
        progress.inc(1);
    }
    progress.finish();
    let mut report = report::build(scenario, seed, blocks, breaker_on, &chain);
    stakers.leave(&mut chain);
    report.finish(&mut chain);
    Ok(Run { report, course })
}

fn note(course: &mut Course, chain: &Chain, feeds: &Feeds) {
    course.median.push(chain.median.unwrap_or(f64::NAN));
    course.states.push(chain.state);
    course.share_price.push(chain.share_price());
    for (source, last) in course.sources.iter_mut().zip(feeds.last()) {
        source.push(last.unwrap_or(f64::NAN));
    }
}
