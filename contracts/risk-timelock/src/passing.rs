//! Passing a change on to the contract that it changes, as that contract's own message.

use backstop_types::Patch;
use backstop_types::timelock::Change;
use cosmwasm_std::{Addr, CosmosMsg, DepsMut, Env, StdResult, WasmMsg, wasm_execute};
use cw_ownable::Action;
use serde::Serialize;

use crate::error::ContractError;

/// Of the three contracts' messages, the one that all have.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Owned {
    UpdateOwnership(Action),
}

/// The message that makes the change of `contract`; none where it is made here: the
/// timelock's own owner.
pub fn pass_on(
    deps: DepsMut,
    env: &Env,
    contract: &Addr,
    change: &Change,
) -> Result<Option<CosmosMsg>, ContractError> {
    Ok(match change {
        // Each has the JSON of its contract's message.
        Change::Vault(change) => Some(call(contract, change)?),
        Change::Distributor(change) => Some(call(contract, change)?),
        Change::Breaker { change, .. } => Some(call(contract, change)?),
        Change::Code { code_id, msg, .. } => Some(
            WasmMsg::Migrate {
                contract_addr: contract.to_string(),
                new_code_id: *code_id,
                msg: msg.clone(),
            }
            .into(),
        ),
        Change::Admin { admin, .. } => Some(new_admin(contract, admin).into()),
        Change::TransferOwnership {
            new_owner, expiry, ..
        } => {
            let action = Action::TransferOwnership {
                new_owner: new_owner.clone(),
                expiry: *expiry,
            };
            ownership(deps, env, contract, action)?
        }
        Change::RenounceOwnership { .. } => ownership(deps, env, contract, Action::RenounceOwnership)?,
    })
}

/// A step of another contract's ownership by message, and of the timelock's own here.
fn ownership(
    deps: DepsMut,
    env: &Env,
    contract: &Addr,
    action: Action,
) -> Result<Option<CosmosMsg>, ContractError> {
    if *contract != env.contract.address {
        return Ok(Some(update_ownership(contract, action)?));
    }
    // Only the owner can have submitted it.
    let owner = cw_ownable::get_ownership(deps.storage)?.owner;
    let owner = owner.ok_or(cw_ownable::OwnershipError::NoOwner)?;
    cw_ownable::update_ownership(deps, &env.block, &owner, action)?;
    Ok(None)
}

/// The message to another contract about its owner.
pub fn update_ownership(contract: &Addr, action: Action) -> StdResult<CosmosMsg> {
    call(contract, &Owned::UpdateOwnership(action))
}

fn call(contract: &Addr, msg: &impl Serialize) -> StdResult<CosmosMsg> {
    Ok(wasm_execute(contract, msg, vec![])?.into())
}

fn new_admin(contract: &Addr, admin: &Patch<String>) -> WasmMsg {
    let contract_addr = contract.to_string();
    match admin {
        Patch::Set(admin) => WasmMsg::UpdateAdmin {
            contract_addr,
            admin: admin.clone(),
        },
        Patch::Remove {} => WasmMsg::ClearAdmin { contract_addr },
    }
}
