//! What can be wrong with a scenario, and what ends a replay. A refusal names the
//! file, the line or field, the value, its bound, and what to do next.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use backstop_core::math::MathError;
use backstop_prices::PriceError;
use backstop_types::events::EventError;
use cosmwasm_std::StdError;
use thiserror::Error;

/// A scenario that cannot be replayed, or what ended a replay.
#[derive(Error, Debug)]
pub enum ReplayError {
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

    /// A scenario that is not TOML, or not of the scenario's form.
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

    /// A price file.
    #[error(transparent)]
    Prices(#[from] PriceError),

    /// An event of the contracts that this program does not know or cannot read.
    /// No figure would be right without it.
    #[error(
        "a contract's event cannot be read: {0}\n  next: build this program from the same source as its contracts"
    )]
    Event(#[from] EventError),

    /// A contract's answer or record that cannot be read, by the same reason.
    #[error(
        "a contract's record cannot be read: {0}\n  next: build this program from the same source as its contracts"
    )]
    Stored(#[from] StdError),

    /// A figure that its number cannot hold.
    #[error("a figure of the scenario is too large: {0}\n  next: make its amounts smaller")]
    TooLarge(#[from] MathError),
}

impl ReplayError {
    /// `field` of the scenario in `path` is `value` and must be `bound`.
    pub fn field(path: &Path, field: impl Into<String>, value: impl Display, bound: impl Display) -> Self {
        Self::Field {
            path: path.to_path_buf(),
            field: field.into(),
            value: value.to_string(),
            bound: bound.to_string(),
        }
    }

    /// Whether the scenario and its files are in order, and the contracts and this
    /// program do not fit together.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Event(_) | Self::Stored(_))
    }
}

/// Refuses `value` unless `min <= value <= max`.
pub(crate) fn within<T: PartialOrd + Display>(
    path: &Path,
    field: &str,
    value: T,
    min: T,
    max: T,
) -> Result<T, ReplayError> {
    if value >= min && value <= max {
        return Ok(value);
    }
    let bound = format!("from {min} to {max}");
    Err(ReplayError::field(path, field, value, bound))
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
        let refused = ReplayError::from(event);
        let text = refused.to_string();
        for part in ["wasm-backstop_deposit has no attribute shares", "next: "] {
            assert!(text.contains(part), "{text}");
        }
        assert!(refused.is_ours());
        assert!(!within(Path::new("a.toml"), "x", 1, 2, 3).unwrap_err().is_ours());
    }

    #[test]
    fn not_a_number_is_outside_every_bound() {
        assert!(within(Path::new("a.toml"), "x", f64::NAN, 0.0, 1.0).is_err());
    }
}
