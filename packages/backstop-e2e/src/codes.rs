//! The built contracts and where they are.

use std::path::{Path, PathBuf};

/// Ours.
pub const CONTRACTS: [&str; 5] = [
    "backstop_vault",
    "reward_distributor",
    "oracle_breaker",
    "sample_perps",
    "risk_timelock",
];
/// What stands in for the world around them.
pub const MOCKS: [&str; 3] = ["backstop_mock_pyth", "backstop_puppet", "cw20_base"];

/// The folder of the built contracts, if the environment names it.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os("BACKSTOP_WASM").map(PathBuf::from)
}

/// A built contract's bytes.
///
/// # Panics
///
/// If it is not there.
pub fn read(folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(format!("{name}.wasm"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run scripts/build-wasm", path.display()))
}
