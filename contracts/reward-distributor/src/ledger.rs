//! The ledger in storage: loaded as of now, with the rate changes that have
//! come due applied and forgotten.
//!
//! A step's work is bounded without a limit: streams begin and end within 53
//! points of the grid, and each handler that begins one first advances, so no denom ever
//! has more than 53 rate changes ahead, however long the silence. A step looks
//! for them only if it crosses a point of the grid.

use backstop_core::rewards::{Edges, Ledger, MAX_CHANGES, RateChange, week_of};
use backstop_types::Seconds;
use cosmwasm_std::{Order, StdResult, Storage, Timestamp};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::state::{AHEAD, LEDGER};

/// The ledger as of `now`, every denom advanced to the clock, and whether rate
/// changes came due; these are removed from storage.
///
/// The caller stores the ledger. It may leave that out if none came due and it
/// changed nothing itself: the next message takes the same steps in one.
pub fn advanced(storage: &mut dyn Storage, now: Timestamp) -> Result<(Ledger, bool), ContractError> {
    let before = LEDGER.load(storage)?;
    let (ledger, applied) = advance_all(storage, before, now)?;
    for &(slot, week) in &applied {
        AHEAD.remove(storage, (slot, week));
    }
    Ok((ledger, !applied.is_empty()))
}

/// The ledger as of `now`; storage is left as it is.
pub fn as_of(storage: &dyn Storage, now: Timestamp) -> Result<Ledger, ContractError> {
    let before = LEDGER.load(storage)?;
    let (ledger, _) = advance_all(storage, before, now)?;
    Ok(ledger)
}

type Applied = Vec<(u8, u64)>;

fn advance_all(
    storage: &dyn Storage,
    mut ledger: Ledger,
    now: Timestamp,
) -> Result<(Ledger, Applied), ContractError> {
    let mut applied = Vec::new();
    ledger.clock.tick(now);
    let (to, shares) = (ledger.clock.staked, ledger.clock.shares);
    for (slot, flow) in (0u8..).zip(&mut ledger.flows) {
        let mut due = Vec::new();
        if flow.crosses_grid(to) {
            due = changes(storage, slot, None, Some(to))?;
        }
        flow.advance(&due, to, shares)?;
        applied.extend(due.iter().map(|change| (slot, change.week)));
    }
    Ok((ledger, applied))
}

/// The rate changes of the denom at `slot` that lie ahead, by week: those after
/// the week `after` and up to `to` in staked time.
pub fn changes(
    storage: &dyn Storage,
    slot: u8,
    after: Option<u64>,
    to: Option<Seconds>,
) -> StdResult<Vec<RateChange>> {
    let from = after.map(Bound::exclusive);
    let until = to.map(|to| Bound::inclusive(week_of(to)));
    AHEAD
        .range_of(storage, slot, from, until, Order::Ascending)
        .take(MAX_CHANGES as usize)
        .map(|entry| entry.map(|(week, turn)| RateChange { week, turn }))
        .collect()
}

/// Adds a rate change to those that lie ahead.
pub fn add_change(storage: &mut dyn Storage, slot: u8, change: RateChange) -> Result<(), ContractError> {
    let key = (slot, change.week);
    let turn = AHEAD.may_load(storage, key)?.unwrap_or_default();
    AHEAD.save(storage, key, &turn.plus(change.turn)?)?;
    Ok(())
}

/// Takes the turns of a stream that was stopped from those that lie ahead.
pub fn remove_changes(storage: &mut dyn Storage, slot: u8, edges: Edges) -> Result<(), ContractError> {
    for change in edges.iter() {
        let key = (slot, change.week);
        let turn = AHEAD.load(storage, key)?.minus(change.turn)?;
        if turn.is_zero() {
            AHEAD.remove(storage, key);
        } else {
            AHEAD.save(storage, key, &turn)?;
        }
    }
    Ok(())
}
