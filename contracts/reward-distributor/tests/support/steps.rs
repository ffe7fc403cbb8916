//! What happens in a random history of distributor and vault.

use proptest::prelude::*;

use super::WEEK;
use super::model::{STAKERS, When};

/// The vault's asset, a coin, and a token that can be broken.
pub const DENOMS: usize = 3;
pub const ASSET: usize = 0;
pub const TOKEN: usize = 2;

#[derive(Debug, Clone)]
pub enum Step {
    Wait(u64),
    Deposit {
        who: usize,
        amount: u128,
    },
    Unbond {
        who: usize,
        percent: u128,
    },
    /// The distributor is broken meanwhile, so the hook fails.
    UnbondUntold {
        who: usize,
        percent: u128,
    },
    Fund {
        denom: usize,
        amount: u128,
        when: When,
    },
    /// Continues the stream of a funding.
    Extend {
        denom: usize,
        number: u64,
        amount: u128,
        weeks: u64,
    },
    /// By the vault, in its asset.
    Premium {
        amount: u128,
    },
    Stop {
        denom: usize,
        number: u64,
    },
    /// Which denoms, for whom, and whether the asset is restaked.
    Claim {
        who: usize,
        denoms: [bool; DENOMS],
        receiver: usize,
        restake: bool,
    },
    Sync {
        who: usize,
    },
    Advance {
        denom: usize,
        limit: u32,
    },
    Delist {
        denom: usize,
    },
    List {
        denom: usize,
    },
    Break(bool),
}

fn when() -> impl Strategy<Value = When> {
    (1u64..=5, prop::option::of(0u64..4)).prop_map(|(weeks, start)| When { weeks, start })
}

/// A random step.
pub fn step() -> impl Strategy<Value = Step> {
    let who = || 0..STAKERS;
    let denom = || 0..DENOMS;
    let amount = || prop_oneof![1_000u128..100_000, 1u128 << 60..1 << 90];
    let small = || 1_000u128..1_000_000_000;
    prop_oneof![
        10 => prop_oneof![0..100u64, 0..WEEK * 2].prop_map(Step::Wait),
        4 => (who(), 1u128..2_000_000).prop_map(|(who, amount)| Step::Deposit { who, amount }),
        2 => (who(), 1u128..=100).prop_map(|(who, percent)| Step::Unbond { who, percent }),
        2 => (who(), 1u128..=100).prop_map(|(who, percent)| Step::UnbondUntold { who, percent }),
        6 => (1..DENOMS, amount(), when()).prop_map(|(denom, amount, when)| Step::Fund { denom, amount, when }),
        1 => (small(), when()).prop_map(|(amount, when)| Step::Fund { denom: ASSET, amount, when }),
        2 => (1..DENOMS, 1u64..6, amount(), 1u64..=3)
            .prop_map(|(denom, number, amount, weeks)| Step::Extend { denom, number, amount, weeks }),
        1 => (1u128..1_000_000).prop_map(|amount| Step::Premium { amount }),
        2 => (denom(), 1u64..6).prop_map(|(denom, number)| Step::Stop { denom, number }),
        8 => (who(), any::<[bool; DENOMS]>(), who(), any::<bool>()).prop_map(
            |(who, denoms, receiver, restake)| Step::Claim { who, denoms, receiver, restake }
        ),
        2 => who().prop_map(|who| Step::Sync { who }),
        1 => (denom(), 1u32..3).prop_map(|(denom, limit)| Step::Advance { denom, limit }),
        1 => denom().prop_map(|denom| Step::Delist { denom }),
        1 => denom().prop_map(|denom| Step::List { denom }),
        3 => prop::bool::weighted(0.7).prop_map(Step::Break),
    ]
}
