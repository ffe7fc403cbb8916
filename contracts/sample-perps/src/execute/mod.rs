//! The handlers, a file per group of messages. Each is a story: guard, load,
//! decide in `backstop_core::perps`, store, respond.

pub mod adl;
pub mod admin;
pub mod book_claim;
pub mod compensation;
pub mod credits;

pub mod liquidate;
pub mod liquidity;
pub mod payment;
pub mod position;
pub mod price;
pub mod resend;
pub mod shortfall;
pub mod write_off;

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, from_json};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::msg::HookMsg;

/// The messages that come with a cw20 asset.
pub fn receive(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    wrapper: Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    let paid = payment::cw20(deps.as_ref(), &info, &wrapper)?;
    match from_json(&wrapper.msg)? {
        HookMsg::AddLiquidity { min_shares } => liquidity::add(deps, paid, min_shares),
        HookMsg::Open { side, size, limit } => position::open(deps, env, paid, side, size, limit),
        HookMsg::AddMargin { position } => position::add_margin(deps, paid, position),
        HookMsg::FundInsurance {} => admin::fund_insurance(deps, paid),
    }
}
