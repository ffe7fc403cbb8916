//! What can go wrong on the way to a figure.

use std::path::PathBuf;

use backstop_types::events::EventError;
use thiserror::Error;

/// Short for results of this package.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, Error)]
pub enum Error {
    /// A file or folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The chain's program refused.
    #[error("wasmd {arguments}: {words}")]
    Command {
        /// What it was told.
        arguments: String,
        /// What it said.
        words: String,
    },
    /// A transaction failed.
    #[error("{what}: the transaction failed: {log}")]
    Transaction {
        /// What it was for.
        what: String,
        /// The chain's words.
        log: String,
    },
    /// An answer without what it must hold.
    #[error("{what}: no {field} in the answer: {answer}")]
    Answer {
        /// What was asked.
        what: String,
        /// What is missing.
        field: String,
        /// The answer, cut.
        answer: String,
    },
    /// The node did not get there in time.
    #[error("the node did not {what} within {seconds} s; its log is {log}")]
    Late {
        /// What it should have done.
        what: String,
        /// The patience.
        seconds: u64,
        /// Where its log is.
        log: PathBuf,
    },
    /// Not JSON.
    #[error("{what}: {error}")]
    Json {
        /// What was read or written.
        what: String,
        /// What the reader says.
        error: serde_json::Error,
    },
    /// The node's port did not answer.
    #[error("the node at {address}: {error}")]
    Network {
        /// Which.
        address: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// An event of ours that cannot be read.
    #[error(transparent)]
    Event(#[from] EventError),
    /// Something that is asserted does not hold.
    #[error("{0} of the figures that must hold do not")]
    DoesNotHold(usize),
}

impl Error {
    /// An error of the file or folder at `path`.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }

    /// An error of `what` being read or written as JSON.
    pub fn json(what: impl Into<String>) -> impl FnOnce(serde_json::Error) -> Self {
        let what = what.into();
        move |error| Self::Json { what, error }
    }
}
