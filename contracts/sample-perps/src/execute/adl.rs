//! Auto-deleveraging: what nobody paid of a shortfall is made good from the
//! profits of the opposing side, best positions first, a capped number a call.
//! The rest is carried to the next call, for a day with prices.

use backstop_core::perps::adl::{Cut, cut, in_profit};
use backstop_core::perps::compensation::Round;
use backstop_core::perps::shortfall::ASK_WITHIN;
use backstop_types::events::perps::Deleveraged;
use backstop_types::input::no_funds;
use backstop_types::{Assets, Price};
use cosmwasm_std::{
    Addr, Deps, DepsMut, Env, Event, MessageInfo, Order, Response, StdResult, Storage, Timestamp,
};

use super::bounty::{bounty, part_of_bounty};
use super::gate::{self, Deleveraging, Request};
use super::shortfall::is_covered;
use crate::error::ContractError;
use crate::state::{
    self, ADL_QUEUE, CONFIG, HAIRCUTS, LEDGER, Ledger, Position, ROUNDS, SHORTFALLS, Shortfall,
};

/// Asks the breaker, if something is missing and it is the time for it.
pub fn ask_to_deleverage(
    deps: Deps,
    env: Env,
    info: MessageInfo,
    id: u64,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let shortfall = state::shortfall(deps.storage, id)?;
    shortfall.misses_something(&LEDGER.load(deps.storage)?, id)?;
    let now = env.block.time;
    // Nobody waits for an answer that cannot come.
    if is_covered(&deps.querier, &env, &config, &shortfall) {
        begun(id, &shortfall, now)?;
    }
    let request = Request::Deleverage(Deleveraging {
        sender: info.sender,
        shortfall: id,
        limit,
    });
    gate::ask(&config, &request)
}

/// Takes what remains of the shortfall from the front of the opposing queue.
pub fn deleverage(
    deps: DepsMut,
    env: Env,
    deleveraging: Deleveraging,
    price: Price,
) -> Result<Response, ContractError> {
    let Deleveraging {
        sender,
        shortfall: id,
        limit,
    } = deleveraging;
    let config = CONFIG.load(deps.storage)?;
    let mut shortfall = state::shortfall(deps.storage, id)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    shortfall.misses_something(&ledger, id)?;
    not_over(&ledger, id, &shortfall, env.block.time)?;
    let before = shortfall.books.deleveraged;
    let least = config.params.min_notional;
    let cap = limit.unwrap_or(config.params.adl_cap).min(config.params.adl_cap);

    let mut events = vec![];
    for position in front(deps.storage, &shortfall, cap)? {
        if shortfall.books.remaining().is_zero() {
            break;
        }
        let storage = &mut *deps.storage;
        events.extend(take(
            storage,
            &mut ledger,
            id,
            &mut shortfall,
            position,
            price,
            least,
        )?);
    }
    if events.is_empty() {
        let side = shortfall.side.opposite();
        return Err(ContractError::NothingToDeleverage { side, price });
    }
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    let taken = shortfall.books.deleveraged.checked_sub(before)?;
    let closed = u32::try_from(events.len()).unwrap_or(cap);
    let most = part_of_bounty(&config.params, closed, config.params.adl_cap)?;
    let bounty = bounty(&config, &mut ledger, &sender, most, taken)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_messages(bounty).add_events(events))
}

/// Refuses before the time for it.
fn begun(id: u64, shortfall: &Shortfall, now: Timestamp) -> Result<(), ContractError> {
    let from = shortfall.begins();
    if now < from {
        return Err(ContractError::AwaitsAnswer {
            shortfall: id,
            wait: ASK_WITHIN,
            from,
        });
    }
    Ok(())
}

/// Refuses after it. Only a price uses the time up, so it is asked with one.
fn not_over(ledger: &Ledger, id: u64, shortfall: &Shortfall, now: Timestamp) -> Result<(), ContractError> {
    let until = shortfall.window(&ledger.clock, now).until;
    if now >= until {
        return Err(ContractError::WindowOver { shortfall: id, until });
    }
    Ok(())
}

/// The numbers at the front of the queue opposite to the shortfall.
fn front(storage: &dyn Storage, shortfall: &Shortfall, cap: u32) -> StdResult<Vec<u64>> {
    ADL_QUEUE
        .sub_prefix(shortfall.side.opposite().key())
        .keys(storage, None, None, Order::Ascending)
        .take(cap as usize)
        .map(|key| key.map(|(_, id)| id))
        .collect()
}

/// Cuts one position, if it is in profit.
fn take(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    shortfall: &mut Shortfall,
    number: u64,
    price: Price,
    least: Assets,
) -> Result<Option<Event>, ContractError> {
    let position = state::position(storage, number)?;
    if !in_profit(position.exposure.side, position.exposure.entry, price) {
        return Ok(None);
    }
    let Some(cut) = cut(&position.exposure, price, shortfall.books.remaining(), least)? else {
        return Ok(None);
    };
    close_part(storage, ledger, number, &position, &cut)?;
    shortfall.books.deleverage(cut.taken)?;
    ledger.missing = ledger.missing.checked_sub(cut.taken)?;
    note(storage, id, shortfall, &position.owner, &cut)?;
    Ok(Some(Event::from(Deleveraged {
        shortfall: id,
        trader: position.owner,
        position: number,
        price,
        size: cut.closed.0,
        notional: cut.closed.notional_down(price)?,
        taken: cut.taken,
        released: cut.released,
    })))
}

/// Stores what is left of the position, or leaves its margin to the trader.
fn close_part(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    number: u64,
    position: &Position,
    cut: &Cut,
) -> Result<(), ContractError> {
    ledger.cash = ledger.cash.checked_sub(cut.from_pool)?;
    match cut.rest {
        Some(rest) => state::replace(storage, ledger, number, position, rest),
        None => {
            state::remove(storage, ledger, number, position)?;
            state::credit(storage, ledger, &position.owner, cut.released)
        }
    }
}

/// Notes the haircut in the open round, so that later payments find it.
fn note(
    storage: &mut dyn Storage,
    id: u64,
    shortfall: &mut Shortfall,
    trader: &Addr,
    cut: &Cut,
) -> Result<(), ContractError> {
    let last = ROUNDS.may_load(storage, (id, shortfall.rounds))?;
    let mut round = match last {
        Some(round) if round.is_open() => round,
        _ => {
            shortfall.rounds = shortfall.rounds.saturating_add(1);
            Round::default()
        }
    };
    round.taken = round.taken.checked_add(cut.taken)?;
    ROUNDS.save(storage, (id, shortfall.rounds), &round)?;
    let key = (trader, id, shortfall.rounds);
    let mut haircut = HAIRCUTS.may_load(storage, key)?.unwrap_or_default();
    haircut.taken = haircut.taken.checked_add(cut.taken)?;
    HAIRCUTS.save(storage, key, &haircut)?;
    Ok(())
}
