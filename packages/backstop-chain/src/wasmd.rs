//! Which wasmd the contracts' promises hold on.
//!
//! Before the versions below, a panic in a sub-message ended the whole
//! transaction (advisory CWA-2025-004): a breaker that panics would take a claim
//! down, which the vault's sub-message is there to prevent.

use crate::error::{Error, Result};

/// The lowest version of each line that has the correction; a later line has it.
const LOWEST: [[u64; 3]; 4] = [[0, 53, 3], [0, 54, 1], [0, 55, 1], [0, 60, 1]];

/// The lowest one of all, for people.
pub const MINIMUM: &str = "0.53.3, 0.54.1, 0.55.1 or 0.60.1";

/// Refuses a version that does not have the correction.
pub fn check(version: &str) -> Result<()> {
    let numbers = numbers(version).ok_or_else(|| Error::UnknownWasmd {
        minimum: MINIMUM.to_string(),
    })?;
    let line = LOWEST.iter().find(|lowest| lowest[..2] == numbers[..2]);
    let enough = match line {
        Some(lowest) => numbers >= *lowest,
        None => LOWEST.last().is_some_and(|last| numbers > *last),
    };
    if enough {
        return Ok(());
    }
    Err(Error::OldWasmd {
        found: version.to_string(),
        minimum: line.map_or(MINIMUM.to_string(), |lowest| {
            let [major, minor, patch] = lowest;
            format!("{major}.{minor}.{patch}")
        }),
    })
}

/// The numbers of `v0.61.14`, `0.61.14-rc.1` or `0.61.14`. What comes before the lowest
/// version counts as below it: a release candidate, or a commit without a version, which Go
/// names by the next one (`v0.53.3-0.20250101000000-0123456789ab`).
fn numbers(version: &str) -> Option<[u64; 3]> {
    let version = version.trim().trim_start_matches('v');
    let (numbers, candidate) = match version.split_once('-') {
        Some((numbers, rest)) => (numbers, is_before(rest)),
        None => (version, false),
    };
    let mut parts = numbers.split(['.', '+']).map(str::parse::<u64>);
    let mut next = || parts.next().and_then(|part| part.ok());
    let numbers = [next()?, next()?, next()?];
    match candidate {
        true if LOWEST.contains(&numbers) => Some([numbers[0], numbers[1], numbers[2].checked_sub(1)?]),
        _ => Some(numbers),
    }
}

/// Whether this after the numbers means a version before them. A fork's own names do not.
fn is_before(rest: &str) -> bool {
    let of_a_commit = rest.split(['-', '.']).any(|part| {
        part.len() == 14 && part.starts_with("20") && part.bytes().all(|digit| digit.is_ascii_digit())
    });
    of_a_commit || ["rc", "alpha", "beta"].iter().any(|name| rest.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_a_lowest_version() {
        for good in [
            "0.53.3",
            "v0.53.4",
            "0.54.1",
            "0.55.1",
            "0.60.1",
            "0.61.14",
            "0.70.0",
            "1.0.0",
            "0.61.0-rc.1",
            "v0.53.3-osmo-2",
            "v0.61.1-0.20250101000000-0123456789ab",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for old in [
            "0.53.2",
            "0.54.0",
            "0.55.0",
            "0.60.0",
            "0.52.9",
            "0.45.0",
            "0.56.0",
            "0.60.1-rc.1",
            "v0.53.3-0.20250101000000-0123456789ab",
            "v0.60.1-rc.1.0.20250101000000-0123456789ab",
        ] {
            assert!(matches!(check(old), Err(Error::OldWasmd { .. })), "{old}");
        }
        for unknown in ["", "main", "0.61"] {
            assert!(
                matches!(check(unknown), Err(Error::UnknownWasmd { .. })),
                "{unknown}"
            );
        }
    }
}
