//! Orders. Whoever trades at a price that is on chain already knows more than the
//! pool that quotes it. So opening, closing, and moving liquidity only leave a wish with
//! a fee; anyone executes it for that at the first price from after it. Liquidation
//! stays immediate.
//!
//! An order is executed once or not at all. What that price refuses is given back
//! as a credit, and the order is gone: to wait for a better price would be an option
//! that the pool has sold for nothing.

use backstop_types::breaker::Leave;
use backstop_types::events::perps::{OrderPlaced, OrderRefused, OrderReturned, OrderWaits};
use backstop_types::input::{no_funds, within};
use backstop_types::{Assets, Bps, Seconds};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};

use super::gate::{self, Request};
use super::payment::Paid;
use super::{liquidity, position};
use crate::error::ContractError;
use crate::msg::{LIFETIME, LONGEST};
use crate::state::{self, CONFIG, Config, LEDGER, Ledger, ORDER_COUNT, Order, Wish};

/// Orders that one sender may have at once.
const MAX_ORDERS: u32 = 20;

/// `ExecuteOrder`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Executing {
    /// Who gets the fee.
    pub keeper: Addr,
    /// The order's number.
    pub order: u64,
}

/// Leaves a wish that brings nothing but its fee: what is asked now, or what was asked when
/// what it is about was opened or added, if that was less. So no change of the fee keeps
/// anybody in. What is more is for whoever executes it, too.
pub fn place_for_fee(
    storage: &mut dyn Storage,
    env: &Env,
    paid: Paid,
    most: Assets,
    wish: Wish,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    let least = CONFIG.load(storage)?.params.order_fee.min(most);
    within("funds", paid.amount, least, Assets::new(u128::MAX))?;
    place(storage, env, paid.sender, wish, paid.amount, lifetime)
}

/// Leaves a wish; what came with it is kept aside.
pub fn place(
    storage: &mut dyn Storage,
    env: &Env,
    owner: Addr,
    wish: Wish,
    fee: Assets,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    let params = CONFIG.load(storage)?.params;
    let lifetime = lifetime.unwrap_or(LIFETIME);
    let shortest = Seconds(params.order_delay.0.saturating_add(60));
    within("lifetime", lifetime, shortest, LONGEST)?;
    let open = ORDER_COUNT.may_load(storage, &owner)?.unwrap_or_default();
    if open >= MAX_ORDERS {
        return Err(ContractError::TooManyOrders {
            open,
            max: MAX_ORDERS,
        });
    }
    let mut ledger = LEDGER.load(storage)?;
    let order = Order {
        owner,
        wish,
        price_after: params.order_delay.after(env.block.time),
        height: env.block.height,
        expires_at: lifetime.after(env.block.time),
        fee,
    };
    let id = state::place(storage, &mut ledger, &order)?;
    LEDGER.save(storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(OrderPlaced {
        order: id,
        owner: order.owner.clone(),
        action: order.wish.action(),
        kept: order.kept()?,
        price_after: order.price_after.seconds(),
        expires_at: order.expires_at.seconds(),
    })))
}

/// The fee is at most this part of what an order brings, so that no change of the fee
/// while the order is on its way takes more.
pub const MOST: Bps = Bps(100);

/// What is left of a payment for an order's own purpose.
pub fn less_fee(config: &Config, paid: Assets) -> Result<Assets, ContractError> {
    let fee = config.params.order_fee;
    let least = Assets::new(fee.u128().saturating_mul(100)).max(Assets::ONE);
    within("funds", paid, least, Assets::new(u128::MAX))?;
    Ok(paid.checked_sub(fee)?)
}

/// Asks the breaker for an order whose time it is.
pub fn ask_to_execute(deps: Deps, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let order = state::order(deps.storage, id)?;
    if env.block.height <= order.height {
        return Err(ContractError::TooEarly { order: id });
    }
    if env.block.time > order.expires_at {
        let at = order.expires_at;
        return Err(ContractError::Expired { order: id, at });
    }
    let executing = Executing {
        keeper: info.sender,
        order: id,
    };
    let request = Request::Execute(order.wish.action(), executing);
    gate::ask(&CONFIG.load(deps.storage)?, &request)
}

/// Executes an order, if the price is from after it; the breaker has allowed it.
pub fn execute(
    deps: DepsMut,
    env: Env,
    executing: Executing,
    leave: Leave,
) -> Result<Response, ContractError> {
    let Executing { keeper, order: id } = executing;
    let order = state::order(deps.storage, id)?;
    if !leave.is_after(order.price_after) || too_many_sunk(deps.as_ref(), &order, leave)? {
        let published = leave.published;
        return Ok(Response::new().add_event(OrderWaits { order: id, published }));
    }
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    state::drop_order(deps.storage, &mut ledger, id, &order)?;
    let done = match &order.wish {
        Wish::Open { .. } => position::open(deps.storage, &env, &config, &mut ledger, &order, leave),
        Wish::Close { .. } => position::close(deps.storage, &config, &mut ledger, &order, leave),
        Wish::CloseAtCeiling { .. } => position::close_at_ceiling(deps.storage, &mut ledger, &order, leave),
        Wish::AddLiquidity { .. } => liquidity::add(deps.storage, &env, &mut ledger, &order, Some(leave)),
        Wish::RemoveLiquidity { .. } => {
            liquidity::remove(deps.storage, &env, &mut ledger, &order, Some(leave))
        }
    };
    let done = match done {
        Ok(done) => done,
        Err(refused) if refused.is_of_the_price() => refuse(deps.storage, &mut ledger, id, &order, &refused)?,
        Err(error) => return Err(error),
    };
    LEDGER.save(deps.storage, &ledger)?;
    done.respond(&config, &keeper, order.fee)
}

/// Whether a leaver has to wait for liquidations: what it is paid depends on more
/// sunken positions than are looked at.
fn too_many_sunk(deps: Deps, order: &Order, leave: Leave) -> Result<bool, ContractError> {
    if !matches!(order.wish, Wish::RemoveLiquidity { .. }) {
        return Ok(false);
    }
    let ledger = LEDGER.load(deps.storage)?;
    match liquidity::sure_equity(deps.storage, &ledger, leave) {
        Err(ContractError::Sunken { .. }) => Ok(true),
        Err(error) => Err(error),
        Ok(_) => Ok(false),
    }
}

/// What an order came to: who is paid at once, and what is told.
pub struct Done {
    /// To the order's owner.
    pub paid: (Addr, Assets),
    /// What happened.
    pub event: Event,
}

impl Done {
    /// Pays both, the fee to whoever executed it, and tells it.
    pub fn respond(self, config: &Config, keeper: &Addr, fee: Assets) -> Result<Response, ContractError> {
        let (owner, amount) = self.paid;
        Ok(Response::new()
            .add_messages(config.asset.pay(&owner, amount.0)?)
            .add_messages(config.asset.pay(keeper, fee.0)?)
            .add_event(self.event))
    }
}

/// Gives back what the price refused. The fee is paid all the same: else keepers
/// would have to look first.
fn refuse(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    order: &Order,
    refused: &ContractError,
) -> Result<Done, ContractError> {
    let returned = order.wish.paid();
    state::credit(storage, ledger, &order.owner, returned)?;
    Ok(Done {
        paid: (order.owner.clone(), Assets::ZERO),
        event: Event::from(OrderRefused {
            order: id,
            owner: order.owner.clone(),
            returned,
            reason: refused.to_string(),
        }),
    })
}

/// Returns an order that found no price in its time, to its owner and to nobody
/// else.
pub fn give_back(deps: DepsMut, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let order = state::order(deps.storage, id)?;
    if env.block.time <= order.expires_at {
        let at = order.expires_at;
        return Err(ContractError::NotExpired { order: id, at });
    }
    let mut ledger = LEDGER.load(deps.storage)?;
    state::drop_order(deps.storage, &mut ledger, id, &order)?;
    let returned = order.kept()?;
    state::credit(deps.storage, &mut ledger, &order.owner, returned)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(OrderReturned {
        order: id,
        owner: order.owner,
        returned,
    })))
}
