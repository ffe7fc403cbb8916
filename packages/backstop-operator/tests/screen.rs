//! A snapshot on the screen and as JSON.

use crate::support::*;
use backstop_operator::screen::{Paint, screen};
use backstop_operator::snapshot::{Look, Snapshot, look};
use backstop_types::breaker::QueryMsg;

const PLAIN: Paint = Paint { on: false };

#[tokio::test]
async fn everything_that_an_operator_asks_for_is_on_the_screen() {
    let text = screen(&snapshot().await, now().plus_seconds(3), PLAIN);
    for part in [
        "Backstop on backstop-test-1   block 100 from 3 s ago, by http://127.0.0.1:1",
        "assets 1,234,567,890,123,456,789,012   shares 1,000,000,000   share price 1.25",
        "pots 4,000,000   recoveries owed 11   premiums held 2,500,000",
        "17 ATOM/USD wasm1exchange: 4,000,000 of 5,000,000 granted waits, can be settled now",
        "limit 400,000,000   room 396,000,000   instant room 99,000,000",
        "paid until 2027-01-25 08:00:00Z (in 10 d), 2,000,000 earned and not sent",
        "ATOM/USD guarded since",
        "allows reduce, liquidate, deleverage, payout; denies open",
        "median 4.06, band 4.05 to 4.07",
        "the price nearly jumped: 1,300 where 1,200 is the bound",
        "Unbonding: 3 tickets, 2 ready",
        "ustake: 3.5 a second, 5 left, last stream ends",
        "3 vault/params: can be applied, lapses",
        "unbonding_period: 1814400 to 2419200, raises stakers' risk",
        "nothing is paused",
        "in order: the timelock owns and administers all",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("Not read") && !text.contains('\x1b'), "{text}");
}

#[tokio::test]
async fn colours_are_for_a_terminal_alone_and_an_old_block_is_bad() {
    let snapshot = snapshot().await;
    let clock = now().plus_seconds(61);
    assert!(screen(&snapshot, clock, Paint { on: true }).contains("\x1b[31m1 min 1 s ago"));
    assert!(!screen(&snapshot, clock, PLAIN).contains('\x1b'));
    let behind = screen(&snapshot, now().minus_seconds(3_600), PLAIN);
    assert!(
        behind.contains("from a clock that is 1 h ahead of this machine's"),
        "{behind}"
    );
}

#[tokio::test]
async fn json_loses_no_digit_and_reads_back() {
    let snapshot = snapshot().await;
    let json = serde_json::to_string(&snapshot).unwrap();
    for exact in [
        "\"1234567890123456789012\"",
        "\"1800000000000000000\"",
        "\"format\":1",
    ] {
        assert!(json.contains(exact), "{exact}");
    }
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
    no_long_number(&value(&snapshot));
}

/// A JSON number of more than 15 digits is another one to most readers.
fn no_long_number(value: &serde_json::Value) {
    match value {
        serde_json::Value::Number(number) => assert!(number.to_string().len() <= 15, "{number}"),
        serde_json::Value::Array(items) => items.iter().for_each(no_long_number),
        serde_json::Value::Object(fields) => fields.values().for_each(no_long_number),
        _ => {}
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_never_zero() {
    let mut told = told();
    told.answers.retain(|(contract, _), _| contract != VAULT);
    let explain = QueryMsg::Explain {
        market: MARKET.to_string(),
    };
    told.answers
        .remove(&(BREAKER.to_string(), value(&explain).to_string()));
    let snapshot = look(&told, &addresses(), &Look::whole(3), now()).await.unwrap();
    let parts: Vec<_> = snapshot
        .problems
        .iter()
        .map(|problem| problem.part.as_str())
        .collect();
    assert_eq!(parts, ["vault", "market ATOM/USD", "queue"]);
    assert!(snapshot.vault.is_none() && snapshot.breaker.is_some());
    let text = screen(&snapshot, now(), PLAIN);
    assert!(
        text.contains("Not read\n  vault: ") && text.contains("its sources cannot be asked"),
        "{text}"
    );
}

#[tokio::test]
async fn a_list_that_is_longer_than_the_bound_says_where_it_was_left() {
    let mut told = told();
    let ask = |start_after: Option<u64>| backstop_types::vault::QueryMsg::OpenClaims {
        start_after,
        limit: Some(30),
    };
    let page = |from: u64| {
        let mut one = claim(serde_json::json!({"delayed": {}}));
        let claims: Vec<_> = (from..from + 30)
            .map(|number| {
                one["claim"] = number.into();
                one.clone()
            })
            .collect();
        serde_json::json!({"claims": claims})
    };
    told.answer(VAULT, &ask(None), &page(1));
    told.answer(VAULT, &ask(Some(30)), &page(31));
    let snapshot = look(&told, &addresses(), &Look::whole(2), now()).await.unwrap();
    assert_eq!(snapshot.vault.as_ref().unwrap().claims.len(), 60);
    let text = screen(&snapshot, now(), PLAIN);
    assert!(text.contains("claims: read up to 60 only"), "{text}");
}
