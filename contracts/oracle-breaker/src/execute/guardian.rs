//! The guardian can stop a market for a while when it knows what no source
//! says. It cannot start one again.

use backstop_core::breaker::{guardian_ready_at, guardian_trip};
use backstop_types::breaker::Transition;
use backstop_types::{Unauthorized, events, input};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::history;
use crate::state::{self, CONFIG, RECORDS, TRIPS};

/// Trips a market for at least 72 hours.
pub fn trip(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    market: String,
    reason: String,
) -> Result<Response, ContractError> {
    let guardian = CONFIG.load(deps.storage)?.guardian;
    Unauthorized::unless(
        guardian.as_ref() == Some(&info.sender),
        &info.sender,
        "the guardian",
    )?;
    input::short("reason", &reason, input::MAX_TEXT)?;
    state::market_config(deps.storage, &market)?;
    let before = state::record(deps.storage, &market)?;
    let now = env.block.time;
    if let Some(ready_at) = guardian_ready_at(&before).filter(|ready_at| now < *ready_at) {
        return Err(ContractError::GuardianRests {
            market,
            now,
            ready_at,
        });
    }

    let (mut after, opened) = guardian_trip(&before, now);
    let transition = Transition {
        at: now,
        from: before.state,
        to: after.state,
        faults: after.watch.faults,
        trip: after.trip(),
        by: Some(info.sender.clone()),
        median: None,
        reference: before.watch.reference.map(|reference| reference.price),
        findings: vec![],
        sources: vec![],
    };
    history::record(deps.storage, &market, &mut after, &transition)?;
    RECORDS.save(deps.storage, &market, &after)?;
    if let Some(trip) = opened {
        TRIPS.save(deps.storage, (&market, after.trips), &trip)?;
    }
    Ok(Response::new().add_event(events::breaker::StateChanged {
        market,
        from: before.state,
        to: after.state,
        reasons: after.watch.faults,
        trip: after.trip(),
        by: Some(info.sender),
        evidence: reason,
    }))
}
