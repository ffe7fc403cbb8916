//! What tasks and screens need of a chain, and no more: so that tests need no node.

use std::future::Future;

use backstop_chain::nodes::Status;
use backstop_chain::{Committed, Message, Nodes, Result, Sender};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A chain that can be asked.
pub trait Chain {
    /// A contract's answer.
    fn smart<T: DeserializeOwned>(
        &self,
        contract: &str,
        question: &impl Serialize,
    ) -> impl Future<Output = Result<T>>;

    /// One entry of a contract's storage.
    fn raw(&self, contract: &str, key: &[u8]) -> impl Future<Output = Result<Option<Vec<u8>>>>;

    /// What each node says of itself.
    fn statuses(&self) -> impl Future<Output = Vec<(String, Result<Status>)>>;

    /// Turns to the node with the newest block.
    fn freshest(&self, chain_id: &str) -> impl Future<Output = Result<Status>>;

    /// What an account has of a denom.
    fn balance(&self, address: &str, denom: &str) -> impl Future<Output = Result<u128>>;
}

/// A transaction that is in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its hash.
    pub hash: String,
    /// The block.
    pub height: u64,
    /// What it used.
    pub gas_used: u64,
    /// What was paid for.
    pub gas_wanted: u64,
}

impl From<Committed> for Sent {
    fn from(committed: Committed) -> Self {
        Self {
            hash: committed.hash,
            height: committed.height,
            gas_used: committed.gas_used,
            gas_wanted: committed.gas_wanted,
        }
    }
}

/// A chain that can be asked, and sent to with one key.
pub trait Acts: Chain {
    /// Who signs.
    fn address(&self) -> &str;

    /// The gas that these messages would use, or why they would fail.
    fn simulate(&self, label: &str, messages: &[Message]) -> impl Future<Output = Result<u64>>;

    /// Simulates, sends once, and waits for the end.
    fn send(&mut self, label: &str, messages: &[Message]) -> impl Future<Output = Result<Sent>>;

    /// Follows to its end what an earlier process left.
    fn resume(&mut self) -> impl Future<Output = Result<Vec<(String, Result<Sent>)>>>;
}

impl Chain for Nodes {
    async fn smart<T: DeserializeOwned>(&self, contract: &str, question: &impl Serialize) -> Result<T> {
        Nodes::smart(self, contract, question).await
    }

    async fn raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Nodes::raw(self, contract, key).await
    }

    async fn statuses(&self) -> Vec<(String, Result<Status>)> {
        Nodes::statuses(self).await
    }

    async fn freshest(&self, chain_id: &str) -> Result<Status> {
        Nodes::freshest(self, chain_id).await
    }

    async fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        Nodes::balance(self, address, denom).await
    }
}

impl Chain for Sender {
    async fn smart<T: DeserializeOwned>(&self, contract: &str, question: &impl Serialize) -> Result<T> {
        self.nodes().smart(contract, question).await
    }

    async fn raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.nodes().raw(contract, key).await
    }

    async fn statuses(&self) -> Vec<(String, Result<Status>)> {
        self.nodes().statuses().await
    }

    async fn freshest(&self, chain_id: &str) -> Result<Status> {
        self.nodes().freshest(chain_id).await
    }

    async fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        self.nodes().balance(address, denom).await
    }
}

impl Acts for Sender {
    fn address(&self) -> &str {
        Sender::address(self)
    }

    async fn simulate(&self, label: &str, messages: &[Message]) -> Result<u64> {
        Sender::simulate(self, label, messages).await
    }

    async fn send(&mut self, label: &str, messages: &[Message]) -> Result<Sent> {
        tracing::debug!(label, messages = messages.len(), "simulate, sign, broadcast");
        let committed = Sender::send(self, label, messages).await?;
        tracing::debug!(
            label,
            hash = committed.hash,
            height = committed.height,
            "in a block"
        );
        Ok(committed.into())
    }

    async fn resume(&mut self) -> Result<Vec<(String, Result<Sent>)>> {
        let ends = Sender::resume(self).await?;
        Ok(ends
            .into_iter()
            .map(|(label, end)| (label, end.map(Sent::from)))
            .collect())
    }
}
