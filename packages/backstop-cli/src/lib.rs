//! The `backstop` program: replays crashes through the shipped contracts and
//! says what happened to everybody.
//!
//! [`replay`], [`backtest::backtest`], [`decode::decode`] and
//! [`guess::new_scenario`] are the whole of it; `main` only reads the command line and turns the outcome into an exit code.

// The program adds up figures of its own making; contracts and core may not.
#![allow(clippy::disallowed_methods)]

pub mod args;
pub mod backtest;
pub mod decode;
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
use backstop_testing::Spent;
use engine::{Run, Setting};
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
    let other = other(args, &path, &scenario)?;
    let progress = Progress::new(args.quiet);
    let begun = Instant::now();
    let (mut first, second) = run(&path, &scenario, other.as_ref(), seed, &progress)?;
    let seconds = begun.elapsed().as_secs_f64();

    first.report.command = command(args, seed);
    if let Some(second) = &second {
        first.report.set_beside(second.report.clone());
    }
    if let Some(folder) = &args.out {
        report::write(folder, &first, second.as_ref())?;
    }
    let text = text(args, &first, second.as_ref(), seconds);
    let report = first.report;
    let printed = if args.json {
        serde_json::to_string_pretty(&report)
            .map(|json| json + "\n")
            .unwrap_or_default()
    } else {
        text
    };
    // A reader that went away has read enough.
    let _ = out.write_all(printed.as_bytes());
    Ok(report)
}

/// What the scenario is set beside: itself without a breaker, or with other
/// parameters.
fn other(
    args: &ReplayArgs,
    path: &Path,
    scenario: &Scenario,
) -> Result<Option<(Setting, Scenario)>, BadInput> {
    if let Some(file) = &args.against {
        // What is wrong with the scenario is not the file's fault.
        engine::check(path, scenario)?;
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        let laid = scenario::against::lay_over(file, scenario)?;
        engine::check(file, &laid)?;
        return Ok(Some((Setting::Against(name.into_owned()), laid)));
    }
    Ok(args.compare.then(|| (Setting::BreakerOff, scenario.clone())))
}

/// The scenario's run, and at the same time the one that it is set beside.
fn run(
    path: &Path,
    scenario: &Scenario,
    other: Option<&(Setting, Scenario)>,
    seed: u64,
    progress: &Progress,
) -> Result<(Run, Option<Run>), BadInput> {
    let blocks = scenario.time.blocks();
    let Some((setting, changed)) = other else {
        let bar = progress.bar(&scenario.market.name, blocks);
        return Ok((
            engine::run(path, scenario, &Setting::BreakerOn, seed, &bar)?,
            None,
        ));
    };
    let first = match setting {
        Setting::BreakerOff => Setting::BreakerOn,
        _ => Setting::AsWritten,
    };
    let bars = [progress.bar("this", blocks), progress.bar("the other", blocks)];
    std::thread::scope(|scope| {
        let second = scope.spawn(|| engine::run(path, changed, setting, seed, &bars[1]));
        let first = engine::run(path, scenario, &first, seed, &bars[0])?;
        match second.join() {
            Ok(second) => Ok((first, Some(second?))),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// The command that makes the same report again.
fn command(args: &ReplayArgs, seed: u64) -> String {
    let mut words = vec!["backstop".to_string(), "replay".to_string()];
    words.extend(args.scenario.iter().map(|path| path.display().to_string()));
    for prices in &args.prices {
        words.push("--prices".to_string());
        words.push(format!("{}={}", prices.name, prices.path.display()));
    }
    words.extend(["--seed".to_string(), seed.to_string()]);
    if args.compare {
        words.push("--compare".to_string());
    }
    if let Some(file) = &args.against {
        words.extend(["--against".to_string(), file.display().to_string()]);
    }
    // Quoted as a shell reads it; a word with a zero byte is none.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}

/// What the terminal shows.
fn text(args: &ReplayArgs, first: &Run, second: Option<&Run>, seconds: f64) -> String {
    if args.json || args.quiet {
        return String::new();
    }
    let paint = Paint::auto();
    let mut text = String::new();
    let mut blocks = 0;
    let mut spent = Spent::default();
    for run in std::iter::once(first).chain(second) {
        text += &summary::summary(&run.report, &run.course, paint);
        text.push('\n');
        blocks += run.report.blocks;
        spent.contracts += run.spent.contracts;
        spent.invariants += run.spent.invariants;
    }
    if let Some(second) = second {
        text += &compare::compare(&first.report, &second.report, paint);
        text.push('\n');
    }
    text + &pace(blocks, seconds, spent)
}

/// How fast it went, and where the time of its threads went.
fn pace(blocks: u64, seconds: f64, spent: Spent) -> String {
    let speed = blocks as f64 / seconds.max(1e-9);
    format!(
        "{blocks} blocks in {seconds:.1} s, {speed:.0} a second: {:.1} s of contracts, {:.1} s of invariants\n",
        spent.contracts.as_secs_f64(),
        spent.invariants.as_secs_f64()
    )
}
