//! The end of a stream before its time: what it has left goes back to
//! whoever funded it, never to the owner who stops it.

use backstop_types::events::distributor::StreamStopped;
use backstop_types::{UncheckedDenom, input};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::funding::Stop;
use crate::ledger;
use crate::state::{DENOMS, LEDGER, STOPS, VAULT, refund, running, slot_of};

/// Stops a stream. If its token refuses the refund, nothing is stopped.
pub fn stop(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    denom: UncheckedDenom,
    number: u64,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let slot = slot_of(deps.as_ref(), "denom", &denom)?;
    let (mut ledger, _) = ledger::advanced(deps.storage, env.block.time)?;
    let staked = ledger.clock.staked;
    let funding = running(deps.storage, slot, number, staked)?;
    if funding.funder == VAULT.load(deps.storage)? {
        return Err(ContractError::EarnedPremium { number });
    }

    let stopped = ledger.stop(slot, &funding.stream()?)?;
    ledger::remove_changes(deps.storage, slot, stopped.edges)?;
    LEDGER.save(deps.storage, &ledger)?;
    let stop = Stop {
        refunded: stopped.refund,
        stopped_at: env.block.time,
    };
    STOPS.save(deps.storage, (slot, number), &stop)?;
    refund(deps.storage, slot, stop.refunded)?;

    let denom = DENOMS.load(deps.storage, slot)?.denom;
    Ok(Response::new()
        .add_messages(denom.pay(&funding.funder, stop.refunded)?)
        .add_event(StreamStopped {
            funder: funding.funder,
            denom,
            number,
            refunded: stop.refunded,
            staked: staked.0,
        }))
}
