//! What can be asked of the timelock.

use cosmwasm_schema::cw_serde;

use super::change::{Before, Change, Contract};

/// Sets the timelock up.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Who may submit and cancel changes; the DAO.
    pub owner: String,
    /// The vault that it is to own. Never changes.
    pub vault: String,
}

/// What can be asked of the timelock. No message takes coins.
#[cw_serde]
#[serde(deny_unknown_fields)]
// Read once and matched: a box would be in the way of whoever writes one.
#[allow(clippy::large_enum_variant)]
pub enum ExecuteMsg {
    /// Owner: a change. One that raises nobody's risk is made at once; any other waits
    /// for the vault's unbonding period in force now and its notice.
    Submit {
        /// What is to change.
        change: Change,
        /// What those who voted saw, as [`super::QueryMsg::WhatIf`] tells it: the change
        /// is refused if it is another by now. Not compared by default.
        expect: Option<Before>,
    },
    /// Anyone: makes a change that is due, within seven days. One that is overtaken,
    /// lapsed, or void for slower exits is marked void instead, which is a success.
    Apply {
        /// Its number.
        change: u64,
    },
    /// Anyone: marks a pending change void that can never be applied any more.
    Void {
        /// Its number.
        change: u64,
    },
    /// Owner: withdraws a pending change.
    Cancel {
        /// Its number.
        change: u64,
    },
    /// Anyone: the timelock accepts the ownership of a contract that is offered to it.
    /// Of the timelock itself: the pending owner accepts.
    AcceptOwnership {
        /// Of which.
        contract: Contract,
    },
}

/// Migrates to the code's version; the timelock needs nothing to be told.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}
