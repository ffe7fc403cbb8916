//! Migration's common guard: the same contract only, never a downgrade. What
//! differs between versions is each contract's own steps.

use cosmwasm_std::{Response, StdError, Storage};
use cw2::{get_contract_version, set_contract_version};
use thiserror::Error;

use crate::events::common::Migrated;

/// Major, minor and patch.
pub type Version = [u64; 3];

/// Why a contract does not take over what is stored.
#[derive(Error, Debug, PartialEq)]
pub enum MigrationError {
    /// Nothing readable is stored.
    #[error("{0}")]
    Std(#[from] StdError),

    /// Another contract's storage, a newer version's, or an unreadable one's.
    #[error("cannot migrate from {found}: must be {expected}")]
    Refused {
        /// The stored name and version.
        found: String,
        /// What this code can take over.
        expected: String,
    },
}

/// Stores `name` and `version` as the contract's, and gives the version that
/// was stored before for the caller's steps, with the response to build on.
pub fn upgrade(
    storage: &mut dyn Storage,
    name: &str,
    version: &str,
) -> Result<(Version, Response), MigrationError> {
    let stored = get_contract_version(storage)?;
    let from = parts(&stored.version).filter(|from| stored.contract == name && Some(*from) <= parts(version));
    let Some(from) = from else {
        return Err(MigrationError::Refused {
            found: format!("{} {}", stored.contract, stored.version),
            expected: format!("{name}, at most {version}"),
        });
    };
    set_contract_version(storage, name, version)?;
    let migrated = Migrated {
        contract: stored.contract,
        from: stored.version,
        to: version.to_string(),
    };
    Ok((from, Response::new().add_event(migrated)))
}

/// The numbers of a plain version.
fn parts(version: &str) -> Option<Version> {
    let mut numbers = version.split('.').map(|part| part.parse().ok());
    let parts = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::MockStorage;

    fn upgraded(stored: (&str, &str)) -> Result<Version, MigrationError> {
        let mut storage = MockStorage::new();
        set_contract_version(&mut storage, stored.0, stored.1).unwrap();
        let result = upgrade(&mut storage, "vault", "0.10.0").map(|(from, _)| from);
        let after = get_contract_version(&storage).unwrap();
        let expected = if result.is_ok() {
            ("vault", "0.10.0")
        } else {
            stored
        };
        assert_eq!((after.contract.as_str(), after.version.as_str()), expected);
        result
    }

    #[test]
    fn only_the_same_contract_at_most_this_version_is_taken_over() {
        assert_eq!(upgraded(("vault", "0.9.1")), Ok([0, 9, 1]));
        assert_eq!(upgraded(("vault", "0.10.0")), Ok([0, 10, 0]));
        for stored in [
            ("other", "0.9.1"),
            ("vault", "0.10.1"),
            ("vault", "99.0.0"),
            ("vault", "1"),
            ("vault", ""),
        ] {
            assert!(
                matches!(upgraded(stored), Err(MigrationError::Refused { .. })),
                "{stored:?}"
            );
        }
    }

    #[test]
    fn storage_without_a_version_is_nobodys() {
        let refused = upgrade(&mut MockStorage::new(), "vault", "0.10.0");
        assert!(matches!(refused, Err(MigrationError::Std(_))), "{refused:?}");
    }
}
