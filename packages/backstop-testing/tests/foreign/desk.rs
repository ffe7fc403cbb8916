//! A derivatives contract of somebody else, as short as it can be: longs on one market
//! in a coin of the bank, paid from the desk's own cash. Read it for the five blocks
//! that concern the backstop: order, poke, settle, ask, book. What it leaves out (fees,
//! a pool, closing by the trader, deleveraging) `contracts/sample-perps` has.

use backstop_types::breaker::{Action, Gate, Leave, OracleBreaker, gated};
use backstop_types::vault::{BackstopVault, CoverReply, CoverResponse, parse_cover_reply};
use backstop_types::{Assets, Denom, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, StdError, StdResult, Timestamp, Uint128,
    from_json, to_json_binary,
};
use cw_storage_plus::{Item, Map};

const CONFIG: Item<Desk> = Item::new("config");
const ASSET: Item<Denom> = Item::new("asset");
const CASH: Item<Uint128> = Item::new("cash");
const TRADES: Map<u64, Trade> = Map::new("trades");
/// By the trade that left them: a number of this contract's own, used once.
const SHORTFALLS: Map<u64, Shortfall> = Map::new("shortfalls");

const POKED: u64 = 1;
const ASKED: u64 = 2;
const POKE_GAS: u64 = 5_000_000;

#[cw_serde]
pub struct Desk {
    pub vault: BackstopVault,
    pub breaker: OracleBreaker,
    pub market: String,
}

#[cw_serde]
pub struct Trade {
    pub size: Uint128,
    pub margin: Uint128,
    pub placed_at: Timestamp,
    /// None while it is an order.
    pub entry: Option<Price>,
}

#[cw_serde]
#[derive(Default)]
pub struct Shortfall {
    pub asked: Uint128,
    pub received: Uint128,
    pub answer: Option<CoverResponse>,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// The coins that come with it are the margin.
    Order { trade: u64, size: Uint128 },
    /// Opens it, at the first price from after the order.
    Open { trade: u64 },
    /// Closes it, once it has lost more than its margin.
    Liquidate { trade: u64 },
    /// Books what the vault has paid since.
    Book { trade: u64 },
}

#[cw_serde]
pub enum QueryMsg {
    Cash {},
    Trade { trade: u64 },
    Shortfall { trade: u64 },
}

pub fn instantiate(deps: DepsMut, _env: Env, _info: MessageInfo, desk: Desk) -> StdResult<Response> {
    // A shortfall is paid in the vault's asset, and judged by the vault's breaker.
    let served = desk.vault.config(&deps.querier)?;
    if served.params.breaker != *desk.breaker.addr() {
        return Err(StdError::generic_err("the vault asks another breaker"));
    }
    ASSET.save(deps.storage, &served.asset)?;
    CASH.save(deps.storage, &Uint128::zero())?;
    CONFIG.save(deps.storage, &desk)?;
    Ok(Response::new())
}

pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        // Order: whoever trades at a price that is on chain knows more than the desk.
        ExecuteMsg::Order { trade, size } => {
            let (placed_at, entry) = (env.block.time, None);
            let paid = ASSET.load(deps.storage)?.paid(&info);
            let margin = paid.map_err(|error| StdError::generic_err(error.to_string()))?;
            let order = Trade {
                size,
                margin,
                placed_at,
                entry,
            };
            TRADES.save(deps.storage, trade, &order)?;
            Ok(Response::new())
        }
        // Poke: the breaker's leave and price come in the reply, with the same message.
        ExecuteMsg::Open { .. } => poke(deps.as_ref(), Action::Open, &msg),
        ExecuteMsg::Liquidate { .. } => poke(deps.as_ref(), Action::Liquidate, &msg),
        ExecuteMsg::Book { trade } => book(deps, env, trade),
    }
}

fn poke(deps: Deps, action: Action, msg: &ExecuteMsg) -> StdResult<Response> {
    let desk = CONFIG.load(deps.storage)?;
    let poke = desk.breaker.gate(&desk.market, action, POKE_GAS, POKED, msg)?;
    Ok(Response::new().add_submessage(poke))
}

pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> StdResult<Response> {
    if reply.id == ASKED {
        return answered(deps, reply);
    }
    let (msg, gate) = gated::<ExecuteMsg>(reply)?;
    match (msg, gate) {
        (ExecuteMsg::Open { trade }, Gate::Allowed(leave)) => open(deps, trade, leave),
        (ExecuteMsg::Liquidate { trade }, Gate::Allowed(leave)) => liquidate(deps, trade, leave.price),
        // A denial is no error: it would take back the trip that the poke has recorded.
        _ => Ok(Response::new().add_attribute("denied", "by the breaker")),
    }
}

fn open(deps: DepsMut, trade: u64, leave: Leave) -> StdResult<Response> {
    let mut order = TRADES.load(deps.storage, trade)?;
    if order.entry.is_none() && leave.is_after(order.placed_at) {
        order.entry = Some(leave.price);
        TRADES.save(deps.storage, trade, &order)?;
    }
    Ok(Response::new())
}

/// Settle: store everything, then ask the vault for what is missing.
fn liquidate(deps: DepsMut, id: u64, price: Price) -> StdResult<Response> {
    let (desk, trade) = (CONFIG.load(deps.storage)?, TRADES.load(deps.storage, id)?);
    let entry = trade.entry.ok_or_else(|| StdError::not_found("trade"))?;
    let lost = trade.size.mul_floor(entry.0.saturating_sub(price.0));
    let missing = lost.saturating_sub(trade.margin);
    if missing.is_zero() {
        return Err(StdError::generic_err("its margin suffices"));
    }
    TRADES.remove(deps.storage, id);
    CASH.update(deps.storage, |cash| {
        StdResult::Ok(cash.checked_add(trade.margin)?)
    })?;
    let shortfall = Shortfall {
        asked: missing,
        ..Shortfall::default()
    };
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    // Ask: it replies always, so that no error of the vault undoes the liquidation.
    let ask = desk
        .vault
        .cover_shortfall(id, &desk.market, missing, Some(price), ASKED)?;
    Ok(Response::new().add_submessage(ask.with_payload(to_json_binary(&id)?)))
}

fn answered(deps: DepsMut, reply: Reply) -> StdResult<Response> {
    let id: u64 = from_json(&reply.payload)?;
    // Without an answer it stays open: it may be sent again within the hour.
    let CoverReply::Answer(cover) = parse_cover_reply(reply) else {
        return Ok(Response::new());
    };
    let paid = cover.paid;
    let mut shortfall = SHORTFALLS.load(deps.storage, id)?;
    shortfall.answer = Some(cover);
    receive(deps, id, shortfall, paid)
}

/// Book: by the vault's record of the claim, which no balance can replace.
fn book(deps: DepsMut, env: Env, id: u64) -> StdResult<Response> {
    let (desk, shortfall) = (CONFIG.load(deps.storage)?, SHORTFALLS.load(deps.storage, id)?);
    let answered = desk.vault.answered(&deps.querier, &env.contract.address, id)?;
    let claim = answered.and_then(|answered| answered.claim);
    let claim = claim.ok_or_else(|| StdError::not_found("claim"))?;
    let record = desk.vault.claim(&deps.querier, claim)?;
    let record =
        record.filter(|record| record.policyholder == env.contract.address && record.market == desk.market);
    let paid = record.map_or(Assets::ZERO, |record| record.paid);
    receive(deps, id, shortfall, paid)
}

/// Adds what is new of all that the vault has paid on it.
fn receive(deps: DepsMut, id: u64, mut shortfall: Shortfall, paid: Assets) -> StdResult<Response> {
    let new = paid.0.saturating_sub(shortfall.received);
    shortfall.received = shortfall.received.checked_add(new)?;
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    CASH.update(deps.storage, |cash| StdResult::Ok(cash.checked_add(new)?))?;
    Ok(Response::new())
}

pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Cash {} => to_json_binary(&CASH.load(deps.storage)?),
        QueryMsg::Trade { trade } => to_json_binary(&TRADES.may_load(deps.storage, trade)?),
        QueryMsg::Shortfall { trade } => to_json_binary(&SHORTFALLS.load(deps.storage, trade)?),
    }
}
