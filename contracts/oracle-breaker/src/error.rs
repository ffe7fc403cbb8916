//! What the breaker refuses, and why. Nothing has been changed then.

use backstop_types::breaker::Faults;
use backstop_types::version::MigrationError;
use backstop_types::{InputError, Seconds};
use cosmwasm_std::{Addr, StdError, Timestamp};
use cw_ownable::OwnershipError;
use thiserror::Error;

/// A refused message or query.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage or encoding.
    #[error("{0}")]
    Std(#[from] StdError),

    /// Not the owner, or an ownership step out of order.
    #[error("{0}")]
    Ownership(#[from] OwnershipError),

    /// A value out of its bounds, a bad address, coins.
    #[error("{0}")]
    Input(#[from] InputError),

    /// The contract's storage names no version.
    #[error("{0}")]
    Version(#[from] cw2::VersionError),

    /// No market of that name.
    #[error("market is {market:?}: must be one that was added")]
    UnknownMarket {
        /// The name.
        market: String,
    },

    /// A market of that name is there.
    #[error("market is {market:?}: must not be one that was added")]
    MarketExists {
        /// The name.
        market: String,
    },

    /// The market has no source of that name.
    #[error("source is {source_name:?}: must be a source of {market}")]
    UnknownSource {
        /// The market.
        market: String,
        /// The source's name.
        source_name: String,
    },

    /// The sender is no source of the market.
    #[error("sender is {sender}: must be a reporter of {market}")]
    NotReporter {
        /// The market.
        market: String,
        /// Who tried.
        sender: Addr,
    },

    /// The sender is not the guardian.
    #[error("sender is {sender}: must be the guardian")]
    NotGuardian {
        /// Who tried.
        sender: Addr,
    },

    /// The guardian's last hold ended too recently, or goes on.
    #[error("the guardian can trip {market} again in {} s", Seconds::left(*now, *ready_at))]
    GuardianRests {
        /// The market.
        market: String,
        /// The block's time.
        now: Timestamp,
        /// When it may.
        ready_at: Timestamp,
    },

    /// There is nothing to recover from.
    #[error("{market} is not in a trip: poke it first")]
    NoTrip {
        /// The market.
        market: String,
    },

    /// There is no price on which the sources agree.
    #[error("{market} has no median to be seeded with: {faults}")]
    NoAgreement {
        /// The market.
        market: String,
        /// What the reading lacks.
        faults: Faults,
    },

    /// Storage that this code cannot take over.
    #[error("{0}")]
    Migration(#[from] MigrationError),
}
