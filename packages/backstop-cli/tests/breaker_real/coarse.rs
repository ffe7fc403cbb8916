//! Feeds of a stable pair that are rounded to four decimals meet at one value by
//! chance. Made up, since no series has two venues of a stable pair.

use backstop_types::breaker::{Fault, Faults, MarketParams, MarketState};

use crate::markets::stable;
use crate::series::Bar;
use crate::watched::{Lineage, Seen, watch};

const MINUTES: u64 = 7 * 1_440;

/// A number from 0 to 1, the next of a sequence.
fn next(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 11) as f64 / (1_u64 << 53) as f64
}

/// A week of feeds that each say a price near 1 once a minute, to so many
/// decimals. Each is independently off by up to half of `noise`.
fn week(count: usize, noise: f64, decimals: i32, params: &MarketParams) -> Seen {
    let unit = 10_f64.powi(decimals);
    let names = ["a", "b", "c", "d"];
    let lineages: Vec<Lineage> = (0..count)
        .map(|i| {
            let mut seed = i as u64 + 1;
            let bars: Vec<Bar> = (1..=MINUTES)
                .map(|minute| {
                    let middle = 1.0 + 0.0002 * (minute as f64 / 700.0).sin();
                    let price = middle + noise * (next(&mut seed) - 0.5);
                    let close = (price * unit).round() / unit;
                    Bar {
                        known: minute * 60,
                        high: close,
                        low: close,
                        close,
                    }
                })
                .collect();
            Lineage::of(names[i], &bars)
        })
        .collect();
    watch(&lineages, 60, MINUTES * 60, params)
}

fn shared(ticks: Option<u32>) -> MarketParams {
    MarketParams {
        shared_ticks: ticks,
        ..stable()
    }
}

#[test]
fn four_honest_feeds_rounded_to_four_decimals_are_taken_for_copies_until_they_latch() {
    let seen = week(4, 0.0001, 4, &shared(Some(12)));
    let trips = seen.trips();
    let lost = Faults::NONE.with(Fault::Shared).with(Fault::Quorum);
    assert_eq!(trips.len(), 4);
    assert!(trips.iter().all(|(_, faults)| *faults == lost), "{trips:?}");
    assert_eq!(seen.changes.last().unwrap().1, MarketState::Latched);
    // Three guard the market for half an hour a day, and trip once.
    let seen = week(3, 0.0001, 4, &shared(Some(12)));
    assert_eq!((seen.trips().len(), seen.guarded / 7), (1, 28));
}

#[test]
fn a_fifth_decimal_a_hundred_ticks_or_none_spare_them_all() {
    for count in 2..=4 {
        for (decimals, ticks) in [(5, Some(12)), (4, Some(100)), (4, None)] {
            let seen = week(count, 0.0001, decimals, &shared(ticks));
            assert!(
                seen.changes.is_empty(),
                "{count} {decimals} {ticks:?}: {:?}",
                seen.changes
            );
        }
    }
}
