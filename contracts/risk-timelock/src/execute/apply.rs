//! What anyone may do with a change that waits: make it when it is due, or mark it
//! void when it can never be made any more.

use backstop_core::timelock::exits_slower;
use backstop_types::events::timelock::ChangeApplied;
use backstop_types::timelock::{ChangeRecord, FieldChange, Status, VoidReason};
use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::passing::pass_on;
use crate::present::Parties;
use crate::state;

/// `Apply`. A change that is void by now is marked so, which is a success: an error
/// would undo the mark.
pub fn apply(mut deps: DepsMut, env: Env, info: MessageInfo, number: u64) -> Result<Response, ContractError> {
    let record = state::pending(deps.storage, number)?;
    let now = env.block.time;
    match record.wait {
        Some(wait) if now < wait.due => {
            return Err(ContractError::NotDue {
                change: number,
                due: wait.due,
                now,
            });
        }
        _ => {}
    }
    let (fields, parties) = match judge(deps.as_ref(), &env, &record)? {
        Verdict::Stands(fields, parties) => (fields, parties),
        Verdict::Void(reason) => {
            let voided = state::void(deps.storage, number, record, reason, None, now)?;
            return Ok(Response::new().add_event(voided));
        }
    };
    parties.remember(deps.storage, Some(&record.change))?;
    state::end(deps.storage, number, record.clone(), Status::Applied { at: now })?;
    let voided = state::overtake(deps.storage, number, &record.target, &fields, now)?;
    let message = pass_on(deps.branch(), &env, &record.contract, &record.change)?;
    Ok(Response::new()
        .add_messages(message)
        .add_event(ChangeApplied {
            change: number,
            class: record.class(),
            contract: record.contract,
            target: record.target,
            by: info.sender,
        })
        .add_events(voided))
}

/// `Void`.
pub fn void(deps: DepsMut, env: Env, number: u64) -> Result<Response, ContractError> {
    let record = state::pending(deps.storage, number)?;
    match judge(deps.as_ref(), &env, &record)? {
        Verdict::Stands(..) => Err(ContractError::Stands { change: number }),
        Verdict::Void(reason) => {
            let voided = state::void(deps.storage, number, record, reason, None, env.block.time)?;
            Ok(Response::new().add_event(voided))
        }
    }
}

/// How a pending change stands.
enum Verdict {
    /// It can be made when it is due: its fields, and the contracts as they are.
    Stands(Vec<FieldChange>, Box<Parties>),
    /// It never can.
    Void(VoidReason),
}

fn judge(deps: Deps, env: &Env, record: &ChangeRecord) -> Result<Verdict, ContractError> {
    // Without asking anybody, so that a contract that is gone keeps nothing pending.
    if record.wait.is_some_and(|wait| wait.lapses <= env.block.time) {
        return Ok(Verdict::Void(VoidReason::Lapsed));
    }
    let parties = Parties::load(deps, env)?;
    let subject = parties.subject(deps, &record.change)?;
    if subject.contract != record.contract || subject.before != record.from {
        return Ok(Verdict::Void(VoidReason::Overtaken));
    }
    if record
        .wait
        .is_some_and(|wait| exits_slower(&wait, parties.now.pace))
    {
        return Ok(Verdict::Void(VoidReason::ExitsSlower));
    }
    let fields = subject.fields(&record.change)?;
    Ok(Verdict::Stands(fields, Box::new(parties)))
}
