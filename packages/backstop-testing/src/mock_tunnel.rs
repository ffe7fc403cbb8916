//! A consumer of a Band tunnel to the field. Its shapes are written from the
//! documented interface and not shared with the breaker's adapter.
//!
//! A price is a u64 with nine decimals and a status, its time an i64, both
//! numbers as text. A signal that never came is `null`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Empty, Env, Int64, MessageInfo, Response, StdResult, Uint64, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Map;

use crate::mock_mode::{MODE, Mode, instantiate};

const PRICES: Map<&str, Price> = Map::new("prices");

/// What a test can make it do.
#[cw_serde]
pub enum ExecuteMsg {
    /// Takes a price, as from a packet.
    SetPrice(Price),
    /// Answers in this manner.
    SetMode(Mode),
}

/// What the consumer can be asked.
#[cw_serde]
pub enum QueryMsg {
    /// The last price of a signal.
    Price {
        /// Such as `CS:BTC-USD`.
        signal_id: String,
    },
}

/// A signal's price.
#[cw_serde]
pub struct Price {
    /// Such as `CS:BTC-USD`.
    pub signal_id: String,
    /// Whether it is one.
    pub status: Status,
    /// With nine decimals.
    pub price: Uint64,
    /// In seconds since the epoch.
    pub timestamp: Int64,
}

/// Band's status of a price.
#[cw_serde]
pub enum Status {
    /// Not said.
    #[serde(rename = "PRICE_STATUS_UNSPECIFIED")]
    Unspecified,
    /// No such signal.
    #[serde(rename = "PRICE_STATUS_UNKNOWN_SIGNAL_ID")]
    UnknownSignalId,
    /// Too few validators have said theirs.
    #[serde(rename = "PRICE_STATUS_NOT_READY")]
    NotReady,
    /// A price.
    #[serde(rename = "PRICE_STATUS_AVAILABLE")]
    Available,
    /// No longer followed.
    #[serde(rename = "PRICE_STATUS_NOT_IN_CURRENT_FEEDS")]
    NotInCurrentFeeds,
}

/// The mock as a contract for cw-multi-test.
pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new_with_empty(execute, instantiate, query))
}

/// Open to anyone.
pub fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::SetPrice(price) => PRICES.save(deps.storage, &price.signal_id, &price)?,
        ExecuteMsg::SetMode(mode) => MODE.save(deps.storage, &mode)?,
    }
    Ok(Response::new())
}

/// Answers as a consumer does, or as the mode says.
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::Price { signal_id } = msg;
    let mode = MODE.load(deps.storage)?;
    mode.answer(|other| {
        let mut price = PRICES.may_load(deps.storage, &signal_id)?;
        if let Some(price) = &mut price {
            if let Some(other) = other {
                price.signal_id = other.to_string();
            }
            if mode == Mode::Unpriced {
                price.status = Status::NotReady;
                price.price = Uint64::zero();
            }
        }
        to_json_binary(&price)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_json;
    use cosmwasm_std::testing::{MockApi, message_info, mock_dependencies, mock_env};

    #[test]
    fn an_answer_is_the_consumers_to_the_field() {
        let mut deps = mock_dependencies();
        let info = message_info(&MockApi::default().addr_make("test"), &[]);
        instantiate(deps.as_mut(), mock_env(), info.clone(), Empty {}).unwrap();
        let price = r#"{"signal_id":"CS:BTC-USD","status":"PRICE_STATUS_AVAILABLE","price":"81181558344838","timestamp":"1740131933"}"#;
        let set = ExecuteMsg::SetPrice(from_json(price).unwrap());
        execute(deps.as_mut(), mock_env(), info, set).unwrap();
        for (signal, expected) in [("CS:BTC-USD", price), ("CS:NONE-USD", "null")] {
            let asked = format!(r#"{{"price":{{"signal_id":"{signal}"}}}}"#);
            let answer = query(deps.as_ref(), mock_env(), from_json(asked).unwrap()).unwrap();
            assert_eq!(String::from_utf8(answer.into()).unwrap(), expected);
        }
    }
}
