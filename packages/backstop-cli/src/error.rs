//! What can be wrong with what the program is given. Every refusal names the
//! file, the line or field, the value, its bound, and what to do next; the
//! program then ends with exit code 2. What ends a replay and is nobody's input
//! ends it with 1.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use backstop_types::events::EventError;
use thiserror::Error;

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

    /// A scenario that is not TOML, or not of the scenario's shape.
    #[error("{}:{line}:{column}: {message}\n  next: {next}", path.display())]
    Toml {
        /// Which file.
        path: PathBuf,
        /// The line, from one.
        line: usize,
        /// The column, from one.
        column: usize,
        /// What is wrong there.
        message: String,
        /// What to do.
        next: String,
    },

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

    /// A field of a scenario outside its bounds.
    #[error("{}: {field} is {value}: must be {bound}\n  next: change {field} there", path.display())]
    Field {
        /// Which file.
        path: PathBuf,
        /// The field with its table, such as `traders.count`.
        field: String,
        /// What it is.
        value: String,
        /// What it must be.
        bound: String,
    },

    /// A row of a CSV that cannot be read.
    #[error(
        "{}:{line}: {column} is {value:?}: must be {bound}\n  next: {next}",
        path.display()
    )]
    Csv {
        /// Which file.
        path: PathBuf,
        /// The line, from one, the header included.
        line: u64,
        /// The column's name.
        column: String,
        /// What it says.
        value: String,
        /// What it must be.
        bound: String,
        /// What to do.
        next: Box<str>,
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

    /// Parameters that a contract refuses.
    #[error(
        "{}: [{table}] is refused by the contract: {message}\n  next: change it within the bound; the \
         contract's README lists them",
        path.display()
    )]
    Refused {
        /// Which file.
        path: PathBuf,
        /// The scenario's table.
        table: String,
        /// The contract's error.
        message: String,
    },

    /// An event of the contracts that this program does not know or cannot read.
    /// No figure would be right without it.
    #[error(
        "a contract's event cannot be read: {0}\n  next: build this program from the same source as its contracts"
    )]
    Event(#[from] EventError),
}

impl BadInput {
    /// What the program ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Event(_) => 1,
            _ => 2,
        }
    }

    /// `field` of the scenario in `path` is `value` and must be `bound`.
    pub fn field(path: &Path, field: impl Into<String>, value: impl Display, bound: impl Display) -> Self {
        Self::Field {
            path: path.to_path_buf(),
            field: field.into(),
            value: value.to_string(),
            bound: bound.to_string(),
        }
    }
}

/// Refuses `value` unless `min <= value <= max`.
pub fn within<T: PartialOrd + Display>(
    path: &Path,
    field: &str,
    value: T,
    min: T,
    max: T,
) -> Result<T, BadInput> {
    if value >= min && value <= max {
        return Ok(value);
    }
    let bound = format!("from {min} to {max}");
    Err(BadInput::field(path, field, value, bound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_file_field_value_bound_and_the_next_step() {
        let refused = within(Path::new("a.toml"), "traders.count", 9_999, 0, 5_000).unwrap_err();
        let text = refused.to_string();
        for part in ["a.toml", "traders.count is 9999", "from 0 to 5000", "next: "] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn an_unreadable_event_ends_a_replay_and_is_nobodys_input() {
        let event = EventError::Missing {
            event: "wasm-backstop_deposit".to_string(),
            key: "shares",
        };
        let refused = BadInput::from(event);
        let text = refused.to_string();
        for part in ["wasm-backstop_deposit has no attribute shares", "next: "] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(refused.exit_code(), 1);
        assert_eq!(
            within(Path::new("a.toml"), "x", 1, 2, 3).unwrap_err().exit_code(),
            2
        );
    }

    #[test]
    fn not_a_number_is_outside_every_bound() {
        assert!(within(Path::new("a.toml"), "x", f64::NAN, 0.0, 1.0).is_err());
    }
}
