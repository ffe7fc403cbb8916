//! A simulated chain that runs the contracts themselves, and stops on demand.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use backstop_chain::Message;
use backstop_deploy::chain::ContractFacts;
use backstop_deploy::{Ask, Chain, Config, Error, Part, Receipt, Result, Wasm};
use backstop_testing::Codes;
use backstop_types::breaker::SourceKind;
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Addr, CosmosMsg, Event, WasmMsg, coins};
use cw_multi_test::{App, Executor};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// Where a transaction's answer gets lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Before the chain has it.
    Before(usize),
    /// After it is in a block.
    After(usize),
}

pub struct Fake {
    pub app: App,
    pub codes: Codes,
    pub deployer: Addr,
    pub wasmd: Option<String>,
    pub fault: Option<Fault>,
    /// The labels of all transactions, in their order.
    pub sends: Vec<String>,
    journal: BTreeMap<String, (Vec<Message>, Receipt)>,
    stored: Vec<u64>,
    unknown: Vec<String>,
}

impl Fake {
    pub fn new() -> Self {
        let mut app = App::default();
        let codes = Codes::store(&mut app);
        let deployer = app.api().addr_make("deployer");
        let money = ["urew", "ustake", "uusd"].into_iter();
        let money = money
            .flat_map(|denom| coins(1_000_000_000_000_000, denom))
            .collect();
        app.init_modules(|router, _, storage| router.bank.init_balance(storage, &deployer, money).unwrap());
        Self {
            app,
            codes,
            deployer,
            wasmd: Some("v0.61.14".to_string()),
            fault: None,
            sends: vec![],
            journal: BTreeMap::new(),
            stored: vec![],
            unknown: vec![],
        }
    }

    /// A cw20 token of which the deployer has some.
    pub fn token(&mut self) -> Addr {
        let deployer = self.deployer.clone();
        let msg = json!({
            "name": "Token",
            "symbol": "TOK",
            "decimals": 6,
            "initial_balances": [{"address": deployer, "amount": "1000000000000"}],
        });
        let made = self
            .app
            .instantiate_contract(self.codes.cw20, deployer, &msg, &[], "token", None);
        made.unwrap()
    }

    pub fn does_not_know(&mut self, address: &str) {
        self.unknown.push(address.to_string());
    }

    /// Files whose checksums are those of the simulator's codes.
    pub fn wasm(&self, folder: &Path, config: &Config) -> Wasm {
        for (part, code) in [
            (Part::Vault, self.codes.vault),
            (Part::Distributor, self.codes.distributor),
            (Part::Breaker, self.codes.breaker),
            (Part::Exchange, self.codes.perps),
            (Part::Timelock, self.codes.timelock),
            (Part::MockPyth, self.codes.pyth),
        ] {
            let path = folder.join(part.file());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content(code)).unwrap();
        }
        Wasm::load(folder, &config.parts()).unwrap()
    }

    fn act(&mut self, label: &str, message: &Message) -> Result<Vec<Event>> {
        if let Message::Store { wasm } = message {
            return Ok(vec![self.store(wasm)]);
        }
        let done = self.app.execute(self.deployer.clone(), to_std(message.clone()));
        done.map(|done| done.events).map_err(|error| {
            Error::Chain(backstop_chain::Error::WouldFail {
                label: label.to_string(),
                log: format!("{error:#}"),
            })
        })
    }

    fn store(&mut self, packed: &[u8]) -> Event {
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed)
            .read_to_string(&mut text)
            .unwrap();
        let code = text.rsplit(' ').next().unwrap();
        self.stored.push(code.parse().unwrap());
        Event::new("store_code").add_attribute("code_id", code)
    }
}

fn to_std(message: Message) -> CosmosMsg {
    let msg = match message {
        Message::Instantiate {
            code,
            admin,
            label,
            msg,
        } => WasmMsg::Instantiate {
            admin,
            code_id: code,
            msg: msg.into(),
            funds: vec![],
            label,
        },
        Message::Execute { contract, msg, funds } => WasmMsg::Execute {
            contract_addr: contract,
            msg: msg.into(),
            funds,
        },
        Message::UpdateAdmin { contract, admin } => WasmMsg::UpdateAdmin {
            contract_addr: contract,
            admin,
        },
        other => panic!("a deployment sends no {other:?}"),
    };
    msg.into()
}

fn content(code: u64) -> String {
    format!("contract code {code}")
}

fn lost() -> Error {
    Error::Chain(backstop_chain::Error::NoNode {
        tried: vec!["gone".to_string()],
    })
}

impl Ask for Fake {
    async fn reach(&self, chain_id: &str) -> Result<()> {
        assert_eq!(chain_id, "backstop-local");
        Ok(())
    }

    async fn wasmd_version(&self) -> Result<Option<String>> {
        Ok(self.wasmd.clone())
    }

    async fn checksum(&self, code: u64) -> Result<String> {
        assert!(self.stored.contains(&code), "code {code} is not stored");
        let bytes = Sha256::digest(content(code));
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    async fn contract(&self, address: &str) -> Result<ContractFacts> {
        let found = self.app.wrap().query_wasm_contract_info(address).unwrap();
        Ok(ContractFacts {
            code: found.code_id,
            admin: found.admin.map(Addr::into_string),
        })
    }

    async fn knows(&self, address: &str) -> Result<bool> {
        Ok(!self.unknown.iter().any(|unknown| unknown == address))
    }

    async fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        Ok(self
            .app
            .wrap()
            .query_balance(address, denom)
            .unwrap()
            .amount
            .u128())
    }

    async fn smart(&self, contract: &str, question: &Value) -> Result<Value> {
        Ok(self.app.wrap().query_wasm_smart(contract, question).unwrap())
    }
}

impl Chain for Fake {
    fn address(&self) -> &str {
        self.deployer.as_str()
    }

    async fn simulate(&self, _: &str, _: &[Message]) -> Result<u64> {
        Ok(100_000)
    }

    async fn send(&mut self, label: &str, messages: &[Message]) -> Result<Receipt> {
        let number = self.sends.len();
        if self.fault == Some(Fault::Before(number)) {
            self.fault = None;
            return Err(lost());
        }
        let [message] = messages else {
            panic!("{} messages", messages.len());
        };
        let events = self.act(label, message)?;
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(5);
        });
        let receipt = Receipt {
            hash: format!("HASH OF {label}"),
            height: self.app.block_info().height,
            gas_used: 1,
            events,
        };
        self.sends.push(label.to_string());
        let kept = (messages.to_vec(), receipt.clone());
        self.journal.insert(label.to_string(), kept);
        if self.fault == Some(Fault::After(number)) {
            self.fault = None;
            return Err(lost());
        }
        Ok(receipt)
    }

    async fn follow(&mut self) -> Result<()> {
        Ok(())
    }

    async fn sent(&self, label: &str, messages: &[Message]) -> Result<Option<Receipt>> {
        match self.journal.get(label) {
            Some((then, receipt)) if then != messages => {
                Err(Error::Chain(backstop_chain::Error::OtherContents {
                    label: label.to_string(),
                    hash: receipt.hash.clone(),
                }))
            }
            found => Ok(found.map(|(_, receipt)| receipt.clone())),
        }
    }
}

/// The local chain's file with addresses of the simulator.
pub fn config() -> Config {
    let api = MockApi::default();
    let made = |name: &str| api.addr_make(name).into_string();
    let mut config = Config::from_toml(include_str!("../../chains/local.toml")).unwrap();
    config.prefix = "cosmwasm".to_string();
    config.owner = made("owner");
    config.guardian = Some(made("guardian"));
    for source in &mut config.markets[0].config.sources {
        if let SourceKind::Reporters { members, .. } = &mut source.kind {
            *members = vec![made(&source.name)];
        }
    }
    config
}

/// A folder for the record and the contracts.
pub struct Place {
    pub folder: TempDir,
    pub state: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("local.state.json");
        Self { folder, state }
    }
}
