//! The liquidity providers' coming and going. They are the counterparty of
//! every trader: they earn fees, slippage and what traders lose, and pay what
//! traders win.

use backstop_core::perps::lp;
use backstop_types::breaker::Action;
use backstop_types::events::perps::{LiquidityAdded, LiquidityRemoved};
use backstop_types::input::{no_funds, within};
use backstop_types::{Assets, Price, Shares};
use cosmwasm_std::{Deps, DepsMut, Event, MessageInfo, Response};

use super::payment::Paid;
use super::price::permitted;
use crate::error::ContractError;
use crate::state::{CONFIG, Config, LEDGER, LIQUIDITY, Ledger, buy_in};

/// Adds liquidity at what the pool can come to be worth, so that the newcomer
/// has no part in what it is still owed.
pub fn add(deps: DepsMut, paid: Paid, min_shares: Option<Shares>) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let price = mark(deps.as_ref(), &config, &ledger, Action::Open)?;
    let equity = buy_in(deps.storage, &ledger)?.equity(price.unwrap_or_default())?;
    let shares = lp::shares_for(paid.amount, ledger.shares, equity)?;
    let least = min_shares.unwrap_or(Shares::ONE).max(Shares::ONE);
    if shares < least {
        return Err(ContractError::FewerShares { shares, min: least });
    }
    ledger.cash = ledger.cash.checked_add(paid.amount)?;
    ledger.shares = ledger.shares.checked_add(shares)?;
    let owned = LIQUIDITY
        .may_load(deps.storage, &paid.sender)?
        .unwrap_or_default();
    LIQUIDITY.save(deps.storage, &paid.sender, &owned.checked_add(shares)?)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(LiquidityAdded {
        provider: paid.sender,
        assets: paid.amount,
        shares,
        cash: ledger.cash,
        total_shares: ledger.shares,
    })))
}

/// Pays shares at the pool's equity, rounded against the leaver, from cash that
/// no open position may need.
pub fn remove(
    deps: DepsMut,
    info: MessageInfo,
    shares: Shares,
    min_assets: Option<Assets>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    within("shares", shares, Shares::ONE, Shares::new(u128::MAX))?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let owned = LIQUIDITY
        .may_load(deps.storage, &info.sender)?
        .unwrap_or_default();
    if shares > owned {
        return Err(ContractError::NotEnoughShares { shares, owned });
    }
    let assets = worth(deps.as_ref(), &config, &ledger, shares)?;
    if assets < min_assets.unwrap_or_default() {
        let min = min_assets.unwrap_or_default();
        return Err(ContractError::FewerAssets { assets, min });
    }
    ledger.cash = ledger.cash.checked_sub(assets)?;
    ledger.shares = ledger.shares.checked_sub(shares)?;
    ledger.forgo();
    match owned.checked_sub(shares)? {
        Shares::ZERO => LIQUIDITY.remove(deps.storage, &info.sender),
        left => LIQUIDITY.save(deps.storage, &info.sender, &left)?,
    }
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&info.sender, assets.0)?)
        .add_event(Event::from(LiquidityRemoved {
            provider: info.sender,
            assets,
            shares,
            cash: ledger.cash,
            total_shares: ledger.shares,
        })))
}

/// What shares are paid now, if the free cash reaches.
fn worth(deps: Deps, config: &Config, ledger: &Ledger, shares: Shares) -> Result<Assets, ContractError> {
    let equity = match mark(deps, config, ledger, Action::Reduce)? {
        Some(price) => lp::equity(ledger.cash, &ledger.long, &ledger.short, price)?,
        None => ledger.cash,
    };
    let assets = lp::assets_for(shares, ledger.shares, equity)?;
    let free = ledger.free()?;
    if assets > free {
        return Err(ContractError::Liquidity { free, wanted: assets });
    }
    Ok(assets)
}

/// The price to mark the pool at; none while no position is open, since then
/// the pool is its cash.
fn mark(
    deps: Deps,
    config: &Config,
    ledger: &Ledger,
    action: Action,
) -> Result<Option<Price>, ContractError> {
    if !ledger.has_positions() {
        return Ok(None);
    }
    permitted(deps, config, action).map(Some)
}
