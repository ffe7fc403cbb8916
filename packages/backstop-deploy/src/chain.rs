//! What a deployment needs of a chain. Tests put a simulated one in its place.

use backstop_chain::Message;
use cosmwasm_std::Event;
use serde_json::Value;

use crate::error::{Error, Result};

/// What a chain knows of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractFacts {
    /// Its code.
    pub code: u64,
    /// Who can migrate it.
    pub admin: Option<String>,
}

/// A transaction that is in a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// Its hash.
    pub hash: String,
    /// The block.
    pub height: u64,
    /// The gas that it used.
    pub gas_used: u64,
    /// What it emitted.
    pub events: Vec<Event>,
}

impl Receipt {
    /// The first attribute of this key in an event of this name.
    pub fn attribute(&self, event: &str, key: &str) -> Result<&str> {
        backstop_chain::attribute(&self.events, event, key).ok_or_else(|| Error::NoAttribute {
            hash: self.hash.clone(),
            event: event.to_string(),
            key: key.to_string(),
        })
    }

    /// The same as a number.
    pub fn number(&self, event: &str, key: &str) -> Result<u64> {
        let text = self.attribute(event, key)?;
        text.parse().map_err(|_| Error::NoAttribute {
            hash: self.hash.clone(),
            event: event.to_string(),
            key: format!("{key} that is a number, but {text:?}"),
        })
    }
}

/// What can be asked of a chain.
#[allow(async_fn_in_trait)]
pub trait Ask {
    /// Finds a node that is up to date, and refuses one of another chain.
    async fn reach(&self, chain_id: &str) -> Result<()>;
    /// The version of its wasmd, if it says so.
    async fn wasmd_version(&self) -> Result<Option<String>>;
    /// The sha256 of a stored code, in hex digits.
    async fn checksum(&self, code: u64) -> Result<String>;
    /// A contract.
    async fn contract(&self, address: &str) -> Result<ContractFacts>;
    /// Whether it knows the account, be it a person's, a contract's or a module's.
    async fn knows(&self, address: &str) -> Result<bool>;
    /// What an account has of a denom of the bank.
    async fn balance(&self, address: &str, denom: &str) -> Result<u128>;
    /// A contract's answer.
    async fn smart(&self, contract: &str, question: &Value) -> Result<Value>;
}

/// A chain with the key that deploys.
#[allow(async_fn_in_trait)]
pub trait Chain: Ask {
    /// Who signs.
    fn address(&self) -> &str;
    /// The gas that these messages would use, or why they would fail.
    async fn simulate(&self, label: &str, messages: &[Message]) -> Result<u64>;
    /// Sends them in one transaction and waits for its block.
    async fn send(&mut self, label: &str, messages: &[Message]) -> Result<Receipt>;
    /// Waits for the end of what an earlier run left on its way.
    async fn follow(&mut self) -> Result<()>;
    /// The transaction of this label that an earlier run sent, if a block has it. An error if
    /// it did something else than these messages would.
    async fn sent(&self, label: &str, messages: &[Message]) -> Result<Option<Receipt>>;
}
