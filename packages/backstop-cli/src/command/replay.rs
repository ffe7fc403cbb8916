//! `backstop replay`: one scenario, and perhaps another to set it beside.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use backstop_prices::Wanted;
use backstop_replay::scenario::against;
use backstop_replay::scenario::tables::Scenario;
use backstop_replay::{Run, Setting};
use backstop_testing::Spent;
use indicatif::ProgressBar;

use crate::args::ReplayArgs;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::infer::{Chosen, NamedFile, infer, named, with_prices};
use crate::progress::Progress;
use crate::report::json::Json;
use crate::report::paint::Paint;
use crate::report::{self, Report, compare, terminal, words};

/// What errors of an inferred scenario name in place of its file.
const INFERRED: &str = "inferred.toml";

/// Replays as asked, and says on standard error what was not as it should be.
pub fn run(args: &ReplayArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let report = replay(args, out)?;
    for run in std::iter::once(&report).chain(report.other()) {
        for reason in &run.record.untested {
            eprintln!(
                "nothing tested {}: {}",
                run.record.setting,
                words::untested(reason)
            );
        }
    }
    report.notes.iter().for_each(|note| eprintln!("note: {note}"));
    if report.exit() != Exit::Failed {
        return Ok(report.exit());
    }
    for run in std::iter::once(&report).chain(report.other()) {
        let setting = &run.record.setting;
        for expectation in run.expectations.iter().filter(|expectation| !expectation.met) {
            let (expected, found) = (&expectation.expected, &expectation.found);
            eprintln!("not as expected {setting}: {expected} (found: {found})");
        }
        for found in &run.record.invariants.found {
            eprintln!("{setting}: {found}");
        }
    }
    Ok(Exit::Failed)
}

/// Replays as asked, writes and prints what was asked for, and returns the
/// report.
pub fn replay(args: &ReplayArgs, out: &mut impl Write) -> Result<Report, BadInput> {
    let (path, chosen) = scenario(args)?;
    let scenario = chosen.scenario.clone();
    let seed = args.seed.unwrap_or(scenario.seed);
    let other = other(args, &path, &scenario)?;
    let progress = Progress::new(args.quiet);
    let begun = Instant::now();
    let (first, second) = runs(&path, &scenario, other.as_ref(), seed, &progress)?;
    let seconds = begun.elapsed().as_secs_f64();

    let mut pace = Pace::default();
    std::iter::once(&first)
        .chain(&second)
        .for_each(|run| pace.add(run));
    let command = command(args, seed);
    let mut report = Report::of(first, &scenario, &command);
    if let (Some(second), Some((_, changed))) = (second, &other) {
        report.set_beside(Report::of(second, changed, ""));
    }
    report.say_first(chosen);
    if let Some(folder) = &args.out {
        report::write(folder, &report)?;
    }
    let printed = match (args.json, args.quiet) {
        (true, _) => serde_json::to_string_pretty(&Json::from(&report))
            .map(|json| json + "\n")
            .unwrap_or_default(),
        (_, true) => String::new(),
        _ => text(&report) + &pace.text(seconds),
    };
    // A reader that went away has read enough.
    let _ = out.write_all(printed.as_bytes());
    Ok(report)
}

/// What is to be replayed, and the path that its own paths are relative to.
fn scenario(args: &ReplayArgs) -> Result<(PathBuf, Chosen), BadInput> {
    let wanted = args.read.wanted();
    let prices_alone = |files: &[NamedFile]| {
        let path = PathBuf::from(INFERRED);
        let (_, scenario) = infer(files, &wanted, &path, None, None)?;
        let chosen = Chosen::as_written(&path, scenario)?;
        Ok((path, chosen))
    };
    match &args.scenario {
        None => prices_alone(&args.prices),
        Some(path) if is_price_file(path) && args.prices.is_empty() => {
            prices_alone(&named(std::slice::from_ref(path)))
        }
        Some(_) if args.prices.is_empty() && wanted != Wanted::default() => Err(BadInput::Argument {
            argument: "--column, --time-column, --decimals or --symbol".to_string(),
            value: "given".to_string(),
            bound: "beside a price file: a scenario says itself how its files are read".to_string(),
            next: "write column, time_column, decimals or symbol into its [[source]]".to_string(),
        }),
        Some(path) => {
            let scenario = with_prices(path, &args.prices, &wanted)?;
            let chosen = match args.prices.is_empty() {
                true => Chosen::as_written(path, scenario),
                false => Chosen::with_other_prices(path, scenario),
            };
            Ok((path.clone(), chosen?))
        }
    }
}

/// Whether a file in place of a scenario has prices, by its name.
fn is_price_file(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["csv", "tsv", "txt", "json"]
        .iter()
        .any(|prices| extension.eq_ignore_ascii_case(prices))
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
        backstop_replay::check(path, scenario)?;
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        let laid = against::lay_over(file, scenario)?;
        backstop_replay::check(file, &laid)?;
        return Ok(Some((Setting::Against(name.into_owned()), laid)));
    }
    Ok(args.compare.then(|| (Setting::BreakerOff, scenario.clone())))
}

/// The scenario's run, and at the same time the one that it is set beside.
fn runs(
    path: &Path,
    scenario: &Scenario,
    other: Option<&(Setting, Scenario)>,
    seed: u64,
    progress: &Progress,
) -> Result<(Run, Option<Run>), BadInput> {
    let blocks = scenario.time.blocks();
    let Some((setting, changed)) = other else {
        let bar = progress.bar(&scenario.market.name, blocks);
        let run = backstop_replay::run(path, scenario, &Setting::BreakerOn, seed, &|| bar.inc(1))?;
        bar.finish();
        return Ok((run, None));
    };
    let first = match setting {
        Setting::BreakerOff => Setting::BreakerOn,
        _ => Setting::AsWritten,
    };
    let bars = [progress.bar("this", blocks), progress.bar("the other", blocks)];
    let one = |scenario, setting, bar: &ProgressBar| {
        let run = backstop_replay::run(path, scenario, setting, seed, &|| bar.inc(1));
        bar.finish();
        run
    };
    std::thread::scope(|scope| {
        let second = scope.spawn(|| one(changed, setting, &bars[1]));
        let first = one(scenario, &first, &bars[0])?;
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
    let read = &args.read;
    let decimals = read.decimals.map(|decimals| decimals.to_string());
    let wanted = [
        ("--column", &read.column),
        ("--time-column", &read.time_column),
        ("--decimals", &decimals),
        ("--symbol", &read.symbol),
    ];
    for (option, value) in wanted
        .iter()
        .filter_map(|(option, value)| Some((option, value.as_ref()?)))
    {
        words.extend([option.to_string(), value.clone()]);
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
fn text(report: &Report) -> String {
    let paint = Paint::auto();
    let mut text = String::new();
    for run in std::iter::once(report).chain(report.other()) {
        text += &terminal::summary(run, paint);
        text.push('\n');
    }
    if let Some(other) = report.other() {
        let (first, second) = compare::ordered(&report.record, &other.record);
        text += &compare::compare(first, second, paint);
        text.push('\n');
    }
    text
}

/// How fast it went, and where the time of its threads went.
#[derive(Default)]
struct Pace {
    blocks: u64,
    spent: Spent,
}

impl Pace {
    fn add(&mut self, run: &Run) {
        self.blocks += run.record.blocks;
        self.spent.contracts += run.spent.contracts;
        self.spent.invariants += run.spent.invariants;
    }

    fn text(&self, seconds: f64) -> String {
        let (blocks, speed) = (self.blocks, self.blocks as f64 / seconds.max(1e-9));
        format!(
            "{blocks} blocks in {seconds:.1} s, {speed:.0} a second: {:.1} s of contracts, {:.1} s of invariants\n",
            self.spent.contracts.as_secs_f64(),
            self.spent.invariants.as_secs_f64()
        )
    }
}
