//! What the shipped crashes teach beyond their expectations, and what becomes of
//! each when the one thing is changed that its file speaks of.

use crate::common::{args, number, replay, shipped, write};
use backstop_cli::report::json::Json as Report;
use jiff::Timestamp;

/// A shipped scenario's text.
fn text(name: &str) -> String {
    std::fs::read_to_string(shipped(name)).unwrap()
}

/// `text` with each change made, where it must have something to change.
fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_string(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// What is written, with and without a breaker.
fn compared(scenario: &str) -> (Report, Report) {
    let folder = tempfile::tempdir().unwrap();
    let mut args = args(&write(&folder, scenario));
    args.compare = true;
    let mut on = replay(&args).unwrap();
    let off = *on.off.take().unwrap();
    for run in [&on, &off] {
        assert_eq!(run.invariants.failures, 0, "{:?}", run.invariants.found);
    }
    (on, off)
}

/// Seconds from the first trip to the next time that the market is normal.
fn seconds_of_the_trip(report: &Report) -> i64 {
    let when = |time: &str| time.parse::<Timestamp>().unwrap().as_second();
    let mut after = report
        .breaker
        .transitions
        .iter()
        .skip_while(|t| t.to != "tripped");
    let tripped = when(&after.next().unwrap().time);
    when(&after.find(|t| t.to == "normal").unwrap().time) - tripped
}

const BLACK_THURSDAY: &str = "black-thursday-2020-03.toml";

#[test]
fn black_thursday_costs_the_pool_more_with_the_breaker_while_keepers_are_late() {
    let (on, off) = compared(&text(BLACK_THURSDAY));
    assert!(number(&on.vault.paid) > number(&off.vault.paid) + 40_000_000_000);
    assert!(on.exchange.liquidated > off.exchange.liquidated);
    // The late feed is dropped three times, the market stays open for payouts.
    let guarded = on.breaker.transitions.iter().filter(|t| t.to == "guarded");
    assert!(guarded.clone().count() == 3 && guarded.clone().all(|t| t.reasons == ["stale"]));
    assert_eq!(on.vault.recovered, "0");
}

#[test]
fn black_thursday_costs_the_pool_nothing_with_the_breaker_and_prompt_keepers() {
    let prompt = [("latency = 20", "latency = 2"), ("depth = 2\n", "depth = 10\n")];
    let (on, off) = compared(&changed(&text(BLACK_THURSDAY), &prompt));
    assert_eq!(on.shortfalls.count, 0);
    assert!(on.exchange.liquidated > 100);
    assert!(number(&off.vault.paid) > 40_000_000_000);
}

const MAY_2021: &str = "eth-2021-05-19.toml";

#[test]
fn the_trip_of_may_2021_is_over_within_the_hour_and_nobody_is_liquidated_at_the_low() {
    let (on, off) = compared(&text(MAY_2021));
    assert_eq!(on.breaker.trips, 1);
    assert!(seconds_of_the_trip(&on) < 3_600);
    assert_eq!(on.vault.granted, "0");
    assert!(number(&off.vault.granted) > 0);
    assert!(on.exchange.liquidated < off.exchange.liquidated);
}

#[test]
fn had_the_low_of_may_2021_stayed_the_claims_held_in_the_trip_would_have_been_paid() {
    let text = text(MAY_2021);
    let flat: Vec<String> = text.lines().map(at_the_low_from_then_on).collect();
    let (on, _) = compared(&flat.join("\n"));
    let held = &on.shortfalls.reasons["breaker_denied"];
    // Closings of a block are one shortfall.
    assert!(held.count > 0);
    assert_eq!(on.vault.waiting, "0");
    assert_eq!(on.vault.recovered, "0");
    assert_eq!(on.vault.paid, on.vault.granted);
    assert!(number(&on.shortfalls.pending) > 10_000_000_000);
}

/// The line; a point after the low with the low for a price.
fn at_the_low_from_then_on(line: &str) -> String {
    match line.split_once(", price = ") {
        Some((at, _)) if at > "  { at = 2021-05-19T13:07:00Z" => format!("{at}, price = \"1888\" }},"),
        _ => line.to_string(),
    }
}

const USDC: &str = "usdc-2023-03.toml";

#[test]
fn a_feed_fixed_at_one_hides_a_hole_at_the_low_that_the_breaker_does_not_have() {
    let (on, off) = compared(&text(USDC));
    assert!(on.exchange.liquidated > 30);
    assert_eq!(off.exchange.liquidated, 0);
    // The coin came back.
    assert_eq!(off.exchange.underwater_at_market, "0");

    let until_the_low = [("end = 2023-03-13T12:00:00Z", "end = 2023-03-11T07:20:00Z")];
    let (on, off) = compared(&changed(&text(USDC), &until_the_low));
    assert_eq!(on.exchange.underwater_at_market, "0");
    assert!(number(&off.exchange.underwater_at_market) > 60_000_000_000);
    assert_eq!(off.shortfalls.count, 0);
}

#[test]
fn a_slow_death_is_its_traders_loss_and_a_venue_that_is_cut_off_hides_a_hole() {
    let (on, off) = compared(&text("ftt-2022-11.toml"));
    // A halving within six hours is a drift, and is confirmed: it trips, and
    // nobody's liquidation waits for the end of it.
    assert_eq!((on.vault.granted.as_str(), on.breaker.trips), ("0", 1));
    assert!(on.exchange.liquidated > 90);
    assert_eq!(on.liquidation_cost.trips, "0");
    assert_eq!(on.exchange.underwater_at_market, "0");
    assert!(number(&off.exchange.underwater_at_market) > 150_000_000_000);
    // The home venue keeps the market guarded to the end.
    assert_eq!(on.breaker.transitions.last().unwrap().to, "guarded");
}

const ATOM: &str = "atom-2025-10-10.toml";

#[test]
fn one_venues_outlier_and_anothers_silence_cost_the_pool_nothing() {
    let (on, off) = compared(&text(ATOM));
    assert_eq!(on.shortfalls.count, 0);
    assert_eq!(
        (on.vault.granted.as_str(), on.vault.price_end.as_str()),
        ("0", "1")
    );
    let reasons: Vec<_> = on.breaker.transitions.iter().flat_map(|t| &t.reasons).collect();
    assert!(reasons.iter().any(|reason| *reason == "stale"));
    // The whole limit is granted for a price that was one venue's.
    assert!(number(&off.vault.granted) >= 100_000_000_000);
    assert!(number(&off.adl.taken) > 250_000_000_000);
}

#[test]
fn without_a_fourth_source_silence_and_outlier_trip_the_market_which_costs_the_pool_nothing() {
    let text = text(ATOM);
    let (before, from_the_feed) = text.rsplit_once("[[source]]").unwrap();
    assert!(from_the_feed.starts_with("\nname = \"feed\""));
    let (_, people) = from_the_feed.split_once("[traders]").unwrap();
    let (on, _) = compared(&format!("{before}[traders]{people}"));
    assert_eq!(on.breaker.trips, 1);
    assert!(seconds_of_the_trip(&on) < 3_600);
    assert_eq!(on.shortfalls.count, 0);
}

#[test]
fn two_venues_against_two_trip_the_market_which_costs_the_pool_nothing_either() {
    let text = text(ATOM);
    let feed = &text[text.find("name = \"feed\"").unwrap()..text.find("[traders]").unwrap()];
    let with_the_outlier = changed(feed, &[("points_of = \"venue-b\"", "points_of = \"venue-a\"")]);
    let (on, _) = compared(&changed(&text, &[(feed, &with_the_outlier)]));
    assert_eq!(on.breaker.trips, 1);
    assert!(seconds_of_the_trip(&on) < 3_600);
    assert_eq!(on.shortfalls.count, 0);
}
