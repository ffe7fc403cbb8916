//! The vault's interface: what stakers, policyholders, the owner and the
//! guardian send, what they read, and [`BackstopVault`] to do it from a
//! contract.

mod cover;
mod facts;
mod msg;
mod params;
mod query;
mod read;
mod state;

pub use cover::{CoverQuote, CoverReason, CoverResponse};
pub use facts::{ClaimFacts, ConfigFacts, ParamsFacts, PolicyFacts};
pub use msg::{ExecuteMsg, HookMsg, InstantiateMsg, MigrateMsg, Pausable};
pub use params::{
    Config, Params, ParamsUpdate, PolicyTerms, PolicyTermsUpdate, PremiumCurve, PremiumCurveUpdate,
};
pub use query::*;
pub use state::{
    AnsweredShortfall, Bucket, Claim, ClaimStatus, ClaimStatusName, Held, Judged, JudgedBy, LapseReason,
    Loss, Pause, Pool, PremiumLedger, Reserves, Stake, Ticket,
};

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, CosmosMsg, QuerierWrapper, Reply, StdResult, SubMsg, from_json};
use cw_storage_plus::{Item, Map};

use crate::reply::reply_data;
use crate::sent::{AskConfig, to_contract};
use crate::{Assets, Denom, Price, keys};

/// A vault to call and to read.
#[cw_serde]
pub struct BackstopVault(pub Addr);

/// What a derivatives contract learns from its shortfall's reply.
#[cw_serde]
pub enum CoverReply {
    /// The vault decided. ADL may follow for what it does not pay.
    Answer(CoverResponse),
    /// The vault succeeded, and what it said cannot be read: it may have paid.
    /// Read the record by the shortfall's number
    /// ([`BackstopVault::answered`]); to send it again grants nothing twice.
    Unreadable,
    /// An error is no answer: the shortfall stays open, anyone may send it
    /// again, and ADL waits for an answer or an hour without one.
    NoAnswer,
}

impl BackstopVault {
    /// The vault's address.
    pub fn addr(&self) -> &Addr {
        &self.0
    }

    /// A message to the vault with no funds.
    pub fn call(&self, msg: &ExecuteMsg) -> StdResult<CosmosMsg> {
        to_contract(&self.0, msg)
    }

    /// The sub-message that sends a shortfall, with a number by which the vault
    /// grants it once. It replies always; read the reply with
    /// [`parse_cover_reply`], and use its payload for context.
    pub fn cover_shortfall(
        &self,
        shortfall: u64,
        market: impl Into<String>,
        amount: impl Into<Assets>,
        price: Option<Price>,
        reply_id: u64,
    ) -> StdResult<SubMsg> {
        let msg = ExecuteMsg::CoverShortfall {
            shortfall,
            market: market.into(),
            amount: amount.into(),
            price,
        };
        Ok(SubMsg::reply_always(self.call(&msg)?, reply_id))
    }

    /// What a shortfall of this number would be answered now, what binds it, and
    /// when it would be granted whole.
    pub fn quote_cover(
        &self,
        querier: &QuerierWrapper,
        policyholder: &Addr,
        shortfall: u64,
        market: impl Into<String>,
        amount: impl Into<Assets>,
        price: Option<Price>,
    ) -> StdResult<CoverQuote> {
        let query = QueryMsg::QuoteCover {
            policyholder: policyholder.to_string(),
            market: market.into(),
            amount: amount.into(),
            price,
            shortfall: Some(shortfall),
        };
        querier.query_wasm_smart(&self.0, &query)
    }

    /// What became of a shortfall of this number, by a raw query; none if it has
    /// not been answered, or was answered with nothing.
    pub fn answered(
        &self,
        querier: &QuerierWrapper,
        policyholder: &Addr,
        shortfall: u64,
    ) -> StdResult<Option<AnsweredShortfall>> {
        let answered = Map::<(&Addr, u64), AnsweredShortfall>::new(keys::SHORTFALLS);
        answered.query(querier, self.0.clone(), (policyholder, shortfall))
    }

    /// What a policy's record tells, by a raw query; none if there never was one, or
    /// it was closed.
    pub fn policy(
        &self,
        querier: &QuerierWrapper,
        policyholder: &Addr,
        market: &str,
    ) -> StdResult<Option<PolicyFacts>> {
        let policy = self.last_policy(querier, policyholder, market)?;
        Ok(policy.filter(|policy| policy.closed_at.is_none()))
    }

    /// The same, also one that was closed since.
    pub fn last_policy(
        &self,
        querier: &QuerierWrapper,
        policyholder: &Addr,
        market: &str,
    ) -> StdResult<Option<PolicyFacts>> {
        let policies = Map::<(&Addr, &str), PolicyFacts>::new(keys::POLICIES);
        policies.query(querier, self.0.clone(), (policyholder, market))
    }

    /// What a claim's record tells, by a raw query: what was paid so far, and
    /// whether more can come.
    pub fn claim(&self, querier: &QuerierWrapper, claim: u64) -> StdResult<Option<ClaimFacts>> {
        Map::<u64, ClaimFacts>::new(keys::CLAIMS).query(querier, self.0.clone(), claim)
    }

    /// The deposit of `amount` of the vault's `asset` for `receiver`.
    pub fn deposit(&self, asset: &Denom, amount: Assets, receiver: &Addr) -> StdResult<CosmosMsg> {
        // [`ExecuteMsg::Deposit`] has the same JSON.
        let deposit = HookMsg::Deposit {
            min_shares: None,
            receiver: Some(receiver.to_string()),
        };
        asset.call(&self.0, amount.0, &deposit, &deposit)
    }

    /// The vault's asset and breaker.
    pub fn config(&self, querier: &QuerierWrapper) -> StdResult<ConfigFacts> {
        querier.query_wasm_smart(&self.0, &AskConfig::Config {})
    }

    /// The vault's totals, by a raw query.
    pub fn pool(&self, querier: &QuerierWrapper) -> StdResult<Pool> {
        Item::<Pool>::new(keys::POOL).query(querier, self.0.clone())
    }

    /// How often the vault could not tell the distributor of an unbonding of
    /// `staker`'s, by a raw query.
    pub fn hook_failures(&self, querier: &QuerierWrapper, staker: &Addr) -> StdResult<u64> {
        let failures = Map::<&Addr, u64>::new(keys::HOOK_FAILURES);
        Ok(failures
            .query(querier, self.0.clone(), staker)?
            .unwrap_or_default())
    }

    /// A staker's shares, by a raw query.
    pub fn stake(&self, querier: &QuerierWrapper, staker: &Addr) -> StdResult<Stake> {
        let stakes = Map::<&Addr, Stake>::new(keys::STAKES);
        Ok(stakes.query(querier, self.0.clone(), staker)?.unwrap_or_default())
    }
}

/// Reads the reply to [`BackstopVault::cover_shortfall`]. Only an error reply is
/// no answer: what a vault of another version answers is never taken for one.
pub fn parse_cover_reply(reply: Reply) -> CoverReply {
    let Ok(data) = reply_data(reply) else {
        return CoverReply::NoAnswer;
    };
    let answer = data.and_then(|data| from_json(data).ok());
    answer.map_or(CoverReply::Unreadable, CoverReply::Answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::to_json_binary;

    #[test]
    fn a_deposit_reads_the_same_with_coins_and_with_tokens() {
        let hook = HookMsg::Deposit {
            min_shares: None,
            receiver: Some("staker".to_string()),
        };
        let coins = ExecuteMsg::Deposit {
            min_shares: None,
            receiver: Some("staker".to_string()),
        };
        assert_eq!(to_json_binary(&hook), to_json_binary(&coins));
    }
}
