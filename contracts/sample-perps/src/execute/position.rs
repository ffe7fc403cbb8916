//! A trader's own messages: open, add margin, close; and what anyone may close of
//! it.

use backstop_core::perps::fill::{Curve, Shift, within_limit};
use backstop_core::perps::liquidation::{Costs, Settlement, settle};
use backstop_core::perps::margin::{Exposure, ceiling};
use backstop_core::perps::units::{part_down, part_up};
use backstop_core::perps::{Side, Size};
use backstop_types::breaker::Leave;
use backstop_types::events::perps::{Closed, MarginAdded, Opened};
use backstop_types::input::{no_funds, within};
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};

use super::gate::{self, Request};
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
    order::place(deps.storage, &env, paid.sender, wish, lifetime)
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
        fee: order.fee,
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
    info: MessageInfo,
    id: u64,
    limit: Option<Price>,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    state::position(deps.storage, id)?.belongs_to(&info.sender, id)?;
    let wish = Wish::Close { position: id, limit };
    order::place(deps.storage, &env, info.sender, wish, lifetime)
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
    let fee = order.fee.min(settled.trader);
    let paid = settled.trader.checked_sub(fee)?;
    Ok(Done {
        paid: (position.owner.clone(), paid),
        fee,
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

/// Asks the breaker, if there is such a long.
pub fn ask_to_close_at_ceiling(deps: Deps, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    state::position(deps.storage, id)?;
    let capped = Capped {
        keeper: info.sender,
        position: id,
    };
    gate::ask(&CONFIG.load(deps.storage)?, &Request::CloseAtCeiling(capped))
}

/// `CloseAtCeiling`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Capped {
    /// Who gets the fee.
    pub keeper: Addr,
    /// The position's number.
    pub position: u64,
}

/// Closes a long that can win no more, at its ceiling and without slippage, and
/// leaves what it has won to its trader: while it stays, its ceiling holds down what
/// a newcomer's liquidity is worth.
pub fn close_at_ceiling(deps: DepsMut, capped: Capped, leave: Leave) -> Result<Response, ContractError> {
    let Capped { keeper, position: id } = capped;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let position = state::position(deps.storage, id)?;
    let exposure = position.exposure;
    let (price, end) = (leave.reduces(exposure.side), ceiling(exposure.entry));
    if exposure.side != Side::Long || price < end {
        let ceiling = (exposure.side == Side::Long).then_some(end);
        return Err(ContractError::BelowCeiling {
            position: id,
            price,
            ceiling,
        });
    }
    let settled = settle(
        exposure.margin,
        exposure.pnl(price)?,
        Costs::default(),
        Assets::ZERO,
    )?;
    close_at(deps.storage, &mut ledger, id, &position, &settled)?;
    let fee = config.params.order_fee.min(settled.trader);
    let left = settled.trader.checked_sub(fee)?;
    state::credit(deps.storage, &mut ledger, &position.owner, left)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&keeper, fee.0)?)
        .add_event(closed(&position, id, price, end, left)))
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

/// Divides the opening fee between the insurance fund and the pool.
fn collect(ledger: &mut Ledger, params: &Params, fee: Assets) -> Result<(), ContractError> {
    let insurance = part_down(fee, params.insurance_share)?;
    ledger.insurance = ledger.insurance.checked_add(insurance)?;
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
