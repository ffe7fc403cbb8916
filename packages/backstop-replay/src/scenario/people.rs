//! The people of a scenario, and what they are like where it does not say.

use serde::Deserialize;

use super::draw::Draw;
use super::values::Amount;

/// Who trades. Each one comes at a random time, opens one position, closes it
/// some day if it is not liquidated, and perhaps comes back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Traders {
    /// How many, at most 5,000.
    pub count: usize,
    /// How many of them are long.
    pub long_share_bps: u64,
    /// The margin of a position, in base units.
    pub margin: Draw,
    /// Notional over margin.
    pub leverage: Draw,
    /// They come in this many seconds from the start, evenly.
    pub arrive_within: u64,
    /// How often a day each closes its position, on average.
    pub closes_per_day: f64,
    /// The chance to come back after a position ended.
    pub return_share_bps: u64,
    /// How long they stay away then, in seconds.
    pub return_after: u64,
}

/// Who liquidates, sends open shortfalls, deleverages and settles claims.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keepers {
    /// Blocks from a position being due to its liquidation being tried.
    pub latency: u64,
    /// Liquidations tried in one block at most.
    pub depth: usize,
    /// How many of the tries do not get into their block when the chain is as
    /// congested as it gets; they are tried again in the next one.
    pub congested_share_bps: u64,
    /// The range of the price within an hour at which it is; half of it brings
    /// half of the congestion.
    pub congested_at_bps: u64,
}

/// Where the liquidity providers can sell what a liquidation left with them.
/// What that costs is reported beside the shortfalls, and is no part of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Venues {
    /// What can be sold in quiet times for `impact_bps`, in base units.
    pub depth: Amount,
    /// See `depth`.
    pub impact_bps: u64,
    /// What any sale costs at most.
    pub max_bps: u64,
    /// The range of the price within an hour at which half of the depth is left;
    /// after *n* times it, a part in 1 + *n*.
    pub halved_at_bps: u64,
}

/// Who takes the other side of the traders.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lps {
    /// How many, at most 1,000.
    pub count: usize,
    /// What each deposits, in base units.
    pub deposit: Draw,
}

/// Whose capital the pool is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stakers {
    /// How many, at most 5,000.
    pub count: usize,
    /// What each deposits, in base units.
    pub deposit: Draw,
    /// They come in this many seconds from the start, evenly; zero: all before
    /// it.
    pub arrive_within: u64,
    /// How often a day each unbonds half of what it has, on average.
    pub unbonds_per_day: f64,
    /// How many unbond everything once they have lost `panic_after_bps`.
    pub panic_share_bps: u64,
    /// See `panic_share_bps`.
    pub panic_after_bps: u64,
}

impl Default for Traders {
    fn default() -> Self {
        Self {
            count: 50,
            long_share_bps: 6_000,
            margin: Draw::Lognormal {
                median: 500e6,
                sigma: 1.0,
                min: 50e6,
                max: 20_000e6,
            },
            leverage: Draw::Uniform { min: 2.0, max: 10.0 },
            arrive_within: 3_600,
            closes_per_day: 0.5,
            return_share_bps: 5_000,
            return_after: 3_600,
        }
    }
}

impl Default for Keepers {
    fn default() -> Self {
        Self {
            latency: 1,
            depth: 20,
            congested_share_bps: 3_600,
            congested_at_bps: 1_500,
        }
    }
}

impl Default for Venues {
    fn default() -> Self {
        Self {
            depth: Amount(1_000_000e6 as u128),
            impact_bps: 10,
            max_bps: 2_000,
            halved_at_bps: 36,
        }
    }
}

impl Default for Lps {
    fn default() -> Self {
        Self {
            count: 5,
            deposit: Draw::Fixed { value: 200_000e6 },
        }
    }
}

impl Default for Stakers {
    fn default() -> Self {
        Self {
            count: 20,
            deposit: Draw::Lognormal {
                median: 10_000e6,
                sigma: 0.8,
                min: 100e6,
                max: 200_000e6,
            },
            arrive_within: 0,
            unbonds_per_day: 0.02,
            panic_share_bps: 3_000,
            panic_after_bps: 500,
        }
    }
}
