//! What can go wrong between this program and a chain, and what to do next.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// An answer of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a question or a transaction came to nothing.
#[derive(Error, Debug)]
pub enum Error {
    /// No address answered.
    #[error("no node answers: {}; check the RPC addresses and that a node is up", .tried.join("; "))]
    NoNode {
        /// Each address with its error.
        tried: Vec<String>,
    },

    /// An address is of another chain.
    #[error("{rpc} is a node of {found}: must be of {expected}")]
    AnotherChain {
        /// The address.
        rpc: String,
        /// Its chain.
        found: String,
        /// The one that was meant.
        expected: String,
    },

    /// The chain refused a question.
    #[error("{path}: {log} (code {code} of {codespace})")]
    Query {
        /// What was asked.
        path: String,
        /// The chain's code and where it is from.
        code: u32,
        /// The module.
        codespace: String,
        /// The chain's words.
        log: String,
    },

    /// An answer could not be read.
    #[error("the answer to {what} cannot be read: {why}")]
    Unreadable {
        /// What was asked.
        what: String,
        /// Why.
        why: String,
    },

    /// A value of a setting.
    #[error("{field} is {value:?}: must be {bound}")]
    Setting {
        /// Its name.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        bound: String,
    },

    /// A file.
    #[error("{}: {error}", .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },

    /// No key was given.
    #[error(
        "no key: put the mnemonic's words into a file and name it by --key-file, or into the variable {variable}"
    )]
    NoKey {
        /// The variable.
        variable: &'static str,
    },

    /// Others can read the key.
    #[error("{} can be read by others (mode {mode:o}): run 'chmod 600 {}'", .path.display(), .path.display(), mode = .mode)]
    KeyIsOpen {
        /// The key's file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },

    /// The key is none.
    #[error("the key is not a BIP-39 mnemonic of 12 to 24 English words: {why}")]
    Key {
        /// Why, without any of its words.
        why: String,
    },

    /// Another process sends with this key.
    #[error("{} is in use: another process sends by it; stop that one first", .path.display())]
    JournalInUse {
        /// The journal.
        path: PathBuf,
    },

    /// The chain refused to simulate, so it was not sent.
    #[error("{label} would fail: {log}")]
    WouldFail {
        /// What it was for.
        label: String,
        /// The chain's words.
        log: String,
    },

    /// A node says that it takes more gas than may be paid for.
    #[error(
        "{label} would take {gas} gas: must be at most {most}; compare with another node, or raise max_gas"
    )]
    TooMuchGas {
        /// What it was for.
        label: String,
        /// The gas that would be paid for.
        gas: u64,
        /// The setting.
        most: u64,
    },

    /// What is in a block under this label is not what would be sent now.
    #[error(
        "{label} was done with other contents (transaction {hash}): set the settings back to what they were then, or begin anew with another state and journal"
    )]
    OtherContents {
        /// What it was for.
        label: String,
        /// The transaction that is in a block.
        hash: String,
    },

    /// A node refused to take the transaction: it is in no block and never will be.
    #[error("{label} was refused: {log} (code {code} of {codespace})")]
    Refused {
        /// What it was for.
        label: String,
        /// The chain's code and where it is from.
        code: u32,
        /// The module.
        codespace: String,
        /// The chain's words.
        log: String,
    },

    /// The transaction is in a block and failed.
    #[error("{label} failed in block {height}: {log} (transaction {hash})")]
    Failed {
        /// What it was for.
        label: String,
        /// The transaction.
        hash: String,
        /// The block.
        height: u64,
        /// The gas that was paid for.
        gas_wanted: u64,
        /// The chain's words.
        log: String,
    },

    /// The transaction is in no block up to the last that could have had it.
    #[error("{label} was in no block up to {timeout_height}: it never will be, and can be sent again")]
    Expired {
        /// What it was for.
        label: String,
        /// The last block that could have had it.
        timeout_height: u64,
    },

    /// A transaction may still get into a block.
    #[error("{label} may be in a block up to {timeout_height} still: wait, then look again")]
    OnItsWay {
        /// What it was for.
        label: String,
        /// The last block that can have it.
        timeout_height: u64,
    },

    /// The account has gone on, and no node that was asked knows by which transaction.
    #[error(
        "{label} (transaction {hash}) may be in a block: the account's sequence has passed its own, and no node knows it; name an RPC address whose node keeps all transactions, or, if another program has used this key, begin with another journal"
    )]
    Untraced {
        /// What it was for.
        label: String,
        /// The transaction.
        hash: String,
    },

    /// The keeper has paid as much as it may.
    #[error(
        "the fees of the last 24 hours are {spent}: must be below {most} to send more; wait, or raise daily_fees"
    )]
    DailyFees {
        /// What was paid, in base units.
        spent: u128,
        /// The setting.
        most: u128,
    },

    /// The chain's wasmd is too old.
    #[error(
        "the chain runs wasmd {found}: must be at least {minimum}; older ones end a whole transaction where a contract in it panics (CWA-2025-004)"
    )]
    OldWasmd {
        /// Its version.
        found: String,
        /// The lowest of its line.
        minimum: String,
    },

    /// The chain does not say which wasmd it runs.
    #[error(
        "the chain does not say which wasmd it runs: give it by --wasmd-version, if you know that it is at least {minimum}"
    )]
    UnknownWasmd {
        /// The lowest one.
        minimum: String,
    },
}

impl Error {
    /// An error about a file, for `map_err`.
    pub fn file(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |error| Self::File { path, error }
    }

    /// An answer that cannot be read, for `map_err`.
    pub fn unreadable<E: std::fmt::Display>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        let what = what.into();
        move |why| Self::Unreadable {
            what,
            why: why.to_string(),
        }
    }

    /// Whether asking again may help: nobody answered.
    pub fn is_network(&self) -> bool {
        matches!(self, Self::NoNode { .. })
    }
}
