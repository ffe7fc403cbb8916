//! `backstop-bench`: see `scripts/bench`.

use std::process::ExitCode;

use backstop_bench::args::Args;
use backstop_bench::{Error, Result, report, run};
use clap::Parser;

fn main() -> ExitCode {
    match bench(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(args: &Args) -> Result<()> {
    let report = run(args)?;
    report.write(&args.out)?;
    if let Some(readme) = &args.readme {
        report.into_readme(readme)?;
    }
    if args.json {
        println!("{}", report.json()?);
    } else {
        println!("{}", report::table::table(&report));
    }
    if !args.check {
        return Ok(());
    }
    let verdicts = report::check::verdicts(&report, !args.no_growth);
    eprint!("{}", report::check::lines(&verdicts));
    match verdicts.iter().filter(|verdict| verdict.fails()).count() {
        0 => Ok(()),
        failures => Err(Error::DoesNotHold(failures)),
    }
}
