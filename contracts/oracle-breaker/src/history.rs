//! A market's last transitions, each with the reading at that time: a ring of
//! fixed size, so that neither storage nor a page grows.

use backstop_core::breaker::Advance;
use backstop_types::breaker::{Faults, MarketRecord, Observation, Said, SourceReading, Transition};
use cosmwasm_std::{Addr, StdResult, Storage};

use crate::state::HISTORY;

/// How many transitions of a market are kept.
pub const KEPT: u64 = 32;

/// Writes a transition over the oldest one. The record carries their number.
pub fn record(
    storage: &mut dyn Storage,
    market: &str,
    after: &mut MarketRecord,
    transition: &Transition,
) -> StdResult<()> {
    after.watch.transitions = after.watch.transitions.saturating_add(1);
    let place = place(after.watch.transitions);
    HISTORY.save(storage, (market, place), transition)
}

/// Where the transition of this number stands.
pub fn place(number: u64) -> u64 {
    number.checked_rem(KEPT).unwrap_or_default()
}

/// A transition by a reading.
pub fn read(before: &MarketRecord, after: &Advance, ended: bool, by: Option<Addr>) -> Transition {
    let Advance { record, reading, .. } = after;
    Transition {
        at: record.watch.read.map_or(record.since, |read| read.at),
        from: before.state,
        to: record.state,
        faults: reading.faults.union(record.watch.faults),
        trip: record.trip().or(ended.then_some(record.trips)),
        by,
        median: reading.agreed.map(|(median, _)| median),
        reference: before.watch.reference.map(|reference| reference.price),
        findings: reading.findings.clone(),
        sources: reading.sources.iter().map(said).collect(),
    }
}

fn said(source: &SourceReading) -> Said {
    let (price, publish_time) = match source.observation {
        Observation::Priced {
            price, publish_time, ..
        } => (Some(price), publish_time),
        Observation::NonPositive { publish_time } => (None, publish_time),
        Observation::Unreadable { .. } => (None, None),
    };
    Said {
        source: source.source.clone(),
        price,
        publish_time,
        faults: Faults::of(source.findings.iter().map(|finding| finding.fault)),
    }
}
