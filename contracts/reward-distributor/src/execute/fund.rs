//! Streams: funding by anyone, in a coin or a cw20, and catching up.

use backstop_core::rewards::{Clock, Ledger, MAX_WEEKS, Stream, grid, least, reaches, scaled};
use backstop_types::distributor::{HookMsg, Start, StreamTerms};
use backstop_types::events::distributor::{Advanced, Funded};
use backstop_types::{Denom, InputError, Seconds, UncheckedDenom, input};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, Uint128, from_json};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::funding::Funding;
use crate::ledger;
use crate::state::{AHEAD, DENOMS, DenomRecord, FUNDINGS, LEDGER, VAULT, kept, running, slot, slot_of};

/// Funds with the one coin that came.
pub fn native(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    terms: StreamTerms,
) -> Result<Response, ContractError> {
    let coin = cw_utils::one_coin(&info).map_err(InputError::from)?;
    let denom = Denom::Native(coin.denom);
    fund(deps, env, info.sender, denom, coin.amount, terms)
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
    let amount = token.received(&info, wrapper.amount)?;
    let funder = input::address(deps.api, "sender", &wrapper.sender)?;
    match from_json(&wrapper.msg)? {
        HookMsg::Fund(terms) => fund(deps, env, funder, token, amount, terms),
    }
}

fn fund(
    deps: DepsMut,
    env: Env,
    funder: Addr,
    denom: Denom,
    amount: Uint128,
    terms: StreamTerms,
) -> Result<Response, ContractError> {
    let slot = slot(deps.storage, &denom)?;
    let (mut ledger, _) = ledger::advanced(deps.storage, env.block.time)?;
    let stream = stream(deps.storage, &ledger.clock, slot, amount, terms)?;
    let record = DENOMS.load(deps.storage, slot)?;
    accept(deps.storage, record, &funder, amount, stream.length())?;
    let (fundings, kept) = kept(deps.storage, slot)?;
    let total = kept
        .checked_add(amount)
        .map_err(|_| ContractError::FundedTooMuch { amount, funded: kept })?;

    for change in ledger.fund(slot, &stream)?.iter() {
        ledger::add_change(deps.storage, slot, change)?;
    }
    LEDGER.save(deps.storage, &ledger)?;
    let number = fundings.saturating_add(1);
    let funding = Funding {
        funder,
        amount,
        total,
        funded_at: env.block.time,
        from: stream.from,
        end_week: stream.end_week,
    };
    FUNDINGS.save(deps.storage, (slot, number), &funding)?;

    Ok(Response::new().add_event(Funded {
        funder: funding.funder,
        denom,
        amount,
        number,
        from: stream.from.0,
        until: grid(stream.end_week).0,
    }))
}

/// The stream that the terms ask for. It ends at most [`MAX_WEEKS`] after the
/// next point of the grid.
fn stream(
    storage: &dyn Storage,
    clock: &Clock,
    slot: u8,
    amount: Uint128,
    terms: StreamTerms,
) -> Result<Stream, ContractError> {
    let weeks = input::within("weeks", terms.weeks, 1, MAX_WEEKS)?;
    let next = clock.next_week();
    let first = match terms.start {
        None | Some(Start::NextWeek {}) => next,
        Some(Start::Week(week)) => week,
        Some(Start::After(number)) => running(storage, slot, number, clock.staked)?.end_week,
    };
    let last = clock.end_of(MAX_WEEKS.saturating_sub(weeks));
    input::within("start", first, next, last)?;
    Ok(Stream {
        amount: scaled(amount)?,
        from: terms.start.map_or(clock.staked, |_| grid(first)),
        end_week: first.saturating_add(weeks.into()),
    })
}

/// Whether a denom may be funded with `amount` over `length`. What the vault
/// passes on is earned already: it is taken at any rate, and in a delisted
/// denom too.
fn accept(
    storage: &dyn Storage,
    record: DenomRecord,
    funder: &Addr,
    amount: Uint128,
    length: Seconds,
) -> Result<(), ContractError> {
    let reaches = reaches(amount, length, record.min_rate)?;
    if (record.listed && reaches) || *funder == VAULT.load(storage)? {
        return Ok(());
    }
    if !record.listed {
        return Err(ContractError::Delisted { denom: record.denom });
    }
    Err(ContractError::RateTooLow {
        amount,
        seconds: length.0,
        least: least(length, record.min_rate)?,
        min_rate: record.min_rate,
    })
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
