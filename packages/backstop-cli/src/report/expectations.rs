//! What a scenario says should happen, held against what did.

use backstop_replay::record::{Record, Setting};
use backstop_replay::scenario::tables::{Outcome, Scenario};
use backstop_types::breaker::MarketState;
use backstop_types::{Assets, Named};
use serde::Serialize;

use super::words::{grouped, shown, times};

/// Something that the scenario expected.
#[derive(Debug, Clone, Serialize)]
pub struct Expectation {
    /// What, for programs: amounts in base units.
    pub expected: String,
    /// What was found, for programs.
    pub found: String,
    /// The two for people: amounts in whole units.
    #[serde(skip)]
    pub said: Said,
    /// Whether it came true.
    pub met: bool,
}

/// An expectation for people.
#[derive(Debug, Clone)]
pub struct Said {
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl Expectation {
    /// Both for people, in one line.
    pub fn line(&self) -> String {
        format!("{} (found: {})", self.said.expected, self.said.found)
    }
}

/// Each expectation that the scenario states for this run of it.
pub fn of(scenario: &Scenario, record: &Record) -> Vec<Expectation> {
    match &record.setting {
        Setting::BreakerOn | Setting::AsWritten => check(&scenario.expect.on, record),
        Setting::BreakerOff => check(&scenario.expect.off, record),
        // A scenario expects nothing of parameters that it does not know.
        Setting::Against(_) => vec![],
    }
}

/// Something that is counted, between two bounds.
struct Bounded {
    what: &'static str,
    min: Option<u128>,
    max: Option<u128>,
    found: u128,
    amount: bool,
}

fn check(outcome: &Outcome, record: &Record) -> Vec<Expectation> {
    let mut found = vec![];
    trips(outcome, record, &mut found);
    let count = |what, min: Option<u64>, max: Option<u64>, found: u64| Bounded {
        what,
        min: min.map(u128::from),
        max: max.map(u128::from),
        found: u128::from(found),
        amount: false,
    };
    let paid = Bounded {
        what: "the pool pays",
        min: outcome.pool_paid_min.map(|amount| amount.0),
        max: outcome.pool_paid_max.map(|amount| amount.0),
        found: record.vault.paid.u128(),
        amount: true,
    };
    let answered = record.shortfalls.count();
    let shortfalls = count(
        "shortfalls",
        outcome.shortfalls_min,
        outcome.shortfalls_max,
        answered,
    );
    let adl = count("deleveraged positions", outcome.adl_min, None, record.adl.events);
    for bounded in [paid, shortfalls, adl] {
        let at_least = bounded.min.map(|min| ("at least", min, bounded.found >= min));
        let at_most = bounded.max.map(|max| ("at most", max, bounded.found <= max));
        for (word, bound, met) in at_least.into_iter().chain(at_most) {
            found.push(bounded.expectation(word, bound, met, record));
        }
    }
    found
}

impl Bounded {
    fn expectation(&self, word: &str, bound: u128, met: bool, record: &Record) -> Expectation {
        let say = |number: u128| match self.amount {
            true => shown(record, Assets::new(number)),
            false => grouped(number),
        };
        Expectation {
            expected: format!("{}: {word} {bound}", self.what),
            found: self.found.to_string(),
            said: Said {
                expected: format!("{}: {word} {}", self.what, say(bound)),
                found: say(self.found),
            },
            met,
        }
    }
}

fn trips(outcome: &Outcome, record: &Record, found: &mut Vec<Expectation>) {
    let tripped = record.breaker.trips > 0;
    if let Some(expected) = outcome.tripped {
        let what = if expected {
            "the market trips"
        } else {
            "the market never trips"
        };
        let count = format!("{} trips", record.breaker.trips);
        let said = format!("it tripped {}", times(record.breaker.trips));
        found.push(expectation(what.to_string(), count, said, tripped == expected));
    }
    let transitions = record.breaker.transitions.iter();
    let into = transitions.filter(|t| matches!(t.to, MarketState::Tripped | MarketState::Latched));
    let mut seen = into.flat_map(|t| t.reasons.iter()).collect::<Vec<_>>();
    seen.sort_unstable_by_key(|fault| fault.name());
    seen.dedup();
    let seen: Vec<&str> = seen.into_iter().map(|fault| fault.name()).collect();
    for reason in &outcome.tripped_by {
        found.push(expectation(
            format!("a trip names {reason}"),
            seen.join(", "),
            seen.join(", ").replace('_', " "),
            seen.contains(&reason.as_str()),
        ));
    }
}

fn expectation(expected: String, found: String, said: String, met: bool) -> Expectation {
    Expectation {
        said: Said {
            expected: expected.clone(),
            found: said,
        },
        expected,
        found,
        met,
    }
}
