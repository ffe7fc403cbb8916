//! The integration itself: a shortfall goes to the vault as a sub-message that
//! replies always, and the reply reads the answer. What the vault paid is in
//! this contract's account by then.

use backstop_core::perps::compensation::Round;
use backstop_core::perps::shortfall::{Division, MadeGood};
use backstop_types::events::perps::{ShortfallAnswered, ShortfallUnanswered};
use backstop_types::vault::{CoverReason, CoverReply, CoverResponse, parse_cover_reply};
use backstop_types::{Assets, Open, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{DepsMut, Env, Event, Reply, Response, Storage, SubMsg, from_json, to_json_binary};

use crate::error::ContractError;
use crate::state::{self, Answer, Config, LEDGER, Ledger, Position, ROUNDS, SHORTFALLS, Shortfall};

/// The reply to `CoverShortfall`.
pub const REPLY_ID: u64 = 1;

/// What the reply needs to know; it travels in the sub-message's payload.
#[cw_serde]
struct Context {
    shortfall: u64,
}

/// A shortfall as a liquidation leaves it.
pub fn opened(env: &Env, id: u64, position: &Position, price: Price, missing: Assets) -> Shortfall {
    Shortfall {
        position: id,
        trader: position.owner.clone(),
        side: position.exposure.side,
        size: position.exposure.size,
        price,
        asked_at: env.block.time,
        sent: 0,
        answer: None,
        books: MadeGood::asked(missing),
        rounds: 0,
        filled: 0,
    }
}

/// Gives a shortfall the next number and sends it.
pub fn file(
    storage: &mut dyn Storage,
    config: &Config,
    ledger: &mut Ledger,
    shortfall: Shortfall,
) -> Result<SubMsg, ContractError> {
    ledger.shortfalls = ledger.shortfalls.saturating_add(1);
    ledger.missing = ledger.missing.checked_add(shortfall.books.remaining())?;
    ledger.forgo();
    send(storage, config, ledger.shortfalls, shortfall)
}

/// Stores the shortfall as sent once more, and the message that sends it.
pub fn send(
    storage: &mut dyn Storage,
    config: &Config,
    id: u64,
    mut shortfall: Shortfall,
) -> Result<SubMsg, ContractError> {
    shortfall.sent = shortfall.sent.saturating_add(1);
    SHORTFALLS.save(storage, id, &shortfall)?;
    let message = config.vault.cover_shortfall(
        id,
        &config.market,
        shortfall.books.asked,
        Some(shortfall.price),
        REPLY_ID,
    )?;
    Ok(message.with_payload(to_json_binary(&Context { shortfall: id })?))
}

/// The vault's reply. An answer is recorded and what it paid is booked; without
/// one the shortfall stays open. An answer for which the moment of sending again
/// was wrong is an error, which takes it back in the vault, too.
pub fn answered(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let Context { shortfall: id } = from_json(&reply.payload)?;
    let mut shortfall = state::shortfall(deps.storage, id)?;
    let cover = match parse_cover_reply(reply) {
        CoverReply::Answer(cover) => cover,
        // It may have paid; `BookClaim` finds what, and to send the shortfall
        // again grants nothing twice.
        CoverReply::Unreadable => return Ok(unanswered(id, true)),
        CoverReply::NoAnswer => return Ok(unanswered(id, false)),
    };
    if let Some(reason) = objection(&cover, &shortfall) {
        let shortfall = id;
        return Err(ContractError::NotNow { shortfall, reason });
    }
    let mut ledger = LEDGER.load(deps.storage)?;
    // All that the vault has paid on it; a part may have been booked already.
    let payment = cover.paid.saturating_sub(shortfall.books.received);
    book(deps.storage, &mut ledger, id, &mut shortfall, payment)?;
    let event = answer_event(id, &cover);
    shortfall.answer = Some(Answer {
        at: env.block.time,
        cover,
    });
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(event))
}

/// Why an answer to a shortfall that was sent again is not taken: it grants
/// nothing, or holds a claim of which no breaker has seen the price. Sent first, a
/// shortfall is sent by its liquidation, and nobody chose the moment.
fn objection(cover: &CoverResponse, shortfall: &Shortfall) -> Option<Open<CoverReason>> {
    let reason = cover.reason.clone().filter(|_| shortfall.sent > 1)?;
    let objects = match reason.known() {
        // The answer is a record that no moment changes.
        Some(CoverReason::AnsweredBefore) => false,
        Some(CoverReason::BreakerUnavailable) => true,
        _ => cover.uncovered == shortfall.books.asked,
    };
    objects.then_some(reason)
}

fn unanswered(shortfall: u64, unreadable: bool) -> Response {
    Response::new().add_event(ShortfallUnanswered {
        shortfall,
        unreadable,
    })
}

/// Books a payment of the vault on a shortfall: first to those who were
/// deleveraged for it, then to the pool, or to the insurance fund where no
/// provider waits for it. Stores the rounds; the shortfall and the ledger are
/// the caller's to store.
pub fn book(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    shortfall: &mut Shortfall,
    payment: Assets,
) -> Result<Division, ContractError> {
    let before = ledger.misses(id, &shortfall.books);
    let division = shortfall.books.pay(payment)?;
    let made_good = before.checked_sub(ledger.misses(id, &shortfall.books))?;
    ledger.missing = ledger.missing.checked_sub(made_good)?;
    ledger.receive(id, division.to_pool)?;
    ledger.compensation = ledger.compensation.checked_add(division.to_deleveraged)?;
    let mut left = division.to_deleveraged;
    // At most two rounds are unfilled; see `backstop_core::perps::compensation`.
    while !left.is_zero() && shortfall.filled < shortfall.rounds {
        let number = shortfall.filled.saturating_add(1);
        let mut round: Round = ROUNDS.load(storage, (id, number))?;
        left = round.pay(left)?;
        ROUNDS.save(storage, (id, number), &round)?;
        if round.is_filled() {
            shortfall.filled = number;
        }
    }
    Ok(division)
}

fn answer_event(id: u64, cover: &CoverResponse) -> Event {
    Event::from(ShortfallAnswered {
        shortfall: id,
        claim: cover.claim,
        paid: cover.paid,
        pending: cover.pending,
        deductible: cover.deductible,
        uncovered: cover.uncovered,
        reason: cover.reason.clone(),
    })
}
