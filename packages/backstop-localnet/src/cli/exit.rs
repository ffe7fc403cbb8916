//! What the program ends with.

use std::process::{ExitCode, Termination};

/// What became of a command, as a shell sees it; clap ends with 2 for arguments
/// that it does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went as it should.
    Good,
    /// It could not be done.
    Failed,
    /// Asked for its state: not all of the network is running.
    Down,
    /// Asked for its state: there is no network.
    NoNetwork,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        let code: u8 = match self {
            Self::Good => 0,
            Self::Failed => 1,
            Self::Down => 3,
            Self::NoNetwork => 4,
        };
        code.into()
    }
}
