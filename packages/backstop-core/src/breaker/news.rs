//! What the sources published since it was last taken from them.

use std::collections::{BTreeMap, BTreeSet};

use backstop_types::Seconds;
use backstop_types::breaker::{Fault, Faults, MarketRecord, SourceReading};
use cosmwasm_std::Timestamp;

use super::assess::Assessment;

/// What a source lacks that is silent.
pub(super) const SILENCE: Faults = Faults::NONE.with(Fault::Unreadable).with(Fault::Stale);

/// Whether a good source has news.
pub(super) fn any(reading: &Assessment, seen: &[u64]) -> bool {
    positions(reading, seen).next().is_some()
}

/// How many lineages have a good source with news.
pub(super) fn lineages(reading: &Assessment, seen: &[u64]) -> u32 {
    count(reading, positions(reading, seen))
}

/// How many lineages have a good source that published then or later. Readings
/// are counted by this and not by when somebody poked, so that poking more often
/// counts no more of them.
pub(super) fn lineages_since(reading: &Assessment, then: Timestamp) -> u32 {
    let since = |(i, published): (usize, &Option<u64>)| {
        published.is_some_and(|time| time >= then.seconds()).then_some(i)
    };
    count(reading, reading.published.iter().enumerate().filter_map(since))
}

/// When more than half of the lineages that count had published, each its last;
/// none where so many have no time.
pub(super) fn published_by_most(reading: &Assessment) -> Option<u64> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    let times = reading.sources.iter().zip(&reading.published);
    for (source, time) in times.filter_map(|(source, time)| Some((source, (*time)?))) {
        let newest = last.entry(&source.lineage).or_default();
        *newest = time.max(*newest);
    }
    let mut last: Vec<u64> = last.into_values().collect();
    last.sort_unstable_by(|a, b| b.cmp(a));
    let half = reading.lineages.checked_div(2)?;
    last.get(usize::try_from(half).ok()?).copied()
}

/// How many lineages have a source that is not silent, good or not.
pub(super) fn heard(reading: &Assessment) -> u32 {
    let silent = |source: &SourceReading| source.findings.iter().any(|it| SILENCE.has(it.fault));
    distinct(reading.sources.iter().filter(|source| !silent(source)))
}

fn count(reading: &Assessment, positions: impl Iterator<Item = usize>) -> u32 {
    distinct(positions.filter_map(|i| reading.sources.get(i)))
}

fn distinct<'a>(sources: impl Iterator<Item = &'a SourceReading>) -> u32 {
    let lineages: BTreeSet<&str> = sources.map(|source| source.lineage.as_str()).collect();
    u32::try_from(lineages.len()).unwrap_or(u32::MAX)
}

/// How many lineages have a good source that published so long after what was
/// seen of it. What they publish is late by as much each time, so that is what
/// must be apart, too.
pub(super) fn lineages_apart(reading: &Assessment, seen: &[u64], spacing: Seconds) -> u32 {
    let wait = spacing.0.saturating_sub(1);
    let later: Vec<u64> = seen.iter().map(|seen| seen.saturating_add(wait)).collect();
    lineages(reading, &later)
}

/// Marks the good sources' publish times as seen.
pub(super) fn see(next: &mut MarketRecord, reading: &Assessment) {
    next.watch.seen.resize(reading.published.len(), 0);
    for (seen, published) in next.watch.seen.iter_mut().zip(&reading.published) {
        *seen = published.unwrap_or_default().max(*seen);
    }
}

/// The positions of the good sources that published after what was seen.
fn positions(reading: &Assessment, seen: &[u64]) -> impl Iterator<Item = usize> {
    let newer = |(i, published): (usize, &Option<u64>)| {
        let known = seen.get(i).copied().unwrap_or_default();
        published.is_some_and(|time| time > known).then_some(i)
    };
    reading.published.iter().enumerate().filter_map(newer)
}
