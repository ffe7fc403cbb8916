//! A network of this test's own, with accounts, stored codes, and a clock that can
//! be moved ahead.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backstop_chain::{Committed, Error, Journal, Message, Nodes, Sender, Settings, SignMode};
use backstop_localnet::{Coin as Fund, Funded, Owned, free_base_port};
use backstop_puppet::{Conduct, ExecuteMsg};
use cosmwasm_std::{Coin, Decimal, Empty};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tendermint_rpc::query::Query;
use tendermint_rpc::{Client, HttpClient, Order};
use tokio::runtime::Runtime;

use crate::accounts::{key, names};
use crate::codes::{self, CONTRACTS, MOCKS};
use crate::coins::{ASSET, FEES, REWARD};

/// What each account has of each coin.
const POCKET: u128 = 1_000_000_000_000_000;
const CHAIN: &str = "backstop-e2e";

/// A running network with the codes stored.
pub struct Stage {
    runtime: Runtime,
    senders: RefCell<BTreeMap<String, (Sender, u32)>>,
    codes: RefCell<BTreeMap<String, u64>>,
    wasm: PathBuf,
    folder: TempDir,
    /// The network.
    pub network: Owned,
    /// The way to ask it.
    pub nodes: Nodes,
}

impl Stage {
    /// A network of one validator; none, with a word why, where the environment
    /// names no chain or no contracts.
    pub fn open() -> Option<Self> {
        Self::like(|_| ())
    }

    /// The same on a chain that begins at this time, in seconds since the epoch.
    pub fn at(begins: u64) -> Option<Self> {
        Self::like(|settings| settings.begins = Some(begins))
    }

    /// A network of several.
    pub fn with_validators(validators: u8, block_time: Duration) -> Option<Self> {
        Self::like(|settings| (settings.validators, settings.block_time) = (validators, block_time))
    }

    /// A network like that of [`Stage::open`], but for what is changed.
    ///
    /// # Panics
    ///
    /// If it does not start.
    fn like(change: impl FnOnce(&mut backstop_localnet::Settings)) -> Option<Self> {
        let (Some(wasmd), Some(wasm)) = (std::env::var_os("BACKSTOP_WASMD"), codes::folder()) else {
            eprintln!("left out: BACKSTOP_WASMD and BACKSTOP_WASM must name a chain and the built contracts");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut settings = backstop_localnet::Settings::new(wasmd, folder.path().join("network"));
        settings.chain_id = CHAIN.to_string();
        settings.block_time = Duration::from_millis(100);
        change(&mut settings);
        settings.base_port = free_base_port(settings.validators).unwrap();
        settings.accounts = names().map(|name| funded(&name)).collect();
        let network = Owned::create(&settings).unwrap();
        network.start_all().unwrap();
        network.wait_until_all_at(2).unwrap();
        let rpcs: Vec<String> = network.rpcs();
        Some(Self {
            runtime: Runtime::new().unwrap(),
            senders: RefCell::default(),
            codes: RefCell::default(),
            wasm,
            folder,
            nodes: Nodes::new(&rpcs).unwrap(),
            network,
        })
    }

    /// An account's address.
    pub fn addr(&self, name: &str) -> String {
        key(name).address().to_string()
    }

    /// The number of a code, stored the first time that it is asked for.
    pub fn code(&self, name: &str) -> u64 {
        if let Some(code) = self.codes.borrow().get(name) {
            return *code;
        }
        let folder = if MOCKS.contains(&name) {
            self.wasm.join("mocks")
        } else {
            assert!(CONTRACTS.contains(&name), "{name} is no contract");
            self.wasm.clone()
        };
        let code = self.store(codes::read(&folder, name));
        self.codes.borrow_mut().insert(name.to_string(), code);
        code
    }

    /// The number of the code of a contract's build with a raised version.
    pub fn raised(&self, name: &str) -> u64 {
        self.store(codes::read(&self.wasm.join("raised"), name))
    }

    /// Stores a code; its number.
    pub fn store(&self, wasm: Vec<u8>) -> u64 {
        let stored = self.send("owner", &[Message::store(&wasm).unwrap()]);
        stored
            .attribute("store_code", "code_id")
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Makes a contract that the owner may migrate; its address.
    pub fn instantiate(&self, name: &str, msg: &impl Serialize) -> String {
        let message = Message::Instantiate {
            code: self.code(name),
            admin: Some(self.addr("owner")),
            label: name.to_string(),
            msg: serde_json::to_vec(msg).unwrap(),
        };
        self.send("owner", &[message])
            .attribute("instantiate", "_contract_address")
            .unwrap()
    }

    /// Calls a contract.
    ///
    /// # Panics
    ///
    /// With the chain's words, if that fails.
    pub fn execute(&self, sender: &str, contract: &str, msg: &impl Serialize) -> Committed {
        self.send(sender, &[Message::execute(contract, msg).unwrap()])
    }

    /// Calls a contract with coins.
    pub fn execute_with(
        &self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        amount: u128,
        denom: &str,
    ) -> Committed {
        let funds = vec![Coin::new(amount, denom)];
        self.send(sender, &[Message::execute_with(contract, msg, funds).unwrap()])
    }

    /// Sends messages in one transaction. A sender's calls are signed directly and by
    /// amino in turn.
    pub fn send(&self, sender: &str, messages: &[Message]) -> Committed {
        self.try_send(sender, messages)
            .unwrap_or_else(|error| panic!("{sender}: {error}"))
    }

    /// The same, or why it failed.
    pub fn try_send(&self, sender: &str, messages: &[Message]) -> Result<Committed, Error> {
        self.with_sender(sender, messages, |runtime, sender| {
            runtime.block_on(sender.send("a test's message", messages))
        })
    }

    /// The same with so much gas and without a simulation, so that it fails on the chain.
    pub fn send_with_gas(&self, sender: &str, messages: &[Message], gas: u64) -> Result<Committed, Error> {
        self.with_sender(sender, messages, |runtime, sender| {
            runtime.block_on(sender.send_with("a test's message", messages, gas))
        })
    }

    /// The gas that messages would use, or why they would fail.
    pub fn simulate(&self, sender: &str, messages: &[Message]) -> Result<u64, Error> {
        self.with_sender(sender, messages, |runtime, sender| {
            runtime.block_on(sender.simulate("a test's message", messages))
        })
    }

    /// Why a call fails.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn refused(&self, sender: &str, contract: &str, msg: &impl Serialize) -> String {
        let messages = [Message::execute(contract, msg).unwrap()];
        match self.try_send(sender, &messages) {
            Ok(_) => panic!("{contract} took what it should refuse"),
            Err(error) => error.to_string(),
        }
    }

    /// Sends messages signed in this mode.
    pub fn send_signed(&self, name: &str, mode: SignMode, messages: &[Message]) -> Result<Committed, Error> {
        self.with_sender(name, messages, |runtime, sender| {
            sender.set_mode(mode);
            runtime.block_on(sender.send("a test's message", messages))
        })
    }

    /// Gives a contract another code, as its admin.
    pub fn migrate(&self, contract: &str, code: u64) -> Committed {
        self.try_migrate("owner", contract, code)
            .unwrap_or_else(|error| panic!("{contract}: {error}"))
    }

    /// Gives a contract another code, or says why not.
    pub fn try_migrate(&self, sender: &str, contract: &str, code: u64) -> Result<Committed, Error> {
        let message = Message::Migrate {
            contract: contract.to_string(),
            code,
            msg: b"{}".to_vec(),
        };
        self.try_send(sender, &[message])
    }

    /// A puppet that was told how it takes foreign messages and queries.
    pub fn puppet(&self, answer: Option<Conduct>, query: Option<Conduct>) -> String {
        let puppet = self.instantiate("backstop_puppet", &Empty {});
        if answer.is_some() || query.is_some() {
            self.tell(&puppet, answer, query);
        }
        puppet
    }

    /// Tells a puppet how it takes them from now on.
    pub fn tell(&self, puppet: &str, answer: Option<Conduct>, query: Option<Conduct>) {
        let set = ExecuteMsg::Set {
            answer,
            query,
            storage: vec![],
        };
        self.execute("owner", puppet, &set);
    }

    /// Lets something of the client run beside the test.
    pub fn spawn<F>(&self, future: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.runtime.spawn(future)
    }

    fn with_sender<T>(
        &self,
        name: &str,
        messages: &[Message],
        act: impl FnOnce(&Runtime, &mut Sender) -> T,
    ) -> T {
        let mut senders = self.senders.borrow_mut();
        let (sender, sent) = senders
            .entry(name.to_string())
            .or_insert_with(|| (self.sender(name), 0));
        let calls = messages
            .iter()
            .all(|message| matches!(message, Message::Execute { .. }));
        let amino = calls && *sent % 2 == 1;
        sender.set_mode(if amino { SignMode::Amino } else { SignMode::Direct });
        *sent += 1;
        act(&self.runtime, sender)
    }

    /// A sender of this name's transactions with a journal in the test's folder.
    pub fn sender(&self, name: &str) -> Sender {
        let journal = Journal::open(&self.folder.path().join(format!("{name}.journal"))).unwrap();
        let nodes = Nodes::new(&self.network.rpcs()).unwrap();
        Sender::new(nodes, key(name), self.settings(), journal)
    }

    /// How transactions are made here.
    pub fn settings(&self) -> Settings {
        Settings {
            chain_id: CHAIN.to_string(),
            gas_price: "0.025ustake".parse().unwrap(),
            gas_adjustment: Decimal::percent(150),
            max_gas: 100_000_000,
            timeout_blocks: 100,
            mode: SignMode::Direct,
        }
    }

    /// Waits for something of the client.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Asks a contract.
    ///
    /// # Panics
    ///
    /// If it has no answer.
    pub fn ask<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> T {
        self.wait(self.nodes.smart(contract, msg))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// What an account has of a coin.
    pub fn balance(&self, address: &str, denom: &str) -> u128 {
        self.wait(self.nodes.balance(address, denom)).unwrap()
    }

    /// The transactions with this attribute: whether each did what it was for.
    pub fn found(&self, key: &str, value: &str) -> Vec<bool> {
        let client = HttpClient::new(self.network.rpc(0).as_str()).unwrap();
        let query = Query::eq(key, value);
        let found = self
            .wait(client.tx_search(query, false, 1, 100, Order::Ascending))
            .unwrap();
        found.txs.iter().map(|tx| tx.tx_result.code.is_ok()).collect()
    }

    /// A folder that is gone when the test is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The last block's time, in seconds since the epoch.
    pub fn now(&self) -> u64 {
        self.wait(self.nodes.freshest(CHAIN)).unwrap().time
    }

    /// Moves the chain's clock ahead.
    pub fn advance(&self, seconds: u64) {
        self.network.advance(seconds).unwrap();
    }
}

fn funded(name: &str) -> Funded {
    Funded {
        name: name.to_string(),
        address: key(name).address().to_string(),
        coins: [ASSET, FEES, REWARD]
            .map(|denom| Fund::new(POCKET, denom))
            .to_vec(),
    }
}
