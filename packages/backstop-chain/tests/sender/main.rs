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

/// A node that takes what it is sent into the next block, and cannot say so afterwards.
fn without_an_index() -> State {
    State {
        height: 100,
        commits_after: Some(0),
        without_index: true,
        ..State::default()
    }
}

/// Sends, and once a node has the transaction lets so many blocks pass.
async fn sent_while_blocks_pass(
    sender: &mut Sender,
    nodes: &[&Node],
    height: u64,
) -> Result<backstop_chain::Committed, Error> {
    let messages = message();
    let (sent, ()) = tokio::join!(sender.send("settle 1", &messages), async {
        while nodes.iter().all(|node| node.with(|state| state.given.is_empty())) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        nodes
            .iter()
            .for_each(|node| node.with(|state| state.height = height));
    });
    sent
}

#[tokio::test]
async fn a_node_without_an_index_does_not_say_that_a_transaction_never_will_be() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(without_an_index()).await;
    let mut sender = sender(&[&node], folder.path());
    let sent = sent_while_blocks_pass(&mut sender, &[&node], 200).await;
    assert!(matches!(sent, Err(Error::Untraced { .. })), "{sent:?}");
    // The same again: nothing new is signed while it is not known.
    let again = sender.send("settle 1", &message()).await;
    assert!(matches!(again, Err(Error::Untraced { .. })), "{again:?}");
    assert_eq!(node.with(|state| state.blocks.len()), 1);

    node.with(|state| state.without_index = false);
    let ends = sender.resume().await.unwrap();
    assert!(matches!(&ends[..], [(_, Ok(_))]), "{ends:?}");
}

#[tokio::test]
async fn a_state_of_before_its_last_block_does_not_say_that_a_transaction_never_will_be() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(without_an_index()).await;
    let mut sender = sender(&[&node], folder.path());
    let messages = message();
    let (sent, ()) = tokio::join!(sender.send("settle 1", &messages), async {
        while node.with(|state| state.blocks.is_empty()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Behind one address answer two: one is far on, the other's account is of before.
        node.with(|state| (state.height, state.state_lag) = (200, 70));
        tokio::time::sleep(Duration::from_millis(700)).await;
        node.with(|state| state.state_lag = 0);
    });
    assert!(matches!(sent, Err(Error::Untraced { .. })), "{sent:?}");
}

#[tokio::test]
async fn a_transaction_is_found_by_the_one_node_that_has_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let state = || State {
        height: 100,
        commits_after: Some(0),
        ..State::default()
    };
    let without = Node::start(State {
        without_index: true,
        ..state()
    })
    .await;
    let with = Node::start(state()).await;
    let mut sender = sender(&[&without, &with], folder.path());
    let messages = message();
    let (sent, ()) = tokio::join!(sender.send("settle 1", &messages), async {
        while without.with(|state| state.given.is_empty()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        with.with(|state| state.given = without.with(|state| state.given.clone()));
        for node in [&without, &with] {
            node.with(|state| state.height = 200);
        }
    });
    assert_eq!(sent.unwrap().height, 150);
}

#[tokio::test]
async fn what_no_block_has_after_its_time_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(State {
        height: 100,
        ..State::default()
    })
    .await;
    let mut sender = sender(&[&node], folder.path());
    let sent = sent_while_blocks_pass(&mut sender, &[&node], 143).await;
    assert!(
        matches!(
            sent,
            Err(Error::Expired {
                timeout_height: 140,
                ..
            })
        ),
        "{sent:?}"
    );
    node.with(|state| state.commits_after = Some(0));
    assert!(sender.send("settle 1", &message()).await.is_ok());
    let given = node.with(|state| state.given.clone());
    assert_ne!(given.first(), given.last());
}

#[tokio::test]
async fn a_node_whose_state_is_behind_its_block_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(State {
        height: 100,
        commits_after: Some(0),
        goes_on: true,
        ..State::default()
    })
    .await;
    let mut sender = sender(&[&node], folder.path());
    sender.send("settle 1", &message()).await.unwrap();
    node.with(|state| state.state_behind = 3);
    let other = [Message::execute("wasm1vault", &json!({"settle_claim": {"claim": 2}})).unwrap()];
    sender.send("settle 2", &other).await.unwrap();
    assert_eq!(node.with(|state| state.sequences.clone()), [0, 1]);
}

#[tokio::test]
async fn one_node_that_is_ill_or_of_another_chain_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let state = || State {
        height: 100,
        commits_after: Some(0),
        ..State::default()
    };
    let ill = Node::start(State {
        height: 101,
        ..state()
    })
    .await;
    let other = Node::start(State {
        chain: Some("test-2"),
        height: 900,
        ..State::default()
    })
    .await;
    let good = Node::start(state()).await;
    let mut of_three = sender(&[&ill, &other, &good], folder.path());
    assert_eq!(of_three.nodes().freshest(CHAIN).await.unwrap().rpc, ill.rpc);
    ill.with(|state| state.ill = true);
    of_three.send("settle 1", &message()).await.unwrap();
    assert!(other.with(|state| state.given.is_empty()));

    let mut alone = sender(&[&other], &folder.path().join("alone"));
    let refused = alone.send("settle 1", &message()).await;
    assert!(matches!(refused, Err(Error::AnotherChain { .. })), "{refused:?}");
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
