//! The contracts on a network: deployed as on any chain, by the file `chains/local.toml`
//! of `backstop-deploy` with this network's addresses in it.

use std::fs;
use std::path::{Path, PathBuf};

use backstop_chain::{Journal, Key};
use backstop_deploy::{Addresses, Config, Deployment, Live, Wasm};
use backstop_types::breaker::SourceKind;
use serde::{Deserialize, Serialize};

use crate::accounts::{MNEMONIC, TestAccount};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::runtime::runtime;

/// What it begins with.
const CHAIN: &str = include_str!("../../backstop-deploy/chains/local.toml");
/// What is written in the network's folder.
const LOCALNET: &str = "localnet.json";
/// Who report prices, one for each market's source of reporters.
const FEEDS: [&str; 3] = ["feed1", "feed2", "feed3"];

/// Where everything of a local network is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Localnet {
    /// The contracts.
    #[serde(flatten)]
    pub addresses: Addresses,
    /// The REST API.
    pub rest: String,
    /// What gas costs.
    pub gas_price: String,
    /// The test accounts.
    pub accounts: Vec<TestAccount>,
    /// The file with the words of all of them.
    pub mnemonic_file: PathBuf,
}

impl Localnet {
    /// That of a network; none before its contracts are deployed.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn read(network: &Network) -> Result<Option<Self>> {
        let path = Self::path(network);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(&path).map_err(Error::file(&path))?;
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(Error::json(path.display()))
    }

    /// Its file.
    pub fn path(network: &Network) -> PathBuf {
        network.home().join(LOCALNET)
    }

    /// The key of a test account.
    ///
    /// # Errors
    /// If there is no such account.
    pub fn key(&self, name: &str) -> Result<Key> {
        key(&self.accounts, name)
    }
}

/// Deploys the contracts in `wasm` unless they are there, or goes on where that stopped.
///
/// # Errors
/// If a contract's file is not there, or the chain refuses a step.
pub fn deploy(network: &Network, wasm: &Path, tell: &dyn Fn(&str)) -> Result<Localnet> {
    if let Some(localnet) = Localnet::read(network)? {
        return Ok(localnet);
    }
    let accounts = network.test_accounts()?;
    let config = config(network, &accounts)?;
    let codes = Wasm::load(wasm, &config.parts())?;
    let folder = network.home().join("deploy");
    let journal = Journal::open(&folder.join("journal.jsonl"))?;
    let mut chain = Live::new(&config, key(&accounts, "deployer")?, journal)?;
    let deployment = Deployment {
        config: &config,
        wasm: &codes,
        state: &folder.join("state.json"),
        wasmd_version: None,
    };
    let mut say = |progress: backstop_deploy::Progress<'_>| {
        if progress.done.is_none() {
            tell(&format!(
                "{} ({} of {})",
                progress.step, progress.number, progress.of
            ));
        }
    };
    let runtime = runtime()?;
    let state = runtime.block_on(deployment.run(&mut chain, &mut say))?;
    let localnet = Localnet {
        addresses: Addresses::of(&config, &state)?,
        rest: network.rest().to_string(),
        gas_price: network.gas_price().to_string(),
        accounts,
        mnemonic_file: network.home().join("mnemonic"),
    };
    let path = Localnet::path(network);
    let text = serde_json::to_string_pretty(&localnet).map_err(Error::json(path.display()))?;
    fs::write(&path, text + "\n").map_err(Error::file(&path))?;
    Ok(localnet)
}

fn config(network: &Network, accounts: &[TestAccount]) -> Result<Config> {
    let address = |name: &str| key(accounts, name).map(|key| key.address().to_string());
    let mut config = Config::from_toml(CHAIN)?;
    config.chain_id = network.chain_id().to_string();
    config.rpc = network.rpcs();
    config.gas_price = network.gas_price().to_string();
    config.owner = address("owner")?;
    config.guardian = Some(address("guardian")?);
    for market in &mut config.markets {
        let mut feeds = FEEDS.iter();
        for source in &mut market.config.sources {
            if let (SourceKind::Reporters { members, .. }, Some(feed)) = (&mut source.kind, feeds.next()) {
                *members = vec![address(feed)?];
            }
        }
    }
    Ok(config)
}

fn key(accounts: &[TestAccount], name: &str) -> Result<Key> {
    let found = accounts.iter().find(|account| account.name == name);
    let account = found.ok_or_else(|| Error::NoAccount {
        name: name.to_string(),
        names: accounts
            .iter()
            .map(|account| account.name.clone())
            .collect::<Vec<_>>()
            .join(", "),
    })?;
    Ok(Key::from_mnemonic(MNEMONIC, "wasm", account.index)?)
}
