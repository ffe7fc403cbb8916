//! Reads; every list is paged, and none asks the breaker: a caller brings the
//! price that it wants values at.

mod compensation;
mod orders;
mod pool;
mod positions;
mod shortfalls;

use cosmwasm_std::{Binary, Deps, Env, to_json_binary};
use cw_ownable::get_ownership;

use crate::error::ContractError;
use crate::msg::QueryMsg;
use crate::state::{CONFIG, SETTLEMENT};

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Pool { price } => to_json_binary(&pool::pool(deps, &env, price)?),
        QueryMsg::Liquidity { provider } => to_json_binary(&pool::liquidity(deps, &provider)?),
        QueryMsg::Liquidities { start_after, limit } => {
            to_json_binary(&pool::liquidities(deps, start_after, limit)?)
        }
        QueryMsg::Position { position, price } => {
            to_json_binary(&positions::position(deps, position, price)?)
        }
        QueryMsg::Positions {
            owner,
            price,
            start_after,
            limit,
        } => to_json_binary(&positions::positions(deps, owner, price, start_after, limit)?),
        QueryMsg::AdlQueue { side, price, limit } => {
            to_json_binary(&positions::queue(deps, side, price, limit)?)
        }
        QueryMsg::Shortfall { shortfall } => to_json_binary(&shortfalls::shortfall(deps, &env, shortfall)?),
        QueryMsg::Shortfalls { start_after, limit } => {
            to_json_binary(&shortfalls::shortfalls(deps, &env, start_after, limit)?)
        }
        QueryMsg::Compensation {
            trader,
            start_after,
            limit,
        } => to_json_binary(&compensation::compensation(deps, &trader, start_after, limit)?),
        QueryMsg::Order { order } => to_json_binary(&orders::order(deps, order)?),
        QueryMsg::Orders {
            owner,
            start_after,
            limit,
        } => to_json_binary(&orders::orders(deps, owner, start_after, limit)?),
        QueryMsg::Settlement {} => to_json_binary(&SETTLEMENT.may_load(deps.storage)?),
        QueryMsg::Parts {
            shortfall,
            start_after,
            limit,
        } => to_json_binary(&shortfalls::parts(deps, shortfall, start_after, limit)?),
        QueryMsg::Ownership {} => to_json_binary(&get_ownership(deps.storage)?),
    }?)
}
