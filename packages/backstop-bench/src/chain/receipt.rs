//! A committed transaction.

use backstop_types::events::{EventError, all_of};
use cosmwasm_std::Event;
use serde_json::Value;

use super::gas::Split;
use crate::{Error, Result};

/// What a transaction did and cost.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Gas of the whole transaction, as committed.
    pub gas: u64,
    /// What it was charged for.
    pub split: Split,
    /// Its events: the chain's own and the contracts'.
    pub events: Vec<Event>,
}

/// The events of a transaction's result, as the node's JSON has them.
pub(super) fn events(result: &mut Value) -> Result<Vec<Event>> {
    serde_json::from_value(result["events"].take()).map_err(Error::json("a transaction's events"))
}

impl Receipt {
    /// The first attribute of this key in an event of the chain's own.
    pub fn attribute(&self, kind: &str, key: &str) -> Result<String> {
        let events = self.events.iter().filter(|event| event.ty == kind);
        let mut attributes = events.flat_map(|event| &event.attributes);
        let found = attributes.find(|attribute| attribute.key == key);
        let found = found.map(|attribute| attribute.value.clone());
        found.ok_or_else(|| self.lacks(kind, key))
    }

    /// The first event of this kind of ours.
    pub fn emitted<T>(&self, name: &str) -> Result<T>
    where
        T: for<'a> TryFrom<&'a Event, Error = EventError>,
    {
        let first = all_of(&self.events)?.into_iter().next();
        first.ok_or_else(|| self.lacks(name, "event"))
    }

    /// That an event is not there, or has not what it should have.
    pub fn lacks(&self, event: &str, what: &str) -> Error {
        Error::Answer {
            what: format!("event {event}"),
            field: what.to_string(),
            answer: format!("{:?}", self.events).chars().take(2_000).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::events::vault::{Deposited, Unbonded};
    use serde_json::json;

    fn receipt(ticket: &str) -> Receipt {
        let attribute = |key: &str, value: &str| json!({"key": key, "value": value, "index": true});
        let mut result = json!({"events": [
            {"type": "instantiate", "attributes": [attribute("_contract_address", "wasm1a")]},
            {"type": "wasm-backstop_unbond", "attributes": [
                attribute("_contract_address", "wasm1a"),
                attribute("staker", "wasm1b"), attribute("ticket", ticket),
                attribute("shares", "5"), attribute("ready_at", "70"),
                attribute("auto_withdraw", "false"), attribute("msg_index", "0"),
            ]},
        ]});
        Receipt {
            gas: 0,
            split: Split::default(),
            events: events(&mut result).unwrap(),
        }
    }

    #[test]
    fn our_events_are_read_from_a_nodes_answer_and_the_chains_by_key() {
        let receipt = receipt("3");
        let unbonded: Unbonded = receipt.emitted(Unbonded::NAME).unwrap();
        assert_eq!((unbonded.ticket, unbonded.ready_at), (3, 70));
        let contract = receipt.attribute("instantiate", "_contract_address").unwrap();
        assert_eq!(contract, "wasm1a");
    }

    #[test]
    fn an_event_that_is_missing_or_unreadable_is_an_error_that_names_it() {
        let missing = receipt("3").emitted::<Deposited>(Deposited::NAME).unwrap_err();
        assert!(missing.to_string().contains("backstop_deposit"), "{missing}");
        let unreadable = receipt("three").emitted::<Unbonded>(Unbonded::NAME).unwrap_err();
        let text = unreadable.to_string();
        assert!(
            text.contains("ticket of wasm-backstop_unbond is \"three\""),
            "{text}"
        );
        assert!(receipt("3").attribute("store_code", "code_id").is_err());
    }
}
