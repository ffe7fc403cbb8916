//! Of other contracts' messages, queries and answers the few that ours send and
//! read. A contract that encodes one message of an enum carries the code for all
//! of them, 2 to 8 kB each, so these have the same JSON and nothing beside it.

use cosmwasm_std::{Addr, CosmosMsg, StdResult, Uint128, WasmMsg, to_json_binary};
use serde::{Deserialize, Serialize};

use crate::breaker::Action;
use crate::distributor::StakeChanged;

/// A message to a contract with no funds.
pub(crate) fn to_contract(contract: &Addr, msg: &impl Serialize) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    }
    .into())
}

/// Of [`crate::breaker::ExecuteMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToBreaker {
    Poke {
        markets: Vec<String>,
        action: Option<Action>,
    },
}

/// Of [`crate::breaker::QueryMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AskBreaker {
    Markets { limit: u32 },
    Verdict { market: String, action: Action },
}

/// Of [`crate::distributor::ExecuteMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToDistributor {
    StakeChanged(StakeChanged),
}

/// Of the vault's and the distributor's queries.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AskConfig {
    Config {},
}

/// Of [`crate::distributor::QueryMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AskDistributor {
    Staker { staker: String },
}

/// Of [`crate::distributor::Config`].
#[derive(Deserialize)]
pub(crate) struct VaultServed {
    pub vault: Addr,
}

/// Of [`cw20::Cw20ExecuteMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToToken {
    Transfer { recipient: String, amount: Uint128 },
}

/// Of [`cw20::Cw20QueryMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AskToken {
    TokenInfo {},
}

/// Of [`cw20::TokenInfoResponse`], enough to tell a token from another contract.
#[derive(Deserialize)]
pub(crate) struct TokenFacts {
    #[serde(rename = "total_supply")]
    _total_supply: Uint128,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{breaker, distributor, vault};
    use cosmwasm_std::to_json_string;

    fn same(part: impl Serialize, whole: impl Serialize) {
        assert_eq!(to_json_string(&part).unwrap(), to_json_string(&whole).unwrap());
    }

    #[test]
    fn each_part_has_the_json_of_the_whole() {
        let (markets, action) = (vec!["ATOM/USD".to_string()], Some(Action::Payout));
        same(
            ToBreaker::Poke {
                markets: markets.clone(),
                action,
            },
            breaker::ExecuteMsg::Poke { markets, action },
        );
        let changed = || StakeChanged {
            staker: "a".to_string(),
            before: 1.into(),
            after: 2.into(),
        };
        same(
            ToDistributor::StakeChanged(changed()),
            distributor::ExecuteMsg::StakeChanged(changed()),
        );
        same(AskConfig::Config {}, vault::QueryMsg::Config {});
        same(AskConfig::Config {}, distributor::QueryMsg::Config {});
        let staker = || "a".to_string();
        same(
            AskDistributor::Staker { staker: staker() },
            distributor::QueryMsg::Staker { staker: staker() },
        );
        let (recipient, amount) = ("a".to_string(), Uint128::new(7));
        same(
            ToToken::Transfer {
                recipient: recipient.clone(),
                amount,
            },
            cw20::Cw20ExecuteMsg::Transfer { recipient, amount },
        );
        same(AskToken::TokenInfo {}, cw20::Cw20QueryMsg::TokenInfo {});
    }

    #[test]
    fn each_question_is_understood_by_the_whole() {
        let markets = to_json_string(&AskBreaker::Markets { limit: 0 }).unwrap();
        let verdict = AskBreaker::Verdict {
            market: "ATOM/USD".to_string(),
            action: Action::Open,
        };
        for question in [markets, to_json_string(&verdict).unwrap()] {
            let read = cosmwasm_std::from_json::<breaker::QueryMsg>(&question);
            assert!(read.is_ok(), "{question}: {read:?}");
        }
    }
}
