//! What can go wrong with a deployment, and what to do next.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::part::Part;

/// An answer of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a deployment stopped.
#[derive(Error, Debug)]
pub enum Error {
    /// A field of the chain's file.
    #[error("{field} is {value}: must be {bound}")]
    Field {
        /// Its path, such as `markets[0].params.max_age`.
        field: String,
        /// What it is.
        value: String,
        /// What it must be.
        bound: String,
    },

    /// The chain's file is no TOML.
    #[error("the file is no TOML: {0}")]
    Toml(Box<toml::de::Error>),

    /// A file.
    #[error("{}: {error}", .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },

    /// A contract that is not built.
    #[error("{}: {error}; {next}", .path.display())]
    NoWasm {
        /// Where its code should be.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
        /// What to do.
        next: &'static str,
    },

    /// A record of this program that cannot be read.
    #[error("{} cannot be read: {why}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },

    /// The chain's file says otherwise than what was done.
    #[error(
        "{field} is {now}: must be {then}, with which the step {step:?} was done; set it back, or begin another deployment with --state"
    )]
    Contradiction {
        /// The field.
        field: String,
        /// What the file says.
        now: String,
        /// What it said.
        then: String,
        /// The step.
        step: String,
    },

    /// A step that came into the file after the timelock got the contracts.
    #[error(
        "the step {step:?} is new in the file: must be submitted to the timelock by its owner, which owns the contracts by now"
    )]
    TooLate {
        /// The step.
        step: String,
    },

    /// A step needs another one's result.
    #[error("{part} is not there yet")]
    NotYet {
        /// What is needed.
        part: String,
    },

    /// The chain has not what was recorded.
    #[error(
        "{what} is {found}: must be {expected} as recorded; is it another chain of the same name? Then begin anew with --state"
    )]
    Changed {
        /// What was looked at.
        what: String,
        /// What was recorded.
        expected: String,
        /// What the chain has.
        found: String,
    },

    /// A transaction that the journal knows and the chain does not.
    #[error(
        "the transaction {hash} of the step {step:?} was committed, and no node has it: give an RPC address whose index goes back so far"
    )]
    Lost {
        /// The transaction.
        hash: String,
        /// The step.
        step: String,
    },

    /// Too little money.
    #[error(
        "{account} has {has}{denom}: must be at least {needs}{denom} for what is left to do; send it some"
    )]
    Funds {
        /// Whose.
        account: String,
        /// Of what.
        denom: String,
        /// How much there is.
        has: u128,
        /// How much is needed.
        needs: u128,
    },

    /// A transaction without what a step should have given.
    #[error("the transaction {hash} has no {event}.{key}: look at it by 'wasmd query tx {hash}'")]
    NoAttribute {
        /// The transaction.
        hash: String,
        /// The event.
        event: String,
        /// The attribute.
        key: String,
    },

    /// The chain, or the way there.
    #[error(transparent)]
    Chain(#[from] backstop_chain::Error),
}

impl Error {
    /// An error about a file, for `map_err`.
    pub fn file(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |error| Self::File { path, error }
    }

    /// A field of the chain's file.
    pub fn field(field: impl Into<String>, value: impl ToString, bound: impl Into<String>) -> Self {
        Self::Field {
            field: field.into(),
            value: value.to_string(),
            bound: bound.into(),
        }
    }

    /// A contract that is needed first.
    pub fn not_yet(part: Part) -> Self {
        Self::NotYet {
            part: part.to_string(),
        }
    }

    /// Whether the files or the arguments are wrong, and not the chain.
    pub fn is_input(&self) -> bool {
        use backstop_chain::Error as Chain;
        match self {
            Self::Field { .. }
            | Self::Toml(_)
            | Self::File { .. }
            | Self::NoWasm { .. }
            | Self::Unreadable { .. }
            | Self::Contradiction { .. }
            | Self::TooLate { .. } => true,
            Self::Chain(error) => matches!(
                error,
                Chain::Setting { .. }
                    | Chain::NoKey { .. }
                    | Chain::KeyIsOpen { .. }
                    | Chain::Key { .. }
                    | Chain::File { .. }
                    | Chain::OtherContents { .. }
            ),
            _ => false,
        }
    }
}
