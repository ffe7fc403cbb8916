//! What this code is, and its migration, step by step from the stored version to
//! this one.

use backstop_types::version::upgrade;
use cosmwasm_std::{DepsMut, Response};

use crate::error::ContractError;

/// The contract's name in `cw2`.
pub const NAME: &str = "crates.io:risk-timelock";
/// The contract's version in `cw2`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Takes over an older version's storage.
pub fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    // Each storage change becomes a step here: `if from < Version::new(0, 2, 0) { … }`.
    let (_from, response) = upgrade(deps.storage, NAME, VERSION)?;
    Ok(response)
}
