//! No message costs more storage because others stake, claim, lose or leave: the
//! reads and writes of vault and distributor are counted among ten of each, and
//! among ten thousand, and must be the same.
//!
//! Both contracts run as they are shipped, on a storage that counts. Bytes are not
//! compared: a larger number has more digits.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

#[path = "cost/counting.rs"]
mod counting;
#[path = "cost/crowd.rs"]
mod crowd;
use crate::broken as gone;
#[path = "cost/script.rs"]
mod script;

use std::collections::BTreeMap;

use counting::Tally;
use crowd::Crowd;

fn costs(cw20: bool, others: u64) -> BTreeMap<&'static str, Tally> {
    script::run(Crowd::of(cw20, others))
}

/// Every message among so many others costs what it costs among ten.
fn compare(cw20: bool, others: u64) {
    let (few, many) = (costs(cw20, 10), costs(cw20, others));
    for (message, tally) in &few {
        println!("{message:<44}{tally}");
    }
    let dearer = few.iter().filter(|(message, tally)| many[*message] != **tally);
    let dearer: Vec<String> = dearer
        .map(|(message, tally)| format!("{message}: {tally} among 10, {} among {others}", many[message]))
        .collect();
    assert!(dearer.is_empty(), "{}", dearer.join("\n"));
    assert_eq!(few.len(), many.len());
    assert!(
        few.values().all(|tally| tally.reads() > 0),
        "something was not counted"
    );
}

#[test]
fn no_message_costs_more_among_ten_thousand_stakers_claims_losses_and_tickets() {
    compare(false, 10_000);
}

#[test]
fn no_message_with_a_cw20_costs_more_among_ten_thousand_others() {
    compare(true, 10_000);
}

/// `receive` is what the cw20 asset's contract sends, and `prove_depth` what the vault
/// sends itself after a poke without an answer. `set_distributor` is sent once, before
/// anybody can stake.
const NOT_BY_NAME: [&str; 3] = ["receive", "prove_depth", "set_distributor"];

#[test]
fn every_message_of_vault_and_distributor_is_counted() {
    let schemas = [
        include_str!("../../../schema/backstop-vault.json"),
        include_str!("../../../schema/reward-distributor.json"),
    ];
    let costs = costs(false, 10);
    for schema in schemas {
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let variants = schema["execute"]["oneOf"].as_array().unwrap();
        assert!(variants.len() > 5);
        for variant in variants {
            let message = variant["required"][0].as_str().unwrap();
            let counted = costs.keys().any(|name| snake_case(name) == message);
            // The vault's stakes change by the notice that each deposit sends.
            let notice = message == "stake_changed";
            assert!(counted || notice || NOT_BY_NAME.contains(&message), "{message}");
        }
    }
}

/// The message of a name such as `CoverShortfall, paid`.
fn snake_case(name: &str) -> String {
    let message = name.split([',', ' ']).next().unwrap_or_default();
    let mut snake = String::new();
    for letter in message.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The count is seen to notice: a page that is asked to be longer costs more.
#[test]
fn a_longer_page_is_seen_to_cost_more() {
    let costs = costs(false, 10);
    let [short, long] = ["query Claims, 2", "query Claims, 9"].map(|query| costs[query]);
    assert!(short.items < long.items, "{short}; {long}");
}
