//! What is done with the breaker's answer: what was asked for if it gives leave, and
//! nothing without. There is no way around a denial.

use backstop_types::Open;
use backstop_types::breaker::{Faults, Gate, MarketState, gated};
use backstop_types::events::perps::ActionDenied;
use cosmwasm_std::{DepsMut, Env, Reply, Response};

use super::gate::Request;
use super::{adl, execution, liquidate, settlement};
use crate::error::ContractError;
use crate::state::LEDGER;

/// The reply to the poke: acts, if the breaker allows it.
pub fn act(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let (request, gate) = gated::<Request>(reply)?;
    let (leave, request) = match (gate, request) {
        (Gate::Allowed(leave), request) => (leave, request),
        (gate, Request::Settle(settling)) => return settlement::denied(deps, env, settling, gate),
        (Gate::Denied { state, faults, .. }, request) => return Ok(denied(request, Some(state), faults)),
        (Gate::NoAnswer, request) => return Ok(denied(request, None, Faults::NONE)),
    };
    let mut ledger = LEDGER.load(deps.storage)?;
    ledger.clock.tick(env.block.time);
    LEDGER.save(deps.storage, &ledger)?;
    match request {
        Request::Execute(_, executing) => execution::execute(deps, env, executing, leave),
        Request::Liquidate(liquidation) => liquidate::liquidate(deps, env, liquidation, leave.price),
        Request::Deleverage(deleveraging) => adl::deleverage(deps, env, deleveraging, leave.price),
        Request::Settle(settling) => settlement::call_off(deps, settling),
    }
}

/// Does nothing, and succeeds: an error would take back the trip that the poke may
/// have recorded. An order stays as it is.
fn denied(request: Request, state: Option<Open<MarketState>>, reasons: Faults) -> Response {
    let action = request.action();
    Response::new().add_event(ActionDenied {
        action,
        sender: request.sender(),
        state,
        reasons,
    })
}
