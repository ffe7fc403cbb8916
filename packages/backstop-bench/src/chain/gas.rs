//! What a transaction was charged for, as the chain's gas meters noted it:
//! `scripts/wasmd/gaslog` writes one line a transaction.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// All charges of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Together.
    pub gas: u64,
    /// How many.
    pub count: u64,
}

/// The charges of one transaction, by the chain's words for them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Split {
    /// Before its messages ran: its bytes, the signature, the sender's account.
    pub ante: BTreeMap<String, Charge>,
    /// For its messages.
    pub messages: BTreeMap<String, Charge>,
}

/// What the SDK's table charges for storage.
const STORAGE: [&str; 8] = [
    "Has",
    "Delete",
    "ReadFlat",
    "ReadPerByte",
    "WriteFlat",
    "WritePerByte",
    "IterNextFlat",
    "ValuePerByte",
];

impl Split {
    /// The transaction itself.
    pub fn transaction(&self) -> u64 {
        self.ante.values().map(|charge| charge.gas).sum()
    }

    /// Contract starts: 60,000 for the first of a code, 2,000 afterwards.
    pub fn starts(&self) -> u64 {
        self.of(|kind| kind.starts_with("Loading CosmWasm module"))
    }

    /// Storage at the SDK's table: of contracts, bank, and the chain's record
    /// of the contract.
    pub fn storage(&self) -> u64 {
        self.of(|kind| STORAGE.contains(&kind))
    }

    /// What the contracts computed.
    pub fn compute(&self) -> u64 {
        self.of(|kind| kind == "wasm contract")
    }

    /// The rest: events, and what has no line of its own.
    pub fn other(&self) -> u64 {
        let all: u64 = self.messages.values().map(|charge| charge.gas).sum();
        all.saturating_sub(self.starts())
            .saturating_sub(self.storage())
            .saturating_sub(self.compute())
    }

    /// The chain's fixed price: transaction, contract starts, storage.
    pub fn fixed(&self) -> u64 {
        self.transaction() + self.starts() + self.storage()
    }

    /// All of it: the `gas_used` of the transaction.
    pub fn total(&self) -> u64 {
        self.fixed() + self.compute() + self.other()
    }

    fn of(&self, picks: impl Fn(&str) -> bool) -> u64 {
        let picked = self.messages.iter().filter(|(kind, _)| picks(kind));
        picked.map(|(_, charge)| charge.gas).sum()
    }
}

/// The chain's log, read as it grows.
pub struct GasLog {
    path: PathBuf,
    read: u64,
    lines: HashMap<String, Split>,
}

#[derive(Deserialize)]
struct Line {
    hash: String,
    #[serde(flatten)]
    split: Split,
}

impl GasLog {
    /// The log at `path`, which may not be there yet.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            read: 0,
            lines: HashMap::new(),
        }
    }

    /// What a committed transaction was charged for.
    pub fn of(&mut self, hash: &str) -> Result<Split> {
        self.catch_up()?;
        self.lines.remove(hash).ok_or_else(|| Error::Answer {
            what: "the gas log".to_string(),
            field: hash.to_string(),
            answer: self.path.display().to_string(),
        })
    }

    fn catch_up(&mut self) -> Result<()> {
        let mut file = std::fs::File::open(&self.path).map_err(Error::file(&self.path))?;
        file.seek(SeekFrom::Start(self.read))
            .map_err(Error::file(&self.path))?;
        let mut reader = BufReader::new(file);
        loop {
            let mut text = String::new();
            let bytes = reader.read_line(&mut text).map_err(Error::file(&self.path))?;
            if bytes == 0 || !text.ends_with('\n') {
                return Ok(());
            }
            self.read += bytes as u64;
            let line: Line = serde_json::from_str(&text).map_err(Error::json("the gas log"))?;
            self.lines.insert(line.hash, line.split);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_charge_is_in_one_part_and_the_parts_make_up_the_whole() {
        let line = r#"{"hash":"A","ante":{"txSize":{"gas":3000,"count":1},"ReadFlat":{"gas":1000,"count":1}},
            "messages":{"Loading CosmWasm module: execute":{"gas":60000,"count":1},"ReadFlat":{"gas":2000,"count":2},
            "WritePerByte":{"gas":300,"count":1},"wasm contract":{"gas":7000,"count":1},
            "Custom contract event attributes":{"gas":90,"count":1}}}"#;
        let split = serde_json::from_str::<Line>(line).unwrap().split;
        assert_eq!(split.transaction(), 4_000);
        assert_eq!((split.starts(), split.storage()), (60_000, 2_300));
        assert_eq!((split.compute(), split.other()), (7_000, 90));
        assert_eq!(split.total(), 73_390);
    }
}
