//! Reads. Everything is as of now: what has been released since the last
//! message is worked out on a copy of the ledger.

mod denoms;
mod stakers;
mod streams;
mod yields;

use backstop_core::rewards::{Flow, Ledger, RateChange, week_of};
use backstop_types::distributor::{Config, QueryMsg};
use cosmwasm_std::{Binary, Deps, Env, to_json_binary};

use crate::error::ContractError;
use crate::ledger;
use crate::state::VAULT;

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&Config {
            vault: VAULT.load(deps.storage)?,
        }),
        QueryMsg::Denoms { start_after, limit } => {
            to_json_binary(&denoms::denoms(deps, env, start_after, limit)?)
        }
        QueryMsg::PendingRewards {
            staker,
            start_after,
            limit,
        } => to_json_binary(&stakers::pending(deps, env, &staker, start_after, limit)?),
        QueryMsg::Staker { staker } => to_json_binary(&stakers::staker(deps, &staker)?),
        QueryMsg::Stakers { start_after, limit } => {
            to_json_binary(&stakers::stakers(deps, start_after, limit)?)
        }
        QueryMsg::Drift { start_after, limit } => to_json_binary(&stakers::drift(deps, start_after, limit)?),
        QueryMsg::Schedule {
            denom,
            start_after,
            limit,
        } => to_json_binary(&streams::schedule(deps, env, &denom, start_after, limit)?),
        QueryMsg::Fundings {
            denom,
            start_after,
            limit,
        } => to_json_binary(&streams::fundings(deps, env, &denom, start_after, limit)?),
        QueryMsg::Yields { prices } => to_json_binary(&yields::yields(deps, env, prices)?),
        QueryMsg::Clock {} => to_json_binary(&streams::clock(deps, env)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

fn flow(ledger: &Ledger, slot: u8) -> Flow {
    ledger.flows.get(usize::from(slot)).copied().unwrap_or_default()
}

/// The rate changes that are still to come at the ledger's time.
fn ahead(deps: Deps, ledger: &Ledger, slot: u8) -> Result<Vec<RateChange>, ContractError> {
    let passed = week_of(ledger.clock.staked);
    Ok(ledger::changes(deps.storage, slot, Some(passed), None)?)
}
