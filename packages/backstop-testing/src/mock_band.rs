//! Band's standard reference contract, its questions and answers to the field;
//! how a test sets it is its own. Its shapes are written from
//! the documented interface and not shared with the breaker's adapter.
//!
//! A symbol has a rate of nine decimals, a time and a request. A pair's rate has
//! eighteen: base × 10¹⁸ / quote. `USD` is built in with a rate of one and the
//! time 2⁶⁴ − 1. An unknown symbol, and a quote of zero, is an error; so is a bulk
//! question with one bad symbol in it. A relayed time never runs backwards unless
//! it is forced.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint64, Uint256,
    to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Map;

use crate::mock_mode::{MODE, Mode, instantiate};

const REFS: Map<&str, RefData> = Map::new("refs");
/// One in a symbol's rate.
const ONE: u64 = 1_000_000_000;

/// What a test can make it do.
#[cw_serde]
pub enum ExecuteMsg {
    /// Takes a newer rate; an older one is passed over, as Band does.
    Relay {
        /// The symbol.
        symbol: String,
        /// With nine decimals.
        rate: Uint64,
        /// In seconds since the epoch.
        resolve_time: Uint64,
    },
    /// Takes a rate whatever its time.
    ForceRelay {
        /// The symbol.
        symbol: String,
        /// With nine decimals.
        rate: Uint64,
        /// In seconds since the epoch.
        resolve_time: Uint64,
    },
    /// Answers in this manner.
    SetMode(Mode),
}

/// What Band's contract can be asked.
#[cw_serde]
pub enum QueryMsg {
    /// One symbol in USD.
    GetRef {
        /// The symbol.
        symbol: String,
    },
    /// A pair.
    GetReferenceData {
        /// Base and quote.
        symbol_pair: (String, String),
    },
    /// Many pairs.
    GetReferenceDataBulk {
        /// Bases and quotes.
        symbol_pairs: Vec<(String, String)>,
    },
}

/// A symbol's rate.
#[cw_serde]
pub struct RefData {
    /// With nine decimals.
    pub rate: Uint64,
    /// In seconds since the epoch.
    pub resolve_time: Uint64,
    /// Band's number of the request.
    pub request_id: Uint64,
}

/// A pair's rate.
#[cw_serde]
pub struct ReferenceData {
    /// With eighteen decimals.
    pub rate: Uint256,
    /// The base's time.
    pub last_updated_base: Uint64,
    /// The quote's.
    pub last_updated_quote: Uint64,
}

/// The mock as a contract for cw-multi-test.
pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new_with_empty(execute, instantiate, query))
}

/// Open to anyone.
pub fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let (symbol, rate, resolve_time, force) = match msg {
        ExecuteMsg::SetMode(mode) => {
            MODE.save(deps.storage, &mode)?;
            return Ok(Response::new());
        }
        ExecuteMsg::Relay {
            symbol,
            rate,
            resolve_time,
        } => (symbol, rate, resolve_time, false),
        ExecuteMsg::ForceRelay {
            symbol,
            rate,
            resolve_time,
        } => (symbol, rate, resolve_time, true),
    };
    let last = REFS.may_load(deps.storage, &symbol)?;
    if force || last.is_none_or(|last| resolve_time > last.resolve_time) {
        let data = RefData {
            rate,
            resolve_time,
            request_id: Uint64::new(1),
        };
        REFS.save(deps.storage, &symbol, &data)?;
    }
    Ok(Response::new())
}

/// Answers as Band does, or as the mode says.
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let mode = MODE.load(deps.storage)?;
    if mode == Mode::Unpriced {
        return Err(StdError::not_found("REF_DATA_NOT_AVAILABLE"));
    }
    mode.answer(|_| match msg {
        QueryMsg::GetRef { symbol } => to_json_binary(&symbol_data(deps, &symbol)?),
        QueryMsg::GetReferenceData { symbol_pair } => to_json_binary(&pair(deps, &symbol_pair)?),
        QueryMsg::GetReferenceDataBulk { symbol_pairs } => {
            let pairs: StdResult<Vec<_>> = symbol_pairs.iter().map(|it| pair(deps, it)).collect();
            to_json_binary(&pairs?)
        }
    })
}

fn symbol_data(deps: Deps, symbol: &str) -> StdResult<RefData> {
    if symbol == "USD" {
        return Ok(RefData {
            rate: Uint64::new(ONE),
            resolve_time: Uint64::MAX,
            request_id: Uint64::zero(),
        });
    }
    REFS.load(deps.storage, symbol)
}

fn pair(deps: Deps, (base, quote): &(String, String)) -> StdResult<ReferenceData> {
    let (base, quote) = (symbol_data(deps, base)?, symbol_data(deps, quote)?);
    let scaled = Uint256::from(base.rate) * Uint256::from(10_u8).pow(18);
    Ok(ReferenceData {
        rate: scaled.checked_div(Uint256::from(quote.rate))?,
        last_updated_base: base.resolve_time,
        last_updated_quote: quote.resolve_time,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_json;
    use cosmwasm_std::testing::{MockApi, message_info, mock_dependencies, mock_env};

    #[test]
    fn an_answer_is_bands_to_the_field() {
        let mut deps = mock_dependencies();
        let info = message_info(&MockApi::default().addr_make("test"), &[]);
        instantiate(deps.as_mut(), mock_env(), info.clone(), Empty {}).unwrap();
        let relay = r#"{"relay":{"symbol":"ATOM","rate":"10350000000","resolve_time":"1659588229"}}"#;
        execute(deps.as_mut(), mock_env(), info, from_json(relay).unwrap()).unwrap();
        let ask = |question: &str| {
            let answer = query(deps.as_ref(), mock_env(), from_json(question).unwrap());
            String::from_utf8(answer.unwrap().into()).unwrap()
        };
        assert_eq!(
            ask(r#"{"get_reference_data":{"symbol_pair":["ATOM","USD"]}}"#),
            r#"{"rate":"10350000000000000000","last_updated_base":"1659588229","last_updated_quote":"18446744073709551615"}"#
        );
        assert_eq!(
            ask(r#"{"get_ref":{"symbol":"ATOM"}}"#),
            r#"{"rate":"10350000000","resolve_time":"1659588229","request_id":"1"}"#
        );
        let bulk = r#"{"get_reference_data_bulk":{"symbol_pairs":[["ATOM","USD"],["NONE","USD"]]}}"#;
        assert!(query(deps.as_ref(), mock_env(), from_json(bulk).unwrap()).is_err());
    }
}
