//! `seeds.json`: the seeds as other programs read them. Amounts are decimal strings in
//! base units of the asset, times are RFC 3339 in UTC.

use std::collections::BTreeMap;

use backstop_replay::record::Billionths;
use serde::Serialize;
use serde_json::Value;

use super::figure::{FIGURES, Figure};
use super::limits::LIMITS;
use super::spread::Spread;
use super::{Draw, Draws, Outcome, yields};
use crate::report::bearers::key;
use crate::report::unit::Unit;
use crate::report::words::moment;

/// All of it.
#[derive(Debug, Clone, Serialize)]
pub struct Json {
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The market's name.
    pub market: String,
    /// The settlement asset.
    pub asset: String,
    /// Its decimals: base units in one whole are ten to this power.
    pub decimals: u32,
    /// When the scenario starts.
    pub start: String,
    /// When it ends, at the latest.
    pub end: String,
    /// Blocks of a run.
    pub blocks: u64,
    /// The seeds, in order.
    pub seeds: Vec<u64>,
    /// Each setting, the scenario's own first.
    pub settings: Vec<Setting>,
    /// What each further setting changes, seed by seed.
    pub paired: Vec<Paired>,
    /// The version of the program.
    pub version: String,
    /// The command that makes this again.
    pub command: String,
}

/// A setting under all seeds.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// Which.
    pub setting: String,
    /// Each figure.
    pub figures: Vec<Apart>,
    /// Each limit.
    pub limits: Vec<Limit>,
    /// What is expected, every seed as likely as another.
    pub expected: Option<Expected>,
    /// The seed under which the invariants were checked.
    pub invariants_checked_under: u64,
    /// How often one did not hold.
    pub invariants_failed: u64,
    /// Each run.
    pub runs: Vec<Run>,
}

/// How far a figure lies apart.
#[derive(Debug, Clone, Serialize)]
pub struct Apart {
    /// Its name.
    pub figure: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// The least.
    pub least: Value,
    /// A quarter of the seeds are at most here.
    pub lower_quartile: Value,
    /// Half of them.
    pub median: Value,
    /// Three quarters of them.
    pub upper_quartile: Value,
    /// The most.
    pub most: Value,
    /// All together over their number, rounded down.
    pub mean: Value,
    /// The seed at the worse end; none where several are.
    pub worst_seed: Option<u64>,
}

/// The mean loss, and the premium that would meet it.
#[derive(Debug, Clone, Serialize)]
pub struct Expected {
    /// The mean of what the pool gave and did not get back, rounded up.
    pub lost: String,
    /// The premium of a year that meets it.
    pub break_even_premium: String,
    /// The same of the policy's limit. Rates of different limits cannot be compared.
    pub break_even_rate: Option<Value>,
    /// With so many such crashes a year.
    pub crashes_a_year: String,
}

/// How often a limit bound.
#[derive(Debug, Clone, Serialize)]
pub struct Limit {
    /// `policy`, `pool`, `instant`, `deductible` or `minimum`.
    pub limit: &'static str,
    /// In so many seeds.
    pub seeds: usize,
    /// So many shortfalls in all of them.
    pub shortfalls: u64,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Its seed.
    pub seed: u64,
    /// The hash of its canonical trace.
    pub trace_sha256: String,
    /// Its figures, by their names.
    pub figures: BTreeMap<&'static str, Value>,
    /// Why it tested nothing; empty where all is well.
    pub untested: Vec<String>,
    /// What of the scenario's expectations was not met.
    pub not_as_expected: Vec<String>,
}

/// Differences of two settings: the further one's figures less the first one's.
#[derive(Debug, Clone, Serialize)]
pub struct Paired {
    /// The first setting.
    pub than: String,
    /// The further one.
    pub setting: String,
    /// Each figure.
    pub figures: Vec<Difference>,
}

/// The differences of one figure.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// How far they lie apart.
    #[serde(flatten)]
    pub apart: Apart,
    /// In so many seeds it was more than under the first setting.
    pub more: usize,
    /// In so many it was less.
    pub less: usize,
    /// In so many it was as much.
    pub same: usize,
    /// Each, in the order of the seeds.
    pub by_seed: Vec<Value>,
}

impl From<&Outcome> for Json {
    fn from(outcome: &Outcome) -> Self {
        let about = &outcome.about;
        Self {
            scenario: about.scenario.clone(),
            title: about.title.clone(),
            market: about.market.clone(),
            asset: about.asset.clone(),
            decimals: about.decimals,
            start: moment(about.time.start),
            end: moment(about.time.end),
            blocks: about.blocks,
            seeds: outcome.seeds.clone(),
            settings: outcome
                .settings
                .iter()
                .map(|draws| setting(outcome, draws))
                .collect(),
            paired: outcome
                .others()
                .iter()
                .map(|other| paired(outcome, other))
                .collect(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            command: outcome.command.clone(),
        }
    }
}

impl Json {
    /// As text.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

fn setting(outcome: &Outcome, draws: &Draws) -> Setting {
    let figures = FIGURES.iter().enumerate();
    let limits = LIMITS.iter().enumerate().map(|(place, limit)| {
        let (seeds, shortfalls) = draws.bound(place);
        Limit {
            limit: key(*limit),
            seeds,
            shortfalls,
        }
    });
    let runs = outcome.seeds.iter().zip(&draws.draws);
    Setting {
        setting: draws.setting.to_string(),
        figures: figures
            .map(|(place, figure)| apart(figure, &outcome.spread(draws, place)))
            .collect(),
        limits: limits.collect(),
        expected: expected(draws),
        invariants_checked_under: outcome.seeds.first().copied().unwrap_or_default(),
        invariants_failed: draws.draws.iter().map(|draw| draw.broken).sum(),
        runs: runs.map(|(seed, draw)| run(*seed, draw)).collect(),
    }
}

fn expected(draws: &Draws) -> Option<Expected> {
    let expected = yields::Expected::of(draws)?;
    let part = |part: Billionths| Unit::Share.json(part.0);
    Some(Expected {
        lost: expected.lost.to_string(),
        break_even_premium: expected.premium.to_string(),
        break_even_rate: expected.rate.map(part),
        crashes_a_year: draws.draws.first()?.yields.crashes_a_year.to_string(),
    })
}

fn apart(figure: &Figure, spread: &Spread) -> Apart {
    let value = |value| figure.unit.json(value);
    Apart {
        figure: figure.key,
        unit: figure.unit.name(),
        least: value(spread.least),
        lower_quartile: value(spread.lower),
        median: value(spread.median),
        upper_quartile: value(spread.upper),
        most: value(spread.most),
        mean: value(spread.mean),
        worst_seed: spread.worst,
    }
}

fn run(seed: u64, draw: &Draw) -> Run {
    let figures = FIGURES.iter().zip(draw.values);
    Run {
        seed,
        trace_sha256: draw.trace_sha256.clone(),
        figures: figures
            .map(|(figure, value)| (figure.key, figure.unit.json(value)))
            .collect(),
        untested: draw.untested.clone(),
        not_as_expected: draw
            .missed
            .iter()
            .map(|missed| format!("{} (found: {})", missed.expected, missed.found))
            .collect(),
    }
}

fn paired(outcome: &Outcome, other: &Draws) -> Paired {
    let first = outcome.settings.first();
    let figures = FIGURES.iter().enumerate().map(|(place, figure)| {
        let (spread, ways) = outcome.paired(other, place);
        let differences = outcome.differences(other, place).into_iter();
        Difference {
            apart: apart(figure, &spread),
            more: ways.more,
            less: ways.less,
            same: ways.same,
            by_seed: differences.map(|value| figure.unit.json(value)).collect(),
        }
    });
    Paired {
        than: first.map_or(String::new(), |first| first.setting.to_string()),
        setting: other.setting.to_string(),
        figures: figures.collect(),
    }
}
