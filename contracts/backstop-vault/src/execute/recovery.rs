//! What comes back on a loss goes to those who bore it, even if they have left
//! since: in by `Recover` and by declined or lapsed claims, out by
//! `ClaimRecovery`.

use backstop_core::shares;
use backstop_types::events::vault::{Deposited, Recovered, RecoveryClaimed};
use backstop_types::{Assets, input};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, Uint128};

use super::stake;
use crate::error::ContractError;
use crate::state::{CLAIMS, CONFIG, LOSSES, POOL, RESERVES, TAKEN, load_loss, part};

/// Losses in one claim of recoveries.
const MAX_LOSSES: usize = 30;

/// `Recover` with a native asset.
pub fn recover_native(deps: DepsMut, info: MessageInfo, loss: u64) -> Result<Response, ContractError> {
    let asset = CONFIG.load(deps.storage)?.asset;
    let amount = Assets(input::paid(&info, &asset)?);
    recover(deps, info.sender, loss, amount)
}

/// Returns `amount` to the cohort of a loss: at most what was paid on it, less
/// what was repaid before; the rest goes back to the sender, so that nobody can
/// stop a repayment by a small one. The money must be in the vault already.
pub fn recover(deps: DepsMut, sender: Addr, number: u64, amount: Assets) -> Result<Response, ContractError> {
    let mut loss = load_loss(deps.storage, number)?;
    let paid = CLAIMS.load(deps.storage, number)?.paid;
    let (amount, rest) = shares::repayment(amount, paid, loss.repaid);
    if amount.is_zero() {
        return Err(ContractError::FullyRepaid { loss: number, paid });
    }
    loss.repaid = loss.repaid.checked_add(amount)?;
    LOSSES.save(deps.storage, number, &loss)?;
    RESERVES.update(deps.storage, |mut reserves| -> Result<_, ContractError> {
        let most = Assets(Uint128::MAX).saturating_sub(reserves.recoveries);
        reserves.recoveries = reserves.recoveries.checked_add(amount).map_err(|_| {
            let bound = format!("at most {most}, so that what comes back stays below 2^128 together");
            input::InputError::bounds("amount", amount, bound)
        })?;
        Ok(reserves)
    })?;
    let asset = CONFIG.load(deps.storage)?.asset;
    let back = (!rest.is_zero())
        .then(|| asset.send(&sender, rest.0))
        .transpose()?;
    let event = Recovered {
        loss: number,
        sender,
        amount,
    };
    Ok(Response::new().add_messages(back).add_event(event))
}

/// `ClaimRecovery`.
pub fn claim(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    losses: Option<Vec<u64>>,
    restake: bool,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let staker = info.sender;
    let numbers = match losses {
        Some(named) => {
            input::distinct("losses", &named, MAX_LOSSES)?;
            named
        }
        None => {
            let last = POOL.load(deps.storage)?.losses;
            (1..=last).rev().take(input::page(limit)).collect()
        }
    };
    let (amount, count) = take(deps.storage, &staker, &numbers)?;
    if amount.is_zero() {
        return Err(ContractError::NothingToClaim { staker });
    }
    RESERVES.update(deps.storage, |mut reserves| -> Result<_, ContractError> {
        reserves.recoveries = reserves.recoveries.checked_sub(amount)?;
        Ok(reserves)
    })?;
    let taken = RecoveryClaimed {
        staker: staker.clone(),
        losses: count,
        amount,
        restaked: restake,
    };
    let response = Response::new().add_event(taken);
    let config = CONFIG.load(deps.storage)?;
    if !restake {
        return Ok(response.add_message(config.asset.send(&staker, amount.0)?));
    }
    let minted = stake::mint(deps, &env, &config, &staker, amount)?;
    Ok(response.add_submessage(minted.hook).add_event(Deposited {
        sender: staker.clone(),
        staker,
        assets: amount,
        shares: minted.shares,
        total_assets: minted.pool.assets,
        total_shares: minted.pool.shares()?,
    }))
}

/// Books all that is due to `staker` on these losses as taken: the sum, and on
/// how many of them something was due.
fn take(storage: &mut dyn Storage, staker: &Addr, numbers: &[u64]) -> Result<(Assets, u32), ContractError> {
    let mut sum = Assets::ZERO;
    let mut count = 0u32;
    for number in numbers {
        let mut loss = load_loss(storage, *number)?;
        let part = part(storage, staker, *number, &loss)?;
        if part.due.is_zero() {
            continue;
        }
        sum = sum.checked_add(part.due)?;
        count = count.saturating_add(1);
        loss.taken = loss.taken.checked_add(part.due)?;
        LOSSES.save(storage, *number, &loss)?;
        TAKEN.save(storage, (staker, *number), &part.taken.checked_add(part.due)?)?;
    }
    Ok((sum, count))
}
