//! The breaker's leave and price. Every action that takes a price checks what
//! needs none, then pokes the breaker by a sub-message with a gas limit, and is
//! done in the reply. There is no other source of prices in this contract, and
//! no way around a denial.

use backstop_types::breaker::{Action, Faults, Gate, MarketState, gated};
use backstop_types::events::perps::ActionDenied;
use backstop_types::{Assets, Open};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, DepsMut, Env, Reply, Response};

use super::adl::{self, Deleveraging};
use super::liquidate::{self, Liquidation};
use super::liquidity::{self, Adding, Removing};
use super::position::{self, Closing, Opening};
use crate::error::ContractError;
use crate::state::{CONFIG, Config};

/// The reply to a poke, with a [`Request`] as payload.
pub const REPLY_ID: u64 = 2;

/// An action that waits for the breaker's leave: who asked, what came in, and
/// what was asked for. What is stored is read again in the reply.
#[cw_serde]
pub enum Request {
    /// `AddLiquidity`.
    AddLiquidity(Adding),
    /// `RemoveLiquidity`.
    RemoveLiquidity(Removing),
    /// `Open`.
    Open(Opening),
    /// `Close`.
    Close(Closing),
    /// `Liquidate`.
    Liquidate(Liquidation),
    /// `Deleverage`.
    Deleverage(Deleveraging),
}

impl Request {
    /// What the breaker is asked for.
    fn action(&self) -> Action {
        match self {
            Self::AddLiquidity(_) | Self::Open(_) => Action::Open,
            Self::RemoveLiquidity(_) | Self::Close(_) => Action::Reduce,
            Self::Liquidate(_) => Action::Liquidate,
            Self::Deleverage(_) => Action::Deleverage,
        }
    }

    /// Who sent it, and how much of the asset came with it.
    fn sent(self) -> (Addr, Assets) {
        match self {
            Self::AddLiquidity(adding) => (adding.paid.sender, adding.paid.amount),
            Self::Open(opening) => (opening.paid.sender, opening.paid.amount),
            Self::RemoveLiquidity(removing) => (removing.provider, Assets::ZERO),
            Self::Close(closing) => (closing.trader, Assets::ZERO),
            Self::Liquidate(liquidation) => (liquidation.keeper, Assets::ZERO),
            Self::Deleverage(deleveraging) => (deleveraging.sender, Assets::ZERO),
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
    let leave = match gate {
        Gate::Allowed(leave) => leave,
        Gate::Denied { state, faults } => return hand_back(deps, request, Some(state), faults),
        Gate::NoAnswer => return hand_back(deps, request, None, Faults::NONE),
    };
    match request {
        Request::AddLiquidity(adding) => liquidity::add(deps, adding, Some(leave.price)),
        Request::RemoveLiquidity(removing) => liquidity::remove(deps, removing, Some(leave)),
        Request::Open(opening) => position::open(deps, env, opening, leave.price),
        Request::Close(closing) => position::close(deps, closing, leave),
        Request::Liquidate(liquidation) => liquidate::liquidate(deps, env, liquidation, leave.price),
        Request::Deleverage(deleveraging) => adl::deleverage(deps, deleveraging, leave.price),
    }
}

/// Gives back what came in, and succeeds: an error would take back the trip
/// that the poke may have recorded.
fn hand_back(
    deps: DepsMut,
    request: Request,
    state: Option<Open<MarketState>>,
    reasons: Faults,
) -> Result<Response, ContractError> {
    let asset = CONFIG.load(deps.storage)?.asset;
    let action = request.action();
    let (sender, returned) = request.sent();
    Ok(Response::new()
        .add_messages(asset.pay(&sender, returned.0)?)
        .add_event(ActionDenied {
            action,
            sender,
            state,
            reasons,
            returned,
        }))
}
