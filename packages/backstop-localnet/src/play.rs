//! Acting on a network's contracts as its test accounts: prices, and whatever a story
//! needs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use backstop_chain::{Committed, Journal, Message, Nodes, Sender, Settings, SignMode};
use backstop_mock_pyth as pyth;
use backstop_types::Price;
use backstop_types::breaker::{ExecuteMsg, MarketsResponse, QueryMsg, Report, SourceKind};
use cosmwasm_std::{Coin, Decimal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

use crate::contracts::Localnet;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::runtime::runtime;

/// What gas is paid for, over what a simulation used.
const ADJUSTMENT: Decimal = Decimal::percent(150);
/// For how many blocks a transaction may wait.
const PATIENCE: u64 = 60;
/// What one of them pays for at most.
const MAX_GAS: u64 = 100_000_000;

/// The test accounts at work.
pub struct Play<'a> {
    /// The network.
    pub network: &'a Network,
    /// Its contracts.
    pub localnet: Localnet,
    nodes: Nodes,
    runtime: Runtime,
    senders: RefCell<BTreeMap<String, Sender>>,
}

impl<'a> Play<'a> {
    /// On a network whose contracts are deployed.
    ///
    /// # Errors
    /// If they are not.
    pub fn new(network: &'a Network) -> Result<Self> {
        let localnet = Localnet::read(network)?.ok_or_else(|| Error::NotDeployed {
            home: network.home().to_path_buf(),
        })?;
        Ok(Self {
            network,
            nodes: Nodes::new(&network.rpcs())?,
            localnet,
            runtime: runtime()?,
            senders: RefCell::default(),
        })
    }

    /// Sends a message of a test account, with coins.
    ///
    /// # Errors
    /// The chain's.
    pub fn execute(
        &self,
        who: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Committed> {
        let message = Message::execute_with(contract, msg, funds.to_vec())?;
        let mut senders = self.senders.borrow_mut();
        let sender = match senders.entry(who.to_string()) {
            std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::btree_map::Entry::Vacant(none) => none.insert(self.sender(who)?),
        };
        Ok(self.runtime.block_on(sender.send(who, &[message]))?)
    }

    /// A contract's answer.
    ///
    /// # Errors
    /// The chain's.
    pub fn ask<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        Ok(self.runtime.block_on(self.nodes.smart(contract, msg))?)
    }

    /// The last block's time, in seconds since the epoch.
    ///
    /// # Errors
    /// If no node answers.
    pub fn now(&self) -> Result<u64> {
        Ok(self
            .runtime
            .block_on(self.nodes.freshest(self.network.chain_id()))?
            .time)
    }

    /// Every source of every market of the breaker publishes this price as of now, and
    /// the markets are poked. It takes a second, since a source brings no two prices of
    /// one second.
    ///
    /// # Errors
    /// The chain's.
    pub fn price(&self, price: Price) -> Result<()> {
        let breaker = self.localnet.addresses.breaker.clone();
        let (start_after, limit) = (None, None);
        let known: MarketsResponse = self.ask(&breaker, &QueryMsg::Markets { start_after, limit })?;
        let begun = self.now()?;
        while self.now()? <= begun {
            std::thread::sleep(Duration::from_millis(100));
        }
        let publish_time = self.now()?;
        for market in &known.markets {
            for source in &market.config.sources {
                self.publish(&market.market, &source.kind, price, publish_time)?;
            }
        }
        let markets = known.markets.into_iter().map(|market| market.market).collect();
        self.execute(
            "keeper",
            &breaker,
            &ExecuteMsg::Poke {
                markets,
                action: None,
            },
            &[],
        )?;
        Ok(())
    }

    fn publish<A: ToString>(
        &self,
        market: &str,
        kind: &SourceKind<A>,
        price: Price,
        publish_time: u64,
    ) -> Result<()> {
        match kind {
            SourceKind::Pyth { contract, price_id } => {
                let feed = pyth::PriceFeed::at(price_id.to_string(), price.0, publish_time);
                let set = pyth::ExecuteMsg::SetFeed { feed, force: false };
                self.execute("keeper", &contract.to_string(), &set, &[])?;
            }
            SourceKind::Reporters { members, .. } => {
                for member in members {
                    let member = member.to_string();
                    let named = self
                        .localnet
                        .accounts
                        .iter()
                        .find(|account| account.address == member);
                    let Some(account) = named else { continue };
                    let report = Report {
                        market: market.to_string(),
                        price,
                        confidence: None,
                        publish_time,
                    };
                    let reports = ExecuteMsg::Report {
                        reports: vec![report],
                    };
                    self.execute(&account.name, &self.localnet.addresses.breaker, &reports, &[])?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn sender(&self, who: &str) -> Result<Sender> {
        let journal: PathBuf = self.network.home().join("journals").join(format!("{who}.jsonl"));
        let settings = Settings {
            chain_id: self.network.chain_id().to_string(),
            gas_price: self.localnet.gas_price.parse()?,
            gas_adjustment: ADJUSTMENT,
            max_gas: MAX_GAS,
            timeout_blocks: PATIENCE,
            mode: SignMode::Direct,
        };
        let nodes = Nodes::new(&self.network.rpcs())?;
        Ok(Sender::new(
            nodes,
            self.localnet.key(who)?,
            settings,
            Journal::open(&journal)?,
        ))
    }
}
