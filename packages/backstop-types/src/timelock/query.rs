//! What can be read from the timelock, and the answers.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Timestamp};

use super::change::{Before, Change};
use super::state::{ChangeRecord, Class, ContractName, Direction};
use crate::Seconds;

/// What can be read from the timelock.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
// Read once and matched: a box would be in the way of whoever writes one.
#[allow(clippy::large_enum_variant)]
pub enum QueryMsg {
    /// The vault, and how long a change would wait now.
    #[returns(Config)]
    Config {},
    /// One change.
    #[returns(ChangeResponse)]
    Change {
        /// Its number.
        number: u64,
    },
    /// Changes that wait, by number.
    #[returns(ChangesResponse)]
    Pending {
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// All changes, the newest first.
    #[returns(ChangesResponse)]
    History {
        /// The last one of the page before.
        start_before: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What would become of a change if it were submitted now.
    #[returns(WhatIfResponse)]
    WhatIf {
        /// The change.
        change: Change,
    },
    /// Who owns and who administers the contracts now, and by which code each runs.
    #[returns(CustodyResponse)]
    Custody {},
    /// Owner, pending owner and expiry.
    #[returns(cw_ownable::Ownership<String>)]
    Ownership {},
}

/// What the timelock is.
#[cw_serde]
pub struct Config {
    /// The vault. Never changes.
    pub vault: Addr,
    /// The vault's unbonding period in force now.
    pub unbonding_period: Seconds,
    /// The vault's notice now.
    pub notice: Seconds,
    /// How many changes wait.
    pub pending: u32,
    /// How many can.
    pub max_pending: u32,
}

/// One field of a change.
#[cw_serde]
pub struct FieldChange {
    /// Which, as the README's table names it: `limit`, `premium.base`, `actions.payout`; a
    /// source is `sources.NAME`; and `code_id`, `admin`, `owner`, `guardian`. What happens once
    /// is `market`, `claim`, `pause`, `stream`, `distributor` or `reference`.
    pub field: String,
    /// What it was, as text: amounts in the base unit, seconds, basis points, decimals, names
    /// of states; a source as its JSON. Absent where it was none, or was not there.
    pub from: Option<String>,
    /// What it is to be, likewise. Absent for none. What happens once is a word, such as
    /// `declined`.
    pub to: Option<String>,
    /// What that does to stakers' risk.
    pub direction: Direction,
    /// Why.
    pub reason: String,
}

/// One change with its number.
#[cw_serde]
pub struct ChangeResponse {
    /// Its number.
    pub number: u64,
    /// When it is made.
    pub class: Class,
    /// The record.
    pub record: ChangeRecord,
    /// Each field, as this version of the timelock classes it; empty where a later version
    /// of the timelock cannot class what an earlier one took.
    pub fields: Vec<FieldChange>,
}

/// A page of changes.
#[cw_serde]
pub struct ChangesResponse {
    /// In the order asked.
    pub changes: Vec<ChangeResponse>,
}

/// What would become of a change.
#[cw_serde]
pub struct WhatIfResponse {
    /// Whether it would be made at once or wait.
    pub class: Class,
    /// The contract that it changes.
    pub contract: Addr,
    /// What of it: see [`ChangeRecord::target`].
    pub target: String,
    /// What the fields that it names are now: for `expect`.
    pub from: Before,
    /// Each field.
    pub fields: Vec<FieldChange>,
    /// From when it could be applied; none if at once.
    pub due: Option<Timestamp>,
    /// From when it could not any more.
    pub lapses: Option<Timestamp>,
    /// The pending changes that name one of these fields too: the first that is made
    /// makes the others void, if it changes that field.
    pub conflicts: Vec<u64>,
}

/// One contract and who has it.
#[cw_serde]
pub struct Custody {
    /// Which.
    pub contract: ContractName,
    /// Its address.
    pub address: Addr,
    /// Its owner.
    pub owner: Option<String>,
    /// Who is about to own it.
    pub pending_owner: Option<String>,
    /// Who can migrate it, the chain's own governance aside.
    pub admin: Option<Addr>,
    /// The code that it runs.
    pub code_id: u64,
    /// The code's checksum, in hex.
    pub checksum: String,
    /// Whether this timelock owns it; of the timelock itself always false.
    pub owned: bool,
    /// Whether this timelock is its admin.
    pub administered: bool,
}

/// Who has the contracts.
#[cw_serde]
pub struct CustodyResponse {
    /// Vault, distributor if there is one, breaker, and the timelock itself.
    pub contracts: Vec<Custody>,
    /// Whether this timelock owns and administers all of them, with no transfer under
    /// way, and administers itself.
    pub complete: bool,
}
