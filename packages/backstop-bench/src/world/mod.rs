//! What is on the chain before anything is measured: our contracts, the peers,
//! and who uses them.

mod backstop;
mod market;
mod peers;
mod wasm;

pub use backstop::{ASSET, Backstop, HOUR, Setup};
pub use market::Oracle;
pub use peers::{Cw4Stake, DaoDao};
pub use wasm::{CONTRACTS, PEERS, Wasm};

use std::collections::BTreeMap;

use crate::args::Args;
use crate::chain::{Account, Chain, Message, Node, Receipt};
use crate::figures::{Growth, Operation};
use crate::{Error, Result};

/// Accounts at genesis; the first is also the validator's.
const NAMES: [&str; 16] = [
    "validator",
    "owner",
    "guardian",
    "alice",
    "bob",
    "holder",
    "trader",
    "keeper",
    "provider",
    "r1",
    "r2",
    "r3",
    "r4",
    "r5",
    "r6",
    "r7",
];

/// The chain, what runs on it, and what was measured so far.
pub struct World {
    /// The chain.
    pub chain: Chain,
    accounts: BTreeMap<String, Account>,
    codes: BTreeMap<String, u64>,
    /// Figures so far.
    pub operations: Vec<Operation>,
    /// Figures at two sizes so far.
    pub growth: Vec<Growth>,
}

impl World {
    /// Starts the chain and stores every code.
    pub fn start(args: &Args, wasm: &Wasm) -> Result<Self> {
        let home = std::env::temp_dir().join(format!("backstop-bench-{}", std::process::id()));
        let (node, accounts) = Node::new(&args.wasmd, &home, &NAMES, args.keep)?;
        let mut world = Self {
            chain: Chain::start(node)?,
            accounts: accounts.into_iter().map(|a| (a.name.clone(), a)).collect(),
            codes: BTreeMap::new(),
            operations: vec![],
            growth: vec![],
        };
        world.chain.progress.part("storing the contracts");
        let owner = world.account("owner");
        for (name, path) in wasm.files() {
            let (code, receipt) = world.chain.store(&owner, path)?;
            world.codes.insert(name.to_string(), code);
            world.record(&format!("store {name}"), &receipt);
        }
        Ok(world)
    }

    /// The account of this name.
    pub fn account(&self, name: &str) -> Account {
        self.accounts.get(name).cloned().unwrap_or_else(|| Account {
            name: name.to_string(),
            address: String::new(),
        })
    }

    /// The number of a contract's code.
    pub fn code(&self, name: &str) -> u64 {
        self.codes.get(name).copied().unwrap_or_default()
    }

    /// Calls a contract.
    pub fn execute(&mut self, sender: &str, call: &Message) -> Result<Receipt> {
        let sender = self.account(sender);
        self.chain.execute(&sender, call)
    }

    /// Calls a contract and books what it cost.
    pub fn measure(&mut self, operation: &str, sender: &str, call: &Message) -> Result<Receipt> {
        self.chain.progress.part(operation);
        let receipt = self.execute(sender, call)?;
        self.record(operation, &receipt);
        Ok(receipt)
    }

    /// Books what an operation cost.
    pub fn record(&mut self, operation: &str, receipt: &Receipt) {
        self.operations.push(Operation::new(operation, receipt));
    }

    /// Says that a peer's operation, measured before, is set beside one of ours.
    pub fn beside(&mut self, operation: &str, peer: &str) -> Result<()> {
        let gas = self.gas(peer)?;
        let ours = self.operations.iter_mut().find(|o| o.name == operation);
        ours.ok_or_else(|| missing(operation))?.set_beside(peer, gas);
        Ok(())
    }

    /// What an operation cost.
    pub fn gas(&self, operation: &str) -> Result<u64> {
        let found = self.operations.iter().find(|o| o.name == operation);
        found.map(|o| o.gas).ok_or_else(|| missing(operation))
    }
}

fn missing(operation: &str) -> Error {
    Error::Answer {
        what: "the figures so far".to_string(),
        field: operation.to_string(),
        answer: String::new(),
    }
}
