//! A chain that only gives the answers that it was told.

use std::cell::RefCell;
use std::collections::BTreeMap;

use backstop_chain::nodes::Status;
use backstop_chain::{Error, Message, Result};
use backstop_operator::chain::{Acts, Chain, Sent};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// See the module.
#[derive(Debug, Default)]
pub struct Told {
    /// By contract and the question's JSON.
    pub answers: BTreeMap<(String, String), serde_json::Value>,
    /// By contract and key.
    pub storage: BTreeMap<(String, Vec<u8>), Vec<u8>>,
    /// The nodes' own words; none of them answers where it is empty.
    pub status: Option<Status>,
    /// What every account has.
    pub balance: u128,
    /// Labels that fail, with the kind of failure.
    pub failing: BTreeMap<String, fn(&str) -> Error>,
    /// What was simulated.
    pub simulated: RefCell<Vec<String>>,
    /// What was sent.
    pub sent: Vec<String>,
    /// How often it was asked to follow what was left.
    pub resumed: u32,
    /// The block of what was sent.
    pub height_of_sent: u64,
}

impl Told {
    /// One that answers this question of this contract so.
    pub fn answer(&mut self, contract: &str, question: &impl Serialize, answer: &impl Serialize) {
        let json = |error: serde_json::Error| serde_json::Value::String(error.to_string());
        let question = serde_json::to_value(question).unwrap_or_else(json).to_string();
        let answer = serde_json::to_value(answer).unwrap_or_else(json);
        self.answers.insert((contract.to_string(), question), answer);
    }

    fn fails(&self, label: &str) -> Result<()> {
        match self
            .failing
            .iter()
            .find(|(prefix, _)| label.starts_with(prefix.as_str()))
        {
            Some((_, failure)) => Err(failure(label)),
            None => Ok(()),
        }
    }
}

impl Chain for Told {
    async fn smart<T: DeserializeOwned>(&self, contract: &str, question: &impl Serialize) -> Result<T> {
        let question = serde_json::to_value(question)
            .map_err(Error::unreadable(contract))?
            .to_string();
        let found = self.answers.get(&(contract.to_string(), question.clone()));
        let answer = found.ok_or_else(|| Error::Query {
            path: contract.to_string(),
            code: 18,
            codespace: "wasm".to_string(),
            log: format!("no answer to {question}"),
        })?;
        serde_json::from_value(answer.clone()).map_err(Error::unreadable(contract))
    }

    async fn raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.storage.get(&(contract.to_string(), key.to_vec())).cloned())
    }

    async fn statuses(&self) -> Vec<(String, Result<Status>)> {
        match &self.status {
            Some(status) => vec![(status.rpc.clone(), Ok(status.clone()))],
            None => vec![(
                "http://127.0.0.1:1".to_string(),
                Err(Error::NoNode { tried: vec![] }),
            )],
        }
    }

    async fn freshest(&self, _: &str) -> Result<Status> {
        self.status.clone().ok_or(Error::NoNode { tried: vec![] })
    }

    async fn balance(&self, _: &str, _: &str) -> Result<u128> {
        Ok(self.balance)
    }
}

impl Acts for Told {
    fn address(&self) -> &str {
        "wasm1keeper"
    }

    async fn simulate(&self, label: &str, _: &[Message]) -> Result<u64> {
        self.simulated.borrow_mut().push(label.to_string());
        self.fails(label).map(|()| 100_000)
    }

    async fn send(&mut self, label: &str, messages: &[Message]) -> Result<Sent> {
        let gas_used = self.simulate(label, messages).await?;
        self.sent.push(label.to_string());
        Ok(Sent {
            hash: "00".to_string(),
            height: self.height_of_sent,
            gas_used,
            gas_wanted: 130_000,
        })
    }

    async fn resume(&mut self) -> Result<Vec<(String, Result<Sent>)>> {
        self.resumed = self.resumed.saturating_add(1);
        Ok(vec![])
    }
}
