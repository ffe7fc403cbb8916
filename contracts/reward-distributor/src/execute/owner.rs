//! What the owner decides: which denoms may be funded, and who owns.

use backstop_core::rewards::Ledger;
use backstop_types::distributor::{InstantiateMsg, Listing};
use backstop_types::events::common::{Instantiated, OwnershipChanged};
use backstop_types::events::distributor::{DenomDelisted, DenomListed};
use backstop_types::{Denom, UncheckedDenom, input};
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage, Uint128};
use cw_ownable::Action;

use crate::contract::{NAME, VERSION};
use crate::error::ContractError;
use crate::ledger;
use crate::state::{DENOMS, DenomRecord, LEDGER, MAX_DENOMS, SLOTS, VAULT, denoms, slot_of};

/// Sets the distributor up.
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let owner = input::address(deps.api, "owner", &msg.owner)?;
    let vault = input::address(deps.api, "vault", &msg.vault)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(owner.as_str()))?;
    VAULT.save(deps.storage, &vault)?;

    let mut ledger = Ledger::default();
    ledger.clock.tick(env.block.time);
    let mut checked = Vec::new();
    for listing in msg.denoms.iter().take(MAX_DENOMS.saturating_add(1)) {
        checked.push(listing.denom.check(deps.api, &deps.querier, "denoms")?);
    }
    if !checked.is_empty() {
        input::distinct("denoms", &checked, MAX_DENOMS)?;
    }
    let mut response = Response::new().add_event(Instantiated {
        contract: NAME.to_string(),
        version: VERSION.to_string(),
        owner,
    });
    for (denom, listing) in checked.into_iter().zip(msg.denoms) {
        response = response.add_event(enter(deps.storage, &mut ledger, denom, listing.min_rate)?);
    }
    LEDGER.save(deps.storage, &ledger)?;
    Ok(response)
}

/// Lists a denom, lists it again, or sets its minimum rate.
pub fn list(deps: DepsMut, env: Env, info: MessageInfo, listing: Listing) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let denom = listing.denom.check(deps.api, &deps.querier, "denom")?;
    let (mut ledger, _) = ledger::advanced(deps.storage, env.block.time)?;
    let event = enter(deps.storage, &mut ledger, denom, listing.min_rate)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(event))
}

/// Gives a new denom the next place; an old one keeps its own.
fn enter(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    denom: Denom,
    min_rate: Uint128,
) -> Result<Event, ContractError> {
    input::within("min_rate", min_rate, Uint128::one(), Uint128::MAX)?;
    let slot = match SLOTS.may_load(storage, &denom.key())? {
        Some(slot) => slot,
        None => next_slot(storage, ledger, &denom)?,
    };
    let fresh = DenomRecord {
        denom: denom.clone(),
        listed: true,
        min_rate,
    };
    let mut record = DENOMS.may_load(storage, slot)?.unwrap_or(fresh);
    record.listed = true;
    record.min_rate = min_rate;
    DENOMS.save(storage, slot, &record)?;
    Ok(DenomListed { denom, min_rate }.into())
}

fn next_slot(storage: &mut dyn Storage, ledger: &mut Ledger, denom: &Denom) -> Result<u8, ContractError> {
    let taken = denoms(storage)?.len();
    let next = u8::try_from(taken).ok().filter(|_| taken < MAX_DENOMS);
    let slot = next.ok_or(ContractError::TooManyDenoms { max: MAX_DENOMS })?;
    SLOTS.save(storage, &denom.key(), &slot)?;
    ledger.add_flow();
    Ok(slot)
}

/// Refuses further funding of a denom. Nothing else changes.
pub fn delist(deps: DepsMut, info: MessageInfo, denom: UncheckedDenom) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let slot = slot_of(deps.as_ref(), "denom", &denom)?;
    let mut record = DENOMS.load(deps.storage, slot)?;
    if !record.listed {
        return Err(ContractError::Delisted { denom: record.denom });
    }
    record.listed = false;
    DENOMS.save(deps.storage, slot, &record)?;
    Ok(Response::new().add_event(DenomDelisted { denom: record.denom }))
}

/// Ownership in two steps.
pub fn update_ownership(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    action: Action,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let ownership = cw_ownable::update_ownership(deps, &env.block, &info.sender, action)?;
    Ok(Response::new().add_event(OwnershipChanged::from(ownership)))
}
