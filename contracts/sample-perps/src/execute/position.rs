//! A trader's own messages: open, add margin, close.

use backstop_core::perps::fill::{Curve, within_limit};
use backstop_core::perps::liquidation::{Costs, Settlement, settle};
use backstop_core::perps::margin::Exposure;
use backstop_core::perps::units::{part_down, part_up};
use backstop_core::perps::{Side, Size};
use backstop_types::breaker::Leave;
use backstop_types::events::perps::{Closed, MarginAdded, Opened};
use backstop_types::input::{no_funds, within};
use backstop_types::{Assets, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};

use super::gate::{self, Request};
use super::payment::{Paid, apply};
use crate::error::ContractError;
use crate::params::Params;
use crate::state::{self, CONFIG, LEDGER, Ledger, POSITION_COUNT, Position, Terms};

/// `Open`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Opening {
    /// By whom, and with how much.
    pub paid: Paid,
    /// Long or short.
    pub side: Side,
    /// How much of the base.
    pub size: Size,
    /// The worst fill to accept.
    pub limit: Option<Price>,
}

/// `Close`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Closing {
    /// The position's owner.
    pub trader: Addr,
    /// The position's number.
    pub position: u64,
    /// The worst fill to accept.
    pub limit: Option<Price>,
}

/// Asks the breaker, if the trader may have another position.
pub fn ask_to_open(deps: Deps, opening: Opening) -> Result<Response, ContractError> {
    within("size", opening.size, Size::new(1), Size::new(u128::MAX))?;
    let config = CONFIG.load(deps.storage)?;
    may_have_another(deps.storage, &opening.paid.sender, config.params.max_positions)?;
    gate::ask(&config, &Request::Open(opening))
}

/// Opens a position at the breaker's price and the size's slippage.
pub fn open(deps: DepsMut, env: Env, opening: Opening, price: Price) -> Result<Response, ContractError> {
    let Opening {
        paid,
        side,
        size,
        limit,
    } = opening;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    may_have_another(deps.storage, &paid.sender, config.params.max_positions)?;
    let entry = filled(config.params.curve(), side, size, price, limit)?;
    let (exposure, fee) = margined(&config.params, side, size, entry, paid.amount)?;
    admit(&config.params, &ledger, &exposure, price)?;
    collect(&mut ledger, &config.params, fee)?;

    let id = ledger.positions.saturating_add(1);
    ledger.positions = id;
    let position = Position {
        owner: paid.sender,
        exposure,
        terms: terms(&config.params),
        opened_at: env.block.time,
    };
    state::insert(deps.storage, &mut ledger, id, &position)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(Opened {
        trader: position.owner,
        position: id,
        side,
        size: size.0,
        price,
        entry,
        margin: exposure.margin,
        fee,
    })))
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

/// Asks the breaker, if the position is the sender's.
pub fn ask_to_close(
    deps: Deps,
    info: MessageInfo,
    id: u64,
    limit: Option<Price>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    state::position(deps.storage, id)?.belongs_to(&info.sender, id)?;
    let request = Request::Close(Closing {
        trader: info.sender,
        position: id,
        limit,
    });
    gate::ask(&CONFIG.load(deps.storage)?, &request)
}

/// Closes the trader's position and pays margin, profit or loss, and slippage;
/// in a confirmed jump at the worse for the trader of median and reference.
pub fn close(deps: DepsMut, closing: Closing, leave: Leave) -> Result<Response, ContractError> {
    let Closing {
        trader,
        position: id,
        limit,
    } = closing;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let position = state::position(deps.storage, id)?;
    let Exposure { side, size, .. } = position.exposure;
    let price = leave.reduces(side);
    let mark = position.exposure.mark(price);
    let curve = position
        .terms
        .curve
        .or_cheaper(config.params.curve(), size, mark)?;
    let fill = filled(curve, side.opposite(), size, mark, limit)?;
    let settled = settlement(curve, &position.exposure, id, price)?;

    state::remove(deps.storage, &mut ledger, id, &position)?;
    apply(&mut ledger, &settled)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&trader, settled.trader.0)?)
        .add_event(Event::from(Closed {
            trader,
            position: id,
            price,
            fill,
            paid: settled.trader,
        })))
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
    size: Size,
    price: Price,
    limit: Option<Price>,
) -> Result<Price, ContractError> {
    let filled = curve.price(trade, size, price)?;
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
fn settlement(curve: Curve, exposure: &Exposure, id: u64, price: Price) -> Result<Settlement, ContractError> {
    let missing = exposure.equity(price)?.missing();
    if !missing.is_zero() {
        return Err(ContractError::Underwater {
            position: id,
            missing,
        });
    }
    let costs = Costs {
        slippage: curve.cost(exposure.size, exposure.mark(price))?,
        ..Costs::default()
    };
    Ok(settle(
        exposure.margin,
        exposure.pnl(price)?,
        costs,
        Assets::ZERO,
    )?)
}
