//! A funding, the stream that it began, and that stream's end before its time.

use backstop_core::rewards::{RewardsError, Stream, scaled};
use backstop_types::Seconds;
use cosmwasm_std::{Addr, Timestamp, Uint128};

/// One funding and its stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Funding {
    /// Who funded it.
    pub funder: Addr,
    /// Base units.
    pub amount: Uint128,
    /// Base units that were funded in its denom and not refunded, this funding
    /// included. Kept up to date in the denom's last funding alone.
    pub total: Uint128,
    /// When.
    pub funded_at: Timestamp,
    /// The stream's beginning in staked time: then, or a point of the grid.
    pub from: Seconds,
    /// The stream's end: the point of the grid.
    pub end_week: u64,
}

impl Funding {
    /// The stream that it began.
    pub fn stream(&self) -> Result<Stream, RewardsError> {
        Ok(Stream {
            amount: scaled(self.amount)?,
            from: self.from,
            end_week: self.end_week,
        })
    }
}

/// The end of a stream before its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// Base units that went back to the funder.
    pub refunded: Uint128,
    /// When.
    pub stopped_at: Timestamp,
}
