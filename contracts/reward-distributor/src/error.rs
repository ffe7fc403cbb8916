//! Why the distributor refuses a message. Every error names what was wrong,
//! what it was, and what it must be; nothing has changed when one is returned.

use backstop_core::math::MathError;
use backstop_core::rewards::RewardsError;
use backstop_types::{Denom, InputError, Unauthorized};
use cosmwasm_std::{OverflowError, StdError, Uint128};
use cw_ownable::OwnershipError;
use thiserror::Error;

/// Why the distributor refuses a message.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// The chain's own, or storage that this code cannot take over.
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

    /// A step of the ledger that is not possible.
    #[error("{0}")]
    Rewards(#[from] RewardsError),

    /// A number of shares or assets that does not fit.
    #[error("{0}")]
    Math(#[from] MathError),

    /// A notice that is not the vault's.
    #[error("{0}")]
    Unauthorized(#[from] Unauthorized),

    /// A denom that was never listed.
    #[error("denom is {denom}: must be one that is listed")]
    UnknownDenom {
        /// Which.
        denom: Denom,
    },

    /// A denom that may no longer be funded.
    #[error("denom {denom} is delisted: it takes no more funding")]
    Delisted {
        /// Which.
        denom: Denom,
    },

    /// One denom too many.
    #[error("denoms listed are {max} already: a place is never given to another denom")]
    TooManyDenoms {
        /// The bound.
        max: usize,
    },

    /// Less than the denom's minimum rate.
    #[error("amount is {amount} for {seconds} s: must be at least {least}, {min_rate} a week")]
    RateTooLow {
        /// What was sent.
        amount: Uint128,
        /// How long the stream would be, with the rest of the current week.
        seconds: u64,
        /// The least amount for this length.
        least: Uint128,
        /// The denom's minimum rate in base units a week.
        min_rate: Uint128,
    },

    /// What a denom was funded with and not refunded must be less than 2¹²⁸.
    #[error(
        "amount is {amount}: {funded} were funded and not refunded already, and the sum must be less than 2^128"
    )]
    FundedTooMuch {
        /// What was sent.
        amount: Uint128,
        /// All that was funded in this denom before, less what stops refunded.
        funded: Uint128,
    },

    /// A number that no funding of this denom has.
    #[error("funding {number} of this denom is unknown")]
    UnknownFunding {
        /// What was asked for.
        number: u64,
    },

    /// A stream that can be neither stopped nor extended any more.
    #[error("the stream of funding {number} is over: it must not have ended or been stopped")]
    StreamOver {
        /// The funding's number.
        number: u64,
    },

    /// A stream of the vault's.
    #[error("funding {number} is earned premium: it cannot be stopped")]
    EarnedPremium {
        /// The funding's number.
        number: u64,
    },

    /// The vault's asset is not what is claimed.
    #[error("restake: the vault's asset, {asset}, must be among the denoms that are claimed")]
    NothingToRestake {
        /// The asset.
        asset: Denom,
    },

    /// A reply that nothing here asked for.
    #[error("reply {id} is unknown")]
    UnknownReply {
        /// Its id.
        id: u64,
    },
}
