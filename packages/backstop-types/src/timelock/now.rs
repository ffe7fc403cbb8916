//! What the timelock reads of the contracts that it owns, in forms that grow: it may
//! be older or newer than each of them, and must still be able to migrate them.

use cosmwasm_std::{Addr, QuerierWrapper, StdError, StdResult, Timestamp, Uint128, from_json};
use cw_ownable::Ownership;
use cw_storage_plus::{Map, Path};
use serde::{Deserialize, Serialize};

use crate::breaker::{MarketParamsUpdate, Source};
use crate::patch::Now;
use crate::vault::{ParamsUpdate, PolicyTermsUpdate};
use crate::{Denom, Seconds, keys};

/// Of the three contracts' queries.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Ask<'a> {
    Config {},
    Ownership {},
    Denoms { limit: u32 },
    Market { market: &'a str },
}

#[derive(Deserialize)]
struct VaultConfig {
    distributor: Option<Addr>,
    params: Now<ParamsUpdate>,
}

#[derive(Deserialize)]
struct Policy {
    terms: Now<PolicyTermsUpdate>,
    closed_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Breaker {
    guardian: Option<String>,
}

#[derive(Deserialize)]
struct Market<C> {
    config: C,
}

#[derive(Deserialize)]
struct ParamsOf {
    params: Now<MarketParamsUpdate>,
}

#[derive(Deserialize)]
struct SourcesOf {
    sources: Vec<Source<String>>,
}

#[derive(Deserialize)]
struct Denoms {
    denoms: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    denom: Denom,
    listed: bool,
    min_rate: Uint128,
}

/// What the vault tells.
#[derive(Debug, Clone, PartialEq)]
pub struct VaultNow {
    /// Its distributor, once it is set.
    pub distributor: Option<Addr>,
    /// Its breaker.
    pub breaker: Addr,
    /// How long a change waits.
    pub pace: Pace,
    /// Its parameters.
    pub params: ParamsUpdate,
}

/// How long a change waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The vault's unbonding period.
    pub unbonding_period: Seconds,
    /// Its notice.
    pub notice: Seconds,
}

/// Reads the contracts.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub QuerierWrapper<'a>);

impl Reader<'_> {
    fn ask<T: serde::de::DeserializeOwned>(&self, contract: &Addr, ask: &Ask) -> StdResult<T> {
        self.0.query_wasm_smart(contract, ask)
    }

    /// The vault's distributor, breaker and parameters.
    pub fn vault(&self, vault: &Addr) -> StdResult<VaultNow> {
        let config: VaultConfig = self.ask(vault, &Ask::Config {})?;
        let params = config.params.0;
        let missing = |field: &str| StdError::not_found(format!("the vault's {field}"));
        let breaker = params.breaker.clone().ok_or_else(|| missing("breaker"))?;
        Ok(VaultNow {
            distributor: config.distributor,
            breaker: Addr::unchecked(breaker),
            pace: Pace {
                unbonding_period: params
                    .unbonding_period
                    .ok_or_else(|| missing("unbonding_period"))?,
                notice: params.notice.ok_or_else(|| missing("notice"))?,
            },
            params,
        })
    }

    /// The terms of a policy that is active, by a raw query.
    pub fn policy(
        &self,
        vault: &Addr,
        policyholder: &Addr,
        market: &str,
    ) -> StdResult<Option<PolicyTermsUpdate>> {
        let key = Map::<(&Addr, &str), ()>::new(keys::POLICIES).key((policyholder, market));
        let policy: Option<Policy> = self.raw(vault, key)?;
        let active = policy.filter(|policy| policy.closed_at.is_none());
        Ok(active.map(|policy| policy.terms.0))
    }

    /// Whether a breaker has the market, by a raw query.
    pub fn has_market(&self, breaker: &Addr, market: &str) -> StdResult<bool> {
        let key = Map::<&str, ()>::new(keys::MARKETS).key(market);
        Ok(self.0.query_wasm_raw(breaker, key.to_vec())?.is_some())
    }

    /// The parameters of a market.
    pub fn market_params(&self, breaker: &Addr, market: &str) -> StdResult<MarketParamsUpdate> {
        let market: Market<ParamsOf> = self.ask(breaker, &Ask::Market { market })?;
        Ok(market.config.params.0)
    }

    /// The sources of a market. Fails where one is of a kind that only a later version
    /// knows.
    pub fn market_sources(&self, breaker: &Addr, market: &str) -> StdResult<Vec<Source<String>>> {
        let market: Market<SourcesOf> = self.ask(breaker, &Ask::Market { market })?;
        Ok(market.config.sources)
    }

    /// A breaker's guardian.
    pub fn guardian(&self, breaker: &Addr) -> StdResult<Option<String>> {
        let config: Breaker = self.ask(breaker, &Ask::Config {})?;
        Ok(config.guardian)
    }

    /// Whether a denom of the distributor's can be funded, and its minimum rate; none
    /// if it was never listed.
    pub fn listing(&self, distributor: &Addr, denom: &Denom) -> StdResult<Option<(bool, Uint128)>> {
        // A distributor has 8 at most.
        let denoms: Denoms = self.ask(distributor, &Ask::Denoms { limit: 30 })?;
        let found = denoms.denoms.into_iter().find(|listed| listed.denom == *denom);
        Ok(found.map(|listed| (listed.listed, listed.min_rate)))
    }

    /// Who owns a contract.
    pub fn ownership(&self, contract: &Addr) -> StdResult<Ownership<String>> {
        self.ask(contract, &Ask::Ownership {})
    }

    fn raw<T: serde::de::DeserializeOwned, K>(&self, contract: &Addr, key: Path<K>) -> StdResult<Option<T>>
    where
        K: Serialize + serde::de::DeserializeOwned,
    {
        let stored = self.0.query_wasm_raw(contract, key.to_vec())?;
        stored.map(from_json).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{breaker, distributor, vault};
    use cosmwasm_std::to_json_string;

    #[test]
    fn each_question_is_understood_by_the_whole() {
        let json = |ask: &Ask| to_json_string(ask).unwrap();
        for ask in [Ask::Config {}, Ask::Ownership {}] {
            let json = json(&ask);
            assert_eq!(from_json::<vault::QueryMsg>(&json).map(drop), Ok(()));
            assert_eq!(from_json::<breaker::QueryMsg>(&json).map(drop), Ok(()));
            assert_eq!(from_json::<distributor::QueryMsg>(&json).map(drop), Ok(()));
        }
        let market = json(&Ask::Market { market: "ATOM/USD" });
        assert!(from_json::<breaker::QueryMsg>(&market).is_ok());
        assert!(from_json::<distributor::QueryMsg>(json(&Ask::Denoms { limit: 30 })).is_ok());
    }
}
