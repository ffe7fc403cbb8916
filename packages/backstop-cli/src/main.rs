//! Reads the command line, does what it says, and ends with 0 if all went as it should,
//! 1 if an invariant or an expectation failed or an event could not be read, 2 if
//! the input was bad.

use std::process::ExitCode;

use backstop_cli::args::{Args, BacktestArgs, Command, DecodeArgs, NewArgs, ReplayArgs, ScenarioCommand};
use clap::Parser;

fn main() -> ExitCode {
    match Args::parse().command {
        Command::Replay(args) => replay(&args),
        Command::Backtest(args) => backtest(&args),
        Command::Decode(args) => decode(&args),
        Command::Scenario {
            command: ScenarioCommand::New(args),
        } => new_scenario(&args),
    }
}

fn decode(args: &DecodeArgs) -> ExitCode {
    match backstop_cli::decode::decode(args, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn new_scenario(args: &NewArgs) -> ExitCode {
    match backstop_cli::guess::new_scenario(args, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn backtest(args: &BacktestArgs) -> ExitCode {
    match backstop_cli::backtest::backtest(args, &mut std::io::stdout()) {
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
    let report = match backstop_cli::replay(args, &mut std::io::stdout()) {
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
