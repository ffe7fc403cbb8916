//! One claim's decisions in the order of time, from its record and from the pauses
//! that stopped its clock.

use backstop_types::guardian::LONGEST;
use backstop_types::vault::{
    Claim, ClaimDecision, ClaimResponse, ClaimStatus, ClaimStep, ClaimTimelineResponse, Pause,
};
use cosmwasm_std::{Deps, Env, Order, StdResult, Storage, Timestamp};
use cw_storage_plus::Bound;

use super::claims;
use crate::error::ContractError;
use crate::state::{PAST_PAUSES, PAUSES};

/// Pauses in one answer, the first.
const MOST_PAUSES: usize = 30;

pub fn timeline(deps: Deps, env: &Env, claim: u64) -> Result<ClaimTimelineResponse, ContractError> {
    let ClaimResponse {
        record,
        payable_at,
        latest,
        ..
    } = claims::claim(deps, claim)?;
    let mut steps = filing(&record)?;
    let end = match record.status.is_pending() {
        true => env.block.time,
        false => record.ended_at.unwrap_or(record.filed_at),
    };
    let mut stood = record.stood_at.map(|at| {
        let judged = record.judged;
        step(at, ClaimDecision::Stood { judged })
    });
    for pause in pauses(deps.storage, record.filed_at, end)? {
        if record.stood_at.is_some_and(|at| at < pause.since) {
            steps.extend(stood.take());
        }
        let what = ClaimDecision::Paused {
            pause: pause.number,
            until: pause.until,
        };
        steps.push(step(pause.since.max(record.filed_at), what));
    }
    steps.extend(stood);
    steps.extend(ending(record)?);
    Ok(ClaimTimelineResponse {
        claim,
        steps,
        payable_at,
        latest,
    })
}

fn step(at: Timestamp, what: ClaimDecision) -> ClaimStep {
    ClaimStep { at: Some(at), what }
}

/// What was decided when it was filed.
fn filing(record: &Claim) -> Result<Vec<ClaimStep>, ContractError> {
    let at_once = record.paid.checked_sub(record.paid_later.unwrap_or_default())?;
    let amount = record.granted.checked_sub(at_once)?;
    let covered = record.deductible.checked_add(record.granted)?;
    let held = match &record.status {
        ClaimStatus::Held(held) => Some(held),
        _ => record.was_held.as_ref(),
    };
    let mut decisions = vec![
        ClaimDecision::Filed {
            asked: record.asked,
            price: record.price,
        },
        ClaimDecision::Granted {
            amount: record.granted,
            deductible: record.deductible,
            uncovered: record.asked.checked_sub(covered)?,
            bound: record.bound.clone(),
        },
    ];
    if !at_once.is_zero() {
        decisions.push(ClaimDecision::PaidAtOnce { amount: at_once });
    }
    if !amount.is_zero() {
        let reason = record.waits.clone();
        decisions.push(match held.cloned() {
            Some(held) => ClaimDecision::Held { amount, reason, held },
            None => ClaimDecision::Delayed { amount, reason },
        });
    }
    let steps = decisions.into_iter().map(|what| step(record.filed_at, what));
    Ok(steps.collect())
}

/// How it ended, if it did and something had waited.
fn ending(record: Claim) -> Result<Option<ClaimStep>, ContractError> {
    let unpaid = |record: &Claim| record.granted.checked_sub(record.paid);
    let judged = record.judged.filter(|_| record.stood_at.is_none());
    let what = match (&record.status, record.paid_later) {
        (ClaimStatus::Paid {}, Some(amount)) => ClaimDecision::Paid { amount, judged },
        (ClaimStatus::Declined { reason }, _) => ClaimDecision::Declined {
            amount: unpaid(&record)?,
            by: record.declined_by.clone(),
            reason: reason.clone(),
        },
        (ClaimStatus::Lapsed { reason }, _) => ClaimDecision::Lapsed {
            amount: unpaid(&record)?,
            reason: *reason,
            judged,
        },
        _ => return Ok(None),
    };
    Ok(Some(ClaimStep {
        at: record.ended_at,
        what,
    }))
}

/// The pauses of payouts that stopped a clock between two moments, by time. None is
/// longer than the guardian may make it, so those before need not be walked.
pub(super) fn pauses(storage: &dyn Storage, start: Timestamp, end: Timestamp) -> StdResult<Vec<Pause>> {
    let first = start.nanos().saturating_sub(LONGEST.nanos().u64());
    let range = (Bound::inclusive(first), Bound::exclusive(end.nanos()));
    let past = PAST_PAUSES.range(storage, Some(range.0), Some(range.1), Order::Ascending);
    let last = PAUSES.load(storage)?.payouts;
    past.map(|row| row.map(|(_, pause)| pause))
        .chain([Ok(last)])
        .filter(|row| !matches!(row, Ok(pause) if pause.until <= start || pause.since >= end))
        .take(MOST_PAUSES)
        .collect()
}
