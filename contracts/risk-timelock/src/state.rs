//! What is stored: every change by its number, and which of them wait.

use backstop_core::timelock::{fields, overtakes};
use backstop_types::Seconds;
use backstop_types::events::timelock::ChangeVoided;
use backstop_types::timelock::{ChangeRecord, FieldChange, Status, VoidReason};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Order, StdResult, Storage, Timestamp};
use cw_storage_plus::{Item, Map};

use crate::error::ContractError;

/// How many changes can wait at the same time.
pub const MAX_PENDING: u32 = 64;

/// The vault.
pub const VAULT: Item<Addr> = Item::new("vault");
/// How many changes there are.
pub const COUNTS: Item<Counts> = Item::new("counts");
/// Changes by number, from 1. Never removed.
pub const CHANGES: Map<u64, ChangeRecord> = Map::new("changes");
/// The numbers of the changes that wait.
pub const PENDING: Map<u64, ()> = Map::new("pending");
/// The changes that wait, by target.
pub const WAITING_FOR: Map<(&str, u64), ()> = Map::new("waiting_for");

/// What the vault told last: a vault that answers no more can still be migrated.
pub const LAST_TOLD: Item<LastTold> = Item::new("last_told");

/// Of what the vault tells, what every change needs.
#[cw_serde]
pub struct LastTold {
    /// Its distributor.
    pub distributor: Option<Addr>,
    /// Its breaker.
    pub breaker: Addr,
    /// Its unbonding period.
    pub unbonding_period: Seconds,
    /// Its notice.
    pub notice: Seconds,
}

/// How many changes there are.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Counts {
    /// Submitted so far: the number of the last one.
    pub changes: u64,
    /// That wait.
    pub pending: u32,
}

/// The change of this number.
pub fn change(storage: &dyn Storage, number: u64) -> Result<ChangeRecord, ContractError> {
    CHANGES
        .may_load(storage, number)?
        .ok_or(ContractError::UnknownChange { change: number })
}

/// The change of this number, which must wait.
pub fn pending(storage: &dyn Storage, number: u64) -> Result<ChangeRecord, ContractError> {
    let record = change(storage, number)?;
    let status = match record.status {
        Status::Pending {} => return Ok(record),
        Status::Applied { .. } => "applied",
        Status::Cancelled { .. } => "cancelled",
        Status::Void { .. } => "void",
    };
    Err(ContractError::NotPending {
        change: number,
        status,
    })
}

/// Stores a new change and gives its number.
pub fn enter(storage: &mut dyn Storage, record: &ChangeRecord) -> Result<u64, ContractError> {
    let mut counts = COUNTS.load(storage)?;
    counts.changes = counts.changes.saturating_add(1);
    if record.status == (Status::Pending {}) {
        if counts.pending >= MAX_PENDING {
            return Err(ContractError::TooManyPending { max: MAX_PENDING });
        }
        counts.pending = counts.pending.saturating_add(1);
        PENDING.save(storage, counts.changes, &())?;
        WAITING_FOR.save(storage, (&record.target, counts.changes), &())?;
    }
    COUNTS.save(storage, &counts)?;
    CHANGES.save(storage, counts.changes, record)?;
    Ok(counts.changes)
}

/// Ends the waiting of a pending change.
pub fn end(
    storage: &mut dyn Storage,
    number: u64,
    mut record: ChangeRecord,
    status: Status,
) -> Result<(), ContractError> {
    leave(storage, number, &record.target)?;
    record.status = status;
    Ok(CHANGES.save(storage, number, &record)?)
}

/// Takes a change out of those that wait.
fn leave(storage: &mut dyn Storage, number: u64, target: &str) -> StdResult<()> {
    let mut counts = COUNTS.load(storage)?;
    counts.pending = counts.pending.saturating_sub(1);
    COUNTS.save(storage, &counts)?;
    PENDING.remove(storage, number);
    WAITING_FOR.remove(storage, (target, number));
    Ok(())
}

/// The changes that wait for one target: at most [`MAX_PENDING`].
pub fn waiting_for(storage: &dyn Storage, target: &str) -> StdResult<Vec<u64>> {
    WAITING_FOR
        .prefix(target)
        .keys(storage, None, None, Order::Ascending)
        .collect()
}

/// The fields that a stored change names; none where this version can no longer tell
/// them.
pub fn named(record: &ChangeRecord) -> Option<Vec<FieldChange>> {
    fields(&record.change, &record.from).ok()
}

/// Marks void what a change of these fields overtakes, which is made now. A record whose
/// fields are not known counts as overtaken; one that cannot be read at all loses its
/// place. So neither stops a brake.
pub fn overtake(
    storage: &mut dyn Storage,
    number: u64,
    target: &str,
    made: &[FieldChange],
    now: Timestamp,
) -> Result<Vec<ChangeVoided>, ContractError> {
    let mut voided = vec![];
    for other in waiting_for(storage, target)? {
        let Ok(record) = change(storage, other) else {
            leave(storage, other, target)?;
            continue;
        };
        let overtaken = named(&record).is_none_or(|named| overtakes(made, &named));
        if other == number || !overtaken {
            continue;
        }
        voided.push(void(
            storage,
            other,
            record,
            VoidReason::Overtaken,
            Some(number),
            now,
        )?);
    }
    Ok(voided)
}

/// Marks a pending change void.
pub fn void(
    storage: &mut dyn Storage,
    number: u64,
    record: ChangeRecord,
    reason: VoidReason,
    by: Option<u64>,
    now: Timestamp,
) -> Result<ChangeVoided, ContractError> {
    let event = ChangeVoided {
        change: number,
        contract: record.contract.clone(),
        target: record.target.clone(),
        reason,
        overtaken_by: by,
    };
    let status = Status::Void { at: now, reason, by };
    end(storage, number, record, status)?;
    Ok(event)
}
