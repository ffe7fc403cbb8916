//! What a source publishes.

use cosmwasm_std::Decimal;

use crate::error::ReplayError;

/// One thing that a source published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// When it was published, in seconds since the epoch.
    pub at: u64,
    /// The price.
    pub price: Decimal,
    /// The confidence, of the price.
    pub confidence_bps: u64,
}

/// What is published, in order of time; an error if a file no longer reads as
/// it did when it was looked through.
pub type Published = Box<dyn Iterator<Item = Result<Observation, ReplayError>>>;
