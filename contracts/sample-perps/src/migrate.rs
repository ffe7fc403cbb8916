//! Migration: the same contract only, never a downgrade, step by step from the
//! stored version to this one.

use cosmwasm_std::{DepsMut, Response};
use cw2::{get_contract_version, set_contract_version};

use crate::contract::{NAME, VERSION};
use crate::error::ContractError;

/// Takes over an older version's storage.
pub fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    if stored.contract != NAME {
        return Err(ContractError::WrongContract {
            stored: stored.contract,
            code: NAME.to_string(),
        });
    }
    let from = parts(&stored.version);
    if from.is_none() || from > parts(VERSION) {
        return Err(ContractError::Downgrade {
            stored: stored.version,
            code: VERSION.to_string(),
        });
    }
    // Each storage change becomes a step here: `if from < Some([0, 2, 0]) { … }`.
    set_contract_version(deps.storage, NAME, VERSION)?;
    Ok(Response::new()
        .add_attribute("action", "migrate")
        .add_attribute("from", stored.version)
        .add_attribute("to", VERSION))
}

/// Major, minor and patch of a plain version.
fn parts(version: &str) -> Option<[u64; 3]> {
    let mut numbers = version.split('.').map(|part| part.parse().ok());
    let parts = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(parts)
}
