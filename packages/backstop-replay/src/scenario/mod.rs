//! Reading a scenario: TOML to tables, then every bound that can be checked
//! before a contract sees it. Parameters of the contracts are checked by the
//! contracts themselves.

pub mod against;
mod defaults;
pub mod draw;
pub mod overlay;
pub mod path;
mod people;
pub mod tables;
pub mod values;
mod yields;

use std::path::{Path, PathBuf};

use crate::error::{ReplayError, within};
use tables::{Scenario, Source, Stakers, Traders};
use values::{Amount, Moment};

/// The longest replay, in blocks.
pub const MAX_BLOCKS: u64 = 1_000_000;

/// The beginning of the year 2500; a chain's clock ends in 2554.
const LATEST: Moment = Moment(16_725_225_600);

const DAY: u64 = 86_400;
const WHOLE: u64 = 10_000;

/// Reads and checks the scenario in `path`.
pub fn load(path: &Path) -> Result<Scenario, ReplayError> {
    let next = "name a scenario's file, or one of the names that `backstop scenario list` prints";
    parse(path, &read(path, next)?)
}

/// A file's text; `next` says what to do where there is none.
fn read(path: &Path, next: &str) -> Result<String, ReplayError> {
    std::fs::read_to_string(path).map_err(|source| ReplayError::Read {
        path: path.to_path_buf(),
        source,
        next: next.to_string(),
    })
}

/// Parses and checks a scenario's text; `path` is only for its errors.
pub fn parse(path: &Path, text: &str) -> Result<Scenario, ReplayError> {
    let scenario: Scenario = toml::from_str(text).map_err(|error| toml_error(path, text, &error))?;
    check(path, &scenario)?;
    Ok(scenario)
}

/// Where `file` is, if the scenario in `scenario` names it.
pub fn beside(scenario: &Path, file: &str) -> PathBuf {
    scenario.parent().unwrap_or(Path::new("")).join(file)
}

fn toml_error(path: &Path, text: &str, error: &toml::de::Error) -> ReplayError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    ReplayError::Toml {
        path: path.to_path_buf(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: error.message().trim().replace('\n', "; "),
        next: "mend that line; the scenario format is in packages/backstop-cli/README.md".to_string(),
    }
}

/// Checks every bound that is not a contract's.
pub fn check(path: &Path, s: &Scenario) -> Result<(), ReplayError> {
    short(path, "name", &s.name, 64)?;
    short(path, "title", &s.title, 200)?;
    check_references(path, s)?;
    check_time(path, s)?;
    check_market(path, s)?;
    within(path, "source (their number)", s.sources.len(), 2, 8)?;
    for (i, source) in s.sources.iter().enumerate() {
        check_source(path, i, source, &s.sources)?;
        if s.sources[..i].iter().any(|other| other.name == source.name) {
            let field = format!("source[{i}].name");
            return Err(ReplayError::field(path, field, &source.name, "named once only"));
        }
    }
    s.yields.check(path)?;
    check_people(path, s)
}

fn check_references(path: &Path, s: &Scenario) -> Result<(), ReplayError> {
    within(path, "references (their number)", s.references.len(), 0, 32)?;
    for (i, reference) in s.references.iter().enumerate() {
        let field = format!("references[{i}]");
        short(path, &field, reference, 300)?;
        let address = ["https://", "http://"]
            .iter()
            .any(|begin| reference.starts_with(begin));
        if !address || reference.contains(char::is_whitespace) {
            let bound = "an address that begins with https:// or http://, without spaces";
            return Err(ReplayError::field(path, field, reference, bound));
        }
    }
    Ok(())
}

fn check_time(path: &Path, s: &Scenario) -> Result<(), ReplayError> {
    let time = &s.time;
    within(path, "time.block", time.block, 1, DAY)?;
    within(path, "time.start", time.start, Moment(DAY), LATEST)?;
    within(path, "time.end", time.end, Moment(DAY), LATEST)?;
    if time.end <= time.start {
        let bound = format!("after time.start, {}", time.start);
        return Err(ReplayError::field(path, "time.end", time.end, bound));
    }
    let blocks = (time.end.0 - time.start.0) / time.block;
    within(path, "time (its number of blocks)", blocks, 1, MAX_BLOCKS)?;
    let mut after = Moment(time.start.0 + 1);
    for (i, halt) in time.halts.iter().enumerate() {
        within(path, &format!("time.halt[{i}].from"), halt.from, after, time.end)?;
        let least = Moment(halt.from.0 + 1);
        within(
            path,
            &format!("time.halt[{i}].until"),
            halt.until,
            least,
            time.end,
        )?;
        after = halt.until;
    }
    Ok(())
}

fn check_market(path: &Path, s: &Scenario) -> Result<(), ReplayError> {
    backstop_types::input::market_name("market.name", &s.market.name)
        .map_err(|error| refused(path, "market", &error))?;
    if s.market.asset.len() < 3 || !s.market.asset.bytes().all(|b| b.is_ascii_lowercase()) {
        let bound = "at least three lower-case letters, such as uusd";
        return Err(ReplayError::field(path, "market.asset", &s.market.asset, bound));
    }
    within(path, "market.decimals", s.market.decimals, 0, 18).map(drop)
}

fn check_source(path: &Path, i: usize, source: &Source, all: &[Source]) -> Result<(), ReplayError> {
    let name = |part: &str| format!("source[{i}].{part}");
    short(path, &name("name"), &source.name, 32)?;
    short(path, &name("lineage"), &source.lineage, 32)?;
    within(path, &name("confidence_bps"), source.confidence_bps, 0, WHOLE)?;
    within(path, &name("lag"), source.lag, 0, DAY)?;
    within(path, &name("every"), source.every, 1, DAY)?;
    within(path, &name("noise_bps"), source.noise_bps, 0.0, 1_000.0)?;
    within(path, &name("decimals"), source.decimals.unwrap_or(0), 0, 18)?;
    origin(path, i, source, all)?;
    for (j, point) in source.points.iter().enumerate() {
        if j > 0 && point.at <= source.points[j - 1].at {
            let bound = format!("after the point before it, {}", source.points[j - 1].at);
            return Err(ReplayError::field(
                path,
                name(&format!("points[{j}].at")),
                point.at,
                bound,
            ));
        }
        if let Some(confidence) = point.confidence_bps {
            let field = name(&format!("points[{j}].confidence_bps"));
            within(path, &field, confidence, 0, 10 * WHOLE)?;
        }
    }
    Ok(())
}

/// A source's series comes from one place.
fn origin(path: &Path, i: usize, source: &Source, all: &[Source]) -> Result<(), ReplayError> {
    let given = [
        ("csv", source.csv.is_some()),
        ("points", !source.points.is_empty()),
        ("points_of", source.points_of.is_some()),
    ];
    let given: Vec<&str> = given
        .iter()
        .filter(|(_, given)| *given)
        .map(|(name, _)| *name)
        .collect();
    if given.len() != 1 {
        let value = if given.is_empty() {
            "none of them".to_string()
        } else {
            given.join(" and ")
        };
        let field = format!("source[{i}] (csv, points, points_of)");
        return Err(ReplayError::field(path, field, value, "exactly one of the three"));
    }
    match &source.points_of {
        Some(name)
            if !all
                .iter()
                .any(|other| other.name == *name && other.points_of.is_none()) =>
        {
            let field = format!("source[{i}].points_of");
            let bound = "the name of a source with a csv or points of its own";
            Err(ReplayError::field(path, field, name, bound))
        }
        _ => Ok(()),
    }
}

/// The most that a draw may give: far beyond any market, exact in a double.
const MOST: f64 = 1e15;

fn check_people(path: &Path, s: &Scenario) -> Result<(), ReplayError> {
    let run = s.time.end.0 - s.time.start.0;
    check_traders(path, &s.traders, run)?;
    check_stakers(path, &s.stakers, run)?;
    check_markets_for_losses(path, s)?;
    within(path, "lps.count", s.lps.count, 1, 1_000)?;
    s.lps.deposit.check(path, "lps.deposit", 1.0, MOST)
}

fn check_markets_for_losses(path: &Path, s: &Scenario) -> Result<(), ReplayError> {
    let (keepers, venues) = (&s.keepers, &s.venues);
    let bps = |field: &str, value, min, max| within(path, field, value, min, max);
    within(path, "keepers.latency", keepers.latency, 0, 10_000)?;
    within(path, "keepers.depth", keepers.depth, 1, 5_000)?;
    // Some try must get through some day.
    bps(
        "keepers.congested_share_bps",
        keepers.congested_share_bps,
        0,
        9_900,
    )?;
    bps(
        "keepers.congested_at_bps",
        keepers.congested_at_bps,
        1,
        10 * WHOLE,
    )?;
    within(
        path,
        "venues.depth",
        venues.depth,
        Amount(1),
        Amount(MOST as u128),
    )?;
    bps("venues.impact_bps", venues.impact_bps, 0, WHOLE)?;
    bps("venues.max_bps", venues.max_bps, 0, WHOLE)?;
    bps("venues.halved_at_bps", venues.halved_at_bps, 1, 10 * WHOLE).map(drop)
}

fn check_traders(path: &Path, traders: &Traders, run: u64) -> Result<(), ReplayError> {
    let share = |field: &str, value| within(path, field, value, 0, WHOLE);
    within(path, "traders.count", traders.count, 0, 5_000)?;
    share("traders.long_share_bps", traders.long_share_bps)?;
    share("traders.return_share_bps", traders.return_share_bps)?;
    traders.margin.check(path, "traders.margin", 1.0, MOST)?;
    traders.leverage.check(path, "traders.leverage", 0.01, 1_000.0)?;
    within(path, "traders.arrive_within", traders.arrive_within, 0, run)?;
    within(
        path,
        "traders.closes_per_day",
        traders.closes_per_day,
        0.0,
        1_000.0,
    )
    .map(drop)
}

fn check_stakers(path: &Path, stakers: &Stakers, run: u64) -> Result<(), ReplayError> {
    within(path, "stakers.count", stakers.count, 1, 5_000)?;
    stakers.deposit.check(path, "stakers.deposit", 1.0, MOST)?;
    within(path, "stakers.arrive_within", stakers.arrive_within, 0, run)?;
    within(
        path,
        "stakers.unbonds_per_day",
        stakers.unbonds_per_day,
        0.0,
        1_000.0,
    )?;
    within(path, "stakers.panic_share_bps", stakers.panic_share_bps, 0, WHOLE)?;
    within(path, "stakers.panic_after_bps", stakers.panic_after_bps, 1, WHOLE).map(drop)
}

fn short(path: &Path, field: &str, text: &str, max: usize) -> Result<(), ReplayError> {
    if text.is_empty() || text.len() > max || text.chars().any(char::is_control) {
        let bound = format!("1 to {max} bytes long, without control characters");
        return Err(ReplayError::field(
            path,
            field,
            format!("{} bytes", text.len()),
            bound,
        ));
    }
    Ok(())
}

/// `error` of a contract about what is in `table`.
pub fn refused(path: &Path, table: &str, error: &dyn std::fmt::Display) -> ReplayError {
    ReplayError::Refused {
        path: path.to_path_buf(),
        table: table.to_string(),
        message: error.to_string(),
    }
}
