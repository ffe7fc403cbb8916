//! What the program ends with.

use std::process::{ExitCode, Termination};

/// What became of a command, as a shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went as it should.
    Good,
    /// An invariant or an expectation failed, or an event could not be read.
    Failed,
    /// The input was bad.
    BadInput,
    /// It ran, and tested nothing.
    NothingTested,
}

impl Exit {
    /// The code.
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Failed => 1,
            Self::BadInput => 2,
            Self::NothingTested => 3,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        self.code().into()
    }
}
