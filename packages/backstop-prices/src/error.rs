//! What can be wrong with a price file. Every refusal names the file, the line
//! and column, the value, its bound, and what to do next.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// A price file that cannot be read as a series.
#[derive(Error, Debug)]
pub enum PriceError {
    /// It cannot be read at all.
    #[error("{}: cannot be read: {source}\n  next: {next}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
        /// What to do.
        next: String,
    },

    /// A row, or the file as a whole, that says what it must not.
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

    /// A feed's whole number, which has decimals among its digits, and nothing says
    /// how many.
    #[error(
        "{}:{line}: {column} is {value:?}: must be a price with decimals in some row: a feed's whole numbers have them \
         among their digits, and nothing says how many\n  next: give --decimals, or source.decimals of the \
         scenario: most feeds in dollars have 8, and 0 says that these are prices",
        path.display()
    )]
    WholeAnswer {
        /// Which file.
        path: PathBuf,
        /// The line, from one.
        line: u64,
        /// The column's name.
        column: String,
        /// What it says.
        value: String,
    },
}

/// A refusal of a whole answer in line `line` of `path`.
pub(crate) fn whole_answer(path: &Path, line: u64, column: &str, value: &str) -> PriceError {
    PriceError::WholeAnswer {
        path: path.to_path_buf(),
        line,
        column: column.to_string(),
        value: value.chars().take(REPEATED).collect(),
    }
}

/// Most characters of a file's text that an error repeats.
const REPEATED: usize = 80;

/// A refusal of what is in line `line` of `path`.
pub(crate) fn refused(path: &Path, line: u64, column: &str, value: &str, bound: Bound) -> PriceError {
    PriceError::Csv {
        path: path.to_path_buf(),
        line,
        column: column.to_string(),
        value: value.chars().take(REPEATED).collect(),
        bound: bound.must_be,
        next: bound.next.into(),
    }
}

/// A file that cannot be read.
pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> PriceError {
    PriceError::Read {
        path: path.to_path_buf(),
        source,
        next: "name a file that you may read; source.csv is looked for beside the scenario".to_string(),
    }
}

/// What a value of a file must be, and what to do if it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    pub must_be: String,
    pub next: String,
}

impl Bound {
    pub fn new(must_be: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            must_be: must_be.into(),
            next: next.into(),
        }
    }
}
