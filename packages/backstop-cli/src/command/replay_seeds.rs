//! `backstop replay --seeds`: one scenario under many seeds, and perhaps others to set it
//! beside.

use std::io::Write;
use std::time::Instant;

use super::beside::cases;
use super::print;
use super::replay::{command, scenario};
use crate::args::ReplayArgs;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::report;
use crate::seeds::json::Json;
use crate::seeds::{self, Outcome, Seeds, words};
use backstop_terminal::Paint;

/// Replays as asked, and says on standard error which invariants were broken.
pub fn run(args: &ReplayArgs, seeds: Seeds, out: &mut impl Write) -> Result<Exit, BadInput> {
    Ok(outcome_code(&replay(args, seeds, out)?))
}

/// What the program ends with; which invariants were broken goes to standard error.
pub(super) fn outcome_code(outcome: &Outcome) -> Exit {
    for told in words::untested(outcome) {
        eprintln!("{}: {told}", outcome.about.scenario);
    }
    if outcome.good() {
        return match outcome.untested() {
            true => Exit::NothingTested,
            false => Exit::Good,
        };
    }
    for setting in &outcome.settings {
        for found in setting.draws.iter().flat_map(|draw| &draw.found) {
            eprintln!("{}: {found}", setting.setting);
        }
    }
    Exit::Failed
}

/// Replays as asked, writes and prints what was asked for, and returns it.
pub fn replay(args: &ReplayArgs, seeds: Seeds, out: &mut impl Write) -> Result<Outcome, BadInput> {
    let (path, chosen) = scenario(args)?;
    let scenario = chosen.scenario;
    let cases = cases(args, &path, &scenario)?;
    if let Some(folder) = &args.out {
        report::can_write(folder)?;
    }
    let command = command(args, args.scenario.as_deref(), "--seeds", &seeds.to_string());
    let runs = cases.len() * seeds.all().len();
    let progress = Progress::new(args.quiet);
    let begun = Instant::now();
    let bar = progress.runs("seeds", runs as u64);
    let mut outcome = seeds::outcome(&path, &scenario, &cases, seeds, args.jobs, command, || bar.inc(1))?;
    progress.clear();
    chosen.notes.iter().for_each(|note| eprintln!("note: {note}"));
    outcome.say_first(&chosen.untested);
    let seconds = begun.elapsed().as_secs_f64();
    if let Some(folder) = &args.out {
        seeds::write(folder, &outcome)?;
    }
    let printed = match (args.json, args.quiet) {
        (true, _) => Json::from(&outcome).text(),
        (_, true) => String::new(),
        _ => seeds::text(&outcome, Paint::auto()),
    };
    print(out, &printed)?;
    if !args.quiet {
        // Not where the text is: the same seeds print the same bytes.
        eprintln!("{runs} runs in {seconds:.1} s");
    }
    Ok(outcome)
}
