//! The breaker's leave and price. Every action that takes a price checks what
//! needs none, then pokes the breaker by a sub-message with a gas limit, and is
//! done in the reply. There is no other source of prices in this contract, and
//! no way around a denial.

use backstop_types::Open;
use backstop_types::breaker::{Action, Faults, Gate, MarketState, gated};
use backstop_types::events::perps::ActionDenied;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, DepsMut, Env, Reply, Response};

use super::adl::{self, Deleveraging};
use super::liquidate::{self, Liquidation};
use super::order::{self, Executing};
use super::settlement::{self, Settling};
use crate::error::ContractError;
use crate::state::{Config, LEDGER};

/// The reply to a poke, with a [`Request`] as payload.
pub const REPLY_ID: u64 = 2;

/// An action that waits for the breaker's leave: who asked, and for what. What is
/// stored is read again in the reply.
#[cw_serde]
pub enum Request {
    /// `ExecuteOrder`, and what its order asks the breaker for.
    Execute(Action, Executing),
    /// `Liquidate`.
    Liquidate(Liquidation),
    /// `Deleverage`.
    Deleverage(Deleveraging),
    /// `AnnounceSettlement` or `Settle`, which go on where there is no leave.
    Settle(Settling),
}

impl Request {
    /// What the breaker is asked for.
    fn action(&self) -> Action {
        match self {
            Self::Execute(action, _) => *action,
            Self::Settle(_) => Action::Reduce,
            Self::Liquidate(_) => Action::Liquidate,
            Self::Deleverage(_) => Action::Deleverage,
        }
    }

    /// Who sent it.
    fn sender(self) -> Addr {
        match self {
            Self::Execute(_, executing) => executing.keeper,
            Self::Liquidate(liquidation) => liquidation.keeper,
            Self::Deleverage(deleveraging) => deleveraging.sender,
            Self::Settle(settling) => settling.sender,
        }
    }
}

/// Asks the breaker. The request is done in the reply, or not at all.
pub fn ask(config: &Config, request: &Request) -> Result<Response, ContractError> {
    let gas = config.params.poke_gas;
    let poke = config
        .breaker
        .gate(&config.market, request.action(), gas, REPLY_ID, request)?;
    Ok(Response::new().add_submessage(poke))
}

/// The reply to the poke: acts, if the breaker allows it.
pub fn answered(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let (request, gate) = gated::<Request>(reply)?;
    let leave = match (gate, request) {
        (Gate::Allowed(leave), request) => (leave, request),
        // Denied or not: where the sources agree on a price, the feeds are not dead.
        (Gate::Denied { median: Some(_), .. }, Request::Settle(settling)) => {
            return settlement::call_off(deps, settling);
        }
        (Gate::NoAnswer, Request::Settle(settling)) => {
            let proof = settlement::depth_proof(&env)?;
            return Ok(settlement::go_on(deps, env, settling)?.add_message(proof));
        }
        (_, Request::Settle(settling)) => return settlement::go_on(deps, env, settling),
        (Gate::Denied { state, faults, .. }, request) => return Ok(denied(request, Some(state), faults)),
        (Gate::NoAnswer, request) => return Ok(denied(request, None, Faults::NONE)),
    };
    let (leave, request) = leave;
    let mut ledger = LEDGER.load(deps.storage)?;
    ledger.clock.tick(env.block.time);
    LEDGER.save(deps.storage, &ledger)?;
    match request {
        Request::Execute(_, executing) => order::execute(deps, env, executing, leave),
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
