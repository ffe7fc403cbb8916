//! A reading in one line, for events: what each source said, what is wrong with
//! it, and what is wrong with the market.

use backstop_core::breaker::Assessment;
use backstop_types::breaker::{Fault, Finding, Observation, SourceReading};

/// Such as `pyth 4.06~0.01@1700000000; band 9~0@1700000000 outlier 5000>250;
/// quorum 1<2`.
pub fn text(reading: &Assessment) -> String {
    let sources = reading.sources.iter().map(source);
    let market = reading.findings.iter().map(finding);
    sources.chain(market).collect::<Vec<_>>().join("; ")
}

fn source(source: &SourceReading) -> String {
    let said = match source.observation {
        Observation::Priced {
            price,
            confidence,
            publish_time,
        } => {
            format!("{price}~{confidence}@{}", time(publish_time))
        }
        Observation::NonPositive { publish_time } => format!("<=0@{}", time(publish_time)),
        Observation::Unreadable { why } => format!("{why:?}"),
    };
    let found: String = source
        .findings
        .iter()
        .map(|it| format!(" {}", finding(it)))
        .collect();
    format!("{} {said}{found}", source.source)
}

/// A time, or that there is none.
fn time(publish_time: Option<u64>) -> String {
    publish_time.map_or_else(|| "-".to_string(), |time| time.to_string())
}

fn finding(finding: &Finding) -> String {
    let sign = if finding.fault == Fault::Quorum { '<' } else { '>' };
    match (finding.measured, finding.bound) {
        (Some(measured), Some(bound)) => format!("{} {measured}{sign}{bound}", finding.fault),
        _ => finding.fault.to_string(),
    }
}
