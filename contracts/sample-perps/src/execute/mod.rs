//! The handlers, a file per group of messages. Each is a story: guard, load,
//! decide in `backstop_core::perps`, store, respond. Where a price is needed, the
//! guards come first, then the breaker is asked ([`gate`]), and the rest is done in the
//! reply ([`breaker_answer`]).

pub mod adl;
pub mod admin;
pub mod book_claim;
pub mod bounty;
pub mod breaker_answer;
pub mod compensation;
pub mod credits;
pub mod execution;
pub mod gate;
pub mod liquidate;
pub mod liquidity;
pub mod order;
pub mod payment;
pub mod position;
pub mod sending;
pub mod settlement;
pub mod shortfall;
pub mod write_off;

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, from_json};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::msg::HookMsg;
use position::Opening;

/// The messages that come with a cw20 asset.
pub fn receive(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    wrapper: Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    let paid = payment::cw20(deps.as_ref(), &info, &wrapper)?;
    match from_json(&wrapper.msg)? {
        HookMsg::AddLiquidity { min_shares, lifetime } => {
            liquidity::order_add(deps, env, paid, min_shares, lifetime)
        }
        HookMsg::Open {
            side,
            size,
            limit,
            lifetime,
        } => position::order_open(
            deps,
            env,
            paid,
            Opening {
                side,
                size,
                limit,
                lifetime,
            },
        ),
        HookMsg::RemoveLiquidity {
            shares,
            min_assets,
            lifetime,
        } => liquidity::order_remove(deps, env, paid, shares, min_assets, lifetime),
        HookMsg::Close {
            position,
            limit,
            lifetime,
        } => position::order_close(deps, env, paid, position, limit, lifetime),
        HookMsg::CloseAtCeiling { position, lifetime } => {
            position::order_close_at_ceiling(deps, env, paid, position, lifetime)
        }
        HookMsg::AddMargin { position } => position::add_margin(deps, paid, position),
        HookMsg::FundInsurance {} => admin::fund_insurance(deps, paid),
    }
}
