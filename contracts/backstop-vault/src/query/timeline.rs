//! One claim's decisions in the order of time, from its record and from the pauses
//! that stopped its clock.

use backstop_types::vault::{
    Claim, ClaimDecision, ClaimResponse, ClaimStatus, ClaimStep, ClaimTimelineResponse,
};
use cosmwasm_std::{Deps, Env, Timestamp};

use super::claims;
use crate::error::ContractError;

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
    for pause in claims::pauses(deps.storage, record.filed_at, end)? {
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
