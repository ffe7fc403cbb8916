//! A committed transaction.

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
    /// Its events.
    pub events: Value,
}

impl Receipt {
    /// The first attribute of this key in an event of this kind.
    pub fn attribute(&self, kind: &str, key: &str) -> Result<String> {
        self.attributes(kind, key).next().ok_or_else(|| Error::Answer {
            what: format!("event {kind}"),
            field: key.to_string(),
            answer: self.events.to_string().chars().take(2_000).collect(),
        })
    }

    fn attributes<'a>(&'a self, kind: &'a str, key: &'a str) -> impl Iterator<Item = String> + 'a {
        let events = self.events.as_array().into_iter().flatten();
        events
            .filter(move |event| event["type"] == kind)
            .flat_map(|event| event["attributes"].as_array().into_iter().flatten())
            .filter(move |attribute| attribute["key"] == key)
            .filter_map(|attribute| attribute["value"].as_str().map(str::to_string))
    }
}
