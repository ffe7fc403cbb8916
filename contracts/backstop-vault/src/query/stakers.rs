//! Stakers, their tickets, and whose unbonding the distributor could not be told.

use backstop_core::exits::ready_at;
use backstop_core::shares;
use backstop_types::distributor::RewardDistributor;
use backstop_types::paging::{self, Scan};
use backstop_types::vault::{
    HookFailure, HookFailuresResponse, Pool, Stake, StakeResponse, StakesResponse, TicketResponse,
    TicketsResponse,
};
use cosmwasm_std::{Addr, Deps, Order};
use cw_storage_plus::Bound;

use super::account;
use crate::error::ContractError;
use crate::state::{CONFIG, HOOK_FAILURES, POOL, STAKES, TICKETS};

pub fn stake(deps: Deps, staker: &str) -> Result<StakeResponse, ContractError> {
    let staker = account(deps, "staker", staker)?;
    let stake = STAKES.may_load(deps.storage, &staker)?.unwrap_or_default();
    valued(&POOL.load(deps.storage)?, staker, stake)
}

fn valued(pool: &Pool, staker: Addr, stake: Stake) -> Result<StakeResponse, ContractError> {
    let assets = shares::worth(stake.total()?, pool.assets, pool.shares()?)?;
    Ok(StakeResponse {
        staker,
        stake: stake.into(),
        assets,
    })
}

pub fn stakes(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<StakesResponse, ContractError> {
    let pool = POOL.load(deps.storage)?;
    let after = paging::after(deps.api, start_after)?;
    let start = after.as_ref().map(Bound::exclusive);
    let rows = STAKES.range(deps.storage, start, None, Order::Ascending);
    let stakes = paging::rows(rows, limit, |(staker, stake)| valued(&pool, staker, stake))?;
    Ok(StakesResponse { stakes })
}

pub fn tickets(
    deps: Deps,
    staker: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<TicketsResponse, ContractError> {
    let staker = account(deps, "staker", staker)?;
    let period = CONFIG.load(deps.storage)?.params.unbonding_period;
    let pool = POOL.load(deps.storage)?;
    let total = pool.shares()?;
    let start = start_after.map(Bound::exclusive);
    let rows = TICKETS
        .prefix(&staker)
        .range(deps.storage, start, None, Order::Ascending);
    paging::rows(rows, limit, |(number, ticket)| {
        Ok(TicketResponse {
            ticket: number,
            shares: ticket.shares,
            assets: shares::worth(ticket.shares, pool.assets, total)?,
            opened_at: ticket.opened_at,
            ready_at: ready_at(&ticket, period),
            auto_withdraw: ticket.auto_withdraw,
        })
    })
    .map(|tickets| TicketsResponse { tickets })
}

pub fn hook_failures(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<HookFailuresResponse, ContractError> {
    let after = paging::after(deps.api, start_after)?;
    let start = after.as_ref().map(Bound::exclusive);
    let rows = HOOK_FAILURES.range(deps.storage, start, None, Order::Ascending);
    let Scan { rows, next } = paging::scan(rows, limit)?;
    // A distributor that does not answer may differ in all of them.
    let distributor = CONFIG.load(deps.storage)?.distributor.map(RewardDistributor);
    let mended = |staker: &Addr| {
        let asked = distributor
            .as_ref()
            .map(|distributor| distributor.staker(&deps.querier, staker));
        asked.is_some_and(|answer| answer.is_ok_and(|known| known.recorded == known.active))
    };
    let open = rows.into_iter().filter(|(staker, _)| !mended(staker));
    let failures = open
        .map(|(staker, failures)| HookFailure { staker, failures })
        .collect();
    Ok(HookFailuresResponse { failures, next })
}
