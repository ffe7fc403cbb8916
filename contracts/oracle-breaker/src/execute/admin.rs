//! Owner and guardian.

use backstop_types::breaker::{Config, InstantiateMsg};
use backstop_types::events::common::{Instantiated, OwnershipChanged};
use backstop_types::{Change, Patch, events, input};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use cw_ownable::Action;

use crate::error::ContractError;
use crate::migrate::{NAME, VERSION};
use crate::state::CONFIG;

/// Names owner and guardian.
pub fn instantiate(deps: DepsMut, msg: InstantiateMsg) -> Result<Response, ContractError> {
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let owner = input::address(deps.api, "owner", &msg.owner)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(owner.as_str()))?;
    let new = input::address_if_any(deps.api, "guardian", msg.guardian)?;
    CONFIG.save(
        deps.storage,
        &Config {
            guardian: new.clone(),
        },
    )?;
    let set_up = Instantiated {
        contract: NAME.to_string(),
        version: VERSION.to_string(),
        owner,
    };
    Ok(Response::new()
        .add_event(set_up)
        .add_event(events::breaker::GuardianChanged { old: None, new }))
}

/// Names another guardian, or none. A guardian's trip that stands goes on.
pub fn set_guardian(
    deps: DepsMut,
    info: MessageInfo,
    guardian: Patch<String>,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let old = CONFIG.load(deps.storage)?.guardian;
    let new = input::address_if_any(deps.api, "guardian", guardian.apply(None))?;
    CONFIG.save(
        deps.storage,
        &Config {
            guardian: new.clone(),
        },
    )?;
    Ok(Response::new().add_event(events::breaker::GuardianChanged { old, new }))
}

/// Transfers ownership in two steps.
pub fn update_ownership(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    action: Action,
) -> Result<Response, ContractError> {
    let ownership = cw_ownable::update_ownership(deps, &env.block, &info.sender, action)?;
    Ok(Response::new().add_event(OwnershipChanged::from(ownership)))
}
