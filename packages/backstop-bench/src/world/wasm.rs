//! The contracts as files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// Ours.
pub const CONTRACTS: [&str; 4] = [
    "backstop-vault",
    "reward-distributor",
    "oracle-breaker",
    "sample-perps",
];
/// Those that ours are set beside.
pub const PEERS: [&str; 3] = ["cw4-stake", "dao-voting-token-staked", "dao-rewards-distributor"];

/// Where each contract is, and how large.
pub struct Wasm {
    files: BTreeMap<&'static str, (PathBuf, u64)>,
}

impl Wasm {
    /// Our contracts in `ours` and the peers' in `peers`.
    pub fn find(ours: &Path, peers: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        let all = CONTRACTS.map(|name| (name, ours)).into_iter();
        for (name, folder) in all.chain(PEERS.map(|name| (name, peers))) {
            let path = folder.join(format!("{}.wasm", name.replace('-', "_")));
            let bytes = std::fs::metadata(&path).map_err(Error::file(&path))?.len();
            files.insert(name, (path, bytes));
        }
        Ok(Self { files })
    }

    /// Every contract's file.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        self.files.iter().map(|(name, (path, _))| (*name, path.as_path()))
    }

    /// Every contract's size in bytes.
    pub fn sizes(&self) -> BTreeMap<String, u64> {
        self.files
            .iter()
            .map(|(name, (_, bytes))| (name.to_string(), *bytes))
            .collect()
    }
}
