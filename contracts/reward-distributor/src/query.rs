//! Reads. Everything is as of now: what has been released since the last
//! message is worked out on a copy of the ledger.

use backstop_core::rewards::{Account, Flow, Ledger, RateChange, grid, per_second, scaled, week_of, whole};
use backstop_types::distributor::{
    ClockResponse, Config, DenomResponse, DenomsResponse, FundingResponse, FundingsResponse,
    PendingRewardsResponse, QueryMsg, RateChangeResponse, Reward, ScheduleResponse, StakerRecord,
    StakerResponse, StakersResponse,
};
use backstop_types::{UncheckedDenom, input};
use cosmwasm_std::{Binary, Deps, Env, Order, Uint128, to_json_binary};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::execute::stake::vault_shares;
use crate::ledger;
use crate::state::{ACCOUNTS, DENOMS, DenomRecord, FUNDINGS, Funding, VAULT, funded, slot_of};

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&Config {
            vault: VAULT.load(deps.storage)?,
        }),
        QueryMsg::Denoms { start_after, limit } => to_json_binary(&denoms(deps, env, start_after, limit)?),
        QueryMsg::PendingRewards {
            staker,
            start_after,
            limit,
        } => to_json_binary(&pending(deps, env, &staker, start_after, limit)?),
        QueryMsg::Staker { staker } => to_json_binary(&staker_of(deps, &staker)?),
        QueryMsg::Stakers { start_after, limit } => to_json_binary(&stakers(deps, start_after, limit)?),
        QueryMsg::Schedule {
            denom,
            start_after,
            limit,
        } => to_json_binary(&schedule(deps, env, &denom, start_after, limit)?),
        QueryMsg::Fundings {
            denom,
            start_after,
            limit,
        } => to_json_binary(&fundings(deps, &denom, start_after, limit)?),
        QueryMsg::Clock {} => to_json_binary(&clock(deps, env)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

/// A page of denoms after `start_after`, with their places.
fn page_of_denoms(
    deps: Deps,
    start_after: Option<UncheckedDenom>,
    limit: Option<u32>,
) -> Result<Vec<(u8, DenomRecord)>, ContractError> {
    let after = start_after
        .map(|denom| slot_of(deps, "start_after", &denom))
        .transpose()?;
    let rows = DENOMS
        .range(deps.storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(input::page(limit))
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn denoms(
    deps: Deps,
    env: Env,
    start_after: Option<UncheckedDenom>,
    limit: Option<u32>,
) -> Result<DenomsResponse, ContractError> {
    let ledger = ledger::as_of(deps.storage, env.block.time)?;
    let mut denoms = Vec::new();
    for (slot, record) in page_of_denoms(deps, start_after, limit)? {
        let flow = flow(&ledger, slot);
        let ahead = ahead(deps, &ledger, slot)?;
        let (_, funded) = funded(deps.storage, slot)?;
        denoms.push(denom(record, funded, flow, &ahead)?);
    }
    Ok(DenomsResponse { denoms })
}

fn denom(
    record: DenomRecord,
    funded: Uint128,
    flow: Flow,
    ahead: &[RateChange],
) -> Result<DenomResponse, ContractError> {
    let released = whole(scaled(funded)?.checked_sub(flow.unreleased(ahead)?)?)?;
    Ok(DenomResponse {
        denom: record.denom,
        listed: record.listed,
        min_rate: record.min_rate,
        rate: per_second(flow.rate),
        index: flow.index,
        funded,
        released,
        unreleased: funded.checked_sub(released)?,
    })
}

fn pending(
    deps: Deps,
    env: Env,
    staker: &str,
    start_after: Option<UncheckedDenom>,
    limit: Option<u32>,
) -> Result<PendingRewardsResponse, ContractError> {
    let staker = input::address(deps.api, "staker", staker)?;
    let ledger = ledger::as_of(deps.storage, env.block.time)?;
    let mut account: Account = ACCOUNTS.may_load(deps.storage, &staker)?.unwrap_or_default();
    account.settle(&ledger.flows, vault_shares(deps, &staker)?)?;
    let mut rewards = Vec::new();
    for (slot, record) in page_of_denoms(deps, start_after, limit)? {
        rewards.push(Reward {
            denom: record.denom,
            amount: account.due(slot)?,
        });
    }
    Ok(PendingRewardsResponse { staker, rewards })
}

fn staker_of(deps: Deps, staker: &str) -> Result<StakerResponse, ContractError> {
    let staker = input::address(deps.api, "staker", staker)?;
    let account = ACCOUNTS.may_load(deps.storage, &staker)?.unwrap_or_default();
    Ok(StakerResponse {
        recorded: account.shares,
        active: vault_shares(deps, &staker)?,
        staker,
    })
}

fn stakers(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<StakersResponse, ContractError> {
    let after = start_after
        .map(|staker| input::address(deps.api, "start_after", &staker))
        .transpose()?;
    let stakers = ACCOUNTS
        .range(
            deps.storage,
            after.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| {
            row.map(|(staker, account)| StakerRecord {
                staker,
                recorded: account.shares,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(StakersResponse { stakers })
}

fn schedule(
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
        rate = rate.checked_sub(change.drop)?;
        if start_after.is_none_or(|after| change.week > after) && changes.len() < input::page(limit) {
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

fn fundings(
    deps: Deps,
    denom: &UncheckedDenom,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<FundingsResponse, ContractError> {
    let slot = slot_of(deps, "denom", denom)?;
    let fundings = FUNDINGS
        .range_of(
            deps.storage,
            slot,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| row.map(|(number, funding)| funding_of(number, funding)))
        .collect::<Result<_, _>>()?;
    Ok(FundingsResponse { fundings })
}

fn funding_of(number: u64, funding: Funding) -> FundingResponse {
    FundingResponse {
        number,
        funder: funding.funder,
        amount: funding.amount,
        funded_at: funding.funded_at,
        from: funding.from,
        until: grid(funding.week),
    }
}

fn clock(deps: Deps, env: Env) -> Result<ClockResponse, ContractError> {
    let clock = ledger::as_of(deps.storage, env.block.time)?.clock;
    Ok(ClockResponse {
        staked: clock.staked,
        shares: clock.shares,
        week: week_of(clock.staked),
    })
}

fn flow(ledger: &Ledger, slot: u8) -> Flow {
    ledger.flows.get(usize::from(slot)).copied().unwrap_or_default()
}

/// The rate changes that are still to come at the ledger's time.
fn ahead(deps: Deps, ledger: &Ledger, slot: u8) -> Result<Vec<RateChange>, ContractError> {
    let passed = week_of(ledger.clock.staked);
    Ok(ledger::changes(deps.storage, slot, Some(passed), None)?)
}
