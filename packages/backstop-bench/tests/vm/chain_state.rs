//! What a chain keeps between calls: every contract's storage, the bank, the
//! block, and what the calls so far have cost. Changes are journaled, so that a
//! failed message is undone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use cosmwasm_std::{BlockInfo, Timestamp};

type Table = BTreeMap<Vec<u8>, Vec<u8>>;

/// The bank's table.
const BANK: &str = "bank";

/// A handle to the chain's state, for the VM's storage and querier.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<State>>);

/// A call into a contract and its cost in the SDK's gas: without the contract's
/// start, the transaction, and the events.
#[derive(Debug, Clone)]
pub struct Leg {
    /// Whose code.
    pub code: &'static str,
    /// Which export.
    pub export: &'static str,
    /// All of it.
    pub gas: u64,
    /// Of that, storage at the SDK's prices.
    pub storage: u64,
}

/// A Pyth feed as its contract answers.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// The mantissa at eight decimals.
    pub price: i64,
    /// Seconds since the epoch.
    pub publish_time: u64,
    /// What answering uses up, in the SDK's gas.
    pub gas: u64,
}

/// The state itself.
pub struct State {
    tables: BTreeMap<String, Table>,
    journal: Vec<(String, Vec<u8>, Option<Vec<u8>>)>,
    /// Height, time and name.
    pub block: BlockInfo,
    /// Codes by address.
    pub codes: BTreeMap<String, &'static str>,
    /// Pyth's feeds by id; its contract is not ours.
    pub feeds: BTreeMap<String, Feed>,
    /// Calls since the last message began.
    pub legs: Vec<Leg>,
}

impl Shared {
    /// An empty chain at the beginning of 2026.
    pub fn new() -> Self {
        let block = BlockInfo {
            height: 1_000,
            time: Timestamp::from_seconds(1_767_225_600),
            chain_id: "backstop-1".to_string(),
        };
        Self(Arc::new(Mutex::new(State {
            tables: BTreeMap::new(),
            journal: vec![],
            block,
            codes: BTreeMap::new(),
            feeds: BTreeMap::new(),
            legs: vec![],
        })))
    }

    /// The state; never held across a call into the VM.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    /// A contract's storage, if it has stored anything.
    pub fn table(&self, contract: &str) -> Option<&Table> {
        self.tables.get(contract)
    }

    /// A value.
    pub fn get(&self, table: &str, key: &[u8]) -> Option<Vec<u8>> {
        self.tables.get(table)?.get(key).cloned()
    }

    /// Sets or removes a value.
    pub fn set(&mut self, table: &str, key: &[u8], value: Option<Vec<u8>>) {
        let rows = self.tables.entry(table.to_string()).or_default();
        let old = match value {
            Some(value) => rows.insert(key.to_vec(), value),
            None => rows.remove(key),
        };
        self.journal.push((table.to_string(), key.to_vec(), old));
    }

    /// Where the journal stands.
    pub fn checkpoint(&self) -> usize {
        self.journal.len()
    }

    /// Undoes everything since a checkpoint.
    pub fn undo(&mut self, checkpoint: usize) {
        while self.journal.len() > checkpoint {
            let Some((table, key, old)) = self.journal.pop() else {
                return;
            };
            let rows = self.tables.entry(table).or_default();
            match old {
                Some(old) => rows.insert(key, old),
                None => rows.remove(&key),
            };
        }
    }

    /// Makes everything so far final.
    pub fn commit(&mut self) {
        self.journal.clear();
    }

    /// What an account has of a denom.
    pub fn balance(&self, account: &str, denom: &str) -> u128 {
        let key = format!("{account}/{denom}");
        let stored = self.get(BANK, key.as_bytes());
        stored.map_or(0, |stored| String::from_utf8(stored).unwrap().parse().unwrap())
    }

    /// Sets what an account has of a denom.
    pub fn set_balance(&mut self, account: &str, denom: &str, amount: u128) {
        let key = format!("{account}/{denom}");
        self.set(BANK, key.as_bytes(), Some(amount.to_string().into_bytes()));
    }
}
