//! Migration, step by step from the stored version to this one.

use backstop_types::version::upgrade;
use cosmwasm_std::{DepsMut, Response};

use crate::contract::{NAME, VERSION};
use crate::error::ContractError;

/// Takes over an older version's storage.
pub fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    // Each storage change becomes a step here: `if from < Version::new(0, 2, 0) { … }`.
    let (_from, response) = upgrade(deps.storage, NAME, VERSION)?;
    Ok(response)
}
