//! Writing off: what nobody can make good any more of a shortfall is the pool's
//! loss, and those who buy in no longer pay for it.

use backstop_types::events::perps::ShortfallWrittenOff;
use backstop_types::input::no_funds;
use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response};

use crate::claim::claim_of;
use crate::error::ContractError;
use crate::state::{self, CONFIG, Config, LEDGER, Ledger, SHORTFALLS, Shortfall};

/// Writes off what the pool misses of a shortfall, once deleveraging is over
/// and nothing more can be paid on it.
pub fn write_off(deps: DepsMut, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let mut shortfall = state::shortfall(deps.storage, id)?;
    shortfall.misses_something(&ledger, id)?;
    time_is_over(&env, &ledger, id, &shortfall)?;
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

/// Refuses while deleveraging may happen, or an answer may come.
fn time_is_over(env: &Env, ledger: &Ledger, id: u64, shortfall: &Shortfall) -> Result<(), ContractError> {
    let until = shortfall.window(&ledger.clock, env.block.time).until;
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
