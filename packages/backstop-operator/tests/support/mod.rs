//! A backstop that has something to do for every task, as a chain would tell of it.

#![allow(dead_code)]

pub mod told;

use backstop_chain::nodes::Status;
use backstop_core::rewards::{Clock, Ledger};
use backstop_operator::addresses::Addresses;
use backstop_operator::snapshot::{Look, Snapshot, look};
use backstop_types::breaker::{self, MarketParams};
use backstop_types::{distributor, timelock, vault};
use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Storage, Timestamp};
use reward_distributor::state::LEDGER;
use serde::Serialize;
use serde_json::{Value, json};
use told::Told;

/// The block's time, in seconds.
pub const NOW: u64 = 1_800_000_000;
pub const VAULT: &str = "wasm1vault";
pub const BREAKER: &str = "wasm1breaker";
pub const DISTRIBUTOR: &str = "wasm1distributor";
pub const TIMELOCK: &str = "wasm1timelock";
pub const EXCHANGE: &str = "wasm1exchange";
pub const MARKET: &str = "ATOM/USD";

/// So many seconds after [`NOW`], as the contracts write it.
pub fn at(seconds: i64) -> String {
    format!("{}000000000", NOW.checked_add_signed(seconds).unwrap())
}

pub fn now() -> Timestamp {
    Timestamp::from_seconds(NOW)
}

pub fn addresses() -> Addresses {
    Addresses {
        chain_id: Some("backstop-test-1".to_string()),
        rpc: vec!["http://127.0.0.1:1".to_string()],
        prefix: Some("wasm".to_string()),
        vault: VAULT.to_string(),
        distributor: Some(DISTRIBUTOR.to_string()),
        breaker: Some(BREAKER.to_string()),
        timelock: Some(TIMELOCK.to_string()),
        exchange: Some(EXCHANGE.to_string()),
    }
}

/// The snapshot of [`told`], at once.
pub async fn snapshot() -> Snapshot {
    look(&told(), &addresses(), &Look::whole(3), now()).await.unwrap()
}

/// A backstop with a market that was not read for 700 s, a claim whose delay has passed, a
/// premium of 2,000,000 that is earned, a change that is due, a distributor that was silent
/// for eight days, and a ticket that anybody may withdraw.
pub fn told() -> Told {
    let mut told = Told {
        status: Some(Status {
            rpc: "http://127.0.0.1:1".to_string(),
            chain_id: "backstop-test-1".to_string(),
            height: 100,
            time: NOW,
            catching_up: false,
        }),
        balance: 5_000_000,
        ..Told::default()
    };
    of_vault(&mut told);
    of_breaker(&mut told);
    of_distributor(&mut told);
    of_timelock(&mut told);
    told
}

fn of_vault(told: &mut Told) {
    use vault::QueryMsg as Ask;
    let params = json!({
        "breaker": BREAKER, "guardian": "wasm1guardian", "unbonding_period": 1_814_400, "notice": 259_200,
        "pool_fraction": "0.3", "min_ticket": "1", "max_tickets": 20, "hook_gas": 2_000_000, "poke_gas": 5_000_000,
        "premium": {"kink": 8_000, "base": 100, "at_kink": 400, "most": 2_000},
        "treasury": null, "treasury_part": 0,
    });
    let config = json!({"asset": {"native": "ustake"}, "window": 604_800, "distributor": DISTRIBUTOR, "params": params});
    told.answer(VAULT, &Ask::Config {}, &config);
    let pool = json!({
        "assets": "1234567890123456789012", "shares": "1000000000", "active": "900000000",
        "queued": "100000000", "share_price": "1.25", "losses": 7, "pending_claims": 1, "pots": "4000000",
        "recoveries": "11", "room": "300000000", "premiums": "2500000", "credits": "13",
    });
    told.answer(VAULT, &Ask::Pool {}, &pool);
    told.answer(
        VAULT,
        &Ask::Pauses {},
        &json!({"deposits": null, "payouts": null}),
    );
    told.answer(
        VAULT,
        &Ask::Ownership {},
        &json!({"owner": TIMELOCK, "pending_owner": null, "pending_expiry": null}),
    );
    told.answer(
        VAULT,
        &Ask::OpenClaims {
            start_after: None,
            limit: Some(30),
        },
        &json!({"claims": [claim(json!({"delayed": {}}))]}),
    );
    let policy = json!({
        "policyholder": EXCHANGE, "market": MARKET,
        "terms": {"limit": "400000000", "deductible": "90000000", "instant": "100000000", "minimum": "1000000",
            "delay": 86_400, "priced": true, "premium": 10_000},
        "closed_at": null, "room": "396000000", "deductible_left": "90000000", "instant_left": "99000000",
        "premium": {"in_force": true, "from": at(-864_000), "until": at(864_000), "unearned": "500000",
            "unsent": "2000000", "rate": "0.04"},
    });
    told.answer(
        VAULT,
        &Ask::Policies {
            start_after: None,
            limit: Some(30),
        },
        &json!({"policies": [policy]}),
    );
    let stake = json!({"staker": "wasm1staker", "assets": "5", "stake": {"active": "1", "queued": "4", "tickets": 3}});
    told.answer(
        VAULT,
        &Ask::Stakes {
            start_after: None,
            limit: Some(30),
        },
        &json!({"stakes": [stake]}),
    );
    let ticket = |number: u64, ready: i64, auto: bool| {
        json!({"ticket": number, "shares": "1", "assets": "1000000", "opened_at": at(-9_000_000), "ready_at": at(ready),
            "auto_withdraw": auto})
    };
    let tickets = json!({"tickets": [ticket(4, -1, true), ticket(5, -1, false), ticket(6, 60, true)]});
    let ask = Ask::Tickets {
        staker: "wasm1staker".to_string(),
        start_after: None,
        limit: Some(30),
    };
    told.answer(VAULT, &ask, &tickets);
}

/// Claim 17, with its delay over and its latest date to come.
pub fn claim(status: Value) -> Value {
    json!({
        "claim": 17, "payable_at": at(-5), "latest": at(1_000_000),
        "record": {
            "policyholder": EXCHANGE, "market": MARKET, "filed_at": at(-86_405), "price": "4.06", "asked": "95000000",
            "deductible": "90000000", "granted": "5000000", "paid": "1000000", "pot": "4000000", "delay": 86_400,
            "paused_before": "0", "assets_before": "1000000000", "pool_refilled": "0", "deductible_refilled": "0",
            "status": status,
        },
    })
}

fn of_breaker(told: &mut Told) {
    use breaker::QueryMsg as Ask;
    told.answer(BREAKER, &Ask::Config {}, &json!({"guardian": null}));
    let watch = json!({
        "faults": 0, "unwell_at": null, "reference": null, "seen": [], "recovery": null, "guardian_until": null,
        "read": {"at": at(-700), "height": 1, "median": "4.06"},
    });
    let record = json!({
        "state": "normal", "since": at(-99_999), "trips": 2, "open_trip": null,
        "last_clean": {"low": "4.05", "high": "4.07"}, "last_clean_at": at(-700), "watch": watch,
    });
    let market = json!({
        "market": MARKET, "config": {"sources": [], "params": MarketParams::default()}, "record": record,
        "reasons": [], "exit": null,
    });
    told.answer(
        BREAKER,
        &Ask::Markets {
            start_after: None,
            limit: Some(30),
        },
        &json!({"markets": [market]}),
    );
    let explained = json!({
        "market": MARKET, "at": at(0), "state": "guarded", "since": at(-99_999), "trip": null,
        "allowed": ["reduce", "liquidate", "deleverage", "payout"],
        "findings": [{"fault": "near_jump", "measured": 1_300, "bound": 1_200}], "standing": [], "sources": [],
        "median": "4.06", "reference": "4.6", "needs": [], "earliest_recovery": null,
    });
    told.answer(
        BREAKER,
        &Ask::Explain {
            market: MARKET.to_string(),
        },
        &explained,
    );
    let verdict = json!({
        "market": MARKET, "action": "open", "state": "guarded", "allowed": false, "reasons": ["near_jump"],
        "faults": 33_554_432, "median": "4.06", "band": {"low": "4.05", "high": "4.07"}, "trip": null,
        "trip_cause": null, "last_clean": {"low": "4.05", "high": "4.07"}, "reduce_between": null, "published": NOW - 20,
    });
    told.answer(
        BREAKER,
        &Ask::Verdict {
            market: MARKET.to_string(),
            action: None,
        },
        &verdict,
    );
}

fn of_distributor(told: &mut Told) {
    use distributor::QueryMsg as Ask;
    told.answer(DISTRIBUTOR, &Ask::Config {}, &json!({"vault": VAULT}));
    told.answer(
        DISTRIBUTOR,
        &Ask::Clock {},
        &json!({"staked": 9_000_000, "shares": "900000000", "week": 14}),
    );
    let denom = json!({
        "denom": {"native": "ustake"}, "listed": true, "min_rate": "1", "rate": "3.5", "index": "0", "funded": "9",
        "released": "4", "unreleased": "5", "refunded": "0",
    });
    told.answer(
        DISTRIBUTOR,
        &Ask::Denoms {
            start_after: None,
            limit: Some(30),
        },
        &json!({"denoms": [denom]}),
    );
    let ask = Ask::Schedule {
        denom: backstop_types::UncheckedDenom::Native("ustake".to_string()),
        start_after: None,
        limit: Some(30),
    };
    let change = json!({"week": 15, "staked": 9_072_000, "earliest": at(72_000), "rate": "0"});
    told.answer(DISTRIBUTOR, &ask, &json!({"changes": [change]}));
    silent_since(told, 691_200);
}

/// Stores that the distributor was last brought up to date so many seconds ago.
pub fn silent_since(told: &mut Told, seconds: u64) {
    let ledger = Ledger {
        clock: Clock {
            at: now().minus_seconds(seconds),
            ..Clock::default()
        },
        flows: vec![],
    };
    let mut storage = MockStorage::new();
    LEDGER.save(&mut storage, &ledger).unwrap();
    let key = LEDGER.as_slice().to_vec();
    let stored = storage.get(&key).unwrap();
    told.storage.insert((DISTRIBUTOR.to_string(), key), stored);
}

fn of_timelock(told: &mut Told) {
    use timelock::QueryMsg as Ask;
    told.answer(
        TIMELOCK,
        &Ask::Config {},
        &json!({"vault": VAULT, "unbonding_period": 1, "notice": 1, "pending": 1, "max_pending": 50}),
    );
    let field = json!({"field": "unbonding_period", "from": "1814400", "to": "2419200", "direction": "raises", "reason": "later"});
    let record = json!({
        "change": {"vault": {"update_params": {"update": {"unbonding_period": 2_419_200}}}}, "contract": VAULT,
        "target": "vault/params", "from": {"params": {"unbonding_period": 1_814_400}}, "submitted_at": at(-2_100_000),
        "wait": {"due": at(-60), "lapses": at(604_740), "unbonding_period": 1_814_400, "notice": 259_200},
        "status": {"pending": {}},
    });
    let change = json!({"number": 3, "class": "waits", "record": record, "fields": [field]});
    told.answer(
        TIMELOCK,
        &Ask::Pending {
            start_after: None,
            limit: Some(30),
        },
        &json!({"changes": [change]}),
    );
    let custody = json!({
        "contracts": [{"contract": "vault", "address": VAULT, "owner": TIMELOCK, "pending_owner": null,
            "admin": TIMELOCK, "code_id": 1, "checksum": "00", "owned": true, "administered": true}],
        "complete": true,
    });
    told.answer(TIMELOCK, &Ask::Custody {}, &custody);
}

/// The answer of a message's JSON, for comparisons.
pub fn json_of(message: &backstop_chain::Message) -> Value {
    match message {
        backstop_chain::Message::Execute { contract, msg, funds } => {
            assert!(funds.is_empty());
            json!({"contract": contract, "msg": serde_json::from_slice::<Value>(msg).unwrap()})
        }
        other => panic!("{other:?}"),
    }
}

/// What a serialised thing is.
pub fn value(thing: &impl Serialize) -> Value {
    serde_json::to_value(thing).unwrap()
}
