//! Mars's oracle contract to the field. Its shapes are written from the
//! documented interface and not shared with the breaker's adapter.
//!
//! A price is decimal text by base unit, and its answer has no time. An unknown
//! denom is an error.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Binary, Decimal, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Map;

use crate::mock_mode::{MODE, Mode, instantiate};

const PRICES: Map<&str, Decimal> = Map::new("prices");

/// What a test can make it do.
#[cw_serde]
pub enum ExecuteMsg {
    /// Sets a denom's price.
    SetPrice(PriceResponse),
    /// Answers in this manner.
    SetMode(Mode),
}

/// What Mars's oracle can be asked.
#[cw_serde]
pub enum QueryMsg {
    /// A denom's price.
    Price {
        /// The denom.
        denom: String,
        /// `default` where it is left out.
        kind: Option<ActionKind>,
    },
}

/// What a price is for.
#[cw_serde]
pub enum ActionKind {
    /// With every check.
    Default,
    /// Without those of confidence and deviation.
    Liquidation,
}

/// A denom's price.
#[cw_serde]
pub struct PriceResponse {
    /// The denom.
    pub denom: String,
    /// By base unit.
    pub price: Decimal,
}

/// The mock as a contract for cw-multi-test.
pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new_with_empty(execute, instantiate, query))
}

/// Open to anyone.
pub fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::SetPrice(set) => PRICES.save(deps.storage, &set.denom, &set.price)?,
        ExecuteMsg::SetMode(mode) => MODE.save(deps.storage, &mode)?,
    }
    Ok(Response::new())
}

/// Answers as Mars does, or as the mode says: a feed that Mars will not use is an
/// error, unless the question is for a liquidation.
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::Price { denom, kind } = msg;
    let mode = MODE.load(deps.storage)?;
    if mode == Mode::Unpriced && kind != Some(ActionKind::Liquidation) {
        return Err(StdError::generic_err("Invalid price: circuit breaker"));
    }
    mode.answer(|other| {
        let price = PRICES.load(deps.storage, &denom)?;
        let denom = other.map_or(denom, str::to_string);
        to_json_binary(&PriceResponse { denom, price })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_json;
    use cosmwasm_std::testing::{MockApi, message_info, mock_dependencies, mock_env};

    #[test]
    fn an_answer_is_mars_to_the_field() {
        let mut deps = mock_dependencies();
        let info = message_info(&MockApi::default().addr_make("test"), &[]);
        instantiate(deps.as_mut(), mock_env(), info.clone(), Empty {}).unwrap();
        let price = r#"{"denom":"uatom","price":"10.35"}"#;
        let set = ExecuteMsg::SetPrice(from_json(price).unwrap());
        execute(deps.as_mut(), mock_env(), info, set).unwrap();
        for asked in [
            r#"{"price":{"denom":"uatom","kind":"default"}}"#,
            r#"{"price":{"denom":"uatom"}}"#,
        ] {
            let answer = query(deps.as_ref(), mock_env(), from_json(asked).unwrap()).unwrap();
            assert_eq!(String::from_utf8(answer.into()).unwrap(), price);
        }
        let unknown = r#"{"price":{"denom":"none","kind":"default"}}"#;
        assert!(query(deps.as_ref(), mock_env(), from_json(unknown).unwrap()).is_err());
    }
}
