//! Sending a shortfall again that got no answer. Anyone may, and the answer is
//! final; so it is refused at a moment at which the answer would be a refusal.
//! Else one who would have to pay could choose that moment.

use backstop_types::breaker::{Action, MarketState, TripCause};
use backstop_types::events::perps::ShortfallSent;
use backstop_types::input::no_funds;
use backstop_types::vault::CoverReason;
use backstop_types::{Open, Price};
use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response, StdResult};

use super::shortfall::send;
use crate::error::ContractError;
use crate::state::{self, CONFIG, Config, Shortfall};

/// Sends a shortfall that got no answer again: the same amount at the same
/// price. The hour without an answer still runs from the first time.
pub fn send_again(deps: DepsMut, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let shortfall = state::shortfall(deps.storage, id)?;
    if shortfall.answer.is_some() {
        return Err(ContractError::Answered { shortfall: id });
    }
    if !shortfall.books.written_off.is_zero() {
        return Err(ContractError::WrittenOff { shortfall: id });
    }
    if let Some(reason) = objection(deps.as_ref(), &env, &config, id, &shortfall)? {
        return Err(ContractError::NotNow {
            shortfall: id,
            reason,
        });
    }
    let event = Event::from(ShortfallSent {
        shortfall: id,
        sender: info.sender,
        amount: shortfall.books.asked,
    });
    let message = send(deps.storage, &config, id, shortfall)?;
    Ok(Response::new().add_event(event).add_submessage(message))
}

/// Why the vault would grant nothing now, or hold a claim that would lapse.
fn objection(
    deps: Deps,
    env: &Env,
    config: &Config,
    id: u64,
    shortfall: &Shortfall,
) -> StdResult<Option<Open<CoverReason>>> {
    let asked = shortfall.books.asked;
    let quote = config.vault.quote_cover(
        &deps.querier,
        &env.contract.address,
        id,
        config.market.as_str(),
        asked,
        Some(shortfall.price),
    );
    // A vault that cannot quote gives no answer either, and that decides nothing.
    let Ok(quote) = quote else { return Ok(None) };
    let objects = match quote.reason.as_ref().and_then(Open::known) {
        // The answer is a record that no moment changes.
        Some(CoverReason::AnsweredBefore) => false,
        Some(CoverReason::BreakerDenied) => !stands(deps, config, shortfall.price)?,
        Some(CoverReason::BreakerUnavailable) => true,
        _ => quote.uncovered == asked,
    };
    Ok(quote.reason.filter(|_| objects))
}

/// Whether a held claim at this price can be expected to stand: in a guardian's
/// trip it is judged by the band at filing, in another by the last clean band
/// before and those that end it.
fn stands(deps: Deps, config: &Config, price: Price) -> StdResult<bool> {
    let verdict = config
        .breaker
        .verdict(&deps.querier, config.market.as_str(), Action::Payout)?;
    let by_guardian = verdict.trip_cause == Some(TripCause::Guardian.into());
    let before = verdict.last_clean.filter(|_| !by_guardian);
    let now = verdict
        .band
        .filter(|_| by_guardian || verdict.state == MarketState::Recovering);
    let mut bands = before.into_iter().chain(now);
    Ok(bands.any(|band| band.contains(price)))
}
