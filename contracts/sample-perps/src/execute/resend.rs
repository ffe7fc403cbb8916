//! Sending a shortfall again that got no answer. Anyone may, and the answer is
//! final; so it is not sent at a moment at which the answer would be a refusal.
//! Else one who would have to pay could choose that moment.
//!
//! The breaker is poked first, and says whether a claim would be paid or would
//! stand. What it cannot know is judged by the vault's answer itself
//! ([`super::shortfall::answered`]). Neither is a query, which has no gas limit.

use backstop_core::perps::shortfall::would_stand;
use backstop_types::Assets;
use backstop_types::breaker::{Action, VerdictFacts, parse_poke_reply};
use backstop_types::events::perps::{ActionDenied, ShortfallSent};
use backstop_types::input::no_funds;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, DepsMut, Event, MessageInfo, Reply, Response, Storage, from_json};

use super::shortfall::send;
use crate::error::ContractError;
use crate::state::{self, CONFIG, Shortfall};

/// The reply to the poke before a shortfall is sent again, with a [`Sending`] as
/// payload.
pub const REPLY_ID: u64 = 3;

/// `SendShortfall`, as it waits for the breaker's answer.
#[cw_serde]
struct Sending {
    sender: Addr,
    shortfall: u64,
}

/// Asks the breaker, if the shortfall has no answer and is not written off.
pub fn ask_to_send(deps: Deps, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    unanswered(deps.storage, id)?;
    let config = CONFIG.load(deps.storage)?;
    let gas = config.params.poke_gas;
    let sending = Sending {
        sender: info.sender,
        shortfall: id,
    };
    let poke = config
        .breaker
        .gate(&config.market, Action::Payout, gas, REPLY_ID, &sending)?;
    Ok(Response::new().add_submessage(poke))
}

/// The reply to the poke: sends the shortfall, the same amount at the same price.
/// The hour without an answer still runs from the first time.
pub fn answered(deps: DepsMut, reply: Reply) -> Result<Response, ContractError> {
    let Sending {
        sender,
        shortfall: id,
    } = from_json(&reply.payload)?;
    let shortfall = unanswered(deps.storage, id)?;
    let verdict = parse_poke_reply(reply);
    let stands = |told: &VerdictFacts| told.allowed || would_stand(told, shortfall.price);
    if !verdict.as_ref().is_some_and(stands) {
        return Ok(denied(sender, verdict));
    }
    let event = Event::from(ShortfallSent {
        shortfall: id,
        sender,
        amount: shortfall.books.asked,
    });
    let config = CONFIG.load(deps.storage)?;
    let message = send(deps.storage, &config, id, shortfall)?;
    Ok(Response::new().add_event(event).add_submessage(message))
}

fn denied(sender: Addr, verdict: Option<VerdictFacts>) -> Response {
    let (state, reasons) = verdict.map(|told| (told.state, told.faults)).unzip();
    Response::new().add_event(ActionDenied {
        action: Action::Payout,
        sender,
        state,
        reasons: reasons.unwrap_or_default(),
        returned: Assets::ZERO,
    })
}

/// The shortfall, if it may be sent again.
fn unanswered(storage: &dyn Storage, id: u64) -> Result<Shortfall, ContractError> {
    let shortfall = state::shortfall(storage, id)?;
    if shortfall.answer.is_some() {
        return Err(ContractError::Answered { shortfall: id });
    }
    if !shortfall.books.written_off.is_zero() {
        return Err(ContractError::WrittenOff { shortfall: id });
    }
    Ok(shortfall)
}
