//! A derivatives contract of somebody else, as short as it can be: longs on one market
//! in a coin of the bank, paid from the desk's own cash. Read it for the five blocks
//! that concern the backstop. What it leaves out `contracts/sample-perps` has: fees, a pool,
//! a maintenance margin, closing by the trader, gathering, deleveraging, settlement, giving
//! an order back while the breaker denies, and asking in a trip for a price that would stand.

use backstop_types::breaker::{Action, Gate, Leave, OracleBreaker, gated};
use backstop_types::vault::{BackstopVault, CoverReason, CoverReply, CoverResponse, parse_cover_reply};
use backstop_types::{Assets, Denom, Price, Seconds, input::no_funds};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, Event, MessageInfo, Reply, Response, StdError, StdResult,
    Timestamp, Uint128, ensure, from_json, to_json_binary,
};
use cw_storage_plus::{Item, Map};

const CONFIG: Item<Desk> = Item::new("config");
const ASSET: Item<Denom> = Item::new("asset");
const CASH: Item<Uint128> = Item::new("cash");
pub const TRADES: Map<u64, Trade> = Map::new("trades");
/// The last shortfall's number: counted here, never reset, never the sender's choice.
const LAST: Item<u64> = Item::new("last_shortfall");
pub const SHORTFALLS: Map<u64, Shortfall> = Map::new("shortfalls");

const POKED: u64 = 1;
const ASKED: u64 = 2;
const POKE_GAS: u64 = 5_000_000;
const LIFETIME: Seconds = Seconds(600);
/// A price may be stamped 15 seconds ahead of its block, which lags by about one itself.
const DELAY: Seconds = Seconds(30);

#[cw_serde]
pub struct Desk {
    pub vault: BackstopVault,
    pub breaker: OracleBreaker,
    pub market: String,
}

#[cw_serde]
pub struct Trade {
    pub owner: Addr,
    pub size: Uint128,
    pub margin: Uint128,
    pub placed_at: Timestamp,
    /// None while it is an order.
    pub entry: Option<Price>,
}

#[cw_serde]
pub struct Shortfall {
    pub asked: Uint128,
    pub price: Price,
    pub closed_at: Timestamp,
    pub received: Uint128,
    pub answer: Option<CoverResponse>,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// The coins that come with it are the margin. The other messages: anyone.
    Order { trade: u64, size: Uint128 },
    /// Executes an order.
    Open { trade: u64 },
    /// Closes what has lost more than its margin.
    Liquidate { trade: u64 },
    /// Asks the vault, within an hour and until there is an answer.
    Send { shortfall: u64 },
    /// Books what the vault has paid since.
    Book { shortfall: u64 },
}

pub fn instantiate(deps: DepsMut, _env: Env, _info: MessageInfo, desk: Desk) -> StdResult<Response> {
    asks_the_same(deps.as_ref(), &desk)?;
    ASSET.save(deps.storage, &desk.vault.config(&deps.querier)?.asset)?;
    CASH.save(deps.storage, &Uint128::zero())?;
    LAST.save(deps.storage, &0)?;
    CONFIG.save(deps.storage, &desk)?;
    Ok(Response::new())
}

fn refusal(why: impl ToString) -> StdError {
    StdError::generic_err(why.to_string())
}

pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    if let ExecuteMsg::Order { trade, size } = msg {
        return order(deps, env, info, trade, size);
    }
    no_funds(&info).map_err(refusal)?;
    match msg {
        ExecuteMsg::Book { shortfall } => book(deps, env, shortfall),
        ExecuteMsg::Send { .. } => poke(deps.as_ref(), Action::Payout, &msg),
        ExecuteMsg::Liquidate { .. } => poke(deps.as_ref(), Action::Liquidate, &msg),
        _ => poke(deps.as_ref(), Action::Open, &msg),
    }
}

// 1. ORDER. Whoever trades at a price that is on chain knows more than the desk.
fn order(deps: DepsMut, env: Env, info: MessageInfo, id: u64, size: Uint128) -> StdResult<Response> {
    ensure!(!TRADES.has(deps.storage, id), refusal("the number is taken"));
    let trade = Trade {
        margin: ASSET.load(deps.storage)?.paid(&info).map_err(refusal)?,
        owner: info.sender,
        size,
        placed_at: env.block.time,
        entry: None,
    };
    TRADES.save(deps.storage, id, &trade)?;
    Ok(Response::new())
}

/// A block later at the earliest, and at a price that nobody could know at the order.
fn open(deps: DepsMut, env: Env, id: u64, leave: Leave) -> StdResult<Response> {
    let mut trade = TRADES.load(deps.storage, id)?;
    if trade.entry.is_some() || !leave.is_after(DELAY.after(trade.placed_at)) {
        return Ok(Response::new());
    }
    let least = trade.size.mul_ceil(leave.price.0).div_ceil((10u128, 1u128));
    // Given back: one that waited for a better price would be an option for nothing.
    if trade.margin < least || env.block.time > LIFETIME.after(trade.placed_at) {
        TRADES.remove(deps.storage, id);
        let back = ASSET.load(deps.storage)?.send(&trade.owner, trade.margin)?;
        return Ok(Response::new().add_message(back));
    }
    trade.entry = Some(leave.price);
    TRADES.save(deps.storage, id, &trade)?;
    Ok(Response::new().add_event(Event::new("desk_opened").add_attribute("trade", id.to_string())))
}

// 2. POKE. The message travels with the poke, and is done in the reply.
fn poke(deps: Deps, action: Action, msg: &ExecuteMsg) -> StdResult<Response> {
    let Desk { breaker, market, .. } = CONFIG.load(deps.storage)?;
    Ok(Response::new().add_submessage(breaker.gate(market, action, POKE_GAS, POKED, msg)?))
}

pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> StdResult<Response> {
    match reply.id {
        POKED => poked(deps, env, reply),
        ASKED => answered(deps, reply),
        id => Err(refusal(format!("no reply {id}"))),
    }
}

fn poked(deps: DepsMut, env: Env, reply: Reply) -> StdResult<Response> {
    match gated::<ExecuteMsg>(reply)? {
        (ExecuteMsg::Open { trade }, Gate::Allowed(leave)) => open(deps, env, trade, leave),
        (ExecuteMsg::Liquidate { trade }, Gate::Allowed(leave)) => liquidate(deps, env, trade, leave.price),
        (ExecuteMsg::Send { shortfall }, Gate::Allowed(_)) => ask(deps, env, shortfall),
        // A denial is no error: it would take back the trip that the poke has recorded.
        _ => Ok(Response::new().add_attribute("denied", "by the breaker")),
    }
}

// 3. SETTLE. Everything is stored; nothing is asked for at the liquidator's moment.
fn liquidate(deps: DepsMut, env: Env, id: u64, price: Price) -> StdResult<Response> {
    let trade = TRADES.load(deps.storage, id)?;
    let entry = trade.entry.ok_or_else(|| refusal("it is an order"))?;
    let lost = trade.size.mul_floor(entry.0.saturating_sub(price.0));
    let asked = lost.saturating_sub(trade.margin);
    ensure!(!asked.is_zero(), refusal("its margin suffices"));
    TRADES.remove(deps.storage, id);
    let cash = CASH.load(deps.storage)?.checked_add(trade.margin)?;
    CASH.save(deps.storage, &cash)?;
    let shortfall = Shortfall {
        asked,
        price,
        closed_at: env.block.time,
        received: Uint128::zero(),
        answer: None,
    };
    let number = LAST.load(deps.storage)? + 1;
    LAST.save(deps.storage, &number)?;
    SHORTFALLS.save(deps.storage, number, &shortfall)?;
    Ok(Response::new().add_attribute("shortfall", number.to_string()))
}

// 4. ASK. The breaker has just allowed payouts; in a trip the hour goes on.
fn ask(deps: DepsMut, env: Env, number: u64) -> StdResult<Response> {
    let (desk, shortfall) = (CONFIG.load(deps.storage)?, SHORTFALLS.load(deps.storage, number)?);
    let Desk { vault, market, .. } = &desk;
    let policy = vault.policy(&deps.querier, &env.contract.address, market)?;
    let older = policy.is_some_and(|policy| policy.since < shortfall.closed_at);
    ensure!(older, refusal("no policy is older than it"));
    let until = Seconds::HOUR.after(shortfall.closed_at);
    ensure!(env.block.time < until, refusal("it is an hour old"));
    ensure!(shortfall.answer.is_none(), refusal("it has its answer"));
    asks_the_same(deps.as_ref(), &desk)?;
    let (asked, price) = (shortfall.asked, Some(shortfall.price));
    let ask = vault.cover_shortfall(number, market, asked, price, ASKED)?;
    Ok(Response::new().add_submessage(ask.with_payload(to_json_binary(&number)?)))
}

/// A shortfall is judged by the vault's breaker, which its DAO can change.
fn asks_the_same(deps: Deps, desk: &Desk) -> StdResult<()> {
    let same = desk.vault.config(&deps.querier)?.params.breaker == *desk.breaker.addr();
    ensure!(same, refusal("the vault asks another breaker"));
    Ok(())
}

fn answered(deps: DepsMut, reply: Reply) -> StdResult<Response> {
    let number: u64 = from_json(&reply.payload)?;
    // No answer: it may be sent again. If it was paid all the same, `Book` finds it.
    let CoverReply::Answer(cover) = parse_cover_reply(reply) else {
        return Ok(Response::new());
    };
    let mut shortfall = SHORTFALLS.load(deps.storage, number)?;
    // Anyone chose the moment; an error takes such an answer back in the vault, too.
    let refused = cover.claim.is_none() && !cover.uncovered.is_zero();
    ensure!(!refused, refusal("it would be refused now"));
    let unjudged = matches!(&cover.reason, Some(reason) if *reason == CoverReason::BreakerUnavailable);
    ensure!(!unjudged, refusal("the vault's breaker did not answer"));
    let paid = cover.paid;
    shortfall.answer = Some(cover);
    receive(deps, number, shortfall, paid)
}

// 5. BOOK. The vault's record says what it has paid so far; a balance does not.
fn book(deps: DepsMut, env: Env, number: u64) -> StdResult<Response> {
    let Desk { vault, market, .. } = CONFIG.load(deps.storage)?;
    let answered = vault.answered(&deps.querier, &env.contract.address, number)?;
    let claim = answered.and_then(|answered| answered.claim);
    let claim = claim.ok_or_else(|| refusal("there is no claim"))?;
    let record = vault.claim(&deps.querier, claim)?;
    let record = record.filter(|it| it.policyholder == env.contract.address && it.market == market);
    let record = record.ok_or_else(|| refusal("the claim is not the desk's"))?;
    let shortfall = SHORTFALLS.load(deps.storage, number)?;
    receive(deps, number, shortfall, record.paid)
}

/// Adds what is new of all that the vault has paid on it.
fn receive(deps: DepsMut, number: u64, mut shortfall: Shortfall, paid: Assets) -> StdResult<Response> {
    let new = paid.0.saturating_sub(shortfall.received);
    shortfall.received = shortfall.received.checked_add(new)?;
    SHORTFALLS.save(deps.storage, number, &shortfall)?;
    let cash = CASH.load(deps.storage)?.checked_add(new)?;
    CASH.save(deps.storage, &cash)?;
    Ok(Response::new())
}

pub fn query(deps: Deps, _env: Env, _cash: Empty) -> StdResult<Binary> {
    to_json_binary(&CASH.load(deps.storage)?)
}
