//! What a change of the breaker's state stood on, as people read it: a line for each
//! finding, with its measure and its bound.

use backstop_replay::record::{Evidence, Said, Transition};
use backstop_types::breaker::{Fault, Faults, Finding, Layer};
use backstop_types::{Named, Price, Seconds};

use super::readable::short_price;
use super::words::bps;
use super::words::{duration, times, when};

/// A line for each finding: of the sources, of the market, and of what the state still
/// stands on though this reading has it no more.
pub fn lines(change: &Transition) -> Vec<String> {
    let Some(evidence) = &change.stood_on else {
        return change.reasons.iter().map(named).collect();
    };
    let mut lines: Vec<String> = vec![];
    for said in &evidence.sources {
        lines.extend(
            said.findings
                .iter()
                .map(|finding| of_source(said, finding, evidence)),
        );
    }
    lines.extend(
        evidence
            .findings
            .iter()
            .map(|finding| of_market(finding, evidence)),
    );
    let found = evidence.sources.iter().flat_map(|said| &said.findings);
    let found = Faults::of(found.chain(&evidence.findings).map(|finding| finding.fault));
    let standing: Vec<String> = change
        .reasons
        .iter()
        .filter(|fault| !found.has(*fault))
        .map(named)
        .collect();
    if !standing.is_empty() {
        lines.push(format!("still stands from before: {}", standing.join(", ")));
    }
    if lines.is_empty() {
        lines.push("nothing is wrong with the reading".to_string());
    }
    lines
}

/// What each source said, and what the median was compared with.
pub fn said(change: &Transition) -> Vec<String> {
    let Some(evidence) = &change.stood_on else {
        return vec![];
    };
    let mut lines: Vec<String> = evidence.sources.iter().map(one_said).collect();
    if let Some(median) = evidence.median {
        let reference = match evidence.reference {
            Some(reference) => format!(", reference {}", short_price(reference)),
            None => String::new(),
        };
        lines.push(format!("median {}{reference}", short_price(median)));
    }
    lines
}

fn one_said(said: &Said) -> String {
    let price = said.price.map_or("no price".to_string(), short_price);
    let confidence = said.confidence.filter(|confidence| !confidence.is_zero());
    let confidence = confidence.map_or(String::new(), |confidence| {
        format!(" ± {}", short_price(confidence))
    });
    let at = said
        .published
        .map_or(String::new(), |at| format!(", published at {}", when(at)));
    format!("{}: {price}{confidence}{at}", said.source)
}

fn of_source(said: &Said, finding: &Finding, evidence: &Evidence) -> String {
    let (measured, bound) = (finding.measured, finding.bound);
    let by = |what: &str| {
        within(
            measured.map(|part| format!("{} {what}", bps(part))),
            bound.map(bps),
        )
    };
    let late = |what: &str| {
        within(
            measured.map(|age| format!("{} {what}", time(age))),
            bound.map(time),
        )
    };
    let words = match finding.fault {
        Fault::Unreadable => Some("gave no price that can be read".to_string()),
        Fault::NonPositive => Some("gave a price of zero or below".to_string()),
        Fault::Stale => late("old"),
        Fault::Future => late("ahead of the block"),
        Fault::Uncertain => by("of its price uncertain"),
        Fault::Outlier => by(&format!("{} the median", side(said.price, evidence.median))),
        Fault::OutOfBounds => Some("outside the lowest and the highest price that are taken".to_string()),
        Fault::Frozen => within(
            measured.map(|part| format!("stood still while the others moved by {}", bps(part))),
            bound.map(bps),
        ),
        Fault::Pinned => Some("at its provider's limit, and the others are beyond it".to_string()),
        Fault::Shared => within(
            measured.map(|count| format!("repeated another source's very price {}", times(count))),
            bound.map(times),
        ),
        _ => None,
    };
    format!(
        "{}: {}",
        said.source,
        words.unwrap_or_else(|| named(finding.fault))
    )
}

fn of_market(finding: &Finding, evidence: &Evidence) -> String {
    let (measured, bound) = (finding.measured, finding.bound);
    let part = || measured.map(bps);
    let apart = || part().map(|part| format!("sources {part} apart"));
    let jump = || {
        let side = side(evidence.median, evidence.reference);
        part().map(|part| format!("median {part} {side} the reference"))
    };
    let drift = || part().map(|part| format!("drifted by {part}"));
    let most = bound.map(bps);
    let words = match finding.fault {
        Fault::Quorum => measured
            .zip(bound)
            .map(|(left, least)| format!("{left} of its lineages left; required {least}")),
        Fault::Disagreement => within(apart(), most),
        Fault::Jump => within(jump(), most),
        Fault::Drift => within(drift(), most),
        Fault::NearDisagreement => near(apart(), most),
        Fault::NearJump => near(jump(), most),
        Fault::NearDrift => near(drift(), most),
        Fault::Halt => within(
            measured.map(|lost| format!("no block for {} more than usual", time(lost))),
            bound.map(time),
        ),
        Fault::Unread => near(
            measured.map(|age| format!("the reference is {} old", time(age))),
            bound.map(time),
        ),
        Fault::Dependency => Some("a market that it reads is unwell".to_string()),
        _ => None,
    };
    format!("market: {}", words.unwrap_or_else(|| named(finding.fault)))
}

fn within(measured: Option<String>, bound: Option<String>) -> Option<String> {
    measured
        .zip(bound)
        .map(|(measured, bound)| format!("{measured}; bound {bound}"))
}

fn near(measured: Option<String>, bound: Option<String>) -> Option<String> {
    measured
        .zip(bound)
        .map(|(measured, bound)| format!("{measured}; warns from {bound}"))
}

/// On which side of another price it is.
fn side(price: Option<Price>, other: Option<Price>) -> &'static str {
    match price.zip(other) {
        Some((price, other)) if price < other => "below",
        Some((price, other)) if price > other => "above",
        _ => "from",
    }
}

fn time(seconds: u64) -> String {
    duration(Seconds(seconds))
}

/// A fault by its name.
pub fn named(fault: Fault) -> String {
    let name = fault.name().replace('_', " ");
    match fault.layer() {
        Layer::Guardian => "the guardian tripped it".to_string(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::breaker::MarketState;
    use cosmwasm_std::{Decimal, Timestamp};

    fn price(percent: u64) -> Option<Price> {
        Some(Price(Decimal::percent(percent)))
    }

    fn finding(fault: Fault, measured: u64, bound: u64) -> Finding {
        Finding {
            fault,
            measured: Some(measured),
            bound: Some(bound),
        }
    }

    fn change(findings: Vec<Finding>, of_source: Vec<Finding>, reasons: Faults) -> Transition {
        let said = Said {
            source: "venue-b".to_string(),
            price: price(90),
            confidence: None,
            published: Some(Timestamp::from_seconds(86_400)),
            findings: of_source,
        };
        Transition {
            time: Timestamp::from_seconds(86_460),
            from: MarketState::Normal,
            to: MarketState::Guarded,
            reasons,
            evidence: String::new(),
            stood_on: Some(Evidence {
                median: price(100),
                reference: price(80),
                findings,
                sources: vec![said],
            }),
        }
    }

    #[test]
    fn a_finding_is_a_line_with_its_source_its_measure_and_its_bound() {
        for (finding, line) in [
            (
                finding(Fault::Outlier, 659, 250),
                "venue-b: 6.59 % below the median; bound 2.5 %",
            ),
            (
                finding(Fault::Stale, 130, 60),
                "venue-b: 2 min 10 s old; bound 1 min",
            ),
            (
                finding(Fault::Shared, 100, 100),
                "venue-b: repeated another source's very price 100 times; bound 100 times",
            ),
            (
                Finding {
                    fault: Fault::Outlier,
                    measured: None,
                    bound: None,
                },
                "venue-b: outlier",
            ),
        ] {
            let faults = Faults::of([finding.fault]);
            assert_eq!(lines(&change(vec![], vec![finding], faults)), [line]);
        }
        for (finding, line) in [
            (
                finding(Fault::Quorum, 1, 2),
                "market: 1 of its lineages left; required 2",
            ),
            (
                finding(Fault::Jump, 2_500, 2_000),
                "market: median 25 % above the reference; bound 20 %",
            ),
            (
                finding(Fault::NearDisagreement, 310, 300),
                "market: sources 3.1 % apart; warns from 3 %",
            ),
            (
                finding(Fault::Halt, 7_200, 600),
                "market: no block for 2 h more than usual; bound 10 min",
            ),
        ] {
            let faults = Faults::of([finding.fault]);
            assert_eq!(lines(&change(vec![finding], vec![], faults)), [line]);
        }
    }

    #[test]
    fn what_a_state_still_stands_on_is_told_though_the_reading_has_it_no_more() {
        let still = change(vec![], vec![], Faults::of([Fault::Drift]));
        assert_eq!(lines(&still), ["still stands from before: drift"]);
        assert_eq!(
            lines(&change(vec![], vec![], Faults::NONE)),
            ["nothing is wrong with the reading"]
        );
        assert_eq!(
            said(&still),
            [
                "venue-b: 0.9, published at 1970-01-02 00:00 UTC",
                "median 1, reference 0.8"
            ]
        );
    }
}
