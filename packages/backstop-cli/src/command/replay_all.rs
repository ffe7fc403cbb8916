//! `backstop replay --all`: every shipped scenario under many seeds, in one table.

use std::io::Write;
use std::path::Path;

use super::beside::cases;
use super::print;
use super::replay::command;
use super::replay_seeds::outcome_code;
use crate::args::ReplayArgs;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::seeds::json::Json;
use crate::seeds::{self, Outcome, Seeds, all};
use crate::shipped::SHIPPED;

/// Replays as asked, and says on standard error which invariants were broken.
pub fn run(args: &ReplayArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let outcomes = replay(args, out)?;
    let codes = outcomes.iter().map(outcome_code).collect::<Vec<_>>();
    let any = |exit| codes.contains(&exit).then_some(exit);
    let worst = any(Exit::Failed).or(any(Exit::NothingTested));
    Ok(worst.unwrap_or(Exit::Good))
}

/// Replays as asked, prints the table, and returns what it was made of.
pub fn replay(args: &ReplayArgs, out: &mut impl Write) -> Result<Vec<Outcome>, BadInput> {
    let seeds = args.seeds.unwrap_or_else(Seeds::twenty);
    let progress = Progress::new(args.quiet);
    let mut planned = vec![];
    for shipped in SHIPPED {
        let scenario = shipped.scenario()?;
        let cases = cases(args, &shipped.path(), &scenario)?;
        planned.push((shipped, scenario, cases));
    }
    let runs: usize = planned
        .iter()
        .map(|(_, _, cases)| cases.len() * seeds.all().len())
        .sum();
    let bar = progress.runs("all", runs as u64);
    let mut outcomes = vec![];
    for (shipped, scenario, cases) in &planned {
        let command = command(args, Some(Path::new(shipped.name)), "--seeds", &seeds.to_string());
        let path = shipped.path();
        let next = || bar.inc(1);
        outcomes.push(seeds::outcome(
            &path, scenario, cases, seeds, args.jobs, command, next,
        )?);
    }
    progress.clear();
    let json = || outcomes.iter().map(Json::from).collect::<Vec<_>>();
    let printed = match (args.json, args.markdown, args.quiet) {
        (true, _, _) => serde_json::to_string_pretty(&json()).unwrap_or_default() + "\n",
        (_, true, _) => all::markdown(&outcomes),
        (_, _, true) => String::new(),
        _ => all::text(&outcomes),
    };
    print(out, &printed)?;
    Ok(outcomes)
}
