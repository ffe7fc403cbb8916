//! What is printed.

use std::io::Write;

use crate::error::{Error, Result};

/// A reader that has seen enough, such as `head`, is no failure.
pub fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::file("standard output")(error))
        }
        _ => Ok(()),
    }
}
