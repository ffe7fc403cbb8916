//! Why the timelock refuses a message. Every error names what was wrong, what it was,
//! and what it must be; nothing has changed when one is returned.

use backstop_core::timelock::Unfit;
use backstop_types::InputError;
use cosmwasm_std::{OverflowError, StdError, Timestamp};
use cw_ownable::OwnershipError;
use thiserror::Error;

/// Why the timelock refuses a message.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// The chain's own, a contract that does not answer, or storage that this code
    /// cannot take over.
    #[error("{0}")]
    Std(#[from] StdError),

    /// A bad field, address or payment.
    #[error("{0}")]
    Input(#[from] InputError),

    /// Not the owner, or a wrong step of a transfer.
    #[error("{0}")]
    Ownership(#[from] OwnershipError),

    /// A number that does not fit.
    #[error("{0}")]
    Overflow(#[from] OverflowError),

    /// A change that cannot be made of what is.
    #[error("{0}")]
    Unfit(#[from] Unfit),

    /// What is has changed since those who voted saw it.
    #[error("from is {now}: must be what was expected, {expected}")]
    Unexpected {
        /// What it is.
        now: String,
        /// What the message expects.
        expected: String,
    },

    /// The vault has no distributor yet.
    #[error("the vault has no distributor: it must be set first")]
    NoDistributor,

    /// A vault whose parameters cannot be read.
    #[error("the vault does not tell its parameters: it must be migrated first")]
    VaultSilent,

    /// A number that no change has.
    #[error("change {change} is unknown")]
    UnknownChange {
        /// What was asked for.
        change: u64,
    },

    /// A change that no longer waits.
    #[error("change {change} is {status}: must be pending")]
    NotPending {
        /// Which.
        change: u64,
        /// How it stands.
        status: &'static str,
    },

    /// A change whose time has not come.
    #[error("change {change} is due at {due}, and it is {now}")]
    NotDue {
        /// Which.
        change: u64,
        /// From when it can be applied.
        due: Timestamp,
        /// The block's time.
        now: Timestamp,
    },

    /// A change that can still be applied, or still can become due.
    #[error("change {change} stands: must be overtaken or past its seven days to be void")]
    Stands {
        /// Which.
        change: u64,
    },

    /// As many changes wait as can.
    #[error("pending changes are {max}: one must be applied, cancelled or void first")]
    TooManyPending {
        /// The bound.
        max: u32,
    },
}
