//! The integration itself: a shortfall goes to the vault as a sub-message that
//! replies always, and the reply reads the answer. What the vault paid is in
//! this contract's account by then.

use backstop_core::perps::Side;
use backstop_core::perps::compensation::Round;
use backstop_core::perps::shortfall::{Division, MadeGood};
use backstop_types::events::perps::{ShortfallAnswered, ShortfallUnanswered};
use backstop_types::vault::{CoverReason, CoverReply, CoverResponse, PolicyFacts, parse_cover_reply};
use backstop_types::{Assets, Open, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, DepsMut, Env, Event, QuerierWrapper, Reply, Response, StdResult, Storage, SubMsg, Uint256, WasmMsg,
    from_json, to_json_binary,
};

use super::bounty::{bounty, part_of_bounty};
use crate::error::ContractError;
use crate::msg::ExecuteMsg;
use crate::state::{
    self, Answer, CONFIG, Config, LEDGER, Ledger, PARTS, Part, Position, ROUNDS, SHORTFALLS, Shortfall,
};

/// The reply to `CoverShortfall`.
pub const REPLY_ID: u64 = 1;

/// The reply to a sending by a liquidation that failed.
pub const UNSENT_ID: u64 = 4;

/// What the reply needs to know; it travels in the sub-message's payload.
#[cw_serde]
struct Context {
    shortfall: u64,
    /// Who sent it, and gets the bounty.
    sender: Addr,
}

/// What a closing adds to a shortfall.
pub fn part(position: &Position, price: Price, missing: Assets) -> Part {
    Part {
        trader: position.owner.clone(),
        size: position.exposure.size,
        price,
        missing,
    }
}

/// Where a closing's loss went.
#[derive(Default)]
pub struct Gathered {
    /// The shortfall that it joined; none where nothing is missing.
    pub shortfall: Option<u64>,
    /// The message that sends it, if it is full.
    pub asks: Option<SubMsg>,
}

/// Adds a closing to the shortfall that gathers its side's, or to a new one. So
/// many small losses are one that reaches the policy's minimum, and one loss on the
/// stakers' record.
pub fn gather(
    deps: DepsMut,
    env: &Env,
    config: &Config,
    ledger: &mut Ledger,
    side: Side,
    position: u64,
    part: &Part,
) -> Result<Gathered, ContractError> {
    if part.missing.is_zero() {
        return Ok(Gathered::default());
    }
    let now = env.block.time;
    let DepsMut { storage, querier, .. } = deps;
    let gathering = match *ledger.gathers(side) {
        Some(id) => Some((id, state::shortfall(storage, id)?)),
        None => None,
    };
    let still = |shortfall: &Shortfall| {
        let until = config.params.gather_time.after(shortfall.closed_at);
        now < until && !is_from_before(&querier, env, config, shortfall)
    };
    let (id, mut shortfall) = match gathering.filter(|(_, shortfall)| still(shortfall)) {
        Some(gathering) => gathering,
        None => {
            ledger.shortfalls = ledger.shortfalls.saturating_add(1);
            *ledger.gathers(side) = Some(ledger.shortfalls);
            (ledger.shortfalls, opened(env, config, ledger, side))
        }
    };
    shortfall.gather(part)?;
    SHORTFALLS.save(storage, id, &shortfall)?;
    PARTS.save(storage, (id, position), part)?;
    ledger.missing = ledger.missing.checked_add(part.missing)?;
    ledger.forgo();
    let full = shortfall.parts.checked_rem(config.params.gather_count) == Some(0);
    Ok(Gathered {
        shortfall: Some(id),
        asks: full.then(|| sends(env, id)).transpose()?,
    })
}

/// Sends it as anyone could. What goes wrong there is taken back, and nothing of the
/// liquidation: the shortfall waits for somebody who sends it.
fn sends(env: &Env, id: u64) -> StdResult<SubMsg> {
    let message = WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: to_json_binary(&ExecuteMsg::SendShortfall { shortfall: id })?,
        funds: vec![],
    };
    Ok(SubMsg::reply_on_error(message, UNSENT_ID).with_payload(to_json_binary(&id)?))
}

/// The reply where that failed.
pub fn unsent(reply: Reply) -> Result<Response, ContractError> {
    Ok(unanswered(from_json(&reply.payload)?, false))
}

/// The last policy, if there was one; an error where the vault does not say.
fn last_policy(querier: &QuerierWrapper, env: &Env, config: &Config) -> StdResult<Option<PolicyFacts>> {
    config
        .vault
        .last_policy(querier, &env.contract.address, &config.market)
}

/// Whether the policy is younger than a shortfall: it is never asked for, and takes nothing
/// that comes later with it.
fn is_from_before(querier: &QuerierWrapper, env: &Env, config: &Config, shortfall: &Shortfall) -> bool {
    let policy = last_policy(querier, env, config).ok().flatten();
    policy.is_some_and(|policy| policy.since >= shortfall.closed_at)
}

/// Whether a policy stood at a shortfall's closing, or the vault does not say: so that to
/// close it later hurries no deleveraging.
pub fn is_covered(querier: &QuerierWrapper, env: &Env, config: &Config, shortfall: &Shortfall) -> bool {
    let stood = |policy: PolicyFacts| {
        let closed = policy.closed_at;
        policy.since < shortfall.closed_at && closed.is_none_or(|at| at > shortfall.closed_at)
    };
    last_policy(querier, env, config).map_or(true, |policy| policy.is_some_and(stood))
}

/// Whether the vault asks the breaker that the exchange does. A vault that does not
/// say is asked nothing.
pub fn asks_the_same(querier: &QuerierWrapper, config: &Config) -> bool {
    let vault = config.vault.config(querier);
    vault.is_ok_and(|vault| vault.params.breaker == *config.breaker.addr())
}

/// A shortfall that gathers from now on.
fn opened(env: &Env, config: &Config, ledger: &Ledger, side: Side) -> Shortfall {
    Shortfall {
        side,
        parts: 0,
        weighted: Uint256::zero(),
        closed_at: env.block.time,
        breaker: config.breaker.addr().clone(),
        dark: ledger.clock.dark,
        sent: 0,
        answer: None,
        books: MadeGood::default(),
        rounds: 0,
        filled: 0,
    }
}

/// Stores the shortfall as sent once more, and the message that sends it. It gathers
/// no more.
pub fn send(
    storage: &mut dyn Storage,
    config: &Config,
    ledger: &mut Ledger,
    id: u64,
    mut shortfall: Shortfall,
    sender: Addr,
) -> Result<SubMsg, ContractError> {
    shortfall.sent = shortfall.sent.saturating_add(1);
    SHORTFALLS.save(storage, id, &shortfall)?;
    let gathers = ledger.gathers(shortfall.side);
    *gathers = gathers.filter(|gathering| *gathering != id);
    let message = config.vault.cover_shortfall(
        id,
        &config.market,
        shortfall.books.asked,
        Some(shortfall.price()?),
        REPLY_ID,
    )?;
    let context = Context {
        shortfall: id,
        sender,
    };
    Ok(message.with_payload(to_json_binary(&context)?))
}

/// The vault's reply. An answer is recorded and what it paid is booked; without
/// one the shortfall stays open. An answer for which the moment of sending again
/// was wrong is an error, which takes it back in the vault, too.
pub fn answered(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let Context {
        shortfall: id,
        sender,
    } = from_json(&reply.payload)?;
    let mut shortfall = state::shortfall(deps.storage, id)?;
    let cover = match parse_cover_reply(reply) {
        CoverReply::Answer(cover) => cover,
        // It may have paid; `BookClaim` finds what, and to send the shortfall
        // again grants nothing twice.
        CoverReply::Unreadable => return Ok(unanswered(id, true)),
        // All of the sending is taken back, so that it gathers on.
        CoverReply::NoAnswer => return Err(ContractError::NoAnswer { shortfall: id }),
    };
    if let Some(reason) = objection(&cover) {
        let shortfall = id;
        return Err(ContractError::NotNow { shortfall, reason });
    }
    let mut ledger = LEDGER.load(deps.storage)?;
    // All that the vault has paid on it; a part may have been booked already.
    let payment = cover.paid.saturating_sub(shortfall.books.received);
    book(deps.storage, &mut ledger, id, &mut shortfall, payment)?;
    let event = answer_event(id, &cover);
    let granted = cover.paid.checked_add(cover.pending)?;
    shortfall.answer = Some(Answer {
        at: env.block.time,
        cover,
    });
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    let config = CONFIG.load(deps.storage)?;
    let bounty = if sender == env.contract.address {
        vec![]
    } else {
        let most = part_of_bounty(&config.params, shortfall.parts, config.params.gather_count)?;
        bounty(&config, &mut ledger, &sender, most, granted)?
    };
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_messages(bounty).add_event(event))
}

/// Why an answer is not taken: it grants nothing where something is asked beyond the
/// deductible, or holds a claim of which no breaker has seen the price. Whoever sends a
/// shortfall chooses the moment, and by a liquidation that fills it, too.
fn objection(cover: &CoverResponse) -> Option<Open<CoverReason>> {
    let reason = cover.reason.clone()?;
    let objects = match reason.known() {
        // The answer is a record that no moment changes.
        Some(CoverReason::AnsweredBefore) => false,
        Some(CoverReason::BreakerUnavailable) => true,
        _ => cover.paid.is_zero() && cover.pending.is_zero() && !cover.uncovered.is_zero(),
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
