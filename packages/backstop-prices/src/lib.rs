//! Price files as people have them: bars or single prices from an exchange, a
//! data vendor or a script, in the usual spellings of header, time and number.
//! A file is read twice and never held: the first pass checks every row and
//! finds out how the file is ordered and how long a bar is, the second one
//! yields the prices. Only a file out of order is collected, at 32 bytes a row.

mod columns;
mod facts;
mod lines;
mod number;
mod rows;
mod shape;
mod sign;
mod survey;
mod time;

use std::path::Path;

use crate::error::BadInput;

pub use facts::Facts;
pub use survey::Survey;

/// Most characters of a file's text that an error repeats.
const REPEATED: usize = 80;

/// A refusal of what is in line `line` of `path`.
fn refused(path: &Path, line: u64, column: &str, value: &str, bound: Bound) -> BadInput {
    BadInput::Csv {
        path: path.to_path_buf(),
        line,
        column: column.to_string(),
        value: value.chars().take(REPEATED).collect(),
        bound: bound.must_be,
        next: bound.next.into(),
    }
}

/// What a value of a file must be, and what to do if it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    must_be: String,
    next: String,
}

impl Bound {
    fn new(must_be: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            must_be: must_be.into(),
            next: next.into(),
        }
    }
}
