//! Reads the command line, does what it says, and ends with what came of it.

use std::io::stdout;

use backstop_cli::args::Args;
use backstop_cli::command;
use backstop_cli::exit::Exit;
use clap::Parser;

fn main() -> Exit {
    match command::run(Args::parse().command, &mut stdout()) {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("error: {error}");
            error.exit()
        }
    }
}
