//! Entry points and dispatch.
//!
//! # Who may call what
//!
//! | message | sender | funds |
//! | --- | --- | --- |
//! | `StakeChanged` | the vault | none |
//! | `Claim` | a staker, of its own | none |
//! | `Fund` | anyone | one coin of a listed denom |
//! | `Receive` | the contract of a listed cw20 | none |
//! | `Sync`, `Advance` | anyone | none |
//! | `ListDenom`, `DelistDenom`, `Stop` | the owner | none |
//! | `UpdateOwnership` | the owner; `AcceptOwnership` the pending one | none |
//! | replies | this contract's own sub-messages | |
//! | `migrate` | the contract's admin on the chain | |

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};

use backstop_types::distributor::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

use crate::error::ContractError;
use crate::{execute, migrate as versions, query as read};

/// Sets the distributor up; see [`InstantiateMsg`] for the bounds.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    execute::admin::instantiate(deps, env, info, msg)
}

/// One message, one handler.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    use execute::{admin, claim, fund, stake, stop};
    match msg {
        ExecuteMsg::StakeChanged(change) => stake::changed(deps, env, info, change),
        ExecuteMsg::Sync { staker } => stake::sync(deps, env, info, staker),
        ExecuteMsg::Claim {
            denoms,
            receiver,
            restake,
        } => claim::claim(deps, env, info, denoms, receiver, restake.unwrap_or(false)),
        ExecuteMsg::Fund(terms) => fund::native(deps, env, info, terms),
        ExecuteMsg::Stop { denom, number } => stop::stop(deps, env, info, denom, number),
        ExecuteMsg::Receive(wrapper) => fund::receive(deps, env, info, wrapper),
        ExecuteMsg::Advance { denom, limit } => fund::advance(deps, env, info, denom, limit),
        ExecuteMsg::ListDenom(listing) => admin::list(deps, env, info, listing),
        ExecuteMsg::DelistDenom { denom } => admin::delist(deps, info, denom),
        ExecuteMsg::UpdateOwnership(action) => admin::update_ownership(deps, env, info, action),
    }
}

/// A payout that failed, told apart by id.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> Result<Response, ContractError> {
    match reply.id {
        execute::claim::REPLY_ID => execute::claim::failed(deps, reply),
        id => Err(ContractError::UnknownReply { id }),
    }
}

/// Reads; every list is paged.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    read::answer(deps, env, msg)
}

/// Takes over an older version's storage.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    versions::migrate(deps)
}
