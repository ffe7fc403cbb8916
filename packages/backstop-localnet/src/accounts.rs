//! The test accounts: names that the other tools know, with keys that everybody
//! knows.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::settings::{Coin, Funded, STAKE};
use crate::wasmd;

/// The words of all test accounts. They are public, and in every tool's
/// documentation: whatever is sent to their addresses on a real chain is gone.
pub const MNEMONIC: &str = "abandon abandon abandon abandon abandon abandon \
     abandon abandon abandon abandon abandon about";

/// The test accounts, in the order of their index in m/44'/118'/0'/0/index.
pub const NAMES: [&str; 12] = [
    "owner", "guardian", "keeper", "alice", "bob", "carol", "trader", "provider", "feed1", "feed2", "feed3",
    "deployer",
];

/// What each has of each coin.
const POCKET: u128 = 1_000_000_000_000;
/// The coins of every test account.
pub const COINS: [&str; 3] = ["urew", STAKE, "uusd"];

/// The files in the network's folder.
const LIST: &str = "accounts.json";
const WORDS: &str = "mnemonic";
const KEYS: &str = "keys";

/// A test account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestAccount {
    /// Its name, in the keyring too.
    pub name: String,
    /// Its address, in bech32.
    pub address: String,
    /// The last number of its derivation path.
    pub index: u32,
}

impl TestAccount {
    /// With the coins that every test account has.
    pub fn funded(&self) -> Funded {
        Funded {
            name: self.name.clone(),
            address: self.address.clone(),
            coins: COINS.iter().map(|denom| Coin::new(POCKET, *denom)).collect(),
        }
    }
}

/// Makes the test accounts' words, keys and list in `folder`.
pub fn make(program: &Path, folder: &Path) -> Result<Vec<TestAccount>> {
    let words = folder.join(WORDS);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&words)
        .map_err(Error::file(&words))?;
    // No line's end: wasmd would take it for a part of the last word.
    file.write_all(MNEMONIC.as_bytes()).map_err(Error::file(&words))?;
    let source = words.display().to_string();
    let numbered: Vec<(u32, &str)> = (0..).zip(NAMES).collect();
    let accounts = wasmd::each(&numbered, |(index, name)| {
        let more = ["--recover", "--source", &source, "--index", &index.to_string()];
        Ok(TestAccount {
            name: (*name).to_string(),
            address: wasmd::key(program, &folder.join(KEYS), name, &more)?,
            index: *index,
        })
    })?;
    let list = folder.join(LIST);
    let text = serde_json::to_string_pretty(&accounts).map_err(Error::json(list.display()))?;
    fs::write(&list, text + "\n").map_err(Error::file(&list))?;
    Ok(accounts)
}

/// Those of the network in `folder`; none where it was made without.
pub fn read(folder: &Path) -> Result<Vec<TestAccount>> {
    let list = folder.join(LIST);
    if !list.exists() {
        return Ok(vec![]);
    }
    let text = fs::read_to_string(&list).map_err(Error::file(&list))?;
    serde_json::from_str(&text).map_err(Error::json(list.display()))
}
