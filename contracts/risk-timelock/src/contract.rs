//! Entry points and dispatch.
//!
//! # Who may call what
//!
//! | message | sender |
//! | --- | --- |
//! | `Submit`, `Cancel` | the owner |
//! | `Apply`, `Void` | anyone |
//! | `AcceptOwnership` of another contract | anyone |
//! | `AcceptOwnership` of the timelock itself | its pending owner |
//! | `migrate` | the contract's admin on the chain, which is to be itself |
//!
//! No message takes coins. There is no way around the queue: the timelock's own owner,
//! admin and code are changed by changes.

use std::hint::black_box;

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};

use backstop_types::input;
use backstop_types::timelock::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

use crate::error::ContractError;
use crate::{execute, migrate as versions, query as read};

/// Sets the timelock up for a vault that answers.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    execute::admin::instantiate(deps, msg)
}

/// One message, one handler. The large ones are called through a pointer: the optimizer
/// would make one function of all, of more locals than a chain's VM allows.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    use execute::{admin, apply, submit};
    input::no_funds(&info)?;
    match msg {
        ExecuteMsg::Submit { change, expect } => {
            let submit: fn(_, _, _, _, _) -> _ = submit::submit;
            black_box(submit)(deps, env, info, change, expect)
        }
        ExecuteMsg::Apply { change } => {
            let apply: fn(_, _, _, _) -> _ = apply::apply;
            black_box(apply)(deps, env, info, change)
        }
        ExecuteMsg::Void { change } => apply::void(deps, env, change),
        ExecuteMsg::Cancel { change } => submit::cancel(deps, env, info, change),
        ExecuteMsg::AcceptOwnership { contract } => admin::accept_ownership(deps, env, info, contract),
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
