//! `backstop backtest`: many crashes and false prints under several settings.

use std::io::Write;

use super::print;
use crate::args::BacktestArgs;
use crate::backtest::{Plan, Table, table};
use crate::error::BadInput;
use crate::exit::Exit;
use crate::progress::Progress;

/// Runs what was asked for, and says on standard error whether invariants broke.
pub fn run(args: &BacktestArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let table = backtest(args, out)?;
    if table.broken == 0 {
        return Ok(Exit::Good);
    }
    eprintln!(
        "{} invariants were broken; replay the row to see which",
        table.broken
    );
    Ok(Exit::Failed)
}

/// Runs what was asked for and prints the table.
pub fn backtest(args: &BacktestArgs, out: &mut impl Write) -> Result<Table, BadInput> {
    let plan = Plan {
        seeds: args.seeds,
        rows: args.row.clone(),
        with: args.with.clone(),
        jobs: args.jobs,
    };
    let progress = Progress::new(args.quiet);
    let table = table(&plan, |runs| {
        let bar = progress.runs("backtest", runs);
        move || bar.inc(1)
    })?;
    progress.clear();
    let text = match (args.json, args.markdown) {
        (true, _) => table.json(),
        (_, true) => table.markdown(),
        _ => table.text(),
    };
    print(out, &text)?;
    Ok(table)
}
