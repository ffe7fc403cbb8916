//! What can be wrong with what the program is given. Every refusal names the
//! file, the line or field, the value, its bound, and what to do next; the
//! program then ends with exit code 2. What ends a replay and is nobody's input
//! ends it with 1.

use std::path::PathBuf;

use backstop_prices::PriceError;
use backstop_replay::ReplayError;
use thiserror::Error;

use crate::exit::Exit;

/// An input that the program cannot work with, or what ended a replay.
#[derive(Error, Debug)]
pub enum BadInput {
    /// A file that cannot be read.
    #[error("{}: cannot be read: {source}\n  next: {next}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
        /// What to do.
        next: String,
    },

    /// A file or folder that cannot be written.
    #[error("{}: cannot be written: {source}\n  next: give --out a place that you may write to", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },

    /// Standard output that cannot be written.
    #[error("standard output cannot be written: {0}\n  next: free some space, or send it elsewhere")]
    Print(std::io::Error),

    /// A message that its contract would not take.
    #[error("{}: {field}: {message}\n  next: {next}", path.display())]
    Message {
        /// Which file.
        path: PathBuf,
        /// The field with its path, such as `change_policy.update.limit`.
        field: String,
        /// What is wrong there.
        message: String,
        /// What to do.
        next: String,
    },

    /// An argument that does not fit the others, the scenario or the files.
    #[error("{argument} is {value}: must be {bound}\n  next: {next}")]
    Argument {
        /// Which.
        argument: String,
        /// What it is.
        value: String,
        /// What it must be.
        bound: String,
        /// What to do.
        next: String,
    },

    /// A file that would be overwritten.
    #[error("{}: is there already\n  next: give --out another file, or --force to overwrite it", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },

    /// A chain's file.
    #[cfg(feature = "chain")]
    #[error("{}: {error}", path.display())]
    ChainFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong in it.
        error: Box<backstop_deploy::Error>,
    },

    /// The files of a deployment, or what ended it.
    #[cfg(feature = "chain")]
    #[error(transparent)]
    Deploy(Box<backstop_deploy::Error>),

    /// The system gives no threads or sockets.
    #[cfg(feature = "chain")]
    #[error("the system gives no event queue: {error}\n  next: raise the limit of open files")]
    Runtime {
        /// Why.
        error: std::io::Error,
    },

    /// A scenario, its files, or what ended its replay.
    #[error(transparent)]
    Replay(#[from] ReplayError),

    /// What `status` or `keeper` was given, or what it met on a chain.
    #[cfg(feature = "chain")]
    #[error(transparent)]
    Operator(Box<backstop_operator::Error>),
}

#[cfg(feature = "chain")]
impl From<backstop_deploy::Error> for BadInput {
    fn from(error: backstop_deploy::Error) -> Self {
        Self::Deploy(Box::new(error))
    }
}

#[cfg(feature = "chain")]
impl From<backstop_operator::Error> for BadInput {
    fn from(error: backstop_operator::Error) -> Self {
        Self::Operator(Box::new(error))
    }
}

impl From<PriceError> for BadInput {
    fn from(error: PriceError) -> Self {
        Self::Replay(error.into())
    }
}

impl BadInput {
    /// What the program ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Replay(error) if error.is_ours() => Exit::Failed,
            #[cfg(feature = "chain")]
            Self::Deploy(error) if !error.is_input() => Exit::Failed,
            #[cfg(feature = "chain")]
            Self::Runtime { .. } => Exit::Failed,
            #[cfg(feature = "chain")]
            Self::Operator(error) if !error.is_input() => Exit::Failed,
            _ => Exit::BadInput,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::events::EventError;

    #[test]
    fn what_ends_a_replay_and_is_nobodys_input_is_told_from_bad_input() {
        let event = EventError::Missing {
            event: "wasm-backstop_deposit".to_string(),
            key: "shares",
        };
        let unreadable = BadInput::from(ReplayError::from(event));
        assert_eq!(unreadable.exit(), Exit::Failed);
        let exists = BadInput::Exists {
            path: "a.toml".into(),
        };
        assert_eq!(exists.exit(), Exit::BadInput);
    }
}
