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
    /// Pays what the sender has earned. A token that fails to pay, or a deposit
    /// that the vault refuses, does not hinder the others, and stays owed.
    Claim {
        /// Which, at most 8, each once; all by default.
        denoms: Option<Vec<UncheckedDenom>>,
        /// Who is paid, and gets the shares; the sender by default. Neither the
        /// distributor nor the vault, where it would be nobody's.
        #[serde(skip_serializing_if = "Option::is_none")]
        receiver: Option<String>,
        /// Deposits what is of the vault's asset in the vault instead of paying
        /// it. The asset must be among the denoms that are claimed.
        #[serde(skip_serializing_if = "Option::is_none")]
        restake: Option<bool>,
    },
    /// Streams the one coin that comes with it, of a listed denom, to the
    /// stakers. A cw20 is funded by the token's `Send` with [`HookMsg::Fund`].
    Fund(StreamTerms),
    /// Owner: ends a stream, also one that is to come. What it has left, in
    /// whole base units, goes back to whoever funded it. What the vault funded
    /// is earned premium and cannot be stopped.
    Stop {
        /// Of which denom.
        denom: UncheckedDenom,
        /// The funding's number.
        number: u64,
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

/// When a stream runs.
#[cw_serde]
#[derive(Copy)]
#[serde(deny_unknown_fields)]
pub struct StreamTerms {
    /// The length in whole weeks of staked time, 1 to 52. A stream that begins
    /// now takes the rest of the current week on top.
    pub weeks: u32,
    /// The beginning; now by default. Every stream ends within 52 weeks of the
    /// next point of the grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

/// A beginning on the weekly grid of staked time, which makes a stream last its
/// weeks exactly.
#[cw_serde]
#[derive(Copy, Eq)]
#[serde(deny_unknown_fields)]
pub enum Start {
    /// The next point of the grid, which is now if the clock stands on one.
    NextWeek {},
    /// This week of the clock; it must lie ahead, or begin now.
    Week(u64),
    /// Where the stream of this funding of the same denom ends: extends it. It
    /// must not be over.
    After(u64),
}

impl StreamTerms {
    /// A stream that begins now.
    pub const fn now(weeks: u32) -> Self {
        Self { weeks, start: None }
    }

    /// A stream of exactly seven days, for earned premiums: it begins at the
    /// next point of the grid.
    pub const fn seven_days() -> Self {
        Self {
            weeks: 1,
            start: Some(Start::NextWeek {}),
        }
    }
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
    Fund(StreamTerms),
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
            r#"{"fund":{"weeks":1,"begin":null}}"#,
            r#"{"fund":{"weeks":1,"start":{"next_week":{"weeks":1}}}}"#,
            r#"{"stop":{"denom":{"native":"uusd"},"number":1,"receiver":"a"}}"#,
            r#"{"claim":{"denom":null}}"#,
            r#"{"claim":{"re_stake":true}}"#,
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

    #[test]
    fn a_stream_says_when_it_begins_or_begins_now() {
        let cases: [(&[u8], Option<Start>); 4] = [
            (br#"{"weeks":1}"#, None),
            (
                br#"{"weeks":1,"start":{"next_week":{}}}"#,
                Some(Start::NextWeek {}),
            ),
            (br#"{"weeks":1,"start":{"week":7}}"#, Some(Start::Week(7))),
            (br#"{"weeks":1,"start":{"after":2}}"#, Some(Start::After(2))),
        ];
        for (json, start) in cases {
            assert_eq!(from_json(json), Ok(StreamTerms { weeks: 1, start }));
        }
    }
}
