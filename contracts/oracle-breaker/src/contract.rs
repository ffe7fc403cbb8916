//! Entry points and dispatch.
//!
//! # Who may call what
//!
//! | message | sender |
//! | --- | --- |
//! | `Poke` | anyone |
//! | `Report` | a reporter that is a source of each market reported |
//! | `AddMarket`, `UpdateMarket`, `RemoveSource`, `Reseed`, `SetGuardian` | the owner |
//! | `Trip` | the guardian |
//! | `UpdateOwnership` | the owner; `AcceptOwnership` the pending one |
//! | `migrate` | the contract's admin on the chain |
//!
//! No message takes coins, and none sends a message.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};

use backstop_types::breaker::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use backstop_types::input;

use crate::error::ContractError;
use crate::{execute, migrate as versions, query as read};

/// Sets the breaker up, without markets.
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

/// One message, one handler.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    use execute::{admin, guardian, markets, poke, report};
    input::no_funds(&info)?;
    match msg {
        ExecuteMsg::Poke { markets, action } => poke::poke(deps, env, markets, action),
        ExecuteMsg::Report { reports } => report::report(deps, env, info, reports),
        ExecuteMsg::AddMarket { market, config } => markets::add(deps, env, info, market, config),
        ExecuteMsg::UpdateMarket {
            market,
            params,
            sources,
        } => markets::update(deps, info, market, params, sources),
        ExecuteMsg::RemoveSource { market, source } => markets::remove_source(deps, info, market, source),
        ExecuteMsg::Trip { market, reason } => guardian::trip(deps, env, info, market, reason),
        ExecuteMsg::Reseed { market, trip } => markets::reseed(deps, env, info, market, trip),
        ExecuteMsg::SetGuardian { guardian } => admin::set_guardian(deps, info, guardian),
        ExecuteMsg::UpdateOwnership(action) => admin::update_ownership(deps, env, info, action),
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
