//! Other parameters for the same scenario: what a proposal would change, as a
//! file with any of the scenario's tables of parameters.

use std::path::Path;

use serde::Deserialize;

use super::tables::Scenario;
use super::{read, toml_error};
use crate::error::ReplayError;

/// The tables that can be changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    #[serde(default)]
    vault: toml::Table,
    #[serde(default)]
    policy: toml::Table,
    #[serde(default)]
    breaker: toml::Table,
    #[serde(default)]
    perps: toml::Table,
}

/// `scenario` with the parameters in the file `changes` in place of its own.
pub fn lay_over(changes: &Path, scenario: &Scenario) -> Result<Scenario, ReplayError> {
    let next = "name a TOML file with [vault], [policy], [breaker] or [perps]";
    let text = read(changes, next)?;
    let over: Changes = toml::from_str(&text).map_err(|error| toml_error(changes, &text, &error))?;
    let tables = [&over.vault, &over.policy, &over.breaker, &over.perps];
    if tables.iter().all(|table| table.is_empty()) {
        return Err(ReplayError::field(
            changes,
            "its tables",
            "empty",
            "at least one parameter to change",
        ));
    }
    let mut laid = scenario.clone();
    laid.vault.extend(over.vault);
    laid.policy.extend(over.policy);
    laid.breaker.extend(over.breaker);
    laid.perps.extend(over.perps);
    Ok(laid)
}
