//! The replay: the four contracts, driven block by block through a scenario.
//!
//! In each block the sources publish what they have, a keeper pokes the breaker,
//! positions that are due are liquidated, shortfalls and claims are followed up,
//! and then traders and stakers act. Every person draws from a stream of random
//! numbers of their own, so that a run with the breaker on and one with it off
//! have the same people in them.

mod setup;
mod watched;

use std::path::Path;

use backstop_testing::Spent;
use backstop_types::Seconds;

use crate::chain::Chain;
use crate::error::ReplayError;
use crate::people::{Income, Keepers, ReferenceStakers, Stakers, Traders};
use crate::record::{Figures, Record, Setting, Timeline, Tuned, Yields};
use crate::scenario::tables::Scenario;
use crate::sources::Feeds;

pub use watched::Watched;

/// A replay that has run to its end.
pub struct Run {
    /// What happened.
    pub record: Record,
    /// How the sources, the breaker and the pool went, for drawings.
    pub timeline: Timeline,
    /// Where time went.
    pub spent: Spent,
    /// What it cost whom.
    pub figures: Figures,
}

/// Whether the contracts take the parameters; errors name `path` as the place
/// where they are written.
pub fn check(path: &Path, scenario: &Scenario) -> Result<(), ReplayError> {
    setup::world(path, scenario, true, true).map(drop)
}

/// The parameters that the contracts would run under: the scenario's tables laid over
/// the defaults, before a contract has seen them.
pub fn tuned(path: &Path, scenario: &Scenario) -> Result<Tuned, ReplayError> {
    setup::tuned(path, scenario)
}

/// Replays `scenario`, read from `path`, and calls `next` after each block.
pub fn run(
    path: &Path,
    scenario: &Scenario,
    setting: &Setting,
    seed: u64,
    next: &dyn Fn(),
) -> Result<Run, ReplayError> {
    run_watched(path, scenario, setting, seed, next, Watched::default())
}

/// Replays `scenario`, and holds it against what the market was worth.
pub fn run_watched(
    path: &Path,
    scenario: &Scenario,
    setting: &Setting,
    seed: u64,
    next: &dyn Fn(),
    watched: Watched,
) -> Result<Run, ReplayError> {
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
    let mut timeline = Timeline::new(names.collect(), blocks);
    let mut reference =
        ReferenceStakers::new(&mut chain, scenario.market.decimals, blocks, stakers.to_come());
    stakers.settle_in(&mut chain)?;
    reference.settle_in(&mut chain)?;
    feeds.publish(&mut chain)?;
    chain.begin(stakers.to_come())?;
    let yields = Yields::of(scenario, &tuned, chain.expected)?;
    let lasts = Seconds(scenario.time.end.0.saturating_sub(chain.now()));
    let mut income = Income::begin(&mut chain, yields.income(), lasts)?;
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
        reference.act(&mut chain, block)?;
        income.act(&mut chain)?;
        chain.weigh()?;
        chain.end_block(scenario.time.block);
        let market = &tuned.breaker;
        feeds.hear(chain.now(), market.max_disagreement, market.max_age);
        chain.look_for_due(feeds.prices());
        timeline.note(block, &chain, &feeds)?;
        next();
    }
    let figures = Figures::of(&chain);
    let mut record = Record::of(scenario, setting, seed, blocks, &chain, tuned, &feeds.heard())?;
    reference.unbond(&mut chain)?;
    stakers.leave(&mut chain)?;
    reference.withdraw(&mut chain)?;
    record.finish(&mut chain, &reference, yields);
    Ok(Run {
        record,
        timeline,
        spent: chain.world.spent,
        figures: figures.with_broken(chain.world.violations.len()),
    })
}
