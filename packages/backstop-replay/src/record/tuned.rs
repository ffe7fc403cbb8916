//! The parameters that a replay ran under, as the contracts had them.

use backstop_types::Seconds;
use backstop_types::breaker::MarketParams;
use backstop_types::vault::{Params, PolicyTerms};
use serde::Serialize;

/// Every contract's parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tuned {
    /// The vault's window W.
    #[serde(skip)]
    pub window: Seconds,
    /// The vault's.
    pub vault: Params<String>,
    /// The policy's terms.
    pub policy: PolicyTerms,
    /// The market's thresholds.
    pub breaker: MarketParams,
    /// The exchange's.
    pub perps: sample_perps::params::Params,
}
