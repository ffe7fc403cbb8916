//! The handlers, a file per group of messages. Each is a story: guard, load,
//! decide in `backstop_core::perps`, store, respond. Where a price is needed, the
//! guards come first and the rest in the reply to the breaker's poke ([`gate`]).

pub mod adl;
pub mod admin;
pub mod book_claim;
pub mod compensation;
pub mod credits;
pub mod gate;
pub mod liquidate;
pub mod liquidity;
pub mod payment;
pub mod position;
pub mod resend;
pub mod shortfall;
pub mod write_off;

use cosmwasm_std::{DepsMut, MessageInfo, Response, from_json};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::msg::HookMsg;
use liquidity::Adding;
use position::Opening;

/// The messages that come with a cw20 asset.
pub fn receive(deps: DepsMut, info: MessageInfo, wrapper: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let paid = payment::cw20(deps.as_ref(), &info, &wrapper)?;
    match from_json(&wrapper.msg)? {
        HookMsg::AddLiquidity { min_shares } => liquidity::ask_to_add(deps, Adding { paid, min_shares }),
        HookMsg::Open { side, size, limit } => position::ask_to_open(
            deps.as_ref(),
            Opening {
                paid,
                side,
                size,
                limit,
            },
        ),
        HookMsg::AddMargin { position } => position::add_margin(deps, paid, position),
        HookMsg::FundInsurance {} => admin::fund_insurance(deps, paid),
    }
}
