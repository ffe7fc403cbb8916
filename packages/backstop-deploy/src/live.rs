//! A real chain, by `backstop-chain`.

use backstop_chain::{
    Committed, Error as ChainError, Journal, Key, Message, Nodes, Sender, Settings, SignMode,
};
use serde_json::Value;

use crate::chain::{Ask, Chain, ContractFacts, Receipt};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::wasm::hex;

/// A chain, with the key that deploys.
#[derive(Debug)]
pub struct Live {
    sender: Sender,
}

impl Live {
    /// By the addresses of a chain's file. The journal keeps what is sent.
    pub fn new(config: &Config, key: Key, journal: Journal) -> Result<Self> {
        let settings = Settings {
            chain_id: config.chain_id.clone(),
            gas_price: config.gas_price()?,
            gas_adjustment: config.gas_adjustment,
            max_gas: config.max_gas,
            timeout_blocks: config.timeout_blocks,
            mode: SignMode::Direct,
        };
        let sender = Sender::new(Nodes::new(&config.rpc)?, key, settings, journal);
        Ok(Self { sender })
    }
}

impl Ask for Nodes {
    async fn reach(&self, chain_id: &str) -> Result<()> {
        self.freshest(chain_id).await?;
        Ok(())
    }

    async fn wasmd_version(&self) -> Result<Option<String>> {
        Ok(Self::wasmd_version(self).await?)
    }

    async fn checksum(&self, code: u64) -> Result<String> {
        Ok(hex(&Self::checksum(self, code).await?))
    }

    async fn contract(&self, address: &str) -> Result<ContractFacts> {
        let info = Self::contract(self, address).await?;
        Ok(ContractFacts {
            code: info.code_id,
            admin: Some(info.admin).filter(|admin| !admin.is_empty()),
        })
    }

    async fn knows(&self, address: &str) -> Result<bool> {
        match self.account(address).await {
            Ok(_) => Ok(true),
            Err(ChainError::Query { code, .. }) if code != 0 => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    async fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        Ok(Self::balance(self, address, denom).await?)
    }

    async fn smart(&self, contract: &str, question: &Value) -> Result<Value> {
        Ok(Self::smart(self, contract, question).await?)
    }
}

impl Ask for Live {
    async fn reach(&self, chain_id: &str) -> Result<()> {
        self.sender.nodes().reach(chain_id).await
    }

    async fn wasmd_version(&self) -> Result<Option<String>> {
        Ask::wasmd_version(self.sender.nodes()).await
    }

    async fn checksum(&self, code: u64) -> Result<String> {
        Ask::checksum(self.sender.nodes(), code).await
    }

    async fn contract(&self, address: &str) -> Result<ContractFacts> {
        Ask::contract(self.sender.nodes(), address).await
    }

    async fn knows(&self, address: &str) -> Result<bool> {
        self.sender.nodes().knows(address).await
    }

    async fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        Ask::balance(self.sender.nodes(), address, denom).await
    }

    async fn smart(&self, contract: &str, question: &Value) -> Result<Value> {
        Ask::smart(self.sender.nodes(), contract, question).await
    }
}

impl Chain for Live {
    fn address(&self) -> &str {
        self.sender.address()
    }

    async fn simulate(&self, label: &str, messages: &[Message]) -> Result<u64> {
        Ok(self.sender.simulate(label, messages).await?)
    }

    async fn send(&mut self, label: &str, messages: &[Message]) -> Result<Receipt> {
        Ok(receipt(self.sender.send(label, messages).await?))
    }

    async fn follow(&mut self) -> Result<()> {
        self.sender.resume().await?;
        Ok(())
    }

    async fn sent(&self, label: &str, messages: &[Message]) -> Result<Option<Receipt>> {
        let Some(hash) = self.sender.committed_as(label, messages)? else {
            return Ok(None);
        };
        let found = self.sender.committed(&hash).await?;
        let found = found.ok_or_else(|| Error::Lost {
            hash,
            step: label.to_string(),
        })?;
        Ok(Some(receipt(found)))
    }
}

fn receipt(committed: Committed) -> Receipt {
    Receipt {
        hash: committed.hash,
        height: committed.height,
        gas_used: committed.gas_used,
        events: committed.events,
    }
}
