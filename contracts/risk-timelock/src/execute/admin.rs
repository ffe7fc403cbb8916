//! Setting up, and ownership that is offered.

use backstop_types::events::common::{Instantiated, OwnershipChanged};
use backstop_types::input;
use backstop_types::timelock::{Contract, InstantiateMsg, Reader};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use cw_ownable::Action;

use crate::error::ContractError;
use crate::migrate::{NAME, VERSION};
use crate::passing::update_ownership;
use crate::present::{Parties, to_remember};
use crate::state::{COUNTS, Counts, LAST_TOLD, VAULT};

/// Names owner and vault, which must answer.
pub fn instantiate(deps: DepsMut, msg: InstantiateMsg) -> Result<Response, ContractError> {
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let owner = input::address(deps.api, "owner", &msg.owner)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(owner.as_str()))?;
    let vault = input::address(deps.api, "vault", &msg.vault)?;
    let Ok(told) = Reader(deps.querier).vault(&vault) else {
        let bound = "a vault that tells its breaker, unbonding period and notice";
        return Err(input::InputError::bounds("vault", vault, bound).into());
    };
    LAST_TOLD.save(deps.storage, &to_remember(&told))?;
    VAULT.save(deps.storage, &vault)?;
    COUNTS.save(deps.storage, &Counts::default())?;
    Ok(Response::new().add_event(Instantiated {
        contract: NAME.to_string(),
        version: VERSION.to_string(),
        owner,
    }))
}

/// `AcceptOwnership`: of another contract, which refuses unless it was offered; or of
/// the timelock, by whom it was offered to.
pub fn accept_ownership(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    contract: Contract,
) -> Result<Response, ContractError> {
    if contract == (Contract::Timelock {}) {
        let ownership =
            cw_ownable::update_ownership(deps, &env.block, &info.sender, Action::AcceptOwnership)?;
        return Ok(Response::new().add_event(OwnershipChanged::from(ownership)));
    }
    let parties = Parties::load(deps.as_ref(), &env)?;
    parties.remember(deps.storage, None)?;
    let contract = parties.address(deps.as_ref(), &contract)?;
    Ok(Response::new().add_message(update_ownership(&contract, Action::AcceptOwnership)?))
}
