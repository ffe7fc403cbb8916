//! Rounds of the keeper on a chain that only gives the answers that it was told.

use std::sync::Arc;

use crate::support::told::Told;
use crate::support::*;
use backstop_chain::Error;
use backstop_chain::nodes::Status;
use backstop_operator::config::Config;
use backstop_operator::health::Health;
use backstop_operator::metrics::Metrics;
use backstop_operator::round::Rounds;
use backstop_operator::serve::Shared;
use backstop_types::vault;
use tokio::sync::watch;

const ALL: [&str; 6] = [
    "poke ATOM/USD",
    "settle 17",
    "changes 3",
    "premium wasm1exchange ATOM/USD",
    "advance",
    "tickets wasm1staker",
];

fn config(tasks: &str) -> Config {
    let text =
        format!("gas_price = \"0.025ustake\"\njournal = \"journal\"\nlow_balance = \"6000000\"\n{tasks}");
    let config: Config = toml::from_str(&text).unwrap();
    config.check().unwrap();
    config
}

struct Keeper {
    rounds: Rounds<Told>,
    shared: Arc<Shared>,
    told: watch::Sender<bool>,
}

fn keeper(chain: Told, tasks: &str, dry_run: bool) -> Keeper {
    keeper_of(chain, config(tasks), dry_run)
}

fn keeper_of(chain: Told, config: Config, dry_run: bool) -> Keeper {
    let tasks = config.tasks.allowed();
    let shared = Arc::new(Shared::new(Metrics::default(), Health::new(&tasks)));
    let (told, stop) = watch::channel(false);
    let rounds = Rounds::new(chain, config, addresses(), shared.clone(), stop, dry_run).unwrap();
    Keeper { rounds, shared, told }
}

fn failing(label: &str, failure: fn(&str) -> Error) -> Told {
    let mut told = told();
    told.failing.insert(label.to_string(), failure);
    told
}

fn would_fail(label: &str) -> Error {
    Error::WouldFail {
        label: label.to_string(),
        log: "claim 17 is settled".to_string(),
    }
}

fn failed(label: &str) -> Error {
    Error::Failed {
        label: label.to_string(),
        hash: "00".to_string(),
        height: 1,
        gas_wanted: 130_000,
        log: "out of gas".to_string(),
    }
}

fn refused(label: &str) -> Error {
    Error::Refused {
        label: label.to_string(),
        code: 5,
        codespace: "sdk".to_string(),
        log: "insufficient funds".to_string(),
    }
}

fn no_node(_: &str) -> Error {
    Error::NoNode { tried: vec![] }
}

#[tokio::test]
async fn an_empty_wallet_is_not_taken_for_nothing_to_do() {
    let mut chain = failing("settle", would_fail);
    chain.balance = 0;
    let mut without = keeper(chain, "", false);
    let outcome = without.rounds.round(now()).await;
    assert!(!outcome.is_good(), "{outcome:?}");
    assert!(!without.shared.read_health().report(now()).healthy);

    // Where gas is free it needs no coins.
    let mut chain = failing("settle", would_fail);
    chain.balance = 0;
    let mut config = config("");
    config.gas_price = "0ustake".to_string();
    let mut free = keeper_of(chain, config, false);
    assert!(free.rounds.round(now()).await.is_good());
}

#[tokio::test]
async fn a_round_does_what_each_task_has_to_do_once() {
    let mut keeper = keeper(told(), "", false);
    let outcome = keeper.rounds.round(now()).await;
    assert!(outcome.is_good(), "{outcome:?}");
    assert_eq!(outcome.done, ALL);
    assert_eq!(keeper.rounds.chain().sent, ALL);
    assert_eq!(keeper.rounds.chain().resumed, 1);
    assert!(keeper.shared.read_health().report(now()).healthy);
    let text = keeper.shared.metrics.text();
    for line in [
        "backstop_txs_total{task=\"settle\",result=\"committed\"} 1",
        "backstop_wallet_low{} 1",
        "backstop_queue_length{} 3",
        "backstop_claims_ready{} 1",
        "backstop_oracle_age_seconds{market=\"ATOM/USD\"} 20",
        "backstop_breaker_state{market=\"ATOM/USD\",state=\"guarded\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // Another process's end is looked for once; a market that was just poked is not again,
    // and the queue is not looked at again within ten minutes.
    let again = keeper.rounds.round(now().plus_seconds(15)).await;
    assert_eq!(keeper.rounds.chain().resumed, 1);
    assert_eq!(again.done, &ALL[1..5]);
}

#[tokio::test]
async fn no_more_is_sent_once_the_day_s_fees_are_paid() {
    // Each takes 130,000 gas: 3,250 ustake. Half of them fail in a block, and cost as much.
    let mut keeper = keeper(failing("poke", failed), "daily_fees = \"6500\"", false);
    let outcome = keeper.rounds.round(now()).await;
    assert_eq!(outcome.done, ["settle 17"]);
    assert!(
        outcome.failed[0].1.contains("fees of the last 24 hours are 6500"),
        "{outcome:?}"
    );
    assert!(keeper.shared.metrics.text().contains("backstop_fees_day{} 6500"));
    let mut told = told();
    told.status = told.status.map(|status| Status {
        time: status.time + 86_400,
        ..status
    });
    *keeper.rounds.chain_mut() = told;
    let outcome = keeper.rounds.round(now().plus_seconds(86_400)).await;
    assert_eq!(outcome.done.len(), 2, "{outcome:?}");
}

#[tokio::test]
async fn the_breaker_that_the_vault_asks_now_is_the_one_that_is_poked() {
    let mut keeper = keeper(told(), "", false);
    keeper.rounds.round(now()).await;
    let config = value(&vault::QueryMsg::Config {}).to_string();
    let chain = keeper.rounds.chain_mut();
    let answer = chain.answers.get_mut(&(VAULT.to_string(), config)).unwrap();
    answer["params"]["breaker"] = "wasm1another".into();
    let outcome = keeper.rounds.round(now().plus_seconds(600)).await;
    let why = outcome.failed.iter().find(|(task, _)| task.name() == "poke");
    assert!(
        why.is_some_and(|(_, why)| why.contains("wasm1another")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn each_task_has_its_switch() {
    let names = ["poke", "settle", "changes", "premium", "advance", "tickets"];
    for (off, label) in names.iter().zip(ALL) {
        let mut keeper = keeper(told(), &format!("[tasks.{off}]\non = false\n"), false);
        let done = keeper.rounds.round(now()).await.done;
        let rest: Vec<_> = ALL.into_iter().filter(|other| *other != label).collect();
        assert_eq!(done, rest, "{off}");
        assert!(keeper.shared.read_health().report(now()).healthy, "{off}");
    }
}

#[tokio::test]
async fn a_dry_run_simulates_all_and_sends_nothing() {
    let mut keeper = keeper(told(), "", true);
    let outcome = keeper.rounds.round(now()).await;
    assert_eq!(outcome.done, ALL);
    let chain = keeper.rounds.chain();
    assert_eq!(*chain.simulated.borrow(), ALL);
    assert!(chain.sent.is_empty());
    assert_eq!(chain.resumed, 0);
}

#[tokio::test]
async fn nothing_to_do_is_no_failure_and_is_tried_again() {
    let mut keeper = keeper(failing("settle", would_fail), "", false);
    for round in 1..=2 {
        let outcome = keeper.rounds.round(now()).await;
        assert!(outcome.is_good(), "{outcome:?}");
        assert!(!keeper.rounds.chain().sent.contains(&"settle 17".to_string()));
        let counted = format!("backstop_txs_total{{task=\"settle\",result=\"nothing\"}} {round}");
        let text = keeper.shared.metrics.text();
        assert!(text.contains(&counted), "{text}");
    }
}

#[tokio::test]
async fn claims_that_cannot_be_settled_take_no_place_of_those_that_can() {
    let two = || {
        let mut told = told();
        let open = vault::QueryMsg::OpenClaims {
            start_after: None,
            limit: Some(30),
        };
        let mut second = claim(serde_json::json!({"delayed": {}}));
        second["claim"] = 18.into();
        let claims = [claim(serde_json::json!({"delayed": {}})), second];
        told.answer(VAULT, &open, &serde_json::json!({"claims": claims}));
        told
    };
    let settled = async |chain: Told| {
        let mut keeper = keeper(chain, "batch = 1\n", false);
        let done = keeper.rounds.round(now()).await.done;
        done.into_iter()
            .filter(|label| label.starts_with("settle"))
            .collect::<Vec<_>>()
    };
    assert_eq!(settled(two()).await, ["settle 17"]);
    let mut first_fails = two();
    first_fails.failing.insert("settle 17".to_string(), would_fail);
    assert_eq!(settled(first_fails).await, ["settle 18"]);
}

#[tokio::test]
async fn a_lost_race_is_no_failure_and_waits_before_it_is_tried_again() {
    let mut keeper = keeper(failing("settle", failed), "", false);
    for _ in 0..2 {
        assert!(keeper.rounds.round(now()).await.is_good());
    }
    let tried = |keeper: &Keeper| {
        let simulated = keeper.rounds.chain().simulated.borrow();
        simulated.iter().filter(|label| *label == "settle 17").count()
    };
    assert_eq!(tried(&keeper), 1);
}

#[tokio::test]
async fn a_task_that_fails_stops_no_other_one_and_shows_in_the_health() {
    for failure in [refused, no_node] {
        let mut keeper = keeper(failing("settle", failure), "", false);
        let outcome = keeper.rounds.round(now()).await;
        let rest: Vec<_> = ALL.into_iter().filter(|label| *label != "settle 17").collect();
        assert_eq!(outcome.done, rest);
        assert_eq!(outcome.failed.len(), 1);
        let report = keeper.shared.read_health().report(now());
        assert_eq!(report.reasons.len(), 1, "{report:?}");
        assert_eq!(report.reasons[0].what, "settle");
    }
}

#[tokio::test]
async fn a_part_that_cannot_be_read_is_the_failure_of_its_task() {
    let mut told = told();
    let pool = value(&vault::QueryMsg::Pool {}).to_string();
    told.answers.remove(&(VAULT.to_string(), pool));
    let mut keeper = keeper(told, "", false);
    let outcome = keeper.rounds.round(now()).await;
    assert_eq!(
        outcome.done,
        ["poke ATOM/USD", "changes 3", "advance", "tickets wasm1staker"]
    );
    let failed: Vec<_> = outcome.failed.iter().map(|(task, _)| task.name()).collect();
    assert_eq!(failed, ["settle", "premium"]);
    let text = keeper.shared.metrics.text();
    assert!(
        !text.contains("\nbackstop_tvl") && text.contains("backstop_problems{} 1"),
        "{text}"
    );
}

#[tokio::test]
async fn without_a_node_nothing_is_done_and_the_health_says_so() {
    let mut told = told();
    told.status = None;
    let mut keeper = keeper(told, "", false);
    let outcome = keeper.rounds.round(now()).await;
    assert!(outcome.nothing.is_some() && outcome.done.is_empty());
    let report = keeper.shared.read_health().report(now());
    assert_eq!(report.reasons[0].what, "node");
}

#[tokio::test]
async fn a_node_that_has_not_seen_the_keepers_last_transaction_is_not_believed() {
    let mut chain = told();
    chain.height_of_sent = 101;
    let mut keeper = keeper(chain, "", false);
    assert!(keeper.rounds.round(now()).await.is_good());
    let sent = keeper.rounds.chain().sent.len();
    let outcome = keeper.rounds.round(now()).await;
    assert!(
        outcome
            .nothing
            .is_some_and(|why| why.contains("at block 100, before 101"))
    );
    assert_eq!(keeper.rounds.chain().sent.len(), sent);
}

#[tokio::test]
async fn a_keeper_that_was_told_to_end_begins_nothing_more() {
    let mut keeper = keeper(told(), "", false);
    keeper.told.send(true).unwrap();
    assert!(keeper.rounds.round(now()).await.done.is_empty());
}
