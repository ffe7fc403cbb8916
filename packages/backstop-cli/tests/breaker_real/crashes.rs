//! Three crashes as their series have them: each change of state, with the minute
//! and what the reading lacked.

use std::path::Path;

use backstop_types::breaker::{Fault, MarketParams, MarketState};

use crate::common::data;
use crate::series::{Bar, bars, clock, column, seconds};
use crate::watched::{Lineage, Seen, watch};

/// The market over one day under the defaults, from a minute after midnight.
fn day(date: &str, lineages: &[Lineage]) -> Seen {
    let midnight = seconds(&format!("{date}T00:00:00Z"));
    watch(
        lineages,
        midnight + 120,
        midnight + 86_400,
        &MarketParams::default(),
    )
}

fn changes(seen: &Seen) -> Vec<String> {
    let changes = seen.changes.iter();
    changes
        .map(|(at, state, faults)| format!("{} {state} {faults}", clock(*at)))
        .collect()
}

#[test]
fn luna_trips_twice_by_its_late_feed_and_does_not_latch() {
    let Some(data) = data() else { return };
    let venue = bars(&data.join("LUNA_USDT_binance_1m_2022-05.csv"), 60);
    let feed = data.join("FEED_LUNA_USD_driftv1_onchain_2022-05-10.csv");
    let feed = column(&feed, "price");
    let seen = day(
        "2022-05-10",
        &[Lineage::of("venue", &venue), Lineage::of("feed", &feed)],
    );
    // The feed is late: more than 5 % from the venue, and of two nobody can say who is right.
    assert_eq!(
        changes(&seen),
        [
            "00:14 guarded near_disagreement",
            "00:21 normal none",
            "00:24 tripped disagreement",
            "02:04 recovering near_jump,unread",
            "02:07 normal none",
            "21:24 guarded near_drift",
            "22:02 tripped disagreement,near_drift",
            "23:32 recovering near_drift,unread",
            "23:36 guarded near_drift",
        ]
    );
    assert_eq!((seen.trips().len(), seen.guarded, seen.tripped), (2, 69, 197));
}

#[test]
fn two_venues_of_atom_trip_six_minutes_before_the_worst_print_and_stay_so_while_they_differ() {
    let Some(data) = data() else { return };
    let file = |name: &str| bars(&data.join(name), 60);
    let spot = file("ATOM_USD_coinbase_1m_2025-10-10.csv");
    let perps = file("ATOM_USDperp_binancecoinm_1m_2025-10-10.csv");
    let seen = day(
        "2025-10-10",
        &[Lineage::of("spot", &spot), Lineage::of("perps", &perps)],
    );
    assert_eq!(
        changes(&seen),
        [
            // Nobody traded on one of them for three minutes.
            "12:59 tripped stale,quorum",
            "13:29 recovering none",
            "13:32 normal none",
            "21:14 guarded near_disagreement",
            "21:15 tripped disagreement",
        ]
    );
    let worst = perps.iter().min_by(|a, b| a.low.total_cmp(&b.low)).unwrap();
    assert_eq!(clock(worst.known), "21:22");
    // Ten minutes before midnight they still differed by more than a clean reading may.
    assert!(apart(&spot, &perps, "2025-10-10T23:40:00Z") > 0.05);
}

/// How far the newest prices are apart, as a part of their mean.
fn apart(one: &[Bar], other: &[Bar], at: &str) -> f64 {
    let at = seconds(at);
    let newest = |bars: &[Bar]| bars.iter().rfind(|bar| bar.known <= at).unwrap().close;
    let (one, other) = (newest(one), newest(other));
    (one - other).abs() / ((one + other) / 2.0)
}

/// The venue that went silent, and one or two that went on, made of its own prices
/// along lines between its trades, half a minute and a minute and a half late.
fn silent_beside(data: &Path, others: usize) -> Seen {
    let venue = bars(&data.join("BTC_USD_gemini_1m_2025-10-10.csv"), 60);
    let went_on = |(name, lag)| Lineage {
        lag,
        smooth: true,
        heartbeat: true,
        ..Lineage::of(name, &venue)
    };
    let mut lineages = vec![Lineage::of("silent", &venue)];
    lineages.extend([("a", 30), ("b", 90)].map(went_on).into_iter().take(others));
    // From 00:03, when each has a price.
    let midnight = seconds("2025-10-10T00:00:00Z");
    watch(
        &lineages,
        midnight + 180,
        midnight + 86_400,
        &MarketParams::default(),
    )
}

#[test]
fn a_silent_venue_of_btc_guards_the_market_beside_two_others() {
    let Some(data) = data() else { return };
    let seen = silent_beside(&data, 2);
    assert_eq!(
        changes(&seen),
        [
            "04:55 guarded stale",
            "05:01 normal none",
            "11:52 guarded stale",
            "11:57 normal none",
            "20:58 guarded stale",
            "21:13 normal none",
            "21:17 guarded stale",
            "21:25 normal none",
        ]
    );
    assert_eq!(seen.tripped, 0);
}

#[test]
fn a_silent_venue_of_btc_trips_the_market_beside_one_other() {
    let Some(data) = data() else { return };
    let seen = silent_beside(&data, 1);
    let trips = seen.trips();
    let at: Vec<String> = trips.iter().map(|(at, _)| clock(*at)).collect();
    assert_eq!(at, ["04:55", "11:52", "20:58"]);
    assert!(
        trips
            .iter()
            .all(|(_, faults)| faults.has(Fault::Quorum) && faults.has(Fault::Stale))
    );
    // A gap alone never latches, and the market is back at 21:53.
    let (at, state, _) = seen.changes.last().unwrap();
    assert_eq!((clock(*at).as_str(), *state), ("21:53", MarketState::Normal));
}
