//! What can be wrong with what an operator gives, and what ends a command.

use std::path::PathBuf;

use thiserror::Error;

/// An answer of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command came to nothing.
#[derive(Error, Debug)]
pub enum Error {
    /// A file that cannot be read, or not as what it should be.
    #[error("{}: {why}\n  next: {next}", .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What is wrong.
        why: String,
        /// What to do.
        next: String,
    },

    /// A setting.
    #[error("{field} is {value}: must be {bound}\n  next: {next}")]
    Setting {
        /// Its name with its path, such as `tasks.poke.every`.
        field: String,
        /// What it is.
        value: String,
        /// What it must be.
        bound: String,
        /// What to do.
        next: String,
    },

    /// An address that the keeper cannot listen on.
    #[error(
        "{address}: cannot listen: {error}\n  next: stop what listens there, or set metrics.listen to another port"
    )]
    Listen {
        /// Which.
        address: String,
        /// The system's words.
        error: std::io::Error,
    },

    /// The system refused something that the keeper needs to run.
    #[error("the keeper cannot run: {0}")]
    System(std::io::Error),

    /// A chain.
    #[error(transparent)]
    Chain(#[from] backstop_chain::Error),
}

impl Error {
    /// A setting that is out of its bounds.
    pub fn setting(field: &str, value: impl ToString, bound: impl Into<String>) -> Self {
        Self::Setting {
            field: field.to_string(),
            value: value.to_string(),
            bound: bound.into(),
            next: "correct it; operations/keeper.example.toml has every setting with its bounds".to_string(),
        }
    }

    /// Whether it lies in what was given, and not in the chain or the system.
    pub fn is_input(&self) -> bool {
        use backstop_chain::Error as Chain;
        match self {
            Self::File { .. } | Self::Setting { .. } => true,
            Self::Chain(error) => matches!(
                error,
                Chain::Setting { .. }
                    | Chain::File { .. }
                    | Chain::NoKey { .. }
                    | Chain::KeyIsOpen { .. }
                    | Chain::Key { .. }
                    | Chain::AnotherChain { .. }
            ),
            Self::Listen { .. } | Self::System(_) => false,
        }
    }
}
