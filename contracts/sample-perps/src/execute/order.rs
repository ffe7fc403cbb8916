//! Orders. Whoever trades at a price that is on chain already knows more than the
//! pool that quotes it. So opening, closing, and moving liquidity only leave a wish with
//! a fee; anyone executes it for that at the first price from after it ([`execution`]),
//! or it is returned. Liquidation stays immediate.
//!
//! [`execution`]: super::execution

use backstop_types::events::perps::{OrderPlaced, OrderReturned};
use backstop_types::input::{no_funds, within};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::{Addr, DepsMut, Env, Event, MessageInfo, Response, Storage};

use super::payment::Paid;
use crate::error::ContractError;
use crate::msg::{LIFETIME, LONGEST};
use crate::params::{FEE_PART, Params};
use crate::state::{self, Config, LEDGER, ORDER_COUNT, Order, Wish};

/// Orders that one sender may have at once.
const MAX_ORDERS: u32 = 20;

/// Leaves a wish that brings nothing but its fee: what is asked now, or what was asked when
/// what it is about was opened or added, if that was less. So no change of the fee keeps
/// anybody in. What is more is for whoever executes it, too.
pub fn place_for_fee(
    storage: &mut dyn Storage,
    env: &Env,
    params: &Params,
    paid: Paid,
    most: Assets,
    wish: Wish,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    within(
        "funds",
        paid.amount,
        params.order_fee.min(most),
        Assets::new(u128::MAX),
    )?;
    place(storage, env, params, paid.sender, wish, paid.amount, lifetime)
}

/// Leaves a wish; what came with it is kept aside.
pub fn place(
    storage: &mut dyn Storage,
    env: &Env,
    params: &Params,
    owner: Addr,
    wish: Wish,
    fee: Assets,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
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

/// What is left of a payment for an order's own purpose.
pub fn less_fee(config: &Config, paid: Assets) -> Result<Assets, ContractError> {
    let fee = config.params.order_fee;
    let least = Assets::new(fee.u128().saturating_mul(FEE_PART)).max(Assets::ONE);
    within("funds", paid, least, Assets::new(u128::MAX))?;
    Ok(paid.checked_sub(fee)?)
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
