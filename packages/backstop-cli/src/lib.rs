//! The `backstop` program: replays crashes through the shipped contracts and
//! says what happened to everybody.
//!
//! [`replay`] and [`guess::new_scenario`] are the whole of it; `main` only reads
//! the command line and turns the outcome into an exit code.

// The program adds up figures of its own making; contracts and core may not.
#![allow(clippy::disallowed_methods)]

pub mod args;
pub mod engine;
pub mod error;
pub mod guess;
pub mod prices;
pub mod progress;
pub mod report;
pub mod scenario;
pub mod series;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use args::ReplayArgs;
use engine::Run;
use error::BadInput;
use progress::Progress;
use report::paint::Paint;
use report::{Report, compare, summary};
use scenario::tables::Scenario;

/// Replays as asked, writes and prints what was asked for, and returns the
/// report.
pub fn replay(args: &ReplayArgs, out: &mut impl Write) -> Result<Report, BadInput> {
    let (path, scenario) = prices::scenario(args)?;
    let seed = args.seed.unwrap_or(scenario.seed);
    let progress = Progress::new(args.quiet);
    let begun = Instant::now();
    let (on, off) = run(&path, &scenario, seed, args.compare, &progress)?;
    let seconds = begun.elapsed().as_secs_f64();

    let text = text(args, &scenario, &on, off.as_ref());
    let mut report = on.report;
    report.off = off.map(|off| Box::new(off.report));
    if let Some(folder) = &args.out {
        report::write(folder, &report)?;
    }
    let printed = if args.json {
        serde_json::to_string_pretty(&report)
            .map(|json| json + "\n")
            .unwrap_or_default()
    } else if args.quiet {
        String::new()
    } else {
        let blocks = report.blocks * (1 + u64::from(report.off.is_some()));
        let speed = blocks as f64 / seconds.max(1e-9);
        format!("{text}{blocks} blocks in {seconds:.1} s, {speed:.0} a second\n")
    };
    // A reader that went away has read enough.
    let _ = out.write_all(printed.as_bytes());
    Ok(report)
}

/// The run with the breaker on, and at the same time the one with it off.
fn run(
    path: &Path,
    scenario: &Scenario,
    seed: u64,
    compare: bool,
    progress: &Progress,
) -> Result<(Run, Option<Run>), BadInput> {
    let blocks = (scenario.time.end.0 - scenario.time.start.0) / scenario.time.block + 1;
    if !compare {
        let bar = progress.bar(&scenario.market.name, blocks);
        return Ok((engine::run(path, scenario, seed, true, &bar)?, None));
    }
    let (on, off) = (
        progress.bar("breaker on", blocks),
        progress.bar("breaker off", blocks),
    );
    std::thread::scope(|scope| {
        let off = scope.spawn(move || engine::run(path, scenario, seed, false, &off));
        let on = engine::run(path, scenario, seed, true, &on)?;
        match off.join() {
            Ok(off) => Ok((on, Some(off?))),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn text(args: &ReplayArgs, scenario: &Scenario, on: &Run, off: Option<&Run>) -> String {
    if args.json || args.quiet {
        return String::new();
    }
    let paint = Paint::auto();
    let names: Vec<&str> = scenario
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    let mut text = summary::summary(&on.report, &on.course, &names, paint);
    if let Some(off) = off {
        text = text + "\n" + &summary::summary(&off.report, &off.course, &names, paint);
        text = text + "\n" + &compare::compare(&on.report, &off.report, paint);
    }
    text + "\n"
}
