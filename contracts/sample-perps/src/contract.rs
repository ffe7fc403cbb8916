//! Entry points and dispatch.
//!
//! # Who may call what
//!
//! Where the breaker's leave is needed, the message pokes it and acts in the
//! reply. Without leave it succeeds, emits `perps_denied` and does nothing else.
//!
//! | message | sender | funds | needs the breaker's leave for |
//! | --- | --- | --- | --- |
//! | `AddLiquidity` | anyone | the native asset | nothing: an order |
//! | `RemoveLiquidity` | a provider, for itself | the order's fee or more | nothing: an order |
//! | `Open` | anyone | the native asset | nothing: an order |
//! | `AddMargin` | the position's owner | the native asset | nothing |
//! | `Close` | the position's owner | the order's fee | nothing: an order |
//! | `CloseAtCeiling` | anyone | the order's fee | nothing: an order |
//! | `ExecuteOrder` | anyone | none | `open` or `reduce`, by the order |
//! | `ReturnOrder` | anyone | none | nothing |
//! | `Liquidate` | anyone | none | `liquidate` |
//! | `SendShortfall` | anyone; a liquidation that fills it | none | `payout`, or a price that would stand |
//! | `BookClaim`, `WriteOff` | anyone | none | nothing |
//! | `Deleverage` | anyone | none | `deleverage` |
//! | `AnnounceSettlement`, `Settle` | anyone | none | nothing: go on where `reduce` is denied |
//! | `ClaimCompensation`, `Withdraw` | a trader, for itself | none | nothing |
//! | `FundInsurance` | anyone | the native asset | nothing |
//! | `Receive` | the cw20 asset's contract | none | as the message in it |
//! | `UpdateParams`, `FollowBreaker` | the owner | none | nothing |
//! | `UpdateOwnership` | the owner; `accept_ownership` the pending one | none | nothing |
//! | `ProveDepth` | this contract | none | nothing |
//! | replies | this contract's own sub-messages | | |
//! | `migrate` | the contract's admin on the chain | | |
//!
//! No message moves one user's money to another but a liquidation, a settlement and
//! deleveraging by their rules; the owner has no way to any of it.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};

use crate::error::ContractError;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::{execute, migrate as versions, query as read};

/// Sets the exchange up; see [`InstantiateMsg`] for the bounds.
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
    use execute::{
        adl, admin, book_claim, compensation, credits, execution, liquidate, liquidity, order, payment,
        position, position::Opening, sending, settlement, write_off,
    };
    match msg {
        ExecuteMsg::AddLiquidity { min_shares, lifetime } => {
            let paid = payment::native(deps.storage, info)?;
            liquidity::order_add(deps, env, paid, min_shares, lifetime)
        }
        ExecuteMsg::RemoveLiquidity {
            shares,
            min_assets,
            lifetime,
        } => {
            let fee = payment::native_fee(deps.storage, info)?;
            liquidity::order_remove(deps, env, fee, shares, min_assets, lifetime)
        }
        ExecuteMsg::Open {
            side,
            size,
            limit,
            lifetime,
        } => {
            let paid = payment::native(deps.storage, info)?;
            position::order_open(
                deps,
                env,
                paid,
                Opening {
                    side,
                    size,
                    limit,
                    lifetime,
                },
            )
        }
        ExecuteMsg::AddMargin { position } => {
            let paid = payment::native(deps.storage, info)?;
            position::add_margin(deps, paid, position)
        }
        ExecuteMsg::Close {
            position,
            limit,
            lifetime,
        } => {
            let fee = payment::native_fee(deps.storage, info)?;
            position::order_close(deps, env, fee, position, limit, lifetime)
        }
        ExecuteMsg::CloseAtCeiling { position, lifetime } => {
            let fee = payment::native_fee(deps.storage, info)?;
            position::order_close_at_ceiling(deps, env, fee, position, lifetime)
        }
        ExecuteMsg::ExecuteOrder { order } => execution::ask_to_execute(deps.as_ref(), env, info, order),
        ExecuteMsg::ReturnOrder { order } => order::give_back(deps, env, info, order),
        ExecuteMsg::AnnounceSettlement {} => settlement::ask(deps, env, info, None),
        ExecuteMsg::Settle { position } => settlement::ask(deps, env, info, Some(position)),
        ExecuteMsg::FollowBreaker {} => admin::follow_breaker(deps, env, info),
        ExecuteMsg::Liquidate { position } => liquidate::ask_to_liquidate(deps.as_ref(), info, position),
        ExecuteMsg::SendShortfall { shortfall } => sending::ask_to_send(deps.as_ref(), env, info, shortfall),
        ExecuteMsg::Deleverage { shortfall, limit } => {
            adl::ask_to_deleverage(deps.as_ref(), env, info, shortfall, limit)
        }
        ExecuteMsg::WriteOff { shortfall } => write_off::write_off(deps, env, info, shortfall),
        ExecuteMsg::BookClaim { shortfall } => book_claim::book(deps, env, info, shortfall),
        ExecuteMsg::ClaimCompensation { start_after, limit } => {
            compensation::claim(deps, info, start_after, limit)
        }
        ExecuteMsg::Withdraw {} => credits::withdraw(deps, info),
        ExecuteMsg::FundInsurance {} => {
            let paid = payment::native(deps.storage, info)?;
            admin::fund_insurance(deps, paid)
        }
        ExecuteMsg::Receive(wrapper) => execute::receive(deps, env, info, wrapper),
        ExecuteMsg::UpdateParams { update } => admin::update_params(deps, info, *update),
        ExecuteMsg::ProveDepth {} => settlement::prove_depth(env, info),
        ExecuteMsg::UpdateOwnership(action) => admin::update_ownership(deps, env, info, action),
    }
}

/// The breaker's answers and the vault's.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    match reply.id {
        execute::shortfall::REPLY_ID => execute::shortfall::answered(deps, env, reply),
        execute::gate::REPLY_ID => execute::breaker_answer::act(deps, env, reply),
        execute::sending::REPLY_ID => execute::sending::answered(deps, env, reply),
        execute::shortfall::UNSENT_ID => execute::shortfall::unsent(reply),
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
