//! What an exchange needs, from what was read of it.

use std::collections::BTreeMap;

use crate::support::*;
use backstop_operator::config::Perps;
use backstop_operator::tasks::perps::{View, decide, look};
use backstop_types::Assets;
use backstop_types::breaker::{Action as Wanted, QueryMsg as AskBreaker, VerdictFacts};
use cosmwasm_std::Timestamp;
use sample_perps::msg::{OrderResponse, PositionResponse, QueryMsg, ShortfallResponse};
use serde_json::{Value, json};

fn all() -> Perps {
    Perps {
        on: true,
        ..Perps::default()
    }
}

fn verdict(allowed: bool) -> VerdictFacts {
    let facts = json!({
        "allowed": allowed, "state": "normal", "faults": 0, "median": "4", "band": {"low": "3.9", "high": "4.1"},
        "trip": null, "trip_cause": null, "last_clean": {"low": "3.9", "high": "4.1"}, "published": NOW - 10,
    });
    serde_json::from_value(facts).unwrap()
}

fn order(number: u64, price_after: i64, expires: i64, height: u64) -> OrderResponse {
    let wish = json!({"close": {"position": 1, "limit": null}});
    let record = json!({
        "owner": "wasm1trader", "wish": wish, "price_after": at(price_after), "height": height,
        "expires_at": at(expires), "fee": "50000",
    });
    serde_json::from_value(json!({"order": number, "record": record})).unwrap()
}

fn position(number: u64, liquidatable: bool) -> PositionResponse {
    let record = json!({
        "owner": "wasm1trader", "exposure": {"side": "long", "size": "10", "entry": "4", "margin": "9"},
        "terms": {"maintenance_margin": 2_200, "keeper_fee": 50, "insurance_fee": 100, "order_fee": "0",
            "curve": {"base": 5, "impact": 100, "max": 1_000, "depth": "1000"}},
        "opened_at": at(-100),
    });
    let value = json!({
        "price": "4", "notional": "40", "pnl": {"profit": "0"}, "equity": {"left": "9"}, "maintenance": "9",
        "liquidatable": liquidatable,
    });
    serde_json::from_value(json!({"position": number, "record": record, "value": value})).unwrap()
}

/// A shortfall of 100, closed so many seconds ago.
fn shortfall(number: u64, closed: i64, answer: Value) -> ShortfallResponse {
    let books = json!({
        "asked": "100", "received": "10", "to_pool": "10", "to_deleveraged": "0", "deleveraged": "0", "written_off": "0",
    });
    let record = json!({
        "side": "long", "parts": 1, "weighted": "0", "closed_at": at(closed), "breaker": BREAKER, "dark": "0", "sent": 0,
        "answer": answer, "books": books, "rounds": 0, "filled": 0,
    });
    let row =
        json!({"shortfall": number, "record": record, "price": "4", "remaining": "90", "deleverage": false});
    serde_json::from_value(row).unwrap()
}

fn answer(answered: i64) -> Value {
    let cover = json!({"claim": 17, "paid": "10", "pending": "60", "deductible": "0", "uncovered": "30", "reason": null});
    json!({"at": at(answered), "cover": cover})
}

fn view() -> View {
    let wanted = [
        Wanted::Open,
        Wanted::Reduce,
        Wanted::Liquidate,
        Wanted::Deleverage,
        Wanted::Payout,
    ];
    View {
        exchange: EXCHANGE.to_string(),
        now: now(),
        height: 100,
        verdicts: wanted.into_iter().map(|wanted| (wanted, verdict(true))).collect(),
        ..View::default()
    }
}

fn labels(view: &View, settings: &Perps) -> Vec<String> {
    decide(view, settings)
        .unwrap()
        .into_iter()
        .map(|action| action.label)
        .collect()
}

#[test]
fn an_order_is_executed_at_a_price_from_after_it_and_returned_when_its_time_is_over() {
    let mut view = view();
    view.orders = vec![
        order(1, -11, 60, 100),
        order(2, -10, 60, 100),
        order(3, -11, 60, 101),
        order(4, -11, 0, 99),
        order(5, -11, -1, 99),
    ];
    assert_eq!(
        labels(&view, &all()),
        ["perps execute 1", "perps execute 4", "perps return 5"]
    );
    view.verdicts.insert(Wanted::Reduce, verdict(false));
    assert_eq!(labels(&view, &all()), ["perps return 5"]);
    view.verdicts = BTreeMap::new();
    assert_eq!(labels(&view, &all()), ["perps return 5"]);
}

#[test]
fn a_position_below_its_maintenance_margin_is_liquidated() {
    let mut view = view();
    view.positions = vec![position(8, true), position(9, false)];
    let actions = decide(&view, &all()).unwrap();
    let expected = json!({"contract": EXCHANGE, "msg": {"liquidate": {"position": 8}}});
    assert_eq!((actions.len(), json_of(&actions[0].messages[0])), (1, expected));
}

#[test]
fn a_shortfall_is_sent_within_an_hour_while_it_would_be_paid_or_would_stand() {
    let mut view = view();
    view.shortfalls = vec![
        shortfall(1, -3_599, Value::Null),
        shortfall(2, -3_600, Value::Null),
    ];
    assert_eq!(labels(&view, &all()), ["perps send 1"]);
    view.verdicts.insert(Wanted::Payout, verdict(false));
    assert_eq!(
        labels(&view, &all()),
        ["perps send 1"],
        "denied, and at a price that would stand"
    );
    let mut far = verdict(false);
    (far.last_clean, far.band) = (None, None);
    view.verdicts.insert(Wanted::Payout, far);
    assert!(labels(&view, &all()).is_empty());
}

#[test]
fn a_claim_is_booked_when_more_is_paid_than_is_booked() {
    let mut view = view();
    view.shortfalls = vec![shortfall(1, -100, answer(-90))];
    for (paid, many) in [(10, 0), (11, 1)] {
        view.claims = BTreeMap::from([(17, (Assets::new(paid), true))]);
        assert_eq!(labels(&view, &all()).len(), many, "{paid}");
    }
    assert_eq!(labels(&view, &all()), ["perps book 1"]);
    // An answer that could not be read may have been a claim.
    view.shortfalls = vec![shortfall(1, -4_000, Value::Null)];
    view.shortfalls[0].record.sent = 1;
    assert_eq!(labels(&view, &all()), ["perps book 1"]);
}

#[test]
fn what_is_left_is_deleveraged_in_its_time_and_written_off_after_it() {
    let mut view = view();
    let day = 86_400;
    view.shortfalls = vec![shortfall(1, -100, answer(-90))];
    view.shortfalls[0].deleverage = true;
    assert_eq!(labels(&view, &all()), ["perps deleverage 1"]);
    view.verdicts.insert(Wanted::Deleverage, verdict(false));
    assert!(labels(&view, &all()).is_empty());
    view.shortfalls = vec![shortfall(1, -day - 100, answer(-day))];
    view.claims = BTreeMap::from([(17, (Assets::new(10), true))]);
    assert!(labels(&view, &all()).is_empty(), "its claim is pending");
    view.claims = BTreeMap::from([(17, (Assets::new(10), false))]);
    assert_eq!(labels(&view, &all()), ["perps write off 1"]);
    view.now = Timestamp::from_seconds(NOW - 1);
    assert!(labels(&view, &all()).is_empty());
}

#[test]
fn each_part_has_its_switch() {
    let mut full = view();
    full.orders = vec![order(1, -11, 60, 100), order(5, -11, -1, 99)];
    full.positions = vec![position(8, true)];
    full.shortfalls = vec![
        shortfall(1, -10, Value::Null),
        shortfall(2, -10, answer(-9)),
        shortfall(3, -99_999, answer(-99_990)),
    ];
    full.shortfalls[1].deleverage = true;
    full.shortfalls[2].record.books.received = Assets::new(70);
    full.claims = BTreeMap::from([(17, (Assets::new(70), false))]);
    let every = labels(&full, &all());
    type Off = fn(&mut Perps);
    let offs: [(Off, &str); 7] = [
        (|perps| perps.execute = false, "execute"),
        (|perps| perps.return_orders = false, "return"),
        (|perps| perps.liquidate = false, "liquidate"),
        (|perps| perps.send = false, "send"),
        (|perps| perps.deleverage = false, "deleverage"),
        (|perps| perps.book = false, "book"),
        (|perps| perps.write_off = false, "write off"),
    ];
    assert_eq!(every.len(), offs.len(), "{every:?}");
    for (off, name) in offs {
        let mut settings = all();
        off(&mut settings);
        let rest: Vec<_> = every
            .iter()
            .filter(|label| !label.starts_with(&format!("perps {name} ")))
            .cloned()
            .collect();
        assert_eq!(labels(&full, &settings), rest, "{name}");
    }
}

#[tokio::test]
async fn the_look_asks_the_breaker_only_for_what_somebody_waits_for() {
    let mut told = told();
    let side = json!({"positions": 0, "size": "0", "entry_value": "0", "set_aside": "0", "margin": "0"});
    let ledger = json!({
        "cash": "0", "shares": "0", "insurance": "0", "bounties": "0", "compensation": "0", "credits": "0", "ordered": "0",
        "long": side, "short": side, "positions": 0, "orders": 1, "shortfalls": 31, "gathers_long": null,
        "gathers_short": null, "clock": {"last": at(0), "dark": "0"}, "epoch": 0, "missing": "0", "forgone": 0,
    });
    let pool = json!({"ledger": ledger, "set_aside": "0", "equity": null, "buy_in": null, "counted": "0", "balance": "0"});
    told.answer(EXCHANGE, &QueryMsg::Pool { price: None }, &pool);
    let config = json!({
        "asset": {"native": "ustake"}, "vault": VAULT, "breaker": BREAKER, "market": MARKET,
        "params": sample_perps::Params::default(),
    });
    told.answer(EXCHANGE, &QueryMsg::Config {}, &config);
    let orders = json!({"orders": [order(1, -11, 60, 100)]});
    told.answer(
        EXCHANGE,
        &QueryMsg::Orders {
            owner: None,
            start_after: None,
            limit: Some(30),
        },
        &orders,
    );
    // Of 31 shortfalls one page of the newest 30 is read.
    let newest = json!({"shortfalls": [shortfall(31, -10, answer(-9))]});
    told.answer(
        EXCHANGE,
        &QueryMsg::Shortfalls {
            start_after: Some(1),
            limit: Some(30),
        },
        &newest,
    );
    let claimed = claim(json!({"delayed": {}}));
    told.answer(
        VAULT,
        &backstop_types::vault::QueryMsg::Claim { claim: 17 },
        &claimed,
    );
    let ask = AskBreaker::Verdict {
        market: MARKET.to_string(),
        action: Some(Wanted::Reduce),
    };
    told.answer(BREAKER, &ask, &verdict(true));
    let view = look(&told, &snapshot().await, &all(), 1, None).await.unwrap();
    assert_eq!(
        view.verdicts.keys().copied().collect::<Vec<_>>(),
        [Wanted::Reduce]
    );
    assert_eq!(
        view.claims,
        BTreeMap::from([(17, (Assets::new(1_000_000), true))])
    );
    assert_eq!(labels(&view, &all()), ["perps execute 1", "perps book 31"]);
}
