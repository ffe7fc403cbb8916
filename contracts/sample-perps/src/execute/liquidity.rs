//! The liquidity providers' coming and going. They are the counterparty of
//! every trader: they earn fees, slippage and what traders lose, and pay what
//! traders win.

use backstop_core::perps::lp;
use backstop_core::perps::units::part_down;
use backstop_types::breaker::Leave;
use backstop_types::events::perps::{LiquidityAdded, LiquidityRemoved};
use backstop_types::input::within;
use backstop_types::{Assets, Price, Seconds, Shares};
use cosmwasm_std::{Addr, DepsMut, Env, Event, Response, Storage};

use super::order::{self, Done};
use super::payment::Paid;
use crate::error::ContractError;
use crate::state::{CONFIG, LEDGER, LIQUIDITY, Ledger, Order, Provider, Wish, buy_in, provider, sunk};

/// Orders liquidity to be added; while no position is open the pool is its cash, and
/// it is added at once, without a fee.
pub fn order_add(
    deps: DepsMut,
    env: Env,
    paid: Paid,
    min_shares: Option<Shares>,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    if ledger.has_positions() {
        let paid_in = order::less_fee(&config, paid.amount)?;
        let wish = Wish::AddLiquidity {
            paid: paid_in,
            min_shares,
        };
        let fee = config.params.order_fee;
        return order::place(deps.storage, &env, paid.sender, wish, fee, lifetime);
    }
    let wish = Wish::AddLiquidity {
        paid: paid.amount,
        min_shares,
    };
    let order = at_once(&env, paid.sender, wish);
    let done = add(deps.storage, &env, &mut ledger, &order, None)?;
    LEDGER.save(deps.storage, &ledger)?;
    done.respond(&config, &order.owner, order.fee)
}

/// An order that needs no price.
fn at_once(env: &Env, owner: Addr, wish: Wish) -> Order {
    Order {
        owner,
        wish,
        price_after: env.block.time,
        height: env.block.height,
        expires_at: env.block.time,
        fee: Assets::ZERO,
    }
}

/// Adds liquidity at what the pool can come to be worth, so that the newcomer
/// has no part in what it is still owed.
pub fn add(
    storage: &mut dyn Storage,
    env: &Env,
    ledger: &mut Ledger,
    order: &Order,
    leave: Option<Leave>,
) -> Result<Done, ContractError> {
    let Wish::AddLiquidity { paid, min_shares } = order.wish else {
        return Err(ContractError::UnknownOrder { order: ledger.orders });
    };
    begin_anew(ledger)?;
    let price = leave.map_or_else(Price::default, |leave| leave.price);
    let equity = buy_in(storage, ledger)?.equity(price)?;
    let shares = lp::shares_for(paid, ledger.shares, equity);
    let shares = shares.map_err(|_| ContractError::Exhausted {
        equity,
        shares: ledger.shares,
    })?;
    let least = min_shares.unwrap_or(Shares::ONE).max(Shares::ONE);
    if shares < least {
        return Err(ContractError::FewerShares { shares, min: least });
    }
    let before = provider(storage, ledger, &order.owner)?;
    let owned = before.map_or(Shares::ZERO, |provider| provider.shares);
    let fee = CONFIG
        .load(storage)?
        .params
        .order_fee
        .min(part_down(paid, order::MOST)?);
    let provider = Provider {
        shares: owned.checked_add(shares)?,
        added_at: env.block.time,
        epoch: ledger.epoch,
        order_fee: before.map_or(fee, |provider| provider.order_fee.min(fee)),
    };
    ledger.cash = ledger.cash.checked_add(paid)?;
    ledger.shares = ledger.shares.checked_add(shares)?;
    LIQUIDITY.save(storage, &order.owner, &provider)?;
    Ok(Done {
        paid: (order.owner.clone(), Assets::ZERO),
        event: Event::from(LiquidityAdded {
            provider: order.owner.clone(),
            assets: paid,
            shares,
            cash: ledger.cash,
            total_shares: ledger.shares,
        }),
    })
}

/// A pool that has lost all, or whose providers have left, and that waits for nothing,
/// begins anew: its shares are none, and what dust there is, is the insurance fund's.
/// Else each such loss would multiply the shares until no liquidity could come.
fn begin_anew(ledger: &mut Ledger) -> Result<(), ContractError> {
    let quiet = !ledger.has_positions() && ledger.missing.is_zero();
    let nobodys = ledger.shares.is_zero() && !ledger.cash.is_zero();
    if quiet && (nobodys || lp::is_wiped_out(ledger.cash, ledger.shares)) {
        ledger.insurance = ledger.insurance.checked_add(ledger.cash)?;
        ledger.cash = Assets::ZERO;
        ledger.shares = Shares::ZERO;
        ledger.epoch = ledger.epoch.saturating_add(1);
        ledger.forgo();
    }
    Ok(())
}

/// Orders liquidity to be taken out, if the sender has the shares and they have
/// stayed long enough; at once while no position is open, and a fee that came with it
/// is given back.
pub fn order_remove(
    deps: DepsMut,
    env: Env,
    fee: Paid,
    shares: Shares,
    min_assets: Option<Assets>,
    lifetime: Option<Seconds>,
) -> Result<Response, ContractError> {
    within("shares", shares, Shares::ONE, Shares::new(u128::MAX))?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let owned = owned(deps.storage, &ledger, &fee.sender, shares)?;
    let from = config.params.min_stay.after(owned.added_at);
    if env.block.time < from {
        return Err(ContractError::StaysUntil { from });
    }
    let wish = Wish::RemoveLiquidity { shares, min_assets };
    if ledger.has_positions() {
        return order::place_for_fee(deps.storage, &env, fee, owned.order_fee, wish, lifetime);
    }
    let order = at_once(&env, fee.sender, wish);
    let done = remove(deps.storage, &env, &mut ledger, &order, None)?;
    LEDGER.save(deps.storage, &ledger)?;
    done.respond(&config, &order.owner, fee.amount)
}

/// Pays shares at the pool's equity, rounded against the leaver, from cash that
/// no open position may need.
pub fn remove(
    storage: &mut dyn Storage,
    env: &Env,
    ledger: &mut Ledger,
    order: &Order,
    leave: Option<Leave>,
) -> Result<Done, ContractError> {
    let Wish::RemoveLiquidity { shares, min_assets } = order.wish else {
        return Err(ContractError::UnknownOrder { order: ledger.orders });
    };
    let owned = owned(storage, ledger, &order.owner, shares)?;
    let from = CONFIG.load(storage)?.params.min_stay.after(owned.added_at);
    if env.block.time < from {
        return Err(ContractError::StaysUntil { from });
    }
    let assets = worth(storage, ledger, shares, leave)?;
    if assets < min_assets.unwrap_or_default() {
        let min = min_assets.unwrap_or_default();
        return Err(ContractError::FewerAssets { assets, min });
    }
    ledger.cash = ledger.cash.checked_sub(assets)?;
    ledger.shares = ledger.shares.checked_sub(shares)?;
    ledger.forgo();
    match owned.shares.checked_sub(shares)? {
        Shares::ZERO => LIQUIDITY.remove(storage, &order.owner),
        shares => LIQUIDITY.save(storage, &order.owner, &Provider { shares, ..owned })?,
    }
    Ok(Done {
        paid: (order.owner.clone(), assets),
        event: Event::from(LiquidityRemoved {
            provider: order.owner.clone(),
            assets,
            shares,
            cash: ledger.cash,
            total_shares: ledger.shares,
        }),
    })
}

/// The provider, if it has so many shares.
fn owned(
    storage: &dyn Storage,
    ledger: &Ledger,
    who: &Addr,
    shares: Shares,
) -> Result<Provider, ContractError> {
    let provider = provider(storage, ledger, who)?;
    let owned = provider.map_or(Shares::ZERO, |provider| provider.shares);
    provider
        .filter(|provider| shares <= provider.shares)
        .ok_or(ContractError::NotEnoughShares { shares, owned })
}

/// What shares are paid now, if the free cash reaches.
fn worth(
    storage: &dyn Storage,
    ledger: &Ledger,
    shares: Shares,
    leave: Option<Leave>,
) -> Result<Assets, ContractError> {
    let equity = match leave {
        Some(leave) => sure_equity(storage, ledger, leave)?,
        None => ledger.cash,
    };
    let assets = lp::assets_for(shares, ledger.shares, equity)?;
    let free = ledger.free()?;
    if assets > free {
        return Err(ContractError::Liquidity { free, wanted: assets });
    }
    Ok(assets)
}

/// What the pool is worth to a leaver: at the median, and in a confirmed jump at
/// the median or the reference, where it is less, since only one of them is true.
pub fn sure_equity(storage: &dyn Storage, ledger: &Ledger, leave: Leave) -> Result<Assets, ContractError> {
    let at = |price| -> Result<Assets, ContractError> {
        let sunk = sunk(storage, price)?;
        Ok(lp::equity(ledger.cash, &ledger.long, &ledger.short, price, sunk)?)
    };
    match leave.reduce_between {
        Some(band) => Ok(at(band.low)?.min(at(band.high)?)),
        None => at(leave.price),
    }
}
