//! What stakers earn in a scenario, and how often a year it is to be met.

use std::path::Path;

use cosmwasm_std::Decimal;
use serde::Deserialize;

use super::MOST;
use super::values::{Amount, Exact};
use crate::error::{ReplayError, within};

/// What stakers earn, and how often a year such a crash comes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Yield {
    /// The premium of a year, of the policy's limit. Without it, what the vault's curve
    /// asks at the policy's utilisation.
    pub premium_bps: Option<u64>,
    /// What stakers get beside it in a year, in base units of the asset.
    pub emissions: Amount,
    /// How many crashes like this a year's premium is to meet.
    pub crashes_a_year: Exact,
}

impl Default for Yield {
    fn default() -> Self {
        Self {
            premium_bps: None,
            emissions: Amount(0),
            crashes_a_year: Exact(Decimal::one()),
        }
    }
}

impl Yield {
    /// Whether it is within its bounds.
    pub(super) fn check(&self, path: &Path) -> Result<(), ReplayError> {
        // Ten times the limit, which is the most that the vault's curve can ask.
        within(
            path,
            "yield.premium_bps",
            self.premium_bps.unwrap_or(0),
            0,
            100_000,
        )?;
        within(
            path,
            "yield.emissions",
            self.emissions,
            Amount(0),
            Amount(MOST as u128),
        )?;
        let (least, most) = (Decimal::percent(1), Decimal::from_ratio(100_u8, 1_u8));
        within(
            path,
            "yield.crashes_a_year",
            self.crashes_a_year,
            Exact(least),
            Exact(most),
        )
        .map(drop)
    }
}
