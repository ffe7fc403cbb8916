//! What must be true for any sources, any times and any order of pokes.

mod confirm;
mod crash;
mod faults;
mod griefer;
mod lifecycle;
mod reading;
mod standing;
mod walk;

use backstop_types::breaker::{MarketParams, MarketRecord, Observation, Unreadable};
use backstop_types::{Bps, Price, Seconds};
use cosmwasm_std::{Decimal, Timestamp};
use proptest::prelude::*;

use super::{Block, Observed, SourceLimits};

/// When a test begins, in seconds.
const START: u64 = 1_700_000_000;
const NAMES: [&str; 8] = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];
const LINEAGES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn time(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// The block of a chain with six seconds a block.
fn block(seconds: u64) -> Block {
    Block {
        time: time(seconds),
        height: seconds / 6,
    }
}

/// The same with nanoseconds.
fn block_at(time: Timestamp) -> Block {
    Block {
        time,
        ..block(time.seconds())
    }
}

/// The default parameters, where sources that say the very same are no copies:
/// these do it by construction.
fn defaults() -> MarketParams {
    MarketParams {
        shared_ticks: None,
        ..MarketParams::default()
    }
}

/// A price in thousandths.
fn milli(thousandths: u128) -> Price {
    Price(Decimal::raw(thousandths * 1_000_000_000_000_000))
}

fn record() -> MarketRecord {
    MarketRecord::new(time(START))
}

fn priced(price: Price, confidence: Price, publish_time: u64) -> Observation {
    Observation::Priced {
        price,
        confidence,
        publish_time: Some(publish_time),
    }
}

/// Three sources of three lineages that all say this now.
fn unanimous(price: Price, now: u64) -> Vec<Observed<'static>> {
    said([price; 3], now)
}

/// A source of a lineage of its own for each price, without doubt and fresh.
fn said(prices: impl IntoIterator<Item = Price>, now: u64) -> Vec<Observed<'static>> {
    heard(
        prices
            .into_iter()
            .map(|price| priced(price, Price::default(), now)),
    )
}

/// A source of a lineage of its own for each observation.
fn heard(observations: impl IntoIterator<Item = Observation>) -> Vec<Observed<'static>> {
    let sources = NAMES.iter().zip(LINEAGES).zip(observations);
    sources
        .map(|((source, lineage), observation)| Observed {
            source,
            lineage,
            limits: SourceLimits::default(),
            observation,
        })
        .collect()
}

/// An observation around 100 at about `now`, now and then a bad one.
fn plausible(now: u64) -> impl Strategy<Value = Observation> {
    let near = (97_000u128..103_000, 0u128..1_500, 0u64..100);
    let wild = (0u128..400_000, 0u128..20_000, 0u64..400);
    let price = prop_oneof![4 => near, 1 => wild];
    prop_oneof![
        12 => price.prop_map(move |(price, confidence, age)| {
            priced(milli(price), milli(confidence), now + 20 - age)
        }),
        1 => Just(Observation::NonPositive { publish_time: Some(now) }),
        1 => Just(Observation::Unreadable { why: Unreadable::QueryFailed }),
    ]
}

/// Up to eight plausible sources of up to five lineages.
fn sources(now: u64) -> impl Strategy<Value = Vec<Observed<'static>>> {
    let one = (0..LINEAGES.len(), plausible(now));
    prop::collection::vec(one, 0..=NAMES.len()).prop_map(|list| {
        let named = NAMES.iter().zip(list);
        named
            .map(|(source, (lineage, observation))| Observed {
                source,
                lineage: LINEAGES[lineage],
                limits: SourceLimits::default(),
                observation,
            })
            .collect()
    })
}

/// Any parameters that the breaker accepts, with short waits.
fn params() -> impl Strategy<Value = MarketParams> {
    let bounds = (
        25u32..1_500,
        0u32..1_500,
        200u32..9_000,
        25u32..10_000,
        2u32..10_000,
    );
    let recovery = (
        60u64..600,
        1u32..5,
        1u64..120,
        1_000u32..=10_000,
        1_000u32..=10_000,
    );
    (bounds, recovery)
        .prop_map(|(bounds, recovery)| MarketParams {
            max_outlier: Bps(bounds.0),
            max_disagreement: Bps(2 * bounds.0 + bounds.1),
            max_jump: Bps(bounds.2),
            jump_growth: Bps(bounds.3),
            reference_slew: Bps(bounds.4),
            cooldown: Seconds(recovery.0),
            recovery_readings: recovery.1,
            recovery_spacing: Seconds(recovery.2),
            recovery_tightness: Bps(recovery.3),
            guard_threshold: Bps(recovery.4),
            ..defaults()
        })
        .prop_filter("accepted", |params| params.check().is_ok())
}
