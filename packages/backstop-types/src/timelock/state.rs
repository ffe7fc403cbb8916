//! What the timelock stores of a change.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp};

use super::change::{Before, Change};
use crate::{Seconds, named};

named! {
    /// When a change is made.
    pub enum Class {
        /// When it is submitted.
        AtOnce = "at_once",
        /// After those who disagree could have left.
        Waits = "waits",
    }

    /// What a field's change does to stakers' risk.
    pub enum Direction {
        /// It may cost them more, or keep them from leaving.
        Raises = "raises",
        /// It may cost them less.
        Lowers = "lowers",
        /// Neither; the reason says why.
        Neutral = "neutral",
    }

    /// Why a change can never be applied any more.
    pub enum VoidReason {
        /// What it was submitted to change is no longer what it was.
        Overtaken = "overtaken",
        /// Nobody applied it within seven days after it was due.
        Lapsed = "lapsed",
        /// The vault's unbonding period has become longer than it was at submission, so
        /// the wait was not enough to leave.
        ExitsSlower = "exits_slower",
    }

    /// One of the contracts that a timelock owns, or itself.
    pub enum ContractName {
        /// The vault.
        Vault = "vault",
        /// The vault's distributor.
        Distributor = "distributor",
        /// The vault's breaker.
        Breaker = "breaker",
        /// The timelock.
        Timelock = "timelock",
    }
}

/// A change that was submitted.
#[cw_serde]
pub struct ChangeRecord {
    /// What is to change.
    pub change: Change,
    /// The contract that it changes.
    pub contract: Addr,
    /// What of it: changes of one target with a field in common overtake each other. A path:
    /// `vault/params`, `vault/policies/HOLDER/MARKET`, `BREAKER/markets/MARKET`,
    /// `BREAKER/guardian`, `distributor/denoms/DENOM`; `CONTRACT/code`, `/admin` or `/owner`.
    pub target: String,
    /// What the fields that it names were.
    pub from: Before,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// How long it waits; none for one that was made at once.
    pub wait: Option<Wait>,
    /// How it stands.
    pub status: Status,
}

/// How long a change waits.
#[cw_serde]
#[derive(Copy)]
pub struct Wait {
    /// From when it can be applied.
    pub due: Timestamp,
    /// From when it cannot any more: seven days later.
    pub lapses: Timestamp,
    /// The vault's unbonding period when it was submitted.
    pub unbonding_period: Seconds,
    /// The vault's notice then.
    pub notice: Seconds,
}

/// How a change stands.
#[cw_serde]
pub enum Status {
    /// It waits.
    Pending {},
    /// It was made.
    Applied {
        /// When.
        at: Timestamp,
    },
    /// The owner withdrew it.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// It can never be applied any more.
    Void {
        /// Since when it is marked so.
        at: Timestamp,
        /// Why.
        reason: VoidReason,
        /// The number of the change that overtook it, if that was one.
        by: Option<u64>,
    },
}

impl ChangeRecord {
    /// Whether it was made at once or waits.
    pub const fn class(&self) -> Class {
        match self.wait {
            Some(_) => Class::Waits,
            None => Class::AtOnce,
        }
    }
}
