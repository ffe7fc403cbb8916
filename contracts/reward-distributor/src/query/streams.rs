//! Streams: the clock, the rates that are to come, and the history.

use backstop_core::rewards::{grid, per_second, released, week_of};
use backstop_types::distributor::{
    ClockResponse, FundingResponse, FundingsResponse, RateChangeResponse, ScheduleResponse,
};
use backstop_types::{Seconds, UncheckedDenom, paging};
use cosmwasm_std::{Deps, Env, Order};
use cw_storage_plus::Bound;

use super::{ahead, flow};
use crate::error::ContractError;
use crate::funding::Funding;
use crate::ledger;
use crate::state::{FUNDINGS, STOPS, slot_of};

/// The clock that counts staked time.
pub fn clock(deps: Deps, env: Env) -> Result<ClockResponse, ContractError> {
    let clock = ledger::as_of(deps.storage, env.block.time)?.clock;
    Ok(ClockResponse {
        staked: clock.staked,
        shares: clock.shares,
        week: week_of(clock.staked),
    })
}

/// The rate changes that lie ahead.
pub fn schedule(
    deps: Deps,
    env: Env,
    denom: &UncheckedDenom,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ScheduleResponse, ContractError> {
    let slot = slot_of(deps, "denom", denom)?;
    let ledger = ledger::as_of(deps.storage, env.block.time)?;
    let mut rate = flow(&ledger, slot).rate;
    let mut changes = Vec::new();
    for change in ahead(deps, &ledger, slot)? {
        rate = change.turn.of(rate)?;
        if start_after.is_none_or(|after| change.week > after) && changes.len() < paging::page(limit) {
            changes.push(RateChangeResponse {
                week: change.week,
                staked: grid(change.week),
                earliest: ledger.clock.until(change.week).after(env.block.time),
                rate: per_second(rate),
            });
        }
    }
    Ok(ScheduleResponse { changes })
}

/// Who funded a denom, and what became of each stream.
pub fn fundings(
    deps: Deps,
    env: Env,
    denom: &UncheckedDenom,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<FundingsResponse, ContractError> {
    let slot = slot_of(deps, "denom", denom)?;
    let staked = ledger::as_of(deps.storage, env.block.time)?.clock.staked;
    let start = start_after.map(Bound::exclusive);
    let all = FUNDINGS.range_of(deps.storage, slot, start, None, Order::Ascending);
    let fundings = paging::rows(all, limit, |(number, row)| {
        funding(deps, slot, number, row, staked)
    })?;
    Ok(FundingsResponse { fundings })
}

fn funding(
    deps: Deps,
    slot: u8,
    number: u64,
    funding: Funding,
    staked: Seconds,
) -> Result<FundingResponse, ContractError> {
    let stop = STOPS.may_load(deps.storage, (slot, number))?;
    let refunded = stop.map(|stop| stop.refunded).unwrap_or_default();
    let kept = funding.amount.checked_sub(refunded)?;
    let released = match stop {
        Some(_) => kept,
        None => released(kept, funding.stream()?.unreleased(staked)?)?,
    };
    Ok(FundingResponse {
        number,
        funder: funding.funder,
        amount: funding.amount,
        funded_at: funding.funded_at,
        from: funding.from,
        until: grid(funding.end_week),
        released,
        unreleased: kept.checked_sub(released)?,
        refunded,
        stopped_at: stop.map(|stop| stop.stopped_at),
    })
}
