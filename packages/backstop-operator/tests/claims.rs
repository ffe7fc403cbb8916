//! What a pending claim is said to wait for.

use crate::support::*;
use backstop_operator::snapshot::{MarketLine, Waits, waits};
use backstop_types::breaker::TripItem;
use backstop_types::vault::{ClaimResponse, PauseResponse};
use cosmwasm_std::Timestamp;
use serde_json::{Value, json};

fn response(status: Value) -> ClaimResponse {
    serde_json::from_value(claim(status)).unwrap()
}

fn held(trip: Option<u64>) -> ClaimResponse {
    let held = json!({"breaker": BREAKER, "trip": trip, "trips": 2, "cause": null, "last_clean": null, "at_filing": null});
    response(json!({"held": held}))
}

fn trip(end: Option<i64>) -> TripItem {
    let end = end.map(|end| json!({"at": at(end), "band": {"low": "4", "high": "5"}}));
    let trip = json!({"cause": "faults", "began_at": at(-90_000), "last_clean": null, "end": end});
    serde_json::from_value(json!({"number": 2, "trip": trip})).unwrap()
}

async fn market(last_clean: i64, earliest: Option<i64>) -> MarketLine {
    let mut line = snapshot().await.breaker.unwrap().markets.remove(0);
    line.last_clean_at = Some(moment(last_clean));
    line.live.as_mut().unwrap().earliest_end = earliest.map(moment);
    line
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW.checked_add_signed(seconds).unwrap())
}

fn pause(until: i64) -> Option<PauseResponse> {
    Some(PauseResponse {
        pause: 1,
        until: moment(until),
    })
}

#[test]
fn a_delayed_claim_waits_for_its_delay_and_for_the_end_of_a_pause() {
    let delayed = response(json!({"delayed": {}}));
    let said = |payouts, now: i64| waits(&delayed, payouts, None, None, moment(now));
    assert_eq!(said(None, -6), (Waits::Delay {}, Some(moment(-5))));
    assert_eq!(said(None, -5), (Waits::Settlement {}, Some(moment(-5))));
    assert_eq!(said(pause(100), -6), (Waits::Delay {}, Some(moment(100))));
    assert_eq!(said(pause(100), 0), (Waits::Pause {}, Some(moment(100))));
    assert_eq!(said(pause(100), 100), (Waits::Settlement {}, Some(moment(-5))));
}

#[tokio::test]
async fn a_held_claim_waits_for_the_end_of_its_trip_or_for_its_latest_date() {
    let claim = held(Some(2));
    let market = market(-99_999, Some(50)).await;
    let said = |trip: &TripItem, market: Option<&MarketLine>, payouts, now: i64| {
        waits(&claim, payouts, Some(trip), market, moment(now))
    };
    assert_eq!(
        said(&trip(None), Some(&market), None, 0),
        (Waits::Trip { number: 2 }, Some(moment(50)))
    );
    assert_eq!(
        said(&trip(None), None, None, 0),
        (Waits::Trip { number: 2 }, Some(moment(1_000_000)))
    );
    assert_eq!(
        said(&trip(None), None, None, 1_000_000),
        (Waits::Settlement {}, Some(moment(1_000_000)))
    );
    assert_eq!(
        said(&trip(Some(-9)), None, pause(100), 0),
        (Waits::Settlement {}, Some(moment(-9)))
    );
}

#[tokio::test]
async fn a_claim_that_was_held_without_a_trip_waits_for_a_clean_reading_after_its_filing() {
    let claim = held(None);
    let before = market(-86_405, None).await;
    assert_eq!(
        waits(&claim, None, None, Some(&before), now()),
        (Waits::Reading {}, None)
    );
    let after = market(-86_404, None).await;
    assert_eq!(
        waits(&claim, None, None, Some(&after), now()),
        (Waits::Settlement {}, Some(moment(-86_404)))
    );
}
