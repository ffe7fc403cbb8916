//! The stake on record: the vault's hook, and the repair that anyone may ask
//! for after a hook that could not be delivered.

use backstop_core::rewards::{Account, Ledger, Returned, whole};
use backstop_types::distributor::StakeChanged;
use backstop_types::events::distributor::{RewardReturned, StakeRecorded, StakeSynced};
use backstop_types::{Shares, Unauthorized, input};
use cosmwasm_std::{Addr, DepsMut, Env, Event, MessageInfo, Response, Storage, Timestamp};

use crate::error::ContractError;
use crate::ledger;
use crate::state::{ACCOUNTS, DENOMS, LEDGER, VAULT, save_account, vault_shares};

/// The vault's hook. It sends no message and asks nothing of any contract.
pub fn changed(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    change: StakeChanged,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let vault = VAULT.load(deps.storage)?;
    Unauthorized::unless(
        info.sender == vault,
        &info.sender,
        format_args!("the vault, {vault}"),
    )?;
    // The vault has validated its stakers' addresses.
    let staker = Addr::unchecked(change.staker);
    let (mut ledger, _) = ledger::advanced(deps.storage, env.block.time)?;
    let mut account = ACCOUNTS.may_load(deps.storage, &staker)?.unwrap_or_default();
    let (before, after) = (change.before, change.after);
    let returned = record(deps.storage, &mut ledger, &staker, &mut account, before, after)?;
    save_account(deps.storage, &staker, &account)?;
    LEDGER.save(deps.storage, &ledger)?;

    Ok(Response::new()
        .add_event(StakeRecorded {
            staker,
            before,
            after,
            total: ledger.clock.shares,
        })
        .add_events(returned))
}

/// Brings a record in line with the vault.
pub fn sync(deps: DepsMut, env: Env, info: MessageInfo, staker: String) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let staker = input::address(deps.api, "staker", &staker)?;
    let active = vault_shares(deps.as_ref(), &staker)?;
    let (account, events) = align(deps.storage, env.block.time, &staker, active)?;
    save_account(deps.storage, &staker, &account)?;
    Ok(Response::new().add_events(events))
}

/// Settles `staker` with the smaller of its record and `active`, the vault's
/// value, and records the latter. The caller stores the account.
///
/// The ledger is stored only if rate changes came due or the shares on record
/// change: otherwise nothing was done but to advance it, and the next message
/// does so again.
pub fn align(
    storage: &mut dyn Storage,
    now: Timestamp,
    staker: &Addr,
    active: Shares,
) -> Result<(Account, Vec<Event>), ContractError> {
    let (mut ledger, due) = ledger::advanced(storage, now)?;
    let mut account = ACCOUNTS.may_load(storage, staker)?.unwrap_or_default();
    let before = account.shares;
    let returned = record(storage, &mut ledger, staker, &mut account, active, active)?;
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
    if due || before != active {
        LEDGER.save(storage, &ledger)?;
    }
    events.extend(returned);
    Ok((account, events))
}

/// Settles with the smaller of the record and `real`, records `after`, and
/// schedules what is returned.
fn record(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    staker: &Addr,
    account: &mut Account,
    real: Shares,
    after: Shares,
) -> Result<Vec<Event>, ContractError> {
    let mut events = Vec::new();
    for part in ledger.set_stake(account, real, after)? {
        ledger::add_change(storage, part.slot, part.change)?;
        events.push(returned_event(storage, staker, part)?);
    }
    Ok(events)
}

fn returned_event(storage: &dyn Storage, staker: &Addr, part: Returned) -> Result<Event, ContractError> {
    Ok(RewardReturned {
        staker: staker.clone(),
        denom: DENOMS.load(storage, part.slot)?.denom,
        amount: whole(part.amount)?,
    }
    .into())
}
