//! The vault's interface: what stakers, policyholders, the owner and the
//! guardian send, what they read, and [`BackstopVault`] to do it from a
//! contract.

mod msg;
mod params;
mod query;
mod state;

pub use msg::{ExecuteMsg, HookMsg, InstantiateMsg, MigrateMsg, Pausable};
pub use params::{Config, GuardianUpdate, Params, ParamsUpdate, PolicyTerms};
pub use query::*;
pub use state::{Bucket, Claim, ClaimStatus, Hold, LapseReason, Loss, Pause, Pool, Reserves, Stake, Ticket};

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, QuerierWrapper, Reply, StdResult, SubMsg, WasmMsg, from_json, to_json_binary,
};
use cw_storage_plus::{Item, Map};

use crate::{Assets, Denom, Price, keys};

/// A vault to call and to read.
#[cw_serde]
pub struct BackstopVault(pub Addr);

/// What a derivatives contract learns from its shortfall's reply.
#[cw_serde]
pub enum CoverReply {
    /// The vault decided. ADL may follow for what it does not pay.
    Answer(CoverResponse),
    /// An error is no answer: the shortfall stays open, anyone may send it
    /// again, and ADL waits for an answer or an hour without one.
    NoAnswer,
}

/// Of [`QueryMsg`] what [`BackstopVault::asset`] asks, so that a contract that
/// asks it does not carry the rest.
#[cw_serde]
enum ConfigOnly {
    Config {},
}

/// Of [`Config`] what [`BackstopVault::asset`] reads.
#[cw_serde]
struct AssetOf {
    asset: Denom,
}

impl BackstopVault {
    /// The vault's address.
    pub fn addr(&self) -> &Addr {
        &self.0
    }

    /// A message to the vault with no funds.
    pub fn call(&self, msg: &ExecuteMsg) -> StdResult<CosmosMsg> {
        Ok(WasmMsg::Execute {
            contract_addr: self.0.to_string(),
            msg: to_json_binary(msg)?,
            funds: vec![],
        }
        .into())
    }

    /// The sub-message that sends a shortfall. It replies always; read the
    /// reply with [`parse_cover_reply`], and use its payload for context.
    pub fn cover_shortfall(
        &self,
        market: impl Into<String>,
        amount: impl Into<Assets>,
        price: Option<Price>,
        reply_id: u64,
    ) -> StdResult<SubMsg> {
        let msg = ExecuteMsg::CoverShortfall {
            market: market.into(),
            amount: amount.into(),
            price,
        };
        Ok(SubMsg::reply_always(self.call(&msg)?, reply_id))
    }

    /// What a shortfall would be answered now.
    pub fn quote_cover(
        &self,
        querier: &QuerierWrapper,
        policyholder: &Addr,
        market: impl Into<String>,
        amount: impl Into<Assets>,
        price: Option<Price>,
    ) -> StdResult<CoverResponse> {
        let query = QueryMsg::QuoteCover {
            policyholder: policyholder.to_string(),
            market: market.into(),
            amount: amount.into(),
            price,
        };
        querier.query_wasm_smart(&self.0, &query)
    }

    /// A claim's record, by a raw query: what was paid so far, and how it
    /// stands.
    pub fn claim(&self, querier: &QuerierWrapper, claim: u64) -> StdResult<Option<Claim>> {
        Map::<u64, Claim>::new(keys::CLAIMS).query(querier, self.0.clone(), claim)
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

    /// The one token that the vault holds.
    pub fn asset(&self, querier: &QuerierWrapper) -> StdResult<Denom> {
        let config: AssetOf = querier.query_wasm_smart(&self.0, &ConfigOnly::Config {})?;
        Ok(config.asset)
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

/// Reads the reply to [`BackstopVault::cover_shortfall`]. An error reply, or
/// one without a readable answer, is no answer.
pub fn parse_cover_reply(reply: Reply) -> CoverReply {
    answer_of(reply).map_or(CoverReply::NoAnswer, CoverReply::Answer)
}

fn answer_of(reply: Reply) -> Option<CoverResponse> {
    from_json(reply_data(reply)?).ok()
}

/// The data that an executed contract answered, or nothing if it failed or
/// answered without data.
pub fn reply_data(reply: Reply) -> Option<Binary> {
    let response = reply.result.into_result().ok()?;
    let encoded = response.msg_responses.into_iter().next()?.value;
    cw_utils::parse_execute_response_data(&encoded).ok()?.data
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (only, all) = (ConfigOnly::Config {}, QueryMsg::Config {});
        assert_eq!(to_json_binary(&only), to_json_binary(&all));
    }
}
