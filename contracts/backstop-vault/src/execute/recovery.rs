//! What comes back on a loss goes to those who bore it, even if they have left
//! since: in by `Recover` and by declined or lapsed claims, out by
//! `ClaimRecovery`. A log has the losses on which money came back, so that a
//! staker finds what is due on old ones without looking at all.

use backstop_core::shares;
use backstop_types::events::vault::{Deposited, Recovered, RecoveryClaimed};
use backstop_types::paging::{self, Scan};
use backstop_types::vault::{ClaimRecoveryResponse, Loss};
use backstop_types::{Assets, input};
use cosmwasm_std::{
    Addr, DepsMut, Env, MessageInfo, Order, Response, StdResult, Storage, Uint128, to_json_binary,
};
use cw_storage_plus::Bound;

use super::stake;
use crate::error::ContractError;
use crate::state::{CAME_BACK, CLAIMS, CONFIG, LOOKED_AT, LOSSES, RESERVES, TAKEN, load_loss, part};

/// Losses in one claim of recoveries.
const MAX_LOSSES: usize = 30;

/// `Recover` with a native asset.
pub fn recover_native(deps: DepsMut, info: MessageInfo, loss: u64) -> Result<Response, ContractError> {
    let asset = CONFIG.load(deps.storage)?.asset;
    let amount = Assets(asset.paid(&info)?);
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
    came_back(deps.storage, number, loss)?;
    RESERVES.update(deps.storage, |mut reserves| -> Result<_, ContractError> {
        let most = Assets(Uint128::MAX).saturating_sub(reserves.recoveries);
        reserves.recoveries = reserves.recoveries.checked_add(amount).map_err(|_| {
            let bound = format!("at most {most}, so that what comes back stays below 2^128 together");
            input::InputError::bounds("amount", amount, bound)
        })?;
        Ok(reserves)
    })?;
    let asset = CONFIG.load(deps.storage)?.asset;
    let back = asset.pay(&sender, rest.0)?;
    let event = Recovered {
        loss: number,
        sender,
        amount,
    };
    Ok(Response::new().add_messages(back).add_event(event))
}

/// Stores a loss on which money has just come back, and puts it at the end of the
/// log, where also those find it who had looked at it before.
pub fn came_back(storage: &mut dyn Storage, number: u64, mut loss: Loss) -> Result<(), ContractError> {
    // The last number ever used is in the log: an entry goes only for a later one.
    let last = CAME_BACK.keys(storage, None, None, Order::Descending).next();
    let entry = last.transpose()?.unwrap_or_default().saturating_add(1);
    if let Some(before) = loss.came_back.replace(entry) {
        CAME_BACK.remove(storage, before);
    }
    CAME_BACK.save(storage, entry, &number)?;
    Ok(LOSSES.save(storage, number, &loss)?)
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
    let look = match losses {
        Some(named) => named_losses(deps.storage, &staker, named)?,
        None => look(deps.storage, &staker, limit)?,
    };
    let (amount, losses) = take(deps.storage, &staker, &look.losses)?;
    match look.to {
        // What was looked at in vain is not looked at again.
        Some(entry) if look.more || !amount.is_zero() => LOOKED_AT.save(deps.storage, &staker, &entry)?,
        None if !amount.is_zero() => {}
        _ => return Err(ContractError::NothingToClaim { staker }),
    }
    let restaked = restake && !amount.is_zero();
    let more = look.more;
    let answer = ClaimRecoveryResponse { amount, losses, more };
    let taken = RecoveryClaimed {
        staker: staker.clone(),
        losses,
        amount,
        restaked,
        more,
    };
    let response = Response::new()
        .set_data(to_json_binary(&answer)?)
        .add_event(taken);
    pay(deps, &env, response, staker, amount, restaked)
}

/// Pays what was taken, or deposits it again.
fn pay(
    deps: DepsMut,
    env: &Env,
    response: Response,
    staker: Addr,
    amount: Assets,
    restake: bool,
) -> Result<Response, ContractError> {
    RESERVES.update(deps.storage, |mut reserves| -> Result<_, ContractError> {
        reserves.recoveries = reserves.recoveries.checked_sub(amount)?;
        Ok(reserves)
    })?;
    let config = CONFIG.load(deps.storage)?;
    if !restake {
        return Ok(response.add_messages(config.asset.pay(&staker, amount.0)?));
    }
    let minted = stake::mint(deps, env, &config, &staker, amount)?;
    Ok(response.add_submessage(minted.hook).add_event(Deposited {
        sender: staker.clone(),
        staker,
        assets: amount,
        shares: minted.shares,
        total_assets: minted.pool.assets,
        total_shares: minted.pool.shares()?,
    }))
}

/// Losses to take from.
struct Look {
    losses: Vec<u64>,
    /// The last entry of the log that was looked at, if any was.
    to: Option<u64>,
    /// Whether the log goes on after what the staker has looked at.
    more: bool,
}

/// The losses that are named; the staker's place in the log stays.
fn named_losses(storage: &dyn Storage, staker: &Addr, losses: Vec<u64>) -> Result<Look, ContractError> {
    input::distinct("losses", &losses, MAX_LOSSES)?;
    let more = unseen(storage, staker)?.next().is_some();
    Ok(Look {
        losses,
        to: None,
        more,
    })
}

/// The next losses of the log that the staker has not looked at.
fn look(storage: &dyn Storage, staker: &Addr, limit: Option<u32>) -> Result<Look, ContractError> {
    let mut unseen = unseen(storage, staker)?;
    let Scan { rows, .. } = paging::scan(unseen.by_ref(), limit)?;
    Ok(Look {
        to: rows.last().map(|(entry, _)| *entry),
        losses: rows.into_iter().map(|(_, loss)| loss).collect(),
        more: unseen.next().is_some(),
    })
}

/// The entries of the log after the last one that the staker has looked at.
fn unseen<'a>(
    storage: &'a dyn Storage,
    staker: &Addr,
) -> StdResult<impl Iterator<Item = StdResult<(u64, u64)>> + 'a> {
    let seen = LOOKED_AT.may_load(storage, staker)?.map(Bound::exclusive);
    Ok(CAME_BACK.range(storage, seen, None, Order::Ascending))
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
