//! What the seeds show, in words.

use super::figure::{FIGURES, Figure};
use super::limits::LIMITS;
use super::{Draws, Outcome, yields};
use crate::report::bearers::name;

/// What it is: one sentence.
pub fn about(outcome: &Outcome) -> String {
    let (first, last) = ends(outcome);
    format!(
        "{} seeds, {first} to {last}: each is one draw of who trades, stakes and liquidates when, at the same prices.",
        outcome.seeds.len()
    )
}

fn ends(outcome: &Outcome) -> (u64, u64) {
    let end = |seed: Option<&u64>| seed.copied().unwrap_or_default();
    (end(outcome.seeds.first()), end(outcome.seeds.last()))
}

/// What the scenario's own setting comes to: what the stakers lost, what winners bore,
/// and which limits bound.
pub fn story(outcome: &Outcome) -> Vec<String> {
    let Some(first) = outcome.settings.first() else {
        return vec![];
    };
    let mut story = untested(outcome);
    let told = FIGURES.iter().enumerate().filter(|(_, figure)| figure.told);
    story.extend(told.map(|(place, figure)| spread(outcome, first, place, figure)));
    story.extend(yields::words(outcome, first).map(|words| capital(&words)));
    let seeds = outcome.seeds.len();
    let bound = LIMITS.iter().enumerate().filter_map(|(place, limit)| {
        let (bound, _) = first.bound(place);
        (bound > 0).then(|| format!("the {} in {bound}", name(*limit)))
    });
    let bound: Vec<String> = bound.collect();
    story.push(match bound.is_empty() {
        true => format!("No limit bound in any of the {seeds} seeds."),
        false => format!("Of {seeds} seeds, what bound was {}.", bound.join(", ")),
    });
    story.extend(missed(outcome, first));
    story
}

/// Which runs tested nothing, and why: a sentence for each reason and setting.
pub fn untested(outcome: &Outcome) -> Vec<String> {
    let seeds = outcome.seeds.len();
    let of = |setting: &Draws| {
        let reasons = setting.untested().into_iter();
        let told = reasons.map(|(reason, runs)| {
            format!(
                "Nothing tested {}, in {runs} of {seeds} runs: {reason}",
                setting.setting
            )
        });
        told.collect::<Vec<_>>()
    };
    outcome.settings.iter().flat_map(of).collect()
}

/// A figure under a setting.
fn spread(outcome: &Outcome, setting: &Draws, place: usize, figure: &Figure) -> String {
    let spread = outcome.spread(setting, place);
    let show = |value| figure.unit.show(value, outcome.about.decimals);
    let name = capital(figure.name);
    if spread.is_one() {
        return format!("{name}: {} under every seed.", show(spread.median));
    }
    let worst = spread
        .worst
        .map_or(String::new(), |worst| format!("; seed {worst} is the worst"));
    format!(
        "{name}: {} on the mean, {} in the median, from {} to {}{worst}.",
        show(spread.mean),
        show(spread.median),
        show(spread.least),
        show(spread.most)
    )
}

/// Seeds under which the scenario's expectations were not met.
fn missed(outcome: &Outcome, setting: &Draws) -> Option<String> {
    let missed = outcome.seeds.iter().zip(&setting.draws);
    let missed: Vec<String> = missed
        .filter(|(_, draw)| !draw.missed.is_empty())
        .map(|(seed, _)| seed.to_string())
        .collect();
    (!missed.is_empty()).then(|| {
        format!(
            "What the scenario expects, {}, did not all happen under seed {}.",
            setting.setting,
            missed.join(", ")
        )
    })
}

/// What another setting changes, seed by seed: a sentence for each figure that is told
/// and differs anywhere.
pub fn changes(outcome: &Outcome, other: &Draws) -> Vec<String> {
    let told = FIGURES.iter().enumerate().filter(|(_, figure)| figure.told);
    let mut found: Vec<String> = told
        .filter_map(|(place, figure)| changed(outcome, other, place, figure))
        .collect();
    if found.is_empty() {
        found.push(format!("{} nothing of this differs under any seed.", lead(other)));
    }
    found.extend(yields::words(outcome, other).map(|words| format!("{} {words}", lead(other))));
    found.extend(missed(outcome, other));
    found
}

fn changed(outcome: &Outcome, other: &Draws, place: usize, figure: &Figure) -> Option<String> {
    let (spread, ways) = outcome.paired(other, place);
    if ways.more + ways.less == 0 {
        return None;
    }
    let show = |value| figure.unit.show(value, outcome.about.decimals);
    let worst = spread
        .worst
        .map_or(String::new(), |seed| format!(" (seed {seed} the worst)"));
    Some(format!(
        "{} {}: more in {} of {} seeds, less in {}, as much in {}. The difference is {} on the mean, {} in the median, from {} to {}{worst}.",
        lead(other),
        figure.name,
        ways.more,
        outcome.seeds.len(),
        ways.less,
        ways.same,
        show(spread.mean),
        show(spread.median),
        show(spread.least),
        show(spread.most)
    ))
}

/// How a sentence on a setting begins.
fn lead(other: &Draws) -> String {
    format!("{},", capital(&other.setting.to_string()))
}

/// A sentence's beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// That invariants were broken, which makes every figure doubtful.
pub fn broken(outcome: &Outcome) -> String {
    format!(
        "Something that must always hold did not, and no figure here can be relied on: {}.",
        checked(outcome)
    )
}

/// What was checked, and what came of it.
pub fn checked(outcome: &Outcome) -> String {
    let broken: u64 = outcome
        .settings
        .iter()
        .flat_map(|setting| &setting.draws)
        .map(|draw| draw.broken)
        .sum();
    let (first, _) = ends(outcome);
    format!("invariants, checked after every message under seed {first}: {broken} failures")
}
