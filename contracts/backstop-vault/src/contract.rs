//! Entry points and dispatch.
//!
//! # Who may call what
//!
//! | message | sender | funds |
//! | --- | --- | --- |
//! | `Deposit` | anyone | the native asset |
//! | `Receive` | the cw20 asset's contract | none |
//! | `Unbond`, `CancelUnbond`, `Withdraw`, `ClaimRecovery` | a staker, for itself | none |
//! | `Withdraw` with `staker` | anyone, for tickets that their owner opened with `auto_withdraw` | none |
//! | `CoverShortfall` | the policyholder of an active policy; anyone for its own number that was answered before | none |
//! | `SettleClaim` | anyone | none |
//! | `Recover` | anyone | the native asset |
//! | `PayPremium` | the policyholder of an active policy | the native asset |
//! | `SendPremium` | anyone | none |
//! | `WithdrawCredit` | anyone, for itself | none |
//! | `ClosePolicy` | the owner, or the policyholder for itself | none |
//! | `AddPolicy`, `ChangePolicy`, `DeclineClaim`, `UpdateParams`, `SetDistributor` | the owner | none |
//! | `Pause` | the guardian | none |
//! | `Resume` | the guardian or the owner | none |
//! | `UpdateOwnership` | the owner; `AcceptOwnership` the pending one | none |
//! | `ProveDepth` | this contract | none |
//! | replies | this contract's own sub-messages | |
//! | `migrate` | the contract's admin on the chain | |
//!
//! Nothing but the asset itself can stop `Unbond` and `Withdraw`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};

use backstop_types::vault::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

use crate::error::ContractError;
use crate::{execute, migrate as versions, query as read};

/// Sets the vault up; see [`InstantiateMsg`] for the bounds.
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
    use execute::{admin, cover, credit, exit, guardian, policy, premium, recovery, settle, stake};
    match msg {
        ExecuteMsg::Deposit { min_shares, receiver } => {
            stake::deposit_native(deps, env, info, min_shares, receiver)
        }
        ExecuteMsg::Receive(wrapper) => execute::receive(deps, env, info, wrapper),
        ExecuteMsg::Unbond {
            shares,
            auto_withdraw,
        } => exit::unbond(deps, env, info, shares, auto_withdraw.unwrap_or(false)),
        ExecuteMsg::CancelUnbond { ticket } => exit::cancel_unbond(deps, info, ticket),
        ExecuteMsg::Withdraw {
            tickets,
            min_assets,
            limit,
            staker,
        } => exit::withdraw(deps, env, info, tickets, min_assets, limit, staker),
        ExecuteMsg::ClaimRecovery {
            losses,
            restake,
            limit,
        } => recovery::claim(deps, env, info, losses, restake.unwrap_or(false), limit),
        ExecuteMsg::CoverShortfall {
            shortfall,
            market,
            amount,
            price,
        } => cover::ask(deps, env, info, shortfall, market, amount, price),
        ExecuteMsg::SettleClaim { claim } => settle::settle(deps, env, info, claim),
        ExecuteMsg::Recover { loss } => recovery::recover_native(deps, info, loss),
        ExecuteMsg::PayPremium { market, max_rate } => premium::pay_native(deps, env, info, market, max_rate),
        ExecuteMsg::SendPremium { policyholder, market } => {
            premium::send(deps, env, info, policyholder, market)
        }
        ExecuteMsg::WithdrawCredit {} => credit::withdraw(deps, info),
        ExecuteMsg::ClosePolicy { policyholder, market } => {
            policy::close(deps, env, info, policyholder, market)
        }
        ExecuteMsg::AddPolicy {
            policyholder,
            market,
            terms,
        } => policy::add(deps, env, info, policyholder, market, terms),
        ExecuteMsg::ChangePolicy {
            policyholder,
            market,
            update,
        } => policy::change(deps, env, info, policyholder, market, update),
        ExecuteMsg::DeclineClaim { claim, reason } => settle::decline(deps, env, info, claim, reason),
        ExecuteMsg::UpdateParams { update } => admin::update_params(deps, env, info, update),
        ExecuteMsg::SetDistributor { distributor } => admin::set_distributor(deps, env, info, distributor),
        ExecuteMsg::Pause { what, duration } => guardian::pause(deps, env, info, what, duration),
        ExecuteMsg::Resume { what, pause } => guardian::resume(deps, env, info, what, pause),
        ExecuteMsg::UpdateOwnership(action) => admin::update_ownership(deps, env, info, action),
        ExecuteMsg::ProveDepth {} => cover::prove_depth(env, info),
    }
}

/// Answers of the breaker and of the distributor, told apart by id.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    match reply.id {
        execute::cover::REPLY_ID => execute::cover::answer(deps, env, reply),
        execute::settle::REPLY_ID => execute::settle::poked(deps, env, reply),
        execute::hook::REPLY_ID => execute::hook::failed(deps, &env, reply),
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
