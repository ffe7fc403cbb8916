//! What a scenario says should happen, held against what did.

use backstop_replay::record::{Record, Setting};
use backstop_replay::scenario::tables::{Outcome, Scenario};
use backstop_types::Named;
use backstop_types::breaker::MarketState;
use serde::Serialize;

/// Something that the scenario expected.
#[derive(Debug, Clone, Serialize)]
pub struct Expectation {
    /// What, in words.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Whether it came true.
    pub met: bool,
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

fn check(outcome: &Outcome, record: &Record) -> Vec<Expectation> {
    let mut found = vec![];
    trips(outcome, record, &mut found);
    let paid = record.vault.paid.u128();
    let bounds = [
        (
            "the pool pays",
            outcome.pool_paid_min.map(|a| a.0),
            outcome.pool_paid_max.map(|a| a.0),
            paid,
        ),
        (
            "shortfalls",
            outcome.shortfalls_min.map(u128::from),
            outcome.shortfalls_max.map(u128::from),
            u128::from(record.shortfalls.count()),
        ),
        (
            "deleveraged positions",
            outcome.adl_min.map(u128::from),
            None,
            u128::from(record.adl.events),
        ),
    ];
    for (what, min, max, value) in bounds {
        if let Some(min) = min {
            found.push(expectation(
                format!("{what}: at least {min}"),
                value,
                value >= min,
            ));
        }
        if let Some(max) = max {
            found.push(expectation(format!("{what}: at most {max}"), value, value <= max));
        }
    }
    found
}

fn trips(outcome: &Outcome, record: &Record, found: &mut Vec<Expectation>) {
    let tripped = record.breaker.trips > 0;
    if let Some(expected) = outcome.tripped {
        let what = if expected {
            "the market trips"
        } else {
            "the market never trips"
        };
        let times = format!("{} trips", record.breaker.trips);
        found.push(expectation(what.to_string(), times, tripped == expected));
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
            seen.contains(&reason.as_str()),
        ));
    }
}

fn expectation(expected: String, found: impl std::fmt::Display, met: bool) -> Expectation {
    Expectation {
        expected,
        found: found.to_string(),
        met,
    }
}
