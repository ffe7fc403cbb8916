//! Stride's oracle of redemption rates to the field. Its shapes are written from
//! the documented interface and not shared with the breaker's adapter.
//!
//! A rate is decimal text, its time a number in seconds of Stride's clock. An
//! unknown denom is an error.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Binary, Decimal, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Map;

use crate::mock_mode::{MODE, Mode, instantiate};

const RATES: Map<&str, RedemptionRateResponse> = Map::new("rates");

/// What a test can make it do.
#[cw_serde]
pub enum ExecuteMsg {
    /// Sets a denom's rate.
    SetRate {
        /// The denom.
        denom: String,
        /// Its rate.
        rate: RedemptionRateResponse,
    },
    /// Answers in this manner.
    SetMode(Mode),
}

/// What Stride's oracle can be asked.
#[cw_serde]
pub enum QueryMsg {
    /// What a liquid token redeems for.
    RedemptionRate {
        /// The denom.
        denom: String,
        /// Always null.
        params: Option<Binary>,
    },
}

/// What a liquid token redeems for.
#[cw_serde]
pub struct RedemptionRateResponse {
    /// In the underlying token.
    pub redemption_rate: Decimal,
    /// In seconds since the epoch.
    pub update_time: u64,
}

/// The mock as a contract for cw-multi-test.
pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new_with_empty(execute, instantiate, query))
}

/// Open to anyone.
pub fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::SetRate { denom, rate } => RATES.save(deps.storage, &denom, &rate)?,
        ExecuteMsg::SetMode(mode) => MODE.save(deps.storage, &mode)?,
    }
    Ok(Response::new())
}

/// Answers as Stride does, or as the mode says.
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::RedemptionRate { denom, params } = msg;
    if params.is_some() {
        return Err(StdError::generic_err("invalid params"));
    }
    let mode = MODE.load(deps.storage)?;
    if mode == Mode::Unpriced {
        return Err(StdError::not_found("redemption rate"));
    }
    mode.answer(|_| to_json_binary(&RATES.load(deps.storage, &denom)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_json;
    use cosmwasm_std::testing::{MockApi, message_info, mock_dependencies, mock_env};

    #[test]
    fn an_answer_is_strides_to_the_field() {
        let mut deps = mock_dependencies();
        let info = message_info(&MockApi::default().addr_make("test"), &[]);
        instantiate(deps.as_mut(), mock_env(), info.clone(), Empty {}).unwrap();
        let rate = r#"{"redemption_rate":"1.0211","update_time":1700000000}"#;
        let set = ExecuteMsg::SetRate {
            denom: "ibc/AB".to_string(),
            rate: from_json(rate).unwrap(),
        };
        execute(deps.as_mut(), mock_env(), info, set).unwrap();
        let asked = from_json(r#"{"redemption_rate":{"denom":"ibc/AB","params":null}}"#).unwrap();
        let answer = query(deps.as_ref(), mock_env(), asked).unwrap();
        assert_eq!(String::from_utf8(answer.into()).unwrap(), rate);
    }
}
