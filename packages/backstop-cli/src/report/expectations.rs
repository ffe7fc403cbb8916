//! What a scenario says should happen, held against what did.

use super::{Expectation, Report, number};
use crate::scenario::tables::Outcome;

/// Each expectation that the scenario states for this run.
pub fn check(outcome: &Outcome, report: &Report) -> Vec<Expectation> {
    let mut found = vec![];
    trips(outcome, report, &mut found);
    let paid = number(&report.vault.paid);
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
            u128::from(report.shortfalls.count),
        ),
        (
            "deleveraged positions",
            outcome.adl_min.map(u128::from),
            None,
            u128::from(report.adl.events),
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

fn trips(outcome: &Outcome, report: &Report, found: &mut Vec<Expectation>) {
    let tripped = report.breaker.trips > 0;
    if let Some(expected) = outcome.tripped {
        let what = if expected {
            "the market trips"
        } else {
            "the market never trips"
        };
        let times = format!("{} trips", report.breaker.trips);
        found.push(expectation(what.to_string(), times, tripped == expected));
    }
    let transitions = report.breaker.transitions.iter();
    let into = transitions.filter(|t| t.to == "tripped" || t.to == "latched");
    let reasons: Vec<&str> = into.flat_map(|t| t.reasons.iter().map(String::as_str)).collect();
    for reason in &outcome.tripped_by {
        let met = reasons.contains(&reason.as_str());
        let mut seen = reasons.clone();
        seen.sort_unstable();
        seen.dedup();
        found.push(expectation(
            format!("a trip names {reason}"),
            seen.join(", "),
            met,
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
