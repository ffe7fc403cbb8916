//! Reads. Every list is paged, and what is told of other contracts is as of now.

mod changes;
mod custody;
mod what_if;

use backstop_types::timelock::{Config, QueryMsg};
use cosmwasm_std::{Binary, Deps, Env, to_json_binary};

use crate::error::ContractError;
use crate::present::Parties;
use crate::state::{COUNTS, MAX_PENDING};

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps, &env)?),
        QueryMsg::Change { number } => to_json_binary(&changes::change(deps, number)?),
        QueryMsg::Pending { start_after, limit } => {
            to_json_binary(&changes::pending(deps, start_after, limit)?)
        }
        QueryMsg::History { start_before, limit } => {
            to_json_binary(&changes::history(deps, start_before, limit)?)
        }
        QueryMsg::WhatIf { change } => to_json_binary(&what_if::what_if(deps, &env, &change)?),
        QueryMsg::Custody {} => to_json_binary(&custody::custody(deps, &env)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

fn config(deps: Deps, env: &Env) -> Result<Config, ContractError> {
    let parties = Parties::load(deps, env)?;
    Ok(Config {
        vault: parties.vault,
        unbonding_period: parties.now.pace.unbonding_period,
        notice: parties.now.pace.notice,
        pending: COUNTS.load(deps.storage)?.pending,
        max_pending: MAX_PENDING,
    })
}
