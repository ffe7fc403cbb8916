//! Sending a shortfall: as soon as it is large enough, and again while it has no
//! answer. In a fall the price of a minute ago is outside the breaker's band, so nothing
//! makes it wait. Anyone may, and the answer is final; so it is not sent at a moment at which
//! the answer would be a refusal, and not after an hour. Else one who would have to
//! pay could choose that moment, and a loss from before a policy could be kept for it.
//!
//! The breaker is poked first, and says whether a claim would be paid or would
//! stand. What it cannot know is judged by the vault's answer itself
//! ([`super::shortfall::answered`]). Neither is a query, which has no gas limit.

use backstop_core::perps::shortfall::{ASK_WITHIN, would_stand};
use backstop_types::breaker::{Action, VerdictFacts, parse_poke_reply};
use backstop_types::events::perps::{ActionDenied, ShortfallSent};
use backstop_types::input::no_funds;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event, MessageInfo, Reply, Response, from_json};

use super::shortfall::{asks_the_same, send};
use crate::error::ContractError;
use crate::state::{self, CONFIG, Config, LEDGER, Shortfall};

/// The reply to the poke before a shortfall is sent again, with a [`Sending`] as
/// payload.
pub const REPLY_ID: u64 = 3;

/// `SendShortfall`, as it waits for the breaker's answer.
#[cw_serde]
struct Sending {
    sender: Addr,
    shortfall: u64,
}

/// Asks the breaker, if it is the shortfall's time.
pub fn ask_to_send(deps: Deps, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    may_be_sent(deps, &env, &config, id)?;
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

/// The reply to the poke: sends the shortfall.
pub fn answered(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let Sending {
        sender,
        shortfall: id,
    } = from_json(&reply.payload)?;
    let config = CONFIG.load(deps.storage)?;
    let shortfall = may_be_sent(deps.as_ref(), &env, &config, id)?;
    let price = shortfall.price()?;
    let verdict = parse_poke_reply(reply);
    let stands = |told: &VerdictFacts| told.allowed || would_stand(told, price);
    if !verdict.as_ref().is_some_and(stands) {
        return Ok(denied(sender, verdict));
    }
    let event = Event::from(ShortfallSent {
        shortfall: id,
        sender: sender.clone(),
        amount: shortfall.books.asked,
        parts: shortfall.parts,
        price,
    });
    let mut ledger = LEDGER.load(deps.storage)?;
    let message = send(deps.storage, &config, &mut ledger, id, shortfall, sender)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(event).add_submessage(message))
}

fn denied(sender: Addr, verdict: Option<VerdictFacts>) -> Response {
    let (state, reasons) = verdict.map(|told| (told.state, told.faults)).unzip();
    Response::new().add_event(ActionDenied {
        action: Action::Payout,
        sender,
        state,
        reasons: reasons.unwrap_or_default(),
    })
}

/// The shortfall, if it may be sent: it has no answer, is not older than an hour nor
/// than its policy, and its prices are of the vault's breaker.
fn may_be_sent(deps: Deps, env: &Env, config: &Config, id: u64) -> Result<Shortfall, ContractError> {
    let shortfall = state::shortfall(deps.storage, id)?;
    if shortfall.answer.is_some() {
        return Err(ContractError::Answered { shortfall: id });
    }
    if !shortfall.books.written_off.is_zero() {
        return Err(ContractError::WrittenOff { shortfall: id });
    }
    let now = env.block.time;
    let until = ASK_WITHIN.after(shortfall.closed_at);
    if now >= until || !shortfall.books.deleveraged.is_zero() {
        return Err(ContractError::TooLate { shortfall: id, until });
    }
    if shortfall.breaker != *config.breaker.addr() || !asks_the_same(&deps.querier, config) {
        return Err(ContractError::OtherBreaker { shortfall: id });
    }
    let policy = config
        .vault
        .policy(&deps.querier, &env.contract.address, &config.market)?;
    match policy {
        Some(policy) if policy.since < shortfall.closed_at => Ok(shortfall),
        Some(policy) => Err(ContractError::BeforePolicy {
            shortfall: id,
            since: policy.since,
        }),
        None => Err(ContractError::NoPolicy),
    }
}
