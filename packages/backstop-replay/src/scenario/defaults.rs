//! What a scenario need not say.

use super::draw::Draw;
use super::tables::{Keepers, Lps, Stakers, Traders, Venues};
use super::values::Amount;

pub(super) fn seed() -> u64 {
    1
}
pub(super) fn block() -> u64 {
    60
}
pub(super) fn asset() -> String {
    "uusd".to_string()
}
pub(super) fn decimals() -> u32 {
    6
}
pub(super) fn confidence_bps() -> u64 {
    10
}
pub(super) fn every() -> u64 {
    60
}
pub(super) fn noise_bps() -> f64 {
    0.1
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
