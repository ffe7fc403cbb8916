//! Every event of every table can be found on a node, in the three ways in which
//! people look: `tx_search`, `wasmd q txs`, and a subscription.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use backstop_e2e::{Asset, Setup, Stage, lost};
use backstop_types::events::{tables, vault::Deposited};
use backstop_types::vault::{ExecuteMsg, HookMsg};
use cosmwasm_std::Event;
use tendermint_rpc::query::{EventType, Query};
use tendermint_rpc::{Client, HttpClient, Order, SubscriptionClient, WebSocketClient};

/// What people filter by.
const FILTERS: [&str; 9] = [
    "staker",
    "claim",
    "market",
    "policyholder",
    "loss",
    "ticket",
    "trader",
    "position",
    "change",
];

/// A value of its own for each key, in the shapes that values have: amounts,
/// addresses, markets, decimals, names with commas between.
fn value(number: usize) -> String {
    match number % 5 {
        0 => format!("{number}"),
        1 => format!("wasm1{number}qyqszqgpqyqszqgpqyqszqgpqyqszqgpjnp7du"),
        2 => format!("ATOM{number}/USD"),
        3 => format!("{number}.07"),
        _ => format!("stale,jump,{number}"),
    }
}

#[test]
fn every_event_is_found_by_each_of_its_attributes() {
    let Some(stage) = Stage::open() else { return };
    let puppet = stage.puppet(None, None);
    let mut number = 0;
    let mut wanted = vec![];
    let mut emitted = vec![];
    for (name, keys) in tables() {
        let mut event = Event::new(name);
        for key in keys {
            number += 1;
            event = event.add_attribute(key, value(number));
            wanted.push((name, key, value(number)));
        }
        emitted.push(event);
    }
    // One event a transaction: what is found must be the one that was looked for.
    let mut hashes = std::collections::BTreeMap::new();
    for event in emitted {
        let name = event.ty.clone();
        let emit = backstop_puppet::ExecuteMsg::Emit { events: vec![event] };
        hashes.insert(name, stage.execute("keeper", &puppet, &emit).hash);
    }
    let client = HttpClient::new(stage.network.rpc(0).as_str()).unwrap();
    for (name, key, value) in &wanted {
        let query = Query::eq(format!("wasm-{name}.{key}"), value.clone());
        let found = stage
            .wait(client.tx_search(query, false, 1, 5, Order::Ascending))
            .unwrap();
        let found: Vec<String> = found.txs.iter().map(|tx| tx.hash.to_string()).collect();
        assert_eq!(found, [hashes[*name].clone()], "wasm-{name}.{key}='{value}'");
    }
    assert!(wanted.len() > 250, "{} attributes", wanted.len());

    // By the chain's own program, each kind of event once, by what people filter by.
    let mut asked = BTreeSet::new();
    for (name, key, value) in &wanted {
        if FILTERS.contains(key) && asked.insert(*name) {
            let hash = &hashes[*name];
            let found = by_wasmd(&stage, &format!("wasm-{name}.{key}='{value}'"));
            assert!(
                found.contains(hash.as_str()),
                "wasmd q txs does not find {name} by {key}"
            );
        }
    }
    assert!(asked.len() > 30, "{} kinds of events", asked.len());
}

fn by_wasmd(stage: &Stage, query: &str) -> String {
    let found = Command::new(stage.network.wasmd())
        .args([
            "q",
            "txs",
            "--query",
            query,
            "--output",
            "json",
            "--node",
            &stage.network.rpc(0),
        ])
        .output()
        .unwrap();
    assert!(
        found.status.success(),
        "{}",
        String::from_utf8_lossy(&found.stderr)
    );
    String::from_utf8_lossy(&found.stdout).into_owned()
}

#[test]
fn a_subscription_hears_of_a_staker_a_claim_a_market_and_a_policyholder() {
    let Some(stage) = Stage::open() else { return };
    let (backstop, position) = lost(&stage, Asset::Native);
    backstop.grant(&stage.addr("holder"), Setup::default().terms);
    let (alice, holder) = (stage.addr("alice"), stage.addr("holder"));
    let _ = position;

    hears(
        &stage,
        &format!("wasm-{}.staker", Deposited::NAME),
        &alice,
        || {
            backstop.deposit("alice", 10);
        },
    );
    hears(
        &stage,
        "wasm-backstop_cover_shortfall.policyholder",
        &holder,
        || {
            backstop.shortfall("holder", 1, 1_000, "10");
        },
    );
    hears(&stage, "wasm-backstop_cover_shortfall.claim", "2", || {
        backstop.shortfall("holder", 2, 1_000, "10");
        backstop.shortfall("holder", 3, 1_000, "10");
    });
    hears(&stage, "wasm-backstop_poke.market", "ATOM/USD", || {
        backstop.set_price("10");
    });
    hears(&stage, "wasm-backstop_recover.loss", "1", || {
        backstop.pay(
            "holder",
            &backstop.vault,
            10,
            &ExecuteMsg::Recover { loss: 1 },
            &HookMsg::Recover { loss: 1 },
        );
    });
}

/// Subscribes, acts, and waits for what the node sends.
fn hears(stage: &Stage, key: &str, value: &str, act: impl FnOnce()) {
    let url = stage.network.rpc(0).replace("http://", "ws://") + "/websocket";
    let (client, driver) = stage.wait(WebSocketClient::new(url.as_str())).unwrap();
    let running = stage.spawn(driver.run());
    let query = Query::from(EventType::Tx).and_eq(key, value);
    let mut subscription = stage.wait(client.subscribe(query)).unwrap();
    act();
    let heard = stage.wait(async {
        use futures::StreamExt;
        tokio::time::timeout(Duration::from_secs(20), subscription.next()).await
    });
    assert!(
        matches!(heard, Ok(Some(Ok(_)))),
        "nothing heard of {key}='{value}': {heard:?}"
    );
    client.close().unwrap();
    let _ = stage.wait(running);
}
