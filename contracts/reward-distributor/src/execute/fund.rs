//! Streams: funding by anyone, in a coin or a cw20, and catching up.

use backstop_core::rewards::{Ledger, MAX_WEEKS, grid, least, reaches};
use backstop_types::distributor::HookMsg;
use backstop_types::events::distributor::{Advanced, Funded};
use backstop_types::{Denom, InputError, Seconds, UncheckedDenom, input};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Uint128, from_json};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::ledger;
use crate::state::{AHEAD, DENOMS, DenomRecord, FUNDINGS, Funding, LEDGER, funded, slot, slot_of};

/// Funds with the one coin that came.
pub fn native(deps: DepsMut, env: Env, info: MessageInfo, weeks: u32) -> Result<Response, ContractError> {
    let coin = cw_utils::one_coin(&info).map_err(InputError::from)?;
    fund(
        deps,
        env,
        info.sender,
        Denom::Native(coin.denom),
        coin.amount,
        weeks,
    )
}

/// Funds with tokens of a listed cw20, whose contract is the sender.
pub fn receive(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    wrapper: Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    let token = Denom::Cw20(info.sender.clone());
    // A contract that is not listed may be no token at all.
    slot(deps.storage, &token)?;
    let amount = input::received(&info, wrapper.amount, &token)?;
    let funder = input::address(deps.api, "sender", &wrapper.sender)?;
    match from_json(&wrapper.msg)? {
        HookMsg::Fund { weeks } => fund(deps, env, funder, token, amount, weeks),
    }
}

fn fund(
    deps: DepsMut,
    env: Env,
    funder: Addr,
    denom: Denom,
    amount: Uint128,
    weeks: u32,
) -> Result<Response, ContractError> {
    input::within("weeks", weeks, 1, MAX_WEEKS)?;
    let slot = slot(deps.storage, &denom)?;
    let (mut ledger, _) = ledger::advanced(deps.storage, env.block.time)?;
    let week = ledger.clock.end_of(weeks);
    accept(DENOMS.load(deps.storage, slot)?, amount, ledger.clock.until(week))?;
    let (fundings, funded) = funded(deps.storage, slot)?;
    let total = funded
        .checked_add(amount)
        .map_err(|_| ContractError::FundedTooMuch { amount, funded })?;

    let change = ledger.fund(slot, amount, week)?;
    ledger::add_change(deps.storage, slot, change)?;
    LEDGER.save(deps.storage, &ledger)?;
    let number = fundings.saturating_add(1);
    let funding = Funding {
        funder,
        amount,
        total,
        funded_at: env.block.time,
        from: ledger.clock.staked,
        week,
    };
    FUNDINGS.save(deps.storage, (slot, number), &funding)?;

    Ok(Response::new().add_event(Funded {
        funder: funding.funder,
        denom,
        amount,
        number,
        from: funding.from.0,
        until: grid(week).0,
    }))
}

/// Whether a denom may be funded with `amount` over `length`.
fn accept(record: DenomRecord, amount: Uint128, length: Seconds) -> Result<(), ContractError> {
    if !record.listed {
        return Err(ContractError::Delisted { denom: record.denom });
    }
    if !reaches(amount, length, record.min_rate)? {
        return Err(ContractError::RateTooLow {
            amount,
            seconds: length.0,
            least: least(length, record.min_rate)?,
            min_rate: record.min_rate,
        });
    }
    Ok(())
}

/// Applies at most `limit` of the rate changes that are due in one denom.
pub fn advance(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    denom: UncheckedDenom,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let limit = limit.map_or(Ok(u32::MAX), |limit| input::within("limit", limit, 1, u32::MAX))?;
    let slot = slot_of(deps.as_ref(), "denom", &denom)?;
    let mut ledger: Ledger = LEDGER.load(deps.storage)?;
    ledger.clock.tick(env.block.time);
    let mut due = ledger::changes(deps.storage, slot, None, Some(ledger.clock.staked))?;
    let rest = due.split_off(due.len().min(limit as usize));
    for change in &due {
        AHEAD.remove(deps.storage, (slot, change.week));
    }

    let to = if rest.is_empty() {
        ledger.clock.staked
    } else {
        due.last().map_or(ledger.clock.staked, |change| grid(change.week))
    };
    ledger.advance_one(slot, &due, to)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Advanced {
        denom: DENOMS.load(deps.storage, slot)?.denom,
        changes: u32::try_from(due.len()).unwrap_or(u32::MAX),
        staked: to.0,
    }))
}
