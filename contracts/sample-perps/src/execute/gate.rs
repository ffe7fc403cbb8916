//! Asking the breaker. Every action that takes a price checks what needs none, then
//! pokes the breaker by a sub-message with a gas limit, and is done in the reply
//! ([`breaker_answer`](super::breaker_answer)). There is no other source of prices in
//! this contract.

use backstop_types::breaker::Action;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Response};

use crate::error::ContractError;
use crate::state::Config;

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

/// `ExecuteOrder`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Executing {
    /// Who gets the fee.
    pub keeper: Addr,
    /// The order's number.
    pub order: u64,
}

/// `Liquidate`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Liquidation {
    /// Who gets the fee.
    pub keeper: Addr,
    /// The position's number.
    pub position: u64,
}

/// `Deleverage`, as it waits for the breaker's leave.
#[cw_serde]
pub struct Deleveraging {
    /// Who sent it.
    pub sender: Addr,
    /// The shortfall's number.
    pub shortfall: u64,
    /// How many positions at most.
    pub limit: Option<u32>,
}

/// `AnnounceSettlement`, or `Settle` with a position, as it waits for the breaker's
/// denial.
#[cw_serde]
pub struct Settling {
    /// Who sent it.
    pub sender: Addr,
    /// Which position; none where it is to be announced.
    pub position: Option<u64>,
}

impl Request {
    /// What the breaker is asked for.
    pub fn action(&self) -> Action {
        match self {
            Self::Execute(action, _) => *action,
            Self::Settle(_) => Action::Reduce,
            Self::Liquidate(_) => Action::Liquidate,
            Self::Deleverage(_) => Action::Deleverage,
        }
    }

    /// Who sent it.
    pub fn sender(self) -> Addr {
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
