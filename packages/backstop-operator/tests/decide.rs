//! What each task decides from a snapshot.

use std::collections::BTreeMap;

use crate::support::*;
use backstop_operator::config::{Advance, Poke, Premium, Tickets};
use backstop_operator::snapshot::Waits;
use backstop_operator::tasks::{Action, advance, changes, poke, premium, settle, tickets};
use backstop_types::Seconds;
use backstop_types::breaker::MarketState;
use cosmwasm_std::{Timestamp, Uint128};
use serde_json::json;

fn labels(actions: &[Action]) -> Vec<&str> {
    actions.iter().map(|action| action.label.as_str()).collect()
}

#[tokio::test]
async fn a_market_in_order_is_poked_when_its_reading_is_ten_minutes_old() {
    let mut snapshot = snapshot().await;
    let none = BTreeMap::new();
    let market = |snapshot: &mut backstop_operator::Snapshot, age: u64, state: MarketState| {
        let line = &mut snapshot.breaker.as_mut().unwrap().markets[0];
        line.read_at = Some(now().minus_seconds(age));
        line.live.as_mut().unwrap().state = state;
    };
    let due = |snapshot: &backstop_operator::Snapshot, poked: &BTreeMap<String, Timestamp>| {
        !poke::decide(snapshot, &Poke::default(), poked)
            .unwrap()
            .is_empty()
    };
    for (age, state, expected) in [
        (599, MarketState::Normal, false),
        (600, MarketState::Normal, true),
        (59, MarketState::Tripped, false),
        (60, MarketState::Tripped, true),
        (60, MarketState::Recovering, true),
    ] {
        market(&mut snapshot, age, state);
        assert_eq!(due(&snapshot, &none), expected, "{age} {state}");
    }
    market(&mut snapshot, 601, MarketState::Normal);
    let poked = BTreeMap::from([(format!("poke {MARKET}"), now().minus_seconds(599))]);
    assert!(!due(&snapshot, &poked), "the keeper's own poke counts");
    let line = &mut snapshot.breaker.as_mut().unwrap().markets[0];
    line.read_at = None;
    assert!(due(&snapshot, &none), "a market without a reading denies all");
}

#[tokio::test]
async fn a_poke_comes_twice_before_the_reference_is_old_and_not_faster_than_readings_count() {
    let mut snapshot = snapshot().await;
    let line = &mut snapshot.breaker.as_mut().unwrap().markets[0];
    (line.max_unread, line.recovery_spacing) = (Seconds(200), Seconds(90));
    line.read_at = Some(now().minus_seconds(99));
    line.live.as_mut().unwrap().state = MarketState::Normal;
    let due = |snapshot: &backstop_operator::Snapshot| {
        poke::decide(snapshot, &Poke::default(), &BTreeMap::new())
            .unwrap()
            .len()
    };
    assert_eq!(due(&snapshot), 0);
    snapshot.breaker.as_mut().unwrap().markets[0].read_at = Some(now().minus_seconds(100));
    assert_eq!(due(&snapshot), 1);
    let line = &mut snapshot.breaker.as_mut().unwrap().markets[0];
    line.live.as_mut().unwrap().state = MarketState::Recovering;
    line.read_at = Some(now().minus_seconds(89));
    assert_eq!(due(&snapshot), 0);
    snapshot.breaker.as_mut().unwrap().markets[0].read_at = Some(now().minus_seconds(90));
    assert_eq!(due(&snapshot), 1);
}

#[tokio::test]
async fn claims_are_settled_when_they_can_be_and_those_held_without_a_trip_are_tried() {
    let mut snapshot = snapshot().await;
    let actions = settle::decide(&snapshot).unwrap();
    assert_eq!(labels(&actions), ["settle 17"]);
    let expected = json!({"contract": VAULT, "msg": {"settle_claim": {"claim": 17}}});
    assert_eq!(json_of(&actions[0].messages[0]), expected);
    for (waits, many) in [
        (Waits::Delay {}, 0),
        (Waits::Pause {}, 0),
        (Waits::Trip { number: 1 }, 0),
        (Waits::Reading {}, 1),
    ] {
        snapshot.vault.as_mut().unwrap().claims[0].waits = waits;
        assert_eq!(settle::decide(&snapshot).unwrap().len(), many, "{waits:?}");
    }
}

#[tokio::test]
async fn a_premium_is_sent_when_it_is_worth_a_transaction() {
    let snapshot = snapshot().await;
    let with = |minimum: u128| {
        let settings = Premium {
            minimum: Uint128::new(minimum),
            ..Premium::default()
        };
        premium::decide(&snapshot, &settings).unwrap()
    };
    assert!(with(2_000_001).is_empty());
    let expected =
        json!({"contract": VAULT, "msg": {"send_premium": {"policyholder": EXCHANGE, "market": MARKET}}});
    assert_eq!(json_of(&with(2_000_000)[0].messages[0]), expected);
}

#[tokio::test]
async fn a_change_is_applied_from_its_date_until_it_lapses() {
    let mut snapshot = snapshot().await;
    for (seconds, many) in [(-61, 0), (-60, 1), (604_739, 1), (604_740, 0)] {
        snapshot.chain.time = Timestamp::from_seconds(NOW.checked_add_signed(seconds).unwrap());
        let actions = changes::decide(&snapshot).unwrap();
        assert_eq!(actions.len(), many, "{seconds}");
    }
    snapshot.chain.time = now();
    let expected = json!({"contract": TIMELOCK, "msg": {"apply": {"change": 3}}});
    assert_eq!(
        json_of(&changes::decide(&snapshot).unwrap()[0].messages[0]),
        expected
    );
}

#[tokio::test]
async fn a_silent_distributor_is_advanced_in_one_transaction_if_something_streams() {
    let mut snapshot = snapshot().await;
    let with = |snapshot: &backstop_operator::Snapshot, after: u64| {
        let settings = Advance {
            after,
            ..Advance::default()
        };
        advance::decide(snapshot, &settings).unwrap()
    };
    assert!(with(&snapshot, 691_201).is_empty());
    let actions = with(&snapshot, 691_200);
    let expected =
        json!({"contract": DISTRIBUTOR, "msg": {"advance": {"denom": {"native": "ustake"}, "limit": null}}});
    assert_eq!(
        (labels(&actions), json_of(&actions[0].messages[0])),
        (vec!["advance"], expected)
    );
    snapshot.distributor.as_mut().unwrap().rewards[0].unreleased = Uint128::zero();
    assert!(with(&snapshot, 691_200).is_empty());
}

#[tokio::test]
async fn only_tickets_that_are_ready_and_marked_are_withdrawn_together() {
    let mut snapshot = snapshot().await;
    let actions = tickets::decide(&snapshot, &Tickets::default()).unwrap();
    assert_eq!(labels(&actions), ["tickets wasm1staker"]);
    let withdraw = &json_of(&actions[0].messages[0])["msg"]["withdraw"];
    assert_eq!(
        (&withdraw["tickets"], &withdraw["staker"]),
        (&json!([4]), &json!("wasm1staker"))
    );
    let little = Tickets {
        minimum: Uint128::new(1_000_001),
        ..Tickets::default()
    };
    assert!(tickets::decide(&snapshot, &little).unwrap().is_empty());
    snapshot.chain.time = now().plus_seconds(60);
    let withdraw = json_of(&tickets::decide(&snapshot, &little).unwrap()[0].messages[0]);
    assert_eq!(withdraw["msg"]["withdraw"]["tickets"], json!([4, 6]));
}

#[tokio::test]
async fn a_part_that_was_not_read_decides_nothing() {
    let mut snapshot = snapshot().await;
    (snapshot.vault, snapshot.breaker) = (None, None);
    (snapshot.distributor, snapshot.timelock, snapshot.queue) = (None, None, None);
    assert!(
        poke::decide(&snapshot, &Poke::default(), &BTreeMap::new())
            .unwrap()
            .is_empty()
    );
    assert!(settle::decide(&snapshot).unwrap().is_empty());
    assert!(
        premium::decide(&snapshot, &Premium::default())
            .unwrap()
            .is_empty()
    );
    assert!(changes::decide(&snapshot).unwrap().is_empty());
    assert!(
        advance::decide(&snapshot, &Advance::default())
            .unwrap()
            .is_empty()
    );
    assert!(
        tickets::decide(&snapshot, &Tickets::default())
            .unwrap()
            .is_empty()
    );
}
