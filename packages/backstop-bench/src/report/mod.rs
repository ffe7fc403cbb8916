//! What was measured, and `bench.json`.

pub mod check;
mod readme;
pub mod table;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::chain::{Receipt, Split};
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

/// One operation.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// What it is.
    pub name: String,
    /// Gas of the whole transaction.
    pub gas: u64,
    /// Of that, the chain's fixed price: transaction, contract starts, storage.
    pub fixed_gas: u64,
    /// The peer's operation that it is set beside.
    pub peer: Option<String>,
    /// What that cost in the same run.
    pub peer_gas: Option<u64>,
    /// `gas / peer_gas`.
    pub ratio: Option<f64>,
    /// What it was charged for.
    #[serde(skip)]
    pub split: Split,
}

/// One operation at two sizes.
#[derive(Debug, Clone, Serialize)]
pub struct Growth {
    /// What it is.
    pub name: String,
    /// Gas at the small size.
    pub small: u64,
    /// Gas at the large size.
    pub large: u64,
    /// `large / small`.
    pub ratio: f64,
}

impl Operation {
    /// As a receipt has it.
    pub fn new(name: &str, receipt: &Receipt) -> Self {
        Self {
            name: name.to_string(),
            gas: receipt.gas,
            fixed_gas: receipt.split.fixed(),
            peer: None,
            peer_gas: None,
            ratio: None,
            split: receipt.split.clone(),
        }
    }

    /// Sets it beside a peer's.
    pub fn set_beside(&mut self, peer: &str, gas: u64) {
        self.peer = Some(peer.to_string());
        self.peer_gas = Some(gas);
        self.ratio = Some(ratio(self.gas, gas));
    }
}

impl Growth {
    /// The two figures of an operation.
    pub fn new(name: &str, small: u64, large: u64) -> Self {
        Self {
            name: name.to_string(),
            small,
            large,
            ratio: ratio(large, small),
        }
    }
}

/// To four decimals.
fn ratio(one: u64, other: u64) -> f64 {
    let ratio = one as f64 / other.max(1) as f64;
    (ratio * 10_000.0).round() / 10_000.0
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
