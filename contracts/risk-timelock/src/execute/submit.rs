//! The owner's word: a change, and its withdrawal.

use backstop_core::timelock::wait;
use backstop_types::Seconds;
use backstop_types::events::timelock::{ChangeApplied, ChangeCancelled, ChangeSubmitted};
use backstop_types::timelock::{Before, Change, ChangeRecord, Class, Status, VaultChange};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, to_json_string};

use crate::error::ContractError;
use crate::passing::pass_on;
use crate::present::Parties;
use crate::state;

/// `Submit`: makes a change that raises nobody's risk, and lets any other wait.
pub fn submit(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    change: Change,
    expect: Option<Before>,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let now = env.block.time;
    let parties = Parties::load(deps.as_ref(), &env)?;
    let subject = parties.subject(deps.as_ref(), &change)?;
    // A close goes through also where its terms can no longer be read.
    let unread = matches!(change, Change::Vault(VaultChange::ClosePolicy { .. }))
        && subject.before == (Before::Event {});
    let unexpected = |expected: &Before| *expected != subject.before && !unread;
    if let Some(expected) = expect.filter(unexpected) {
        return Err(ContractError::Unexpected {
            now: to_json_string(&subject.before)?,
            expected: to_json_string(&expected)?,
        });
    }
    let fields = subject.fields(&change)?;
    let waits = wait(&fields, now, parties.now.pace);
    let record = ChangeRecord {
        change,
        contract: subject.contract,
        target: subject.target,
        from: subject.before,
        submitted_at: now,
        wait: waits,
        status: match waits {
            Some(_) => Status::Pending {},
            None => Status::Applied { at: now },
        },
    };
    let class = record.class();
    let made = waits.is_none().then_some(&record.change);
    parties.remember(deps.storage, made)?;
    let number = state::enter(deps.storage, &record)?;
    let submitted = ChangeSubmitted {
        change: number,
        contract: record.contract.clone(),
        target: record.target.clone(),
        class,
        due: waits.map(|wait| Seconds::clock(wait.due)),
        lapses: waits.map(|wait| Seconds::clock(wait.lapses)),
        by: info.sender.clone(),
    };
    let response = Response::new().add_event(submitted);
    if class == Class::Waits {
        return Ok(response);
    }
    let voided = state::overtake(deps.storage, number, &record.target, &fields, now)?;
    let message = pass_on(deps.branch(), &env, &record.contract, &record.change)?;
    Ok(response
        .add_messages(message)
        .add_event(ChangeApplied {
            change: number,
            contract: record.contract,
            target: record.target,
            class,
            by: info.sender,
        })
        .add_events(voided))
}

/// `Cancel`: withdraws a change that waits.
pub fn cancel(deps: DepsMut, env: Env, info: MessageInfo, number: u64) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let record = state::pending(deps.storage, number)?;
    let event = ChangeCancelled {
        change: number,
        contract: record.contract.clone(),
        target: record.target.clone(),
        by: info.sender,
    };
    let status = Status::Cancelled { at: env.block.time };
    state::end(deps.storage, number, record, status)?;
    Ok(Response::new().add_event(event))
}
