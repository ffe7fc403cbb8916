//! What was measured, and `bench.json`.

pub mod check;
mod readme;
pub mod table;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::chain::Split;
use crate::figures::{Growth, Operation};
use crate::world::{Wasm, World};
use crate::{Error, Result};

/// All figures of a run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whole transactions.
    pub operations: Vec<Operation>,
    /// The same transaction at two sizes.
    pub growth: Vec<Growth>,
    /// Bytes of each contract after wasm-opt.
    pub sizes: BTreeMap<String, u64>,
}

impl Report {
    /// What a run measured.
    pub fn of(world: World, wasm: &Wasm) -> Self {
        world.chain.progress.finish();
        Self {
            operations: world.operations,
            growth: world.growth,
            sizes: wasm.sizes(),
        }
    }

    /// As JSON.
    pub fn json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(Error::json("the report"))
    }

    /// Writes the report, and beside it every charge of every operation.
    pub fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
        }
        std::fs::write(path, self.json()? + "\n").map_err(Error::file(path))?;
        let charges: BTreeMap<&str, &Split> = self
            .operations
            .iter()
            .map(|o| (o.name.as_str(), &o.split))
            .collect();
        let charges = serde_json::to_string_pretty(&charges).map_err(Error::json("the charges"))?;
        let beside = path.with_extension("charges.json");
        std::fs::write(&beside, charges + "\n").map_err(Error::file(beside))
    }

    /// The operation of this name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }
}
