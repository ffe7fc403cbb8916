//! A contract's storage at the prices of the Cosmos SDK's gas table, so that a
//! figure is what a chain charges.

use std::ops::Bound;

use cosmwasm_vm::{BackendError, BackendResult, GasInfo};
use vm_std::{Order, Record};

use crate::chain_state::Shared;

/// The VM's gas in one unit of the SDK's, as wasmd has it by default.
pub const MULTIPLIER: u64 = 140_000;
/// What wasmd puts before each key: a byte and the contract's address.
const PREFIX: u64 = 33;

/// One contract's part of the chain's state.
pub struct Store {
    shared: Shared,
    contract: String,
    iterators: Vec<Cursor>,
}

struct Cursor {
    start: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
    order: Order,
}

impl Store {
    /// The storage of `contract`.
    pub fn new(shared: &Shared, contract: &str) -> Self {
        Self {
            shared: shared.clone(),
            contract: contract.to_string(),
            iterators: vec![],
        }
    }

    fn peek(&self, cursor: &Cursor) -> Option<Record> {
        let state = self.shared.lock();
        let range = (cursor.start.clone(), cursor.end.clone());
        let table = state.table(&self.contract)?;
        let mut found = table.range::<Vec<u8>, _>(range);
        let next = match cursor.order {
            Order::Ascending => found.next(),
            Order::Descending => found.next_back(),
        };
        next.map(|(key, value)| (key.clone(), value.clone()))
    }
}

/// The SDK's price of a read.
pub fn read_gas(key: usize, value: usize) -> u64 {
    1_000 + 3 * (PREFIX + (key + value) as u64)
}

fn write_gas(key: usize, value: usize) -> u64 {
    2_000 + 30 * (PREFIX + (key + value) as u64)
}

/// The SDK's price of an iterator's step, and of its start: the step costs what
/// the iterator stands on.
fn step_gas(at: Option<&Record>) -> u64 {
    30 + at.map_or(0, |(key, value)| 3 * (PREFIX + (key.len() + value.len()) as u64))
}

fn charged(gas: u64) -> GasInfo {
    GasInfo::with_externally_used(gas * MULTIPLIER)
}

impl cosmwasm_vm::Storage for Store {
    fn get(&self, key: &[u8]) -> BackendResult<Option<Vec<u8>>> {
        let value = self.shared.lock().get(&self.contract, key);
        let gas = read_gas(key.len(), value.as_ref().map_or(0, Vec::len));
        (Ok(value), charged(gas))
    }

    fn scan(&mut self, start: Option<&[u8]>, end: Option<&[u8]>, order: Order) -> BackendResult<u32> {
        let empty = matches!((start, end), (Some(start), Some(end)) if start >= end);
        let end = if empty { start } else { end };
        let cursor = Cursor {
            start: start.map_or(Bound::Unbounded, |key| Bound::Included(key.to_vec())),
            end: end.map_or(Bound::Unbounded, |key| Bound::Excluded(key.to_vec())),
            order,
        };
        let gas = step_gas(self.peek(&cursor).as_ref());
        self.iterators.push(cursor);
        (Ok(self.iterators.len() as u32), charged(gas))
    }

    fn next(&mut self, iterator_id: u32) -> BackendResult<Option<Record>> {
        let place = (iterator_id as usize).wrapping_sub(1);
        let Some(cursor) = self.iterators.get(place) else {
            return (
                Err(BackendError::iterator_does_not_exist(iterator_id)),
                GasInfo::free(),
            );
        };
        let Some(record) = self.peek(cursor) else {
            return (Ok(None), GasInfo::free());
        };
        let cursor = &mut self.iterators[place];
        let passed = Bound::Excluded(record.0.clone());
        match cursor.order {
            Order::Ascending => cursor.start = passed,
            Order::Descending => cursor.end = passed,
        }
        let gas = step_gas(Some(&record));
        (Ok(Some(record)), charged(gas))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> BackendResult<()> {
        self.shared.lock().set(&self.contract, key, Some(value.to_vec()));
        (Ok(()), charged(write_gas(key.len(), value.len())))
    }

    fn remove(&mut self, key: &[u8]) -> BackendResult<()> {
        self.shared.lock().set(&self.contract, key, None);
        (Ok(()), charged(1_000))
    }
}
