//! The liquidity providers' coming and going. They are the counterparty of
//! every trader: they earn fees, slippage and what traders lose, and pay what
//! traders win.

use backstop_core::perps::lp;
use backstop_types::breaker::Leave;
use backstop_types::events::perps::{LiquidityAdded, LiquidityRemoved};
use backstop_types::input::{no_funds, within};
use backstop_types::{Assets, Price, Shares};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, DepsMut, Event, MessageInfo, Response, Storage};

use super::gate::{self, Request};
use super::payment::Paid;
use crate::error::ContractError;
use crate::state::{CONFIG, LEDGER, LIQUIDITY, Ledger, buy_in};

/// `AddLiquidity`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Adding {
    /// By whom, and how much.
    pub paid: Paid,
    /// The fewest shares to accept.
    pub min_shares: Option<Shares>,
}

/// `RemoveLiquidity`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Removing {
    /// Whose shares.
    pub provider: Addr,
    /// How many.
    pub shares: Shares,
    /// The fewest assets to accept.
    pub min_assets: Option<Assets>,
}

/// Asks the breaker while positions are open; else the pool is its cash, and the
/// liquidity is added at once.
pub fn ask_to_add(deps: DepsMut, adding: Adding) -> Result<Response, ContractError> {
    if !LEDGER.load(deps.storage)?.has_positions() {
        return add(deps, adding, None);
    }
    gate::ask(&CONFIG.load(deps.storage)?, &Request::AddLiquidity(adding))
}

/// Adds liquidity at what the pool can come to be worth, so that the newcomer
/// has no part in what it is still owed.
pub fn add(deps: DepsMut, adding: Adding, price: Option<Price>) -> Result<Response, ContractError> {
    let Adding { paid, min_shares } = adding;
    let mut ledger = LEDGER.load(deps.storage)?;
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

/// Asks the breaker while positions are open, if the sender has the shares.
pub fn ask_to_remove(
    deps: DepsMut,
    info: MessageInfo,
    shares: Shares,
    min_assets: Option<Assets>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    within("shares", shares, Shares::ONE, Shares::new(u128::MAX))?;
    owned(deps.storage, &info.sender, shares)?;
    let removing = Removing {
        provider: info.sender,
        shares,
        min_assets,
    };
    if !LEDGER.load(deps.storage)?.has_positions() {
        return remove(deps, removing, None);
    }
    gate::ask(&CONFIG.load(deps.storage)?, &Request::RemoveLiquidity(removing))
}

/// Pays shares at the pool's equity, rounded against the leaver, from cash that
/// no open position may need.
pub fn remove(deps: DepsMut, removing: Removing, leave: Option<Leave>) -> Result<Response, ContractError> {
    let Removing {
        provider,
        shares,
        min_assets,
    } = removing;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let owned = owned(deps.storage, &provider, shares)?;
    let assets = worth(&ledger, shares, leave)?;
    if assets < min_assets.unwrap_or_default() {
        let min = min_assets.unwrap_or_default();
        return Err(ContractError::FewerAssets { assets, min });
    }
    ledger.cash = ledger.cash.checked_sub(assets)?;
    ledger.shares = ledger.shares.checked_sub(shares)?;
    ledger.forgo();
    match owned.checked_sub(shares)? {
        Shares::ZERO => LIQUIDITY.remove(deps.storage, &provider),
        left => LIQUIDITY.save(deps.storage, &provider, &left)?,
    }
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&provider, assets.0)?)
        .add_event(Event::from(LiquidityRemoved {
            provider,
            assets,
            shares,
            cash: ledger.cash,
            total_shares: ledger.shares,
        })))
}

/// The provider's shares, if they are so many.
fn owned(storage: &dyn Storage, provider: &Addr, shares: Shares) -> Result<Shares, ContractError> {
    let owned = LIQUIDITY.may_load(storage, provider)?.unwrap_or_default();
    if shares > owned {
        return Err(ContractError::NotEnoughShares { shares, owned });
    }
    Ok(owned)
}

/// What shares are paid now, if the free cash reaches.
fn worth(ledger: &Ledger, shares: Shares, leave: Option<Leave>) -> Result<Assets, ContractError> {
    let equity = match leave {
        Some(leave) => sure_equity(ledger, leave)?,
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
fn sure_equity(ledger: &Ledger, leave: Leave) -> Result<Assets, ContractError> {
    let at = |price| lp::equity(ledger.cash, &ledger.long, &ledger.short, price);
    Ok(match leave.reduce_between {
        Some(band) => at(band.low)?.min(at(band.high)?),
        None => at(leave.price)?,
    })
}
