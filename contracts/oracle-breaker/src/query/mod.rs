//! Reads. `Verdict` and `Reading` ask the live sources; the rest only what is
//! stored.

mod markets;
mod reading;
mod trips;

use backstop_types::breaker::QueryMsg;
use cosmwasm_std::{Binary, Deps, Env, to_json_binary};

use crate::error::ContractError;
use crate::state::CONFIG;

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Verdict { market, action } => {
            to_json_binary(&reading::verdict(deps, &env, &market, action)?)
        }
        QueryMsg::Reading { market } => to_json_binary(&reading::reading(deps, &env, &market)?),
        QueryMsg::Market { market } => to_json_binary(&markets::market(deps, &env, market)?),
        QueryMsg::Markets { start_after, limit } => {
            to_json_binary(&markets::markets(deps, &env, start_after, limit)?)
        }
        QueryMsg::Trips {
            market,
            start_after,
            limit,
        } => to_json_binary(&trips::trips(deps, &market, start_after, limit)?),
        QueryMsg::Trip { market, number } => to_json_binary(&trips::trip(deps, &market, number)?),
        QueryMsg::Explain { market } => to_json_binary(&reading::explain(deps, &env, &market)?),
        QueryMsg::History {
            market,
            start_before,
            limit,
        } => to_json_binary(&trips::history(deps, &market, start_before, limit)?),
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}
