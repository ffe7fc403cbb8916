//! A guardian's trip says nothing about prices: it takes nothing from a claim
//! that the market's own faults would have left it.

use crate::support::{Desk, MARKET};
use backstop_types::vault::{ClaimStatus, LapseReason};
use backstop_types::{Assets, Seconds, breaker};

/// 1,000 staked, nothing at once, a price of 10.
fn delaying() -> Desk {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::ZERO);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    desk
}

fn trip(desk: &mut Desk) {
    let (guardian, breaker) = (desk.w.guardian.clone(), desk.w.breaker.clone());
    let trip = breaker::ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "a feed looks wrong".to_string(),
    };
    desk.w.execute(&guardian, &breaker, &trip, &[]).unwrap();
}

fn recover(desk: &mut Desk, price: &str) {
    let tripped = |desk: &Desk| {
        let breaker = breaker::OracleBreaker(desk.w.breaker.clone());
        let record = breaker.record(&desk.w.querier(), MARKET).unwrap();
        record.unwrap().trip().is_some()
    };
    for _ in 0..2_000 {
        if !tripped(desk) {
            return;
        }
        desk.advance(Seconds(600));
        desk.w.set_price(price);
    }
    panic!("the market did not recover");
}

/// What becomes of claims at these prices, filed one by one in a crash from 10
/// to 7 that stays there, and settled as soon as the trip has ended.
fn crash(guardian: bool, prices: [&str; 3]) -> [ClaimStatus; 3] {
    let mut desk = delaying();
    if guardian {
        trip(&mut desk);
    }
    desk.w.set_price("7");
    let claims = prices.map(|price| desk.shortfall_at(100, Some(price)).claim.unwrap());
    recover(&mut desk, "7");
    desk.advance(Seconds::DAY);
    claims.map(|claim| {
        desk.settle(claim).unwrap();
        desk.claim(claim).record.status
    })
}

/// Worked example: price 10 → 7, claims at 8, 7 and 9.5.
#[test]
fn a_guardians_trip_just_before_a_crash_takes_no_claim_away() {
    let prices = ["8", "7", "9.5"];
    let without = crash(false, prices);
    assert!(
        without.iter().all(|status| *status == ClaimStatus::Paid {}),
        "{without:?}"
    );
    assert_eq!(crash(true, prices), without);
}

#[test]
fn a_price_beyond_the_crash_lapses_with_the_guardian_and_without() {
    let lapsed = ClaimStatus::Lapsed {
        reason: LapseReason::PriceOutsideSpan,
    };
    for guardian in [false, true] {
        let [above, within, below] = crash(guardian, ["10.2", "9", "6.8"]);
        assert_eq!(
            (above, within, below),
            (lapsed.clone(), ClaimStatus::Paid {}, lapsed.clone())
        );
    }
}

#[test]
fn on_a_sound_reading_the_band_at_filing_alone_counts_whatever_the_price_does_later() {
    for (price, paid) in [("10", true), ("8", false), ("7", false)] {
        let mut desk = delaying();
        trip(&mut desk);
        let claim = desk.shortfall_at(100, Some(price)).claim.unwrap();
        // The crash comes after the filing.
        desk.w.set_price("7");
        recover(&mut desk, "7");
        desk.settle(claim).unwrap();
        let status = desk.claim(claim).record.status;
        assert_eq!(status == ClaimStatus::Paid {}, paid, "at {price}: {status:?}");
    }
}

#[test]
fn a_market_fault_earlier_in_the_trip_counts_though_the_reading_at_filing_is_sound_again() {
    for guardian in [false, true] {
        let mut desk = delaying();
        if guardian {
            trip(&mut desk);
        }
        desk.w.set_price("7");
        desk.w.set_price("10");
        let claim = desk.shortfall_at(100, Some("8")).claim.unwrap();
        desk.w.set_price("7");
        recover(&mut desk, "7");
        desk.advance(Seconds::DAY);
        desk.settle(claim).unwrap();
        let status = desk.claim(claim).record.status;
        assert_eq!(status, ClaimStatus::Paid {}, "with a guardian: {guardian}");
    }
}

/// A claim at 9 after two calm days on the way from 10 to 9, settled after the
/// market has gone back to 10.
fn after_calm_days(guardian: bool, gap: bool) -> ClaimStatus {
    let mut desk = delaying();
    if guardian {
        trip(&mut desk);
    }
    if gap {
        // The feeds are silent for ten minutes, and somebody pokes in between.
        desk.advance(Seconds(600));
        let poke = breaker::ExecuteMsg::Poke {
            markets: vec![MARKET.to_string()],
            action: None,
        };
        let (anyone, breaker) = (desk.w.addr("anyone"), desk.w.breaker.clone());
        desk.w.execute(&anyone, &breaker, &poke, &[]).unwrap();
    }
    let drift = |desk: &mut Desk, from: u64, to: u64| {
        for step in 0..=288 {
            desk.advance(Seconds(600));
            let cents = (from * (288 - step) + to * step) / 288;
            desk.w.set_price(&format!("{}.{:02}", cents / 100, cents % 100));
        }
    };
    drift(&mut desk, 1_000, 900);
    let answer = desk.shortfall_at(100, Some("9"));
    drift(&mut desk, 900, 1_000);
    recover(&mut desk, "10");
    let claim = answer.claim.unwrap();
    desk.settle(claim).unwrap();
    desk.claim(claim).record.status
}

#[test]
fn a_gap_in_the_feeds_that_is_over_changes_nothing_for_the_claims_after_it() {
    for guardian in [false, true] {
        for gap in [false, true] {
            let status = after_calm_days(guardian, gap);
            assert_eq!(status, ClaimStatus::Paid {}, "guardian {guardian}, gap {gap}");
        }
    }
}
