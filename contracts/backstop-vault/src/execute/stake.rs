//! Deposits: assets in, shares out.

use backstop_types::events::vault::Deposited;
use backstop_types::vault::{Config, Pool};
use backstop_types::{Assets, Shares, input};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, SubMsg};

use super::hook;
use crate::answers::{may_receive, shares_for};
use crate::error::ContractError;
use crate::state::{CONFIG, PAUSES, POOL, STAKES};

/// `Deposit` of a native asset.
pub fn deposit_native(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    min_shares: Option<Shares>,
    receiver: Option<String>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let amount = Assets(config.asset.paid(&info)?);
    deposit(deps, &env, &config, info.sender, amount, min_shares, receiver)
}

/// `Deposit` of an amount that is in the vault already.
pub fn deposit(
    deps: DepsMut,
    env: &Env,
    config: &Config,
    sender: Addr,
    amount: Assets,
    min_shares: Option<Shares>,
    receiver: Option<String>,
) -> Result<Response, ContractError> {
    let staker = match receiver {
        Some(receiver) => input::address(deps.api, "receiver", &receiver)?,
        None => sender.clone(),
    };
    let minted = mint(deps, env, config, &staker, amount)?;
    if let Some(min) = min_shares.filter(|min| minted.shares < *min) {
        return Err(ContractError::TooFewShares {
            minted: minted.shares,
            min,
        });
    }
    let event = Deposited {
        sender,
        staker,
        assets: amount,
        shares: minted.shares,
        total_assets: minted.pool.assets,
        total_shares: minted.pool.shares()?,
    };
    Ok(Response::new().add_submessage(minted.hook).add_event(event))
}

/// Shares that were minted, and what is left to do.
pub struct Minted {
    /// How many.
    pub shares: Shares,
    /// The pool afterwards.
    pub pool: Pool,
    /// The distributor's notice. If it fails, so does the message.
    pub hook: SubMsg,
}

/// Books `amount` as a deposit of `staker`'s. The money must be in the vault
/// already.
pub fn mint(
    deps: DepsMut,
    env: &Env,
    config: &Config,
    staker: &Addr,
    amount: Assets,
) -> Result<Minted, ContractError> {
    may_receive(config, &env.contract.address, staker)?;
    let deposits = PAUSES.load(deps.storage)?.deposits;
    if deposits.active(env.block.time) {
        return Err(ContractError::paused(env.block.time, deposits.until));
    }
    let mut pool = POOL.load(deps.storage)?;
    let mut stake = STAKES.may_load(deps.storage, staker)?.unwrap_or_default();
    let before = stake.active;

    let shares = shares_for(&pool, amount)?;
    pool.assets = pool.assets.checked_add(amount)?;
    pool.active = pool.active.checked_add(shares)?;
    stake.active = before.checked_add(shares)?;

    POOL.save(deps.storage, &pool)?;
    STAKES.save(deps.storage, staker, &stake, pool.losses)?;
    let hook = hook::required(config, staker, before, stake.active)?;
    Ok(Minted { shares, pool, hook })
}
