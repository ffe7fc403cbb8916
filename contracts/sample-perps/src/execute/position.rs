//! A trader's own messages: open, add margin, close; and what anyone may close of
//! it.

use backstop_core::perps::fill::{Curve, Shift, within_limit};
use backstop_core::perps::liquidation::{Costs, Settlement, settle};
use backstop_core::perps::margin::{Exposure, ceiling};
use backstop_core::perps::units::{part_down, part_up};
use backstop_core::perps::{Side, Size};
use backstop_types::breaker::Leave;
use backstop_types::events::perps::{Closed, MarginAdded, Opened};
use backstop_types::input::within;
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{Addr, DepsMut, Env, Event, Response, Storage};

use super::bounty::keep;
use super::order::{self, Done};
use super::payment::{Paid, apply};
use crate::error::ContractError;
use crate::params::Params;
use crate::state::{self, CONFIG, Config, LEDGER, Ledger, Order, POSITION_COUNT, Position, Terms, Wish};

/// Orders a position, if the trader may have another.
pub fn order_open(deps: DepsMut, env: Env, paid: Paid, terms: Opening) -> Result<Response, ContractError> {
    let Opening {
        side,
        size,
        limit,
        lifetime,
    } = terms;
    within("size", size, Size::new(1), Size::new(u128::MAX))?;
    let config = CONFIG.load(deps.storage)?;
    may_have_another(deps.storage, &paid.sender, config.params.max_positions)?;
    let wish = Wish::Open {
        side,
        size,
        limit,
        paid: order::less_fee(&config, paid.amount)?,
    };
    order::place(
        deps.storage,
        &env,
        paid.sender,
        wish,
        config.params.order_fee,
        lifetime,
    )
}

/// What `Open` names.
pub struct Opening {
    /// Long or short.
    pub side: Side,
    /// How much of the base.
    pub size: Size,
    /// The worst fill to accept.
    pub limit: Option<Price>,
    /// How long the order waits.
    pub lifetime: Option<Seconds>,
}

/// Opens a position at the breaker's price and its side's slippage.
pub fn open(
    storage: &mut dyn Storage,
    env: &Env,
    config: &Config,
    ledger: &mut Ledger,
    order: &Order,
    leave: Leave,
) -> Result<Done, ContractError> {
    let Wish::Open {
        side,
        size,
        limit,
        paid,
    } = order.wish
    else {
        return Err(ContractError::UnknownOrder { order: ledger.orders });
    };
    let (params, price) = (&config.params, leave.price);
    may_have_another(storage, &order.owner, params.max_positions)?;
    // Also one whose notional is no number.
    let (notional, max) = (size.notional_up(price), params.max_open_interest);
    if !notional.as_ref().is_ok_and(|notional| *notional <= max) {
        let wanted = notional.unwrap_or(Assets::new(u128::MAX));
        return Err(ContractError::OpenInterest { side, wanted, max });
    }
    let shift = Shift::opens(ledger.open(side), size)?;
    let entry = filled(params.curve(), side, shift, price, limit)?;
    let (exposure, fee) = margined(params, side, size, entry, paid)?;
    admit(params, ledger, &exposure, price)?;

    collect(ledger, params, fee)?;
    let id = ledger.positions.saturating_add(1);
    ledger.positions = id;
    let position = Position {
        owner: order.owner.clone(),
        exposure,
        terms: terms(params),
        opened_at: env.block.time,
    };
    state::insert(storage, ledger, id, &position)?;
    Ok(Done {
        paid: (order.owner.clone(), Assets::ZERO),
        event: Event::from(Opened {
            trader: position.owner,
            position: id,
            side,
            size: size.0,
            price,
            entry,
            margin: exposure.margin,
            fee,
        }),
    })
}

/// Adds to the margin of the sender's position.
pub fn add_margin(deps: DepsMut, paid: Paid, id: u64) -> Result<Response, ContractError> {
    let position = state::position(deps.storage, id)?;
    position.belongs_to(&paid.sender, id)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let mut after = position.exposure;
    after.margin = after.margin.checked_add(paid.amount)?;
    state::replace(deps.storage, &mut ledger, id, &position, after)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(MarginAdded {
        trader: paid.sender,
        position: id,
        amount: paid.amount,
        margin: after.margin,
    })))
}

/// Orders a closing, if the position is the sender's.
pub fn order_close(
    deps: DepsMut,
    env: Env,
    fee: Paid,
    id: u64,
    limit: Option<Price>,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    let position = state::position(deps.storage, id)?;
    position.belongs_to(&fee.sender, id)?;
    let wish = Wish::Close { position: id, limit };
    order::place_for_fee(deps.storage, &env, fee, position.terms.order_fee, wish, lifetime)
}

/// Closes the trader's position and pays margin, profit or loss, less slippage;
/// in a confirmed jump at the worse for the trader of median and reference.
pub fn close(
    storage: &mut dyn Storage,
    config: &Config,
    ledger: &mut Ledger,
    order: &Order,
    leave: Leave,
) -> Result<Done, ContractError> {
    let Wish::Close { position: id, limit } = order.wish else {
        return Err(ContractError::UnknownOrder { order: ledger.orders });
    };
    let position = state::position(storage, id)?;
    let Exposure { side, size, .. } = position.exposure;
    let price = leave.reduces(side);
    let mark = position.exposure.mark(price);
    let shift = Shift::closes(ledger.open(side), size)?;
    let curve = position
        .terms
        .curve
        .or_cheaper(config.params.curve(), shift, mark)?;
    let fill = filled(curve, side.opposite(), shift, mark, limit)?;
    let settled = settlement(curve, shift, &position.exposure, id, price)?;
    close_at(storage, ledger, id, &position, &settled)?;
    let paid = settled.trader;
    Ok(Done {
        paid: (position.owner.clone(), paid),
        event: closed(&position, id, price, fill, paid),
    })
}

/// Takes the position out and moves its money; what is the trader's is the caller's
/// to pay.
fn close_at(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    position: &Position,
    settled: &Settlement,
) -> Result<(), ContractError> {
    state::remove(storage, ledger, id, position)?;
    apply(ledger, settled)
}

fn closed(position: &Position, id: u64, price: Price, fill: Price, paid: Assets) -> Event {
    Event::from(Closed {
        trader: position.owner.clone(),
        position: id,
        price,
        fill,
        paid,
    })
}

/// Orders that a long is closed if it can win no more, by anyone.
pub fn order_close_at_ceiling(
    deps: DepsMut,
    env: Env,
    fee: Paid,
    id: u64,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    let position = state::position(deps.storage, id)?;
    if position.exposure.side != Side::Long {
        return Err(ContractError::NoCeiling { position: id });
    }
    let wish = Wish::CloseAtCeiling { position: id };
    order::place_for_fee(deps.storage, &env, fee, position.terms.order_fee, wish, lifetime)
}

/// Closes a long that can win no more, at twice its entry and without slippage, and
/// leaves what it has won to its trader: while it stays, its ceiling holds down what
/// a newcomer's liquidity is worth.
pub fn close_at_ceiling(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    order: &Order,
    leave: Leave,
) -> Result<Done, ContractError> {
    let Wish::CloseAtCeiling { position: id } = order.wish else {
        return Err(ContractError::UnknownOrder { order: ledger.orders });
    };
    let position = state::position(storage, id)?;
    let exposure = position.exposure;
    let (price, end) = (leave.reduces(exposure.side), ceiling(exposure.entry));
    if price < end {
        return Err(ContractError::BelowCeiling {
            position: id,
            price,
            ceiling: end,
        });
    }
    let pnl = exposure.pnl(price)?;
    let settled = settle(exposure.margin, pnl, Costs::default(), Assets::ZERO)?;
    close_at(storage, ledger, id, &position, &settled)?;
    state::credit(storage, ledger, &position.owner, settled.trader)?;
    Ok(Done {
        paid: (order.owner.clone(), Assets::ZERO),
        event: closed(&position, id, price, end, settled.trader),
    })
}

/// Refuses a trader who has as many positions as allowed.
fn may_have_another(storage: &dyn Storage, trader: &Addr, max: u32) -> Result<(), ContractError> {
    let open = POSITION_COUNT.may_load(storage, trader)?.unwrap_or_default();
    if open >= max {
        return Err(ContractError::TooManyPositions { open, max });
    }
    Ok(())
}

/// The fill, if it is within the trader's limit.
fn filled(
    curve: Curve,
    trade: Side,
    shift: Shift,
    price: Price,
    limit: Option<Price>,
) -> Result<Price, ContractError> {
    let filled = curve.price(trade, shift, price)?;
    match limit {
        Some(limit) if !within_limit(trade, filled, Some(limit)) => {
            Err(ContractError::PastLimit { filled, limit })
        }
        _ => Ok(filled),
    }
}

/// The position that a payment opens, and the fee that was taken off it.
fn margined(
    params: &Params,
    side: Side,
    size: Size,
    entry: Price,
    paid: Assets,
) -> Result<(Exposure, Assets), ContractError> {
    let notional = size.notional_up(entry)?;
    if notional < params.min_notional {
        let min = params.min_notional;
        return Err(ContractError::TooSmall { notional, min });
    }
    let fee = part_up(notional, params.open_fee)?;
    let exposure = Exposure {
        side,
        size,
        entry,
        margin: paid.saturating_sub(fee),
    };
    // What the margin cannot pay shows as too little equity.
    Ok((exposure, fee.min(paid)))
}

/// Whether the exchange may take the position on: margin, open interest, and
/// enough cash to set its greatest profit aside.
fn admit(params: &Params, ledger: &Ledger, exposure: &Exposure, price: Price) -> Result<(), ContractError> {
    if !exposure.meets(price, params.initial_margin)? {
        return Err(ContractError::BelowInitialMargin {
            equity: exposure.equity(price)?.left(),
            required: exposure.required(price, params.initial_margin)?,
        });
    }
    let side = exposure.side;
    let notional = exposure.set_aside()?;
    let book = match side {
        Side::Long => &ledger.long,
        Side::Short => &ledger.short,
    };
    let wanted = book.set_aside.checked_add(notional)?;
    if wanted > params.max_open_interest {
        let max = params.max_open_interest;
        return Err(ContractError::OpenInterest { side, wanted, max });
    }
    let free = ledger.free()?;
    if notional > free {
        return Err(ContractError::Liquidity {
            free,
            wanted: notional,
        });
    }
    let wanted = ledger.set_aside()?.checked_add(notional)?;
    let max = part_down(ledger.cash, params.max_utilization)?;
    if wanted > max {
        return Err(ContractError::Utilization { wanted, max });
    }
    Ok(())
}

/// Divides the opening fee between bounties, the insurance fund and the pool.
fn collect(ledger: &mut Ledger, params: &Params, fee: Assets) -> Result<(), ContractError> {
    let insurance = part_down(fee, params.insurance_share)?;
    keep(params, ledger, insurance)?;
    ledger.cash = ledger.cash.checked_add(fee.checked_sub(insurance)?)?;
    Ok(())
}

/// What a position keeps of the parameters.
fn terms(params: &Params) -> Terms {
    Terms {
        maintenance_margin: params.maintenance_margin,
        keeper_fee: params.keeper_fee,
        insurance_fee: params.insurance_fee,
        curve: params.curve(),
        order_fee: params.order_fee,
    }
}

/// Settles a closing by its trader: nothing may be missing.
fn settlement(
    curve: Curve,
    shift: Shift,
    exposure: &Exposure,
    id: u64,
    price: Price,
) -> Result<Settlement, ContractError> {
    let missing = exposure.equity(price)?.missing();
    if !missing.is_zero() {
        return Err(ContractError::Underwater {
            position: id,
            missing,
        });
    }
    let costs = Costs {
        slippage: curve.cost(shift, exposure.mark(price))?,
        ..Costs::default()
    };
    Ok(settle(
        exposure.margin,
        exposure.pnl(price)?,
        costs,
        Assets::ZERO,
    )?)
}
