//! Sending transactions and waiting for them, one at a time: each is alone in
//! its block.

use std::fs;

use cosmwasm_std::Coin;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::accounts::Account;
use super::batch::{Message, transaction};
use super::gas::GasLog;
use super::node::{CHAIN, Node};
use super::receipt::{self, Receipt};
use super::rpc;
use crate::progress::Progress;
use crate::{Error, Result};

/// What a unit of gas costs. On a chain it is never nothing, and taking the fee
/// is part of every transaction's price.
const GAS_PRICE: &str = "0.025stake";

/// A chain to send to.
pub struct Chain {
    node: Node,
    log: GasLog,
    ahead: u64,
    /// What whoever waits is shown.
    pub progress: Progress,
}

impl Chain {
    /// Starts the node.
    pub fn start(mut node: Node) -> Result<Self> {
        node.start()?;
        Ok(Self {
            log: GasLog::new(node.gas_log()),
            node,
            ahead: 0,
            progress: Progress::new(),
        })
    }

    /// Calls a contract.
    pub fn execute(&mut self, sender: &Account, call: &Message) -> Result<Receipt> {
        let msg = call.msg.to_string();
        let mut arguments = vec!["tx", "wasm", "execute", call.contract.as_str(), msg.as_str()];
        let funds = coins(&call.funds);
        if !funds.is_empty() {
            arguments.extend(["--amount", funds.as_str()]);
        }
        self.send(sender, &arguments)
    }

    /// Sends coins from one account to another.
    pub fn bank_send(&mut self, sender: &Account, to: &str, amount: u128, denom: &str) -> Result<Receipt> {
        let coin = format!("{amount}{denom}");
        self.send(sender, &["tx", "bank", "send", &sender.name, to, &coin])
    }

    /// Stores a code; its number and what that cost.
    pub fn store(&mut self, sender: &Account, file: &std::path::Path) -> Result<(u64, Receipt)> {
        let file = file.display().to_string();
        let receipt = self.send(sender, &["tx", "wasm", "store", &file])?;
        let code = receipt.attribute("store_code", "code_id")?;
        Ok((code.parse().unwrap_or_default(), receipt))
    }

    /// Instantiates a code; the contract's address.
    pub fn instantiate(
        &mut self,
        sender: &Account,
        code: u64,
        msg: &impl Serialize,
        label: &str,
    ) -> Result<String> {
        let msg = serde_json::to_string(msg).map_err(Error::json(label))?;
        let code = code.to_string();
        let arguments = [
            "tx",
            "wasm",
            "instantiate",
            &code,
            &msg,
            "--label",
            label,
            "--no-admin",
        ];
        let receipt = self.send(sender, &arguments)?;
        receipt.attribute("instantiate", "_contract_address")
    }

    /// Many calls in one transaction, with gas for all of them.
    pub fn batch(&mut self, sender: &Account, calls: &[Message]) -> Result<Receipt> {
        let (unsigned, signed) = (self.node.file("unsigned.json"), self.node.file("signed.json"));
        let text = transaction(&sender.address, calls).to_string();
        fs::write(&unsigned, text).map_err(Error::file(&unsigned))?;
        let (from, to) = (unsigned.display().to_string(), signed.display().to_string());
        let node = self.address();
        self.node.wasmd(&[
            "tx",
            "sign",
            &from,
            "--from",
            &sender.name,
            "--keyring-backend",
            "test",
            "--chain-id",
            CHAIN,
            "--node",
            &node,
            "--output-document",
            &to,
        ])?;
        let answer = self
            .node
            .wasmd(&["tx", "broadcast", &to, "--node", &node, "--output", "json"])?;
        self.settled("a batch", &answer)
    }

    /// Asks a contract.
    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let msg = serde_json::to_string(msg).map_err(Error::json("a query"))?;
        let node = self.address();
        let answer = self.node.wasmd(&[
            "query",
            "wasm",
            "contract-state",
            "smart",
            contract,
            &msg,
            "--node",
            &node,
            "--output",
            "json",
        ])?;
        let mut answer: Value = serde_json::from_str(&answer).map_err(Error::json("an answer"))?;
        serde_json::from_value(answer["data"].take()).map_err(Error::json(msg))
    }

    /// Waits until the node finds a transaction by an attribute of an event of
    /// ours, as whoever watches the contracts asks it.
    pub fn find(&self, event: &str, key: &str, value: &str) -> Result<()> {
        let query = format!("wasm-{event}.{key}='{value}'");
        self.node.until(&format!("find {query}"), |node| {
            rpc::count(&node.rpc, &query).is_ok_and(|found| found > 0)
        })
    }

    /// Moves the chain's clock ahead and waits until a block has that time.
    pub fn advance(&mut self, seconds: u64) -> Result<()> {
        let target = self.node.time()? + seconds;
        self.ahead += seconds;
        let clock = self.node.clock();
        fs::write(&clock, self.ahead.to_string()).map_err(Error::file(&clock))?;
        self.node.until("follow its clock", |node| {
            node.time().is_ok_and(|time| time >= target)
        })
    }

    /// The last block's time, in seconds since the epoch.
    pub fn now(&self) -> Result<u64> {
        self.node.time()
    }

    fn address(&self) -> String {
        format!("tcp://{}", self.node.rpc)
    }

    fn send(&mut self, sender: &Account, arguments: &[&str]) -> Result<Receipt> {
        let node = self.address();
        let common = [
            "--from",
            &sender.name,
            "--keyring-backend",
            "test",
            "--chain-id",
            CHAIN,
            "--node",
            &node,
            "--gas",
            "auto",
            "--gas-adjustment",
            "1.5",
            "--gas-prices",
            GAS_PRICE,
            "--yes",
            "--output",
            "json",
        ];
        let answer = self.node.wasmd(&[arguments, common.as_slice()].concat())?;
        let what: Vec<&str> = arguments.iter().skip(1).take(4).copied().collect();
        self.settled(&what.join(" "), &answer)
    }

    /// Waits until the transaction is in a block.
    fn settled(&mut self, what: &str, answer: &str) -> Result<Receipt> {
        let sent: Value = serde_json::from_str(answer).map_err(Error::json(what))?;
        let failed = |log: &Value| Error::Transaction {
            what: what.to_string(),
            log: log.as_str().unwrap_or_default().to_string(),
        };
        if sent["code"] != 0 {
            return Err(failed(&sent["raw_log"]));
        }
        let hash = sent["txhash"].as_str().unwrap_or_default();
        let path = format!("/tx?hash=0x{hash}");
        let committed = |node: &Node| {
            rpc::get(&node.rpc, &path)
                .ok()
                .filter(|tx| tx.get("result").is_some())
        };
        self.node
            .until("commit a transaction", |node| committed(node).is_some())?;
        let mut result = committed(&self.node).unwrap_or_default()["result"]["tx_result"].take();
        if result["code"] != 0 {
            return Err(failed(&result["log"]));
        }
        self.progress.step();
        let gas = result["gas_used"].as_str().and_then(|gas| gas.parse().ok());
        Ok(Receipt {
            gas: gas.unwrap_or_default(),
            split: self.log.of(hash)?,
            events: receipt::events(&mut result)?,
        })
    }
}

fn coins(funds: &[Coin]) -> String {
    let coins: Vec<String> = funds.iter().map(Coin::to_string).collect();
    coins.join(",")
}
