//! Writing off: what nobody can make good any more of a shortfall is the pool's
//! loss, and those who buy in no longer pay for it.

use backstop_core::perps::shortfall::NO_ANSWER_END;
use backstop_types::events::perps::ShortfallWrittenOff;
use backstop_types::input::no_funds;
use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response};

use super::claim::claim_of;
use crate::error::ContractError;
use crate::state::{self, CONFIG, Config, LEDGER, SHORTFALLS, Shortfall};
use crate::window::window;

/// Writes off what the pool misses of a shortfall, once deleveraging is over
/// and nothing more can be paid on it.
pub fn write_off(deps: DepsMut, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let mut shortfall = state::shortfall(deps.storage, id)?;
    misses_something(&ledger, id, &shortfall)?;
    time_is_over(deps.as_ref(), &env, &config, id, &shortfall)?;
    nothing_is_to_come(deps.as_ref(), &env, &config, id, &shortfall)?;

    let amount = shortfall.books.write_off()?;
    ledger.missing = ledger.missing.checked_sub(amount)?;
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(ShortfallWrittenOff {
        shortfall: id,
        sender: info.sender,
        amount,
    })))
}

/// Refuses a shortfall of which nothing is missing, and says why.
pub fn misses_something(ledger: &state::Ledger, id: u64, shortfall: &Shortfall) -> Result<(), ContractError> {
    if !ledger.misses(id, &shortfall.books).is_zero() {
        return Ok(());
    }
    if shortfall.books.written_off.is_zero() && shortfall.books.remaining().is_zero() {
        return Err(ContractError::MadeGood { shortfall: id });
    }
    Err(ContractError::WrittenOff { shortfall: id })
}

/// Refuses while deleveraging may happen, or an answer may come.
fn time_is_over(
    deps: Deps,
    env: &Env,
    config: &Config,
    id: u64,
    shortfall: &Shortfall,
) -> Result<(), ContractError> {
    let deleveraged = window(&deps.querier, config, shortfall, env.block.time)?.until;
    let until = match shortfall.answer {
        Some(_) => deleveraged,
        None => deleveraged.max(NO_ANSWER_END.after(shortfall.asked_at)),
    };
    if env.block.time < until {
        return Err(ContractError::MayBeMadeGood { shortfall: id, until });
    }
    Ok(())
}

/// Refuses while the claim waits, or has paid what is not booked.
fn nothing_is_to_come(
    deps: Deps,
    env: &Env,
    config: &Config,
    id: u64,
    shortfall: &Shortfall,
) -> Result<(), ContractError> {
    let Some((claim, record)) = claim_of(deps, env, config, id, shortfall)? else {
        return Ok(());
    };
    if record.is_pending() || record.paid > shortfall.books.received {
        return Err(ContractError::ClaimOpen { shortfall: id, claim });
    }
    Ok(())
}
