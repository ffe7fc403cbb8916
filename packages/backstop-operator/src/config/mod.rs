//! The keeper's settings: a TOML file in which nothing is skipped. A misspelt setting is
//! an error, so that no task is off without a word.

mod bounds;
mod tasks;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use backstop_chain::GasPrice;
use cosmwasm_std::{Decimal, Uint128};
use serde::Deserialize;

pub use tasks::{Advance, Changes, Perps, Poke, Premium, Settle, Tasks, Tickets};

use crate::addresses::Addresses;
use crate::error::{Error, Result};

/// The file, as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The file that the deployment wrote; a relative path is relative to this file.
    pub addresses: Option<PathBuf>,
    /// The contracts in place of that file, or over what it says.
    #[serde(default)]
    pub contracts: Contracts,
    /// RPC addresses in place of those of the file.
    pub rpc: Option<Vec<String>>,
    /// What gas costs.
    pub gas_price: String,
    /// Paid gas over simulated gas.
    #[serde(default = "defaults::gas_adjustment")]
    pub gas_adjustment: Decimal,
    /// The most gas that is paid for in one transaction.
    #[serde(default = "defaults::max_gas")]
    pub max_gas: u64,
    /// For how many blocks a transaction may wait.
    #[serde(default = "defaults::timeout_blocks")]
    pub timeout_blocks: u64,
    /// Seconds from one round to the next.
    #[serde(default = "defaults::interval")]
    pub interval: u64,
    /// Seconds that a round begins later at most, by chance.
    #[serde(default = "defaults::jitter")]
    pub jitter: u64,
    /// Pages of 30 rows that a round reads of any one list.
    #[serde(default = "defaults::pages")]
    pub pages: u32,
    /// Transactions that one task sends in a round at most.
    #[serde(default = "defaults::batch")]
    pub batch: usize,
    /// Where what was sent is written down; a relative path is relative to this file.
    pub journal: PathBuf,
    /// The balance of the gas's denom below which the keeper warns.
    #[serde(default)]
    pub low_balance: Uint128,
    /// The fees of any 24 hours after which nothing more is sent, in base units of the gas's
    /// denom; none is no bound.
    pub daily_fees: Option<Uint128>,
    /// Which of the mnemonic's accounts.
    #[serde(default)]
    pub account: u32,
    /// The keeper's log.
    #[serde(default)]
    pub log: Log,
    /// Metrics and health.
    #[serde(default)]
    pub metrics: Metrics,
    /// What it does.
    #[serde(default)]
    pub tasks: Tasks,
}

/// The contracts by name, where no addresses file says so.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contracts {
    /// The chain.
    pub chain_id: Option<String>,
    /// The prefix of its addresses.
    pub prefix: Option<String>,
    /// The vault.
    pub vault: Option<String>,
    /// The vault's distributor.
    pub distributor: Option<String>,
    /// The vault's breaker.
    pub breaker: Option<String>,
    /// The timelock.
    pub timelock: Option<String>,
    /// An exchange of the sample-perps kind.
    pub exchange: Option<String>,
}

/// The keeper's log, on standard error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// What is logged, such as `info` or `backstop_operator=debug`.
    pub filter: Option<String>,
    /// One JSON object a line.
    #[serde(default)]
    pub json: bool,
}

/// Metrics and health.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Whether they are served.
    #[serde(default = "defaults::on")]
    pub on: bool,
    /// Where.
    #[serde(default = "defaults::listen")]
    pub listen: SocketAddr,
    /// Whether that may be every address of the machine.
    #[serde(default)]
    pub allow_public: bool,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            on: true,
            listen: defaults::listen(),
            allow_public: false,
        }
    }
}

impl Config {
    /// Reads and checks a file. Relative paths in it are made relative to its folder.
    pub fn read(path: &Path) -> Result<Self> {
        let refused = |why: String| Error::File {
            path: path.to_path_buf(),
            why,
            next: "begin from operations/keeper.example.toml, which has every setting".to_string(),
        };
        let text =
            std::fs::read_to_string(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
        let mut config: Self = toml::from_str(&text).map_err(|error| refused(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        config.journal = folder.join(&config.journal);
        config.addresses = config.addresses.map(|addresses| folder.join(addresses));
        config.check()?;
        Ok(config)
    }

    /// The gas price.
    pub fn gas_price(&self) -> Result<GasPrice> {
        let price: GasPrice = self.gas_price.parse()?;
        Ok(price)
    }

    /// The contracts: those that are named here, and the file's where none is.
    pub fn addresses(&self) -> Result<Addresses> {
        let mut addresses = match &self.addresses {
            Some(path) => Addresses::read(path)?,
            None => Addresses::default(),
        };
        let Contracts {
            chain_id,
            prefix,
            vault,
            distributor,
            breaker,
            timelock,
            exchange,
        } = self.contracts.clone();
        addresses.vault = vault.unwrap_or(addresses.vault);
        addresses.chain_id = chain_id.or(addresses.chain_id);
        addresses.prefix = prefix.or(addresses.prefix);
        addresses.distributor = distributor.or(addresses.distributor);
        addresses.breaker = breaker.or(addresses.breaker);
        addresses.timelock = timelock.or(addresses.timelock);
        addresses.exchange = exchange.or(addresses.exchange);
        addresses.rpc = self.rpc.clone().unwrap_or(addresses.rpc);
        self.check_addresses(&addresses)?;
        Ok(addresses)
    }
}

/// What holds where nothing is said.
mod defaults {
    use std::net::{IpAddr, Ipv4Addr, SocketAddr};

    use cosmwasm_std::Decimal;

    pub fn on() -> bool {
        true
    }

    pub fn listen() -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9464)
    }

    pub fn gas_adjustment() -> Decimal {
        Decimal::percent(130)
    }

    pub fn max_gas() -> u64 {
        50_000_000
    }

    pub fn timeout_blocks() -> u64 {
        30
    }

    pub fn interval() -> u64 {
        15
    }

    pub fn jitter() -> u64 {
        3
    }

    pub fn pages() -> u32 {
        10
    }

    pub fn batch() -> usize {
        20
    }
}
