//! Calm stretches of a series: what a breaker has no business to trip in.

use std::collections::BTreeMap;

use crate::series::Bar;

const HOUR: u64 = 3_600;
/// An hour is calm if its highest price is less than this above its lowest.
pub const CALM: f64 = 0.03;
/// Shorter stretches are left out.
const LEAST: u64 = 3 * HOUR;

/// From when until when the series is calm: hours in a row that are, each with a
/// bar in it.
pub fn stretches(bars: &[Bar]) -> Vec<(u64, u64)> {
    let mut hours: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for bar in bars {
        // A bar that is known on the hour is of the hour before.
        let hour = (bar.known - 1) / HOUR;
        let (low, high) = hours.entry(hour).or_insert((bar.low, bar.high));
        (*low, *high) = (low.min(bar.low), high.max(bar.high));
    }
    let mut found: Vec<(u64, u64)> = vec![];
    for (hour, _) in hours.iter().filter(|(_, (low, high))| high / low - 1.0 < CALM) {
        let (from, to) = (hour * HOUR, (hour + 1) * HOUR);
        match found.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => found.push((from, to)),
        }
    }
    found.retain(|(from, to)| to - from >= LEAST);
    found
}

#[test]
fn an_hour_that_moves_by_three_percent_ends_a_stretch() {
    let bar = |hour: u64, high: f64| Bar {
        known: hour * HOUR + 60,
        high,
        low: 100.0,
        close: 100.0,
    };
    let hours = [101.0, 101.0, 101.0, 103.0, 101.0, 101.0, 102.9, 101.0];
    let bars: Vec<Bar> = (0..).zip(hours).map(|(hour, high)| bar(hour, high)).collect();
    assert_eq!(stretches(&bars), [(0, 3 * HOUR), (4 * HOUR, 8 * HOUR)]);
}
