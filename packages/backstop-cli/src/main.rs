//! Reads the command line, does what it says, and ends with 0 if all went as it should,
//! 1 if an invariant or an expectation failed or an event could not be read, 2 if
//! the input was bad.

use std::io::stdout;
use std::process::ExitCode;

use backstop_cli::args::{Args, BacktestArgs, Command, ReplayArgs, ScenarioCommand};
use backstop_cli::decode::decode;
use backstop_cli::error::BadInput;
use backstop_cli::guess::new_scenario;
use clap::Parser;

fn main() -> ExitCode {
    match Args::parse().command {
        Command::Replay(args) => replay(&args),
        Command::Backtest(args) => backtest(&args),
        Command::Decode(args) => done(decode(&args, &mut stdout())),
        Command::Scenario {
            command: ScenarioCommand::New(args),
        } => done(new_scenario(&args, &mut stdout())),
    }
}

fn done(done: Result<(), BadInput>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn backtest(args: &BacktestArgs) -> ExitCode {
    match backstop_cli::backtest::backtest(args, &mut stdout()) {
        Ok(table) if table.broken == 0 => ExitCode::SUCCESS,
        Ok(table) => {
            eprintln!(
                "{} invariants were broken; replay the row to see which",
                table.broken
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn replay(args: &ReplayArgs) -> ExitCode {
    let report = match backstop_cli::replay(args, &mut stdout()) {
        Ok(report) => report,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(error.exit_code());
        }
    };
    if report.good() {
        return ExitCode::SUCCESS;
    }
    for run in std::iter::once(&report).chain(report.other()) {
        let setting = &run.setting;
        for expectation in run.expectations.iter().filter(|expectation| !expectation.met) {
            let (expected, found) = (&expectation.expected, &expectation.found);
            eprintln!("not as expected {setting}: {expected} (found: {found})");
        }
        for found in &run.invariants.found {
            eprintln!("{setting}: {found}");
        }
    }
    ExitCode::FAILURE
}
