//! The stake on record: the vault's hook, and the repair that anyone may ask
//! for after a hook that could not be delivered.

use backstop_core::rewards::{Account, Ledger, Returned, whole};
use backstop_types::distributor::StakeChanged;
use backstop_types::events::distributor::{RewardReturned, StakeRecorded, StakeSynced};
use backstop_types::vault::BackstopVault;
use backstop_types::{Shares, input};
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};

use crate::error::ContractError;
use crate::ledger;
use crate::state::{ACCOUNTS, DENOMS, LEDGER, VAULT, save_account};

/// The vault's hook. It sends no message and asks nothing of any contract.
pub fn changed(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    change: StakeChanged,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let vault = VAULT.load(deps.storage)?;
    if info.sender != vault {
        return Err(ContractError::NotVault {
            sender: info.sender,
            vault,
        });
    }
    // The vault has validated its stakers' addresses.
    let staker = Addr::unchecked(change.staker);
    let mut ledger = ledger::advanced(deps.storage, &env)?;
    let (account, returned) = record(deps.storage, &mut ledger, &staker, change.before, change.after)?;
    save_account(deps.storage, &staker, &account)?;
    LEDGER.save(deps.storage, &ledger)?;

    Ok(Response::new()
        .add_event(StakeRecorded {
            staker,
            before: change.before,
            after: change.after,
            total: ledger.clock.shares,
        })
        .add_events(returned))
}

/// Brings a record in line with the vault.
pub fn sync(deps: DepsMut, env: Env, info: MessageInfo, staker: String) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let staker = input::address(deps.api, "staker", &staker)?;
    let active = vault_shares(deps.as_ref(), &staker)?;
    let mut ledger = ledger::advanced(deps.storage, &env)?;
    let (account, events) = align(deps.storage, &mut ledger, &staker, active)?;
    save_account(deps.storage, &staker, &account)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_events(events))
}

/// A staker's active shares as the vault has them now.
pub fn vault_shares(deps: Deps, staker: &Addr) -> Result<Shares, ContractError> {
    let vault = BackstopVault(VAULT.load(deps.storage)?);
    Ok(vault.stake(&deps.querier, staker)?.active)
}

/// Settles `staker` with the smaller of its record and `active`, the vault's
/// value, and records the latter. The caller stores account and ledger.
pub fn align(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    staker: &Addr,
    active: Shares,
) -> Result<(Account, Vec<Event>), ContractError> {
    let before = recorded(storage, staker)?;
    let (account, returned) = record(storage, ledger, staker, active, active)?;
    let mut events = Vec::new();
    if before != active {
        events.push(
            StakeSynced {
                staker: staker.clone(),
                before,
                after: active,
                total: ledger.clock.shares,
            }
            .into(),
        );
    }
    events.extend(returned);
    Ok((account, events))
}

fn recorded(storage: &dyn Storage, staker: &Addr) -> Result<Shares, ContractError> {
    let account = ACCOUNTS.may_load(storage, staker)?;
    Ok(account.map_or(Shares::ZERO, |account| account.shares))
}

/// Settles with the smaller of the record and `real`, records `after`, and
/// schedules what is returned.
fn record(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    staker: &Addr,
    real: Shares,
    after: Shares,
) -> Result<(Account, Vec<Event>), ContractError> {
    let mut account = ACCOUNTS.may_load(storage, staker)?.unwrap_or_default();
    let returned = ledger.set_stake(&mut account, real, after)?;
    let mut events = Vec::new();
    for part in returned {
        ledger::add_change(storage, part.slot, part.change)?;
        events.push(returned_event(storage, staker, part)?);
    }
    Ok((account, events))
}

fn returned_event(storage: &dyn Storage, staker: &Addr, part: Returned) -> Result<Event, ContractError> {
    Ok(RewardReturned {
        staker: staker.clone(),
        denom: DENOMS.load(storage, part.slot)?.denom,
        amount: whole(part.amount)?,
    }
    .into())
}
