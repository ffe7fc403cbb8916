//! Migration's common guard: the same contract only, never a downgrade. What
//! differs between versions is each contract's own steps.
//!
//! `cw2::ensure_from_older_version` says the same of any semantic version, and
//! adds 12 kB of it to each contract; ours are `1.2.3` or `1.2.3-rc.4`.

use cosmwasm_std::{Response, StdError, StdResult, Storage};
use cw2::{get_contract_version, set_contract_version};

use crate::events::common::Migrated;

/// A contract's version. They are ordered as semantic versions: release
/// candidates by their number, and before their release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    release: [u64; 3],
    /// Whether it is the release itself.
    released: bool,
    candidate: u64,
}

impl Version {
    /// A release.
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self {
            release: [major, minor, patch],
            released: true,
            candidate: 0,
        }
    }

    /// Reads `1.2.3` or `1.2.3-rc.4`.
    fn read(version: &str) -> Option<Self> {
        let (release, candidate) = match version.split_once("-rc.") {
            Some((release, candidate)) => (release, Some(candidate.parse().ok()?)),
            None => (version, None),
        };
        let mut numbers = release.split('.').map(|number| number.parse().ok());
        let release = [numbers.next()??, numbers.next()??, numbers.next()??];
        numbers.next().is_none().then_some(Self {
            release,
            released: candidate.is_none(),
            candidate: candidate.unwrap_or_default(),
        })
    }
}

/// Stores `name` and `version` as the contract's, and gives the version that
/// was stored before for the caller's steps, with the response to build on.
pub fn upgrade(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<(Version, Response)> {
    let stored = get_contract_version(storage)?;
    let from = Version::read(&stored.version)
        .filter(|from| stored.contract == name && Some(*from) <= Version::read(version));
    let Some(from) = from else {
        return Err(StdError::generic_err(format!(
            "cannot migrate from {} {}: must be {name}, at most {version}",
            stored.contract, stored.version
        )));
    };
    set_contract_version(storage, name, version)?;
    let migrated = Migrated {
        contract: stored.contract,
        from: stored.version,
        to: version.to_string(),
    };
    Ok((from, Response::new().add_event(migrated)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::MockStorage;

    /// What was stored, if `to` takes it over; either way what is stored after
    /// is checked.
    fn upgraded(stored: (&str, &str), to: &str) -> Option<Version> {
        let mut storage = MockStorage::new();
        set_contract_version(&mut storage, stored.0, stored.1).unwrap();
        let from = upgrade(&mut storage, "vault", to).map(|(from, _)| from);
        let after = get_contract_version(&storage).unwrap();
        let expected = if from.is_ok() { ("vault", to) } else { stored };
        assert_eq!((after.contract.as_str(), after.version.as_str()), expected);
        from.ok()
    }

    #[test]
    fn only_the_same_contract_at_most_this_version_is_taken_over() {
        for version in ["0.9.1", "0.10.0"] {
            assert_eq!(upgraded(("vault", version), "0.10.0"), Version::read(version));
        }
        for stored in [
            ("other", "0.9.1"),
            ("vault", "0.10.1"),
            ("vault", "99.0.0"),
            ("vault", "0.10.1-rc.1"),
            ("vault", "0.9.1-rc"),
            ("vault", "0.9.1-rc."),
            ("vault", "0.9.1.1"),
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
                assert_eq!(taken.is_some(), j <= i, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_step_asks_for_versions_before_a_release() {
        let read = |version| Version::read(version).unwrap();
        let release = Version::new(0, 2, 0);
        assert!(read("0.1.9") < release && read("0.2.0-rc.3") < release);
        assert!(read("0.2.0") == release && read("0.2.1-rc.1") > release);
    }

    #[test]
    fn storage_without_a_version_is_nobodys() {
        assert!(upgrade(&mut MockStorage::new(), "vault", "0.10.0").is_err());
    }
}
