//! The vault as ERC-4626 sees it, with that standard's rounding: what somebody gets
//! is rounded down, what somebody gives is rounded up. While there are no shares,
//! one is one base unit.

use backstop_core::exits::{MOST_TICKETS, ready_at};
use backstop_core::shares;
use backstop_types::vault::Ticket;
use backstop_types::{Assets, InputError, Shares};
use cosmwasm_std::{Deps, Env, Order};

use super::account;
use crate::answers::{may_receive, shares_for};
use crate::error::ContractError;
use crate::execute::exit::MAX_TICKETS;
use crate::state::{CONFIG, PAUSES, POOL, TICKETS};

pub fn total_assets(deps: Deps) -> Result<Assets, ContractError> {
    Ok(POOL.load(deps.storage)?.assets)
}

pub fn convert_to_shares(deps: Deps, assets: Assets) -> Result<Shares, ContractError> {
    let pool = POOL.load(deps.storage)?;
    shares::for_deposit(assets, pool.assets, pool.shares()?).map_err(|_| too_many(assets))
}

pub fn preview_deposit(deps: Deps, assets: Assets) -> Result<Shares, ContractError> {
    shares_for(&POOL.load(deps.storage)?, assets)
}

pub fn preview_withdraw(deps: Deps, assets: Assets) -> Result<Shares, ContractError> {
    let pool = POOL.load(deps.storage)?;
    shares::for_withdrawal(assets, pool.assets, pool.shares()?).map_err(|_| too_many(assets))
}

/// What shares are worth, and what they would be paid.
pub fn worth(deps: Deps, shares: Shares) -> Result<Assets, ContractError> {
    let pool = POOL.load(deps.storage)?;
    Ok(shares::worth(shares, pool.assets, pool.shares()?)?)
}

/// The largest deposit for `receiver`. Whether the distributor answers is not asked.
pub fn max_deposit(deps: Deps, env: &Env, receiver: &str) -> Result<Assets, ContractError> {
    let receiver = account(deps, "receiver", receiver)?;
    let config = CONFIG.load(deps.storage)?;
    let paused = PAUSES.load(deps.storage)?.deposits.active(env.block.time);
    let refused = may_receive(&config, &env.contract.address, &receiver).is_err();
    if paused || refused || config.distributor.is_none() {
        return Ok(Assets::ZERO);
    }
    let pool = POOL.load(deps.storage)?;
    Ok(shares::most_deposit(pool.assets, pool.shares()?)?)
}

pub fn max_withdraw(deps: Deps, env: &Env, owner: &str) -> Result<Assets, ContractError> {
    worth(deps, max_redeem(deps, env, owner)?)
}

/// What one withdrawal without numbers takes.
pub fn max_redeem(deps: Deps, env: &Env, owner: &str) -> Result<Shares, ContractError> {
    let owner = account(deps, "owner", owner)?;
    let period = CONFIG.load(deps.storage)?.params.unbonding_period;
    let is_ready = |ticket: &Ticket| ready_at(ticket, period) <= env.block.time;
    let ready = TICKETS
        .prefix(&owner)
        .range(deps.storage, None, None, Order::Ascending)
        .take(MOST_TICKETS)
        .filter(|row| row.as_ref().map_or(true, |(_, ticket)| is_ready(ticket)))
        .take(MAX_TICKETS);
    let mut shares = Shares::ZERO;
    for row in ready {
        shares = shares.checked_add(row?.1.shares)?;
    }
    Ok(shares)
}

fn too_many(assets: Assets) -> ContractError {
    InputError::bounds("assets", assets, "so few that their shares stay below 2^128").into()
}
