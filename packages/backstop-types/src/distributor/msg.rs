//! What can be asked of the distributor.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint128;
use cw_ownable::Action;
use cw20::Cw20ReceiveMsg;

use crate::{Shares, UncheckedDenom};

/// Sets the distributor up.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Who may list and delist denoms; the DAO.
    pub owner: String,
    /// The vault whose active shares are rewarded. Never changes.
    pub vault: String,
    /// What can be funded from the start, at most 8.
    pub denoms: Vec<Listing>,
}

/// A denom that may be funded, and how little is too little.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// The coin or the cw20 token.
    pub denom: UncheckedDenom,
    /// The lowest rate that a funding may have, in base units a week; at
    /// least 1.
    pub min_rate: Uint128,
}

/// What can be asked of the distributor. Who may ask what is in its README.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// The vault only: a staker's active shares changed.
    StakeChanged(StakeChanged),
    /// Pays the sender what it has earned. A token that fails to pay does not
    /// hinder the others, and stays owed.
    Claim {
        /// Which, at most 8, each once; all by default.
        denoms: Option<Vec<UncheckedDenom>>,
    },
    /// Streams the one coin that comes with it, of a listed denom, to the
    /// stakers. A cw20 is funded by the token's `Send` with [`HookMsg::Fund`].
    Fund {
        /// The length in whole weeks of staked time, 1 to 52. The stream
        /// begins now and takes the rest of the current week on top.
        weeks: u32,
    },
    /// The token contract's notice of a cw20 `Send`.
    Receive(Cw20ReceiveMsg),
    /// Brings the record of a staker in line with the vault. Needed only after
    /// the vault could not tell of an unbonding; changes nothing otherwise.
    Sync {
        /// Whose.
        staker: String,
    },
    /// Brings one denom up to date, a number of rate changes at a time, so
    /// that the next message has less to do after a long silence.
    Advance {
        /// Which.
        denom: UncheckedDenom,
        /// How many rate changes at most, at least 1; all that are due by
        /// default, which is never more than 53.
        limit: Option<u32>,
    },
    /// Owner: lets a denom be funded; or lets it be funded again; or sets
    /// another minimum rate for it.
    ListDenom(Listing),
    /// Owner: refuses further funding in a denom. Its streams run on, and what
    /// is owed stays payable.
    DelistDenom {
        /// Which.
        denom: UncheckedDenom,
    },
    /// Ownership in two steps: transfer, then accept.
    UpdateOwnership(Action),
}

/// The vault's notice that a staker's active shares changed.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct StakeChanged {
    /// Whose.
    pub staker: String,
    /// Active shares before, as the vault has them.
    pub before: Shares,
    /// Active shares after.
    pub after: Shares,
}

/// What can be asked with a cw20 `Send` of a listed token.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum HookMsg {
    /// See [`ExecuteMsg::Fund`].
    Fund {
        /// The length in whole weeks of staked time, 1 to 52.
        weeks: u32,
    },
}

/// Migrates to the code's version; the distributor needs nothing to be told.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_json;

    #[test]
    fn a_misspelt_field_is_refused_in_every_message() {
        let bad = [
            r#"{"fund":{"week":1}}"#,
            r#"{"claim":{"denom":null}}"#,
            r#"{"sync":{"staker":"a","force":true}}"#,
            r#"{"stake_changed":{"staker":"a","before":"0","after":"1","total":"1"}}"#,
            r#"{"list_denom":{"denom":{"native":"uusd"},"min_rate":"1","gas":1}}"#,
        ];
        for json in bad {
            assert!(from_json::<ExecuteMsg>(json.as_bytes()).is_err(), "{json}");
        }
        let good = br#"{"list_denom":{"denom":{"native":"uusd"},"min_rate":"1"}}"#;
        assert!(from_json::<ExecuteMsg>(good).is_ok());
    }
}
