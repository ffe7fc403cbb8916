//! `backstop replay`: one scenario, and perhaps others to set it beside.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use backstop_prices::Wanted;
use backstop_replay::Run;
use backstop_replay::scenario::tables::Scenario;
use backstop_testing::Spent;

use super::beside::cases;
use super::print;
use crate::args::ReplayArgs;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::infer::{Chosen, NamedFile, infer, named, with_prices};
use crate::progress::Progress;
use crate::report::json::Json;
use crate::report::{self, Report, compare, terminal, words};
use crate::seeds::Case;
use crate::shipped::written;
use backstop_terminal::Paint;

/// What errors of an inferred scenario name in place of its file.
const INFERRED: &str = "inferred.toml";

/// Replays as asked, and says on standard error what was not as it should be.
pub fn run(args: &ReplayArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let report = replay(args, out)?;
    for run in std::iter::once(&report).chain(report.others()) {
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
    for run in std::iter::once(&report).chain(report.others()) {
        let setting = &run.record.setting;
        for expectation in run.expectations.iter().filter(|expectation| !expectation.met) {
            eprintln!("not as expected {setting}: {}", expectation.line());
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
    let cases = cases(args, &path, &scenario)?;
    if let Some(folder) = &args.out {
        report::can_write(folder)?;
    }
    let progress = Progress::new(args.quiet);
    let begun = Instant::now();
    let mut runs = runs(&path, &cases, seed, &progress)?;
    let seconds = begun.elapsed().as_secs_f64();

    let mut pace = Pace::default();
    runs.iter().for_each(|run| pace.add(run));
    // The scenario itself is the first case.
    let mut report = Report::of(
        runs.remove(0),
        &scenario,
        &command(args, args.scenario.as_deref(), "--seed", &seed.to_string()),
    );
    for (other, (_, changed)) in runs.into_iter().zip(&cases[1..]) {
        report.set_beside(Report::of(other, changed, ""));
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
        _ => text(&report),
    };
    print(out, &printed)?;
    if !args.quiet && !args.json {
        // Not where the text is: the same seed prints the same bytes.
        eprint!("{}", pace.text(seconds));
    }
    Ok(report)
}

/// What is to be replayed, and the path that its own paths are relative to.
pub(super) fn scenario(args: &ReplayArgs) -> Result<(PathBuf, Chosen), BadInput> {
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
            let (path, scenario) = written(path)?;
            let scenario = with_prices(&path, scenario, &args.prices, &wanted)?;
            let chosen = match args.prices.is_empty() {
                true => Chosen::as_written(&path, scenario),
                false => Chosen::with_other_prices(&path, scenario),
            };
            Ok((path, chosen?))
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

/// Every case's run, all at the same time.
fn runs(path: &Path, cases: &[Case], seed: u64, progress: &Progress) -> Result<Vec<Run>, BadInput> {
    let one = |(setting, scenario): &Case, label: &str| {
        let bar = progress.bar(label, scenario.time.blocks());
        let run = backstop_replay::run(path, scenario, setting, seed, &|| bar.inc(1));
        bar.finish();
        run
    };
    std::thread::scope(|scope| {
        let label = |index: usize, scenario: &Scenario| match (cases.len(), index) {
            (1, _) => scenario.market.name.clone(),
            (_, 0) => "this".to_string(),
            _ => "the other".to_string(),
        };
        let started: Vec<_> = cases
            .iter()
            .enumerate()
            .map(|(index, case)| scope.spawn(move || one(case, &label(index, &case.1))))
            .collect();
        let ended = started.into_iter().map(|run| match run.join() {
            Ok(run) => Ok(run?),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.collect()
    })
}

/// The command that makes the same report again; `option` says which seeds.
pub(super) fn command(args: &ReplayArgs, scenario: Option<&Path>, option: &str, seeds: &str) -> String {
    let mut words = vec!["backstop".to_string(), "replay".to_string()];
    words.extend(scenario.map(|path| path.display().to_string()));
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
    words.extend([option.to_string(), seeds.to_string()]);
    if args.compare {
        words.push("--compare".to_string());
    }
    if let Some(file) = &args.against {
        words.extend(["--against".to_string(), file.display().to_string()]);
    }
    for change in &args.set {
        words.extend(["--set".to_string(), change.to_string()]);
    }
    // Quoted as a shell reads it; a word with a zero byte is none.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}

/// What the terminal shows.
fn text(report: &Report) -> String {
    let paint = Paint::auto();
    let mut text = String::new();
    for run in std::iter::once(report).chain(report.others()) {
        text += &terminal::summary(run, paint);
        text.push('\n');
    }
    for other in report.others() {
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
