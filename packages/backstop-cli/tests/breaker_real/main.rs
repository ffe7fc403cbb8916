//! The breaker's pure core on the real series, minute by minute: what it does in
//! three crashes, and how often it is wrong on calm days. Skipped where the
//! folder of series is not at hand.
//!
//! To write the table into the breaker's README: `UPDATE_README=1 cargo test -p
//! backstop-cli --test breaker_real`.

#[path = "../common/mod.rs"]
mod common;

mod calm;
mod coarse;
mod crashes;
mod false_trips;
mod markets;
mod series;
mod watched;

use std::path::Path;

use backstop_types::Seconds;
use backstop_types::breaker::{Fault, Faults, Layer, MarketParams};
use common::data;
use false_trips::{count, lines, scaled};
use markets::Market;

/// What trips a market whose feeds are silent.
const SILENCE: Faults = Faults::NONE.with(Fault::Quorum);
const MARKERS: [&str; 2] = ["<!-- false-trips -->", "<!-- /false-trips -->"];

#[test]
fn the_readme_has_the_false_trips_that_are_counted() {
    let Some(data) = data() else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/oracle-breaker/README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(MARKERS[0]).unwrap();
    let (shown, after) = rest.split_once(MARKERS[1]).unwrap();
    let computed = format!("\n{}\n", lines(&markets::all(&data)).join("\n"));
    println!("{computed}");
    if std::env::var_os("UPDATE_README").is_some() {
        let [open, close] = MARKERS;
        std::fs::write(&path, format!("{before}{open}{computed}{close}{after}")).unwrap();
        return;
    }
    assert_eq!(shown, computed);
}

/// The days in which a price tripped the market, and not silence.
fn tripped_by_price(markets: &[Market], percent: u32) -> Vec<(&'static str, u64)> {
    let counted = markets
        .iter()
        .map(|market| (market.name, count(market, &scaled(&market.params, percent))));
    let by_price = counted.filter(|(_, counted)| !counted.faults.of_layer(Layer::Market).within(SILENCE));
    by_price.map(|(name, counted)| (name, counted.trips)).collect()
}

#[test]
fn the_default_bounds_of_prices_trip_no_calm_day_and_a_half_of_them_does() {
    let Some(data) = data() else { return };
    let markets = markets::all(&data);
    for percent in [75, 100, 150] {
        assert_eq!(tripped_by_price(&markets, percent), [], "{percent}");
    }
    assert_eq!(tripped_by_price(&markets, 50), [("ETH, May 2022", 2)]);
    let fifth = tripped_by_price(&markets, 20);
    assert!(fifth.contains(&("ETH, May 2022", 15)), "{fifth:?}");
    // On the days that they were checked on, 30 percent of them are enough.
    let checked: Vec<Market> = markets.into_iter().filter(|market| market.tuning).collect();
    assert_eq!(tripped_by_price(&checked, 30), []);
}

/// The third is the beginning of a silence that lasts into the crash of that day,
/// where it would trip in any case.
#[test]
fn five_minutes_of_age_spare_the_three_trips_by_silence_on_calm_days() {
    let Some(data) = data() else { return };
    let markets = markets::all(&data);
    let trips = |age: u64| {
        let trips = markets.iter().map(|market| {
            let params = MarketParams {
                max_age: Seconds(age),
                ..market.params
            };
            count(market, &params).trips
        });
        trips.sum::<u64>()
    };
    assert_eq!((trips(120), trips(300)), (3, 0));
}

#[test]
fn feeds_that_repeat_a_held_price_later_are_found_to_be_copies() {
    let Some(data) = data() else { return };
    let market = markets::held_usdc(&data);
    let under = |shared_ticks| {
        let params = MarketParams {
            shared_ticks,
            ..market.params
        };
        count(&market, &params)
    };
    let dozen = under(Some(12));
    assert!(
        dozen.trips == 6 && dozen.faults.has(Fault::Shared),
        "{}",
        dozen.faults
    );
    assert_eq!(under(None).trips, 0);
}
