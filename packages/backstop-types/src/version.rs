//! Migration's common guard: the same contract only, never a downgrade. What
//! differs between versions is each contract's own steps.

use cosmwasm_std::{Response, StdResult, Storage};
use cw2::ensure_from_older_version;
pub use semver::Version;

use crate::events::common::Migrated;

/// Stores `name` and `version` as the contract's, and gives the version that
/// was stored before for the caller's steps, with the response to build on.
/// Versions are ordered as semantic ones: a release candidate comes before its
/// release.
pub fn upgrade(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<(Version, Response)> {
    let from = ensure_from_older_version(storage, name, version)?;
    let migrated = Migrated {
        contract: name.to_string(),
        from: from.to_string(),
        to: version.to_string(),
    };
    Ok((from, Response::new().add_event(migrated)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::MockStorage;
    use cw2::{get_contract_version, set_contract_version};

    /// What was stored, if `to` takes it over; either way what is stored after
    /// is checked.
    fn upgraded(stored: (&str, &str), to: &str) -> Option<String> {
        let mut storage = MockStorage::new();
        set_contract_version(&mut storage, stored.0, stored.1).unwrap();
        let from = upgrade(&mut storage, "vault", to).map(|(from, _)| from.to_string());
        let after = get_contract_version(&storage).unwrap();
        let expected = if from.is_ok() { ("vault", to) } else { stored };
        assert_eq!((after.contract.as_str(), after.version.as_str()), expected);
        from.ok()
    }

    #[test]
    fn only_the_same_contract_at_most_this_version_is_taken_over() {
        for version in ["0.9.1", "0.10.0"] {
            assert_eq!(upgraded(("vault", version), "0.10.0").as_deref(), Some(version));
        }
        for stored in [
            ("other", "0.9.1"),
            ("vault", "0.10.1"),
            ("vault", "99.0.0"),
            ("vault", "1"),
            ("vault", ""),
        ] {
            assert_eq!(upgraded(stored, "0.10.0"), None, "{stored:?}");
        }
    }

    #[test]
    fn release_candidates_stand_between_the_release_before_and_their_own() {
        let order = ["0.1.9", "0.2.0-rc.1", "0.2.0-rc.2", "0.2.0-rc.10", "0.2.0"];
        for (i, to) in order.iter().enumerate() {
            for (j, from) in order.iter().enumerate() {
                let taken = upgraded(("vault", from), to);
                assert_eq!(taken.as_deref(), (j <= i).then_some(*from), "{from} to {to}");
            }
        }
    }

    #[test]
    fn storage_without_a_version_is_nobodys() {
        assert!(upgrade(&mut MockStorage::new(), "vault", "0.10.0").is_err());
    }
}
