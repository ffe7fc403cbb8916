//! What the vault does, a file per group of messages.

pub mod admin;
pub mod cover;
pub mod credit;
pub mod exit;
pub mod guardian;
pub mod hook;
pub mod policy;
pub mod premium;
pub mod recovery;
pub mod settle;
pub mod stake;

use backstop_types::vault::HookMsg;
use backstop_types::{Assets, input};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, from_json};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::state::CONFIG;

/// `Receive` of a cw20 asset: a deposit, a recovery, or a premium.
pub fn receive(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    wrapper: Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let amount = Assets(config.asset.received(&info, wrapper.amount)?);
    let sender = input::address(deps.api, "sender", &wrapper.sender)?;
    match from_json(&wrapper.msg)? {
        HookMsg::Deposit { min_shares, receiver } => {
            stake::deposit(deps, &env, &config, sender, amount, min_shares, receiver)
        }
        HookMsg::Recover { loss } => recovery::recover(deps, sender, loss, amount),
        HookMsg::PayPremium { market, max_rate } => {
            premium::pay(deps, &env, &config, sender, amount, &market, max_rate)
        }
    }
}
