//! The distributor's interface: rewards of listed denoms, streamed to the
//! active shares of one vault, and [`RewardDistributor`] to use it from a
//! contract.

mod msg;
mod query;
mod sent;

pub use msg::{ExecuteMsg, HookMsg, InstantiateMsg, Listing, MigrateMsg, StakeChanged, Start, StreamTerms};
pub use query::*;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, CosmosMsg, QuerierWrapper, StdResult, Uint128};

use crate::sent::{AskConfig, to_contract};
use crate::{Denom, Shares};
use sent::{AskDistributor, ToDistributor, VaultServed};

/// A distributor to call and to read.
#[cw_serde]
pub struct RewardDistributor(pub Addr);

impl RewardDistributor {
    /// The distributor's address.
    pub fn addr(&self) -> &Addr {
        &self.0
    }

    /// A message to the distributor with no funds.
    pub fn call(&self, msg: &ExecuteMsg) -> StdResult<CosmosMsg> {
        to_contract(&self.0, msg)
    }

    /// The vault's notice that `staker`'s active shares changed. Send it right
    /// after the change and before any other message.
    pub fn stake_changed(&self, staker: &Addr, before: Shares, after: Shares) -> StdResult<CosmosMsg> {
        let change = StakeChanged {
            staker: staker.to_string(),
            before,
            after,
        };
        to_contract(&self.0, &ToDistributor::StakeChanged(change))
    }

    /// Streams `amount` of a listed `denom`. Earned premiums are to be
    /// passed on by the vault with [`StreamTerms::seven_days`].
    pub fn fund(&self, denom: &Denom, amount: Uint128, terms: StreamTerms) -> StdResult<CosmosMsg> {
        // [`ExecuteMsg::Fund`] has the same JSON.
        let fund = HookMsg::Fund(terms);
        denom.call(&self.0, amount, &fund, &fund)
    }

    /// The vault that the distributor serves.
    pub fn vault(&self, querier: &QuerierWrapper) -> StdResult<Addr> {
        let config: VaultServed = querier.query_wasm_smart(&self.0, &AskConfig::Config {})?;
        Ok(config.vault)
    }

    /// `staker`'s active shares as the distributor records them and as the vault
    /// has them.
    pub fn staker(&self, querier: &QuerierWrapper, staker: &Addr) -> StdResult<StakerResponse> {
        let query = AskDistributor::Staker {
            staker: staker.to_string(),
        };
        querier.query_wasm_smart(&self.0, &query)
    }

    /// What a claim would pay `staker` now, in every denom: there are at most
    /// 8, so one page has them all.
    pub fn pending_rewards(&self, querier: &QuerierWrapper, staker: &Addr) -> StdResult<Vec<Reward>> {
        let query = QueryMsg::PendingRewards {
            staker: staker.to_string(),
            start_after: None,
            limit: None,
        };
        let answer: PendingRewardsResponse = querier.query_wasm_smart(&self.0, &query)?;
        Ok(answer.rewards)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::to_json_binary;

    #[test]
    fn a_funding_reads_the_same_with_coins_and_with_tokens() {
        for terms in [StreamTerms::now(4), StreamTerms::seven_days()] {
            let coins = to_json_binary(&ExecuteMsg::Fund(terms)).unwrap();
            assert_eq!(to_json_binary(&HookMsg::Fund(terms)).unwrap(), coins);
        }
    }
}
