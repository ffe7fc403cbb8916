//! What the program does, one file a command. Each returns what the program ends
//! with, or why it could do nothing.

pub mod backtest;
mod beside;
mod decode;
#[cfg(feature = "chain")]
mod deploy;
#[cfg(feature = "chain")]
pub mod keeper;
pub mod replay;
pub mod replay_all;
pub mod replay_seeds;
mod scenario_list;
pub mod scenario_new;
#[cfg(feature = "chain")]
pub mod status;

use std::io::{ErrorKind, Write};

use crate::args::{Command, ScenarioCommand};
use crate::error::BadInput;
use crate::exit::Exit;

/// Prints what was asked for. A reader that went away has read enough; any other failure
/// is no success.
pub(super) fn print(out: &mut impl Write, text: &str) -> Result<(), BadInput> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(BadInput::Print(error)),
        _ => Ok(()),
    }
}

/// Does what the command line says.
pub fn run(command: Command, out: &mut impl Write) -> Result<Exit, BadInput> {
    match command {
        Command::Replay(args) if args.all => replay_all::run(&args, out),
        Command::Replay(args) => match args.seeds {
            Some(seeds) => replay_seeds::run(&args, seeds, out),
            None => replay::run(&args, out),
        },
        Command::Backtest(args) => backtest::run(&args, out),
        Command::Decode(args) => decode::run(&args, out),
        #[cfg(feature = "chain")]
        Command::Deploy(args) => deploy::run(&args, out),
        #[cfg(feature = "chain")]
        Command::Status(args) => status::run(&args, out),
        #[cfg(feature = "chain")]
        Command::Keeper(args) => keeper::run(&args),
        Command::Scenario {
            command: ScenarioCommand::New(args),
        } => scenario_new::run(&args, out),
        Command::Scenario {
            command: ScenarioCommand::List,
        } => scenario_list::run(out),
        Command::Scenario {
            command: ScenarioCommand::Show { name },
        } => scenario_list::show(&name, out),
    }
}
