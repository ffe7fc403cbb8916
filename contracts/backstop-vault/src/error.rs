//! Why the vault refuses a message. Every error names what was wrong, what it
//! was, and what it must be; nothing has changed when one is returned.

use backstop_core::exits::{MOST_TICKETS, TicketError};
use backstop_core::math::MathError;
use backstop_types::vault::{ClaimStatusName, Pausable};
use backstop_types::{Assets, InputError, Seconds, Shares, Unauthorized};
use cosmwasm_std::{Addr, Decimal, OverflowError, StdError, Timestamp};
use cw_ownable::OwnershipError;
use thiserror::Error;

/// Why the vault refuses a message.
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
    Math(#[from] MathError),

    /// A sender without the role.
    #[error("{0}")]
    Unauthorized(#[from] Unauthorized),

    /// No such record.
    #[error("{what} {id} does not exist")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which key.
        id: String,
    },

    /// The distributor is set once, for good.
    #[error("distributor is {distributor} already: it never changes, but can be migrated")]
    DistributorSet {
        /// The one that is set.
        distributor: Addr,
    },

    /// Deposits begin when rewards have a place to come from.
    #[error("distributor is not set: deposits begin when the owner has set it")]
    DistributorMissing {},

    /// The guardian's pause.
    #[error("deposits are paused for {left} s more: withdrawals are not")]
    DepositsPaused {
        /// Until they are not.
        left: Seconds,
    },

    /// The guard of a deposit.
    #[error("shares would be {minted}: must be at least min_shares {min}")]
    TooFewShares {
        /// What the deposit would get.
        minted: Shares,
        /// What was demanded.
        min: Shares,
    },

    /// The guard of a withdrawal.
    #[error("assets would be {paid}: must be at least min_assets {min}")]
    TooFewAssets {
        /// What the tickets would be paid.
        paid: Assets,
        /// What was demanded.
        min: Assets,
    },

    /// A ticket that may not be opened.
    #[error("{0}")]
    Ticket(#[from] TicketError),

    /// A ticket whose time has not come.
    #[error("ticket {ticket} is ready in {left} s")]
    TicketNotReady {
        /// Its number.
        ticket: u64,
        /// Until then, rounded up.
        left: Seconds,
    },

    /// No ticket whose time has come.
    #[error("none of the oldest {MOST_TICKETS} tickets of {staker} is ready yet")]
    NothingToWithdraw {
        /// Who asked.
        staker: Addr,
    },

    /// A ticket that only its owner may withdraw.
    #[error("ticket {ticket} of {staker} is its owner's to withdraw: it was not opened with auto_withdraw")]
    NotAutoWithdraw {
        /// Its number.
        ticket: u64,
        /// Its owner.
        staker: Addr,
    },

    /// No ticket that anybody may withdraw.
    #[error(
        "none of the oldest {MOST_TICKETS} tickets of {staker} was opened with auto_withdraw and is ready"
    )]
    NothingToAutoWithdraw {
        /// For whom it was asked.
        staker: Addr,
    },

    /// Nothing came back on these losses.
    #[error("nothing is due to {staker} on these losses")]
    NothingToClaim {
        /// Who asked.
        staker: Addr,
    },

    /// A policy of which the DAO asks no premium.
    #[error("policy of {policyholder} on {market} asks no premium: it is always in force")]
    NoPremium {
        /// The derivatives contract.
        policyholder: Addr,
        /// Its market.
        market: String,
    },

    /// The guard of a payment.
    #[error("the premium's rate is {rate} of the limit a year: must be at most max_rate {max_rate}")]
    PremiumRate {
        /// What cover costs now, the multiplier included.
        rate: Decimal,
        /// What was accepted.
        max_rate: Decimal,
    },

    /// Cover is paid as far ahead as it can be.
    #[error("cover is paid until {until}: at most 30 days ahead, so nothing can be bought now")]
    PremiumPaidAhead {
        /// Seconds since the epoch.
        until: u64,
    },

    /// No premium that could be sent.
    #[error("the premium of {policyholder} on {market} has earned nothing that was not sent")]
    NothingEarned {
        /// The derivatives contract.
        policyholder: Addr,
        /// Its market.
        market: String,
    },

    /// Nothing is owed to the account.
    #[error("{account} has no credit")]
    NoCredit {
        /// Who asked.
        account: Addr,
    },

    /// A policy that was closed covers nothing more.
    #[error("policy of {policyholder} on {market} was closed at {closed_at}")]
    PolicyClosed {
        /// The derivatives contract.
        policyholder: Addr,
        /// Its market.
        market: String,
        /// Seconds since the epoch.
        closed_at: u64,
    },

    /// A policy that is active is changed, not added.
    #[error("policy of {policyholder} on {market} is active: change it instead")]
    PolicyActive {
        /// The derivatives contract.
        policyholder: Addr,
        /// Its market.
        market: String,
    },

    /// A claim that has ended.
    #[error("claim {claim} is not pending: it is {status}")]
    NotPending {
        /// Its number.
        claim: u64,
        /// How it ended.
        status: ClaimStatusName,
    },

    /// A claim whose time has not come.
    #[error("claim {claim} cannot be settled yet: it waits for {waits_for}")]
    NotSettleable {
        /// Its number.
        claim: u64,
        /// What it waits for.
        waits_for: String,
    },

    /// All that was paid on a loss has come back.
    #[error("loss {loss} takes no more: the {paid} that were paid on it have been repaid")]
    FullyRepaid {
        /// The loss.
        loss: u64,
        /// What was paid.
        paid: Assets,
    },

    /// The breaker is migrated, not replaced, while claims wait.
    #[error("breaker cannot change while {pending} claims are pending: migrate it, or settle them")]
    BreakerInUse {
        /// How many.
        pending: u64,
    },

    /// A pause too soon after the last.
    #[error("{what} can be paused again in {left} s: 14 days after the last end")]
    PauseTooSoon {
        /// Which of the two.
        what: Pausable,
        /// Until then, rounded up.
        left: Seconds,
    },

    /// Nothing to resume.
    #[error("{what} are not paused")]
    NotPaused {
        /// Which of the two.
        what: Pausable,
    },

    /// A reply that nobody asked for.
    #[error("reply id {id} is unknown")]
    UnknownReply {
        /// Its id.
        id: u64,
    },
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Math(error.into())
    }
}

impl ContractError {
    /// A record that does not exist.
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }

    /// Deposits that are paused.
    pub fn paused(now: Timestamp, until: Timestamp) -> Self {
        Self::DepositsPaused {
            left: Seconds::left(now, until),
        }
    }

    /// A claim that waits for so much more of its delay.
    pub fn delayed(claim: u64, left: Seconds) -> Self {
        Self::NotSettleable {
            claim,
            waits_for: format!("the end of its delay in {left} s"),
        }
    }
}
