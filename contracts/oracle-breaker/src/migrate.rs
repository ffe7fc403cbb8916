//! Migration: the same contract only, never a downgrade, step by step from the
//! stored version to this one.

use cosmwasm_std::{DepsMut, Response};
use cw2::{get_contract_version, set_contract_version};

use crate::contract::{NAME, VERSION};
use crate::error::ContractError;

/// Takes over an older version's storage.
pub fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    let refused = || ContractError::Migration {
        found: format!("{} {}", stored.contract, stored.version),
        expected: format!("{NAME}, at most {VERSION}"),
    };
    if stored.contract != NAME {
        return Err(refused());
    }
    let from = parts(&stored.version).ok_or_else(refused)?;
    if Some(from) > parts(VERSION) {
        return Err(refused());
    }
    // Each storage change becomes a step here: `if from < [0, 2, 0] { … }`.
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

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::mock_dependencies;

    fn migrate_from(name: &str, version: &str) -> Result<Response, ContractError> {
        let mut deps = mock_dependencies();
        set_contract_version(deps.as_mut().storage, name, version).unwrap();
        migrate(deps.as_mut())
    }

    #[test]
    fn only_this_contract_at_most_this_version_is_taken_over() {
        for (name, version) in [
            ("crates.io:other", "0.0.1"),
            (NAME, "999.0.0"),
            (NAME, "1"),
            (NAME, "x.y.z"),
            (NAME, ""),
        ] {
            let refused = migrate_from(name, version).unwrap_err();
            assert!(
                matches!(refused, ContractError::Migration { .. }),
                "{name} {version}"
            );
        }
        for version in ["0.0.1", VERSION] {
            assert!(migrate_from(NAME, version).is_ok(), "{version}");
        }
    }
}
