//! Of other contracts' messages, queries and answers the few that ours send and
//! read. A contract that encodes one message of an enum carries the code for all
//! of them, 2 to 8 kB each, so these have the same JSON and nothing beside it.

use cosmwasm_std::{Addr, Binary, CosmosMsg, StdResult, Uint128, WasmMsg, to_json_binary};
use serde::{Deserialize, Serialize};

/// A message to a contract with no funds.
pub(crate) fn to_contract(contract: &Addr, msg: &impl Serialize) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    }
    .into())
}

/// Of the vault's and the distributor's queries.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AskConfig {
    Config {},
}

/// Of [`cw20::Cw20ExecuteMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToToken {
    Transfer {
        recipient: String,
        amount: Uint128,
    },
    Send {
        contract: String,
        amount: Uint128,
        msg: Binary,
    },
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
    use crate::{distributor, vault};
    use cosmwasm_std::to_json_string;

    #[test]
    fn each_part_has_the_json_of_the_whole() {
        let config = to_json_string(&AskConfig::Config {}).unwrap();
        assert_eq!(config, to_json_string(&vault::QueryMsg::Config {}).unwrap());
        assert_eq!(config, to_json_string(&distributor::QueryMsg::Config {}).unwrap());
        let (recipient, amount) = ("a".to_string(), Uint128::new(7));
        let part = ToToken::Transfer {
            recipient: recipient.clone(),
            amount,
        };
        let whole = cw20::Cw20ExecuteMsg::Transfer { recipient, amount };
        assert_eq!(to_json_string(&part).unwrap(), to_json_string(&whole).unwrap());
        let (contract, msg) = ("b".to_string(), Binary::from(b"{}"));
        let part = ToToken::Send {
            contract: contract.clone(),
            amount,
            msg: msg.clone(),
        };
        let whole = cw20::Cw20ExecuteMsg::Send {
            contract,
            amount,
            msg,
        };
        assert_eq!(to_json_string(&part).unwrap(), to_json_string(&whole).unwrap());
        let asked = to_json_string(&AskToken::TokenInfo {}).unwrap();
        assert_eq!(asked, to_json_string(&cw20::Cw20QueryMsg::TokenInfo {}).unwrap());
    }
}
