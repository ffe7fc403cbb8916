//! A transaction is sent once, whatever the nodes do meanwhile.

mod node;

use std::path::Path;
use std::time::Duration;

use backstop_chain::{Error, Journal, Key, Message, Nodes, Sender, Settings, SignMode};
use cosmwasm_std::Decimal;
use node::{CHAIN, Node, State};
use serde_json::json;

fn sender(nodes: &[&Node], folder: &Path) -> Sender {
    let words = "abandon ".repeat(11) + "about";
    let rpcs: Vec<String> = nodes.iter().map(|node| node.rpc.clone()).collect();
    let settings = Settings {
        chain_id: CHAIN.to_string(),
        gas_price: "0.025ustake".parse().unwrap(),
        gas_adjustment: Decimal::percent(130),
        max_gas: 50_000_000,
        timeout_blocks: 40,
        mode: SignMode::Direct,
    };
    let journal = Journal::open(&folder.join("journal")).unwrap();
    Sender::new(
        Nodes::new(&rpcs).unwrap(),
        Key::from_mnemonic(&words, "wasm", 0).unwrap(),
        settings,
        journal,
    )
}

fn message() -> [Message; 1] {
    [Message::execute("wasm1vault", &json!({"settle_claim": {"claim": 1}})).unwrap()]
}

#[tokio::test]
async fn what_was_left_without_an_end_is_followed_before_the_same_is_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(State {
        height: 100,
        ..State::default()
    })
    .await;
    // A process that ends while its transaction waits for a block.
    let messages = message();
    let mut first = sender(&[&node], folder.path());
    let cut_off = tokio::time::timeout(Duration::from_millis(600), first.send("settle 1", &messages)).await;
    assert!(cut_off.is_err() && node.with(|state| state.given.len()) == 1);
    drop(first);

    // The block comes when the next one has begun.
    node.with(|state| state.commits_after = Some(0));
    let again = sender(&[&node], folder.path()).send("settle 1", &messages).await;

    assert!(matches!(again, Err(Error::WouldFail { .. })), "{again:?}");
    let given = node.with(|state| state.given.clone());
    assert!(
        given.iter().all(|hash| *hash == given[0]),
        "two transactions for one thing: {given:?}"
    );
}

#[tokio::test]
async fn a_node_that_is_behind_does_not_say_that_a_transaction_never_will_be() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = Node::start(State {
        height: 100,
        ..State::default()
    })
    .await;
    let behind = Node::start(State {
        height: 50,
        ..State::default()
    })
    .await;
    let mut sender = sender(&[&fresh, &behind], folder.path());
    let messages = message();
    let (sent, ()) = tokio::join!(sender.send("settle 1", &messages), async {
        while fresh.with(|state| state.given.is_empty()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Its last block has passed, and the node that knows what was in it answers for
        // its height and for nothing else.
        fresh.with(|state| (state.height, state.dies_at_a_look) = (200, true));
        tokio::time::sleep(Duration::from_millis(700)).await;
        fresh.with(|state| {
            state.dies_at_a_look = false;
            state.commits_after = Some(0);
        });
    });
    let sent = sent.unwrap();
    assert_eq!(
        Some(&sent.hash),
        fresh.with(|state| state.blocks.first().cloned()).as_ref()
    );
    assert_eq!(sent.height, 150);
}

#[tokio::test]
async fn a_node_that_asks_for_more_gas_than_may_be_paid_gets_no_fee() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(State {
        height: 100,
        // A fee of 1,300 stake at this test's price.
        gas: Some(40_000_000_000),
        ..State::default()
    })
    .await;
    let sent = sender(&[&node], folder.path()).send("settle 1", &message()).await;
    assert!(
        matches!(
            sent,
            Err(Error::TooMuchGas {
                gas: 52_000_000_000,
                most: 50_000_000,
                ..
            })
        ),
        "{sent:?}"
    );
    assert!(node.with(|state| state.given.is_empty()));
}

#[tokio::test]
async fn what_was_done_under_a_label_with_other_contents_is_not_taken_for_done() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(State {
        height: 100,
        commits_after: Some(0),
        ..State::default()
    })
    .await;
    let mut sender = sender(&[&node], folder.path());
    let hash = sender.send("settle 1", &message()).await.unwrap().hash;
    let other = [Message::execute("wasm1vault", &json!({"settle_claim": {"claim": 2}})).unwrap()];
    assert_eq!(sender.committed_as("settle 1", &message()).unwrap(), Some(hash));
    assert_eq!(sender.committed_as("settle 2", &other).unwrap(), None);
    let refused = sender.committed_as("settle 1", &other);
    assert!(matches!(refused, Err(Error::OtherContents { .. })), "{refused:?}");
}
