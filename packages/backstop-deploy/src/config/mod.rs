//! What a chain's file says: the contracts' own parameters, under the contracts'
//! own names.

mod check;
mod read;

use backstop_chain::GasPrice;
use backstop_types::breaker::MarketConfig;
use backstop_types::distributor::{Listing, StreamTerms};
use backstop_types::vault::{Params, PolicyTerms};
use backstop_types::{Seconds, UncheckedDenom};
use cosmwasm_std::{Decimal, Uint128};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::part::Part;

pub(crate) use check::names_mock;

/// What stands for the exchange that is deployed with the rest, as a policyholder.
pub const EXCHANGE: &str = "exchange";
/// What stands for the mock Pyth that is deployed with the rest, as a source's contract.
pub const MOCK: &str = "mock";

/// A chain, and the backstop that it is to have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chain's id.
    pub chain_id: String,
    /// RPC addresses of its nodes, asked in turn.
    pub rpc: Vec<String>,
    /// What its addresses begin with.
    pub prefix: String,
    /// The price of a unit of gas, such as `0.025ustake`.
    pub gas_price: String,
    /// The gas that is paid for, over what the simulation used. 1 to 10.
    pub gas_adjustment: Decimal,
    /// The most gas that is paid for in one transaction. 1,000,000 to 1,000,000,000.
    #[serde(default = "max_gas")]
    pub max_gas: u64,
    /// For how many blocks a transaction may wait. 5 to 10,000.
    #[serde(default = "timeout_blocks")]
    pub timeout_blocks: u64,
    /// Who owns the timelock: a DAO or the account of `x/gov`.
    pub owner: String,
    /// Who may brake the vault and the breaker, if anybody.
    pub guardian: Option<String>,
    /// The token of the vault.
    pub asset: UncheckedDenom,
    /// The vault's window W.
    pub window: Seconds,
    /// How the vault is tuned. Breaker and guardian are put in when it is made.
    pub vault: Params<String>,
    /// What can be streamed to the stakers.
    #[serde(default)]
    pub rewards: Vec<Listing>,
    /// What the breaker watches.
    #[serde(default)]
    pub markets: Vec<Market>,
    /// The cover from the start.
    #[serde(default)]
    pub policies: Vec<Policy>,
    /// The sample exchange, if it is to be there.
    pub exchange: Option<Exchange>,
    /// Pyth's stand-in, on a local chain only.
    pub mock_pyth: Option<MockPyth>,
    /// What is tried out before the hand-over.
    pub smoke: Option<Smoke>,
}

/// A market of the breaker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Its name.
    pub market: String,
    /// How it is watched: what is absent of the parameters is the breaker's default.
    pub config: MarketConfig<String>,
}

/// A policy of the vault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The derivatives contract, or [`EXCHANGE`].
    pub policyholder: String,
    /// Its market.
    pub market: String,
    /// The cover.
    pub terms: PolicyTerms,
}

/// The sample exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Its market.
    pub market: String,
    /// Who may change its parameters; the timelock's owner by default.
    pub owner: Option<String>,
    /// Who may migrate it; its owner by default.
    pub admin: Option<String>,
    /// How it is tuned: what is absent is its default.
    pub params: sample_perps::params::Params,
}

/// Pyth's stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockPyth {
    /// For how long its prices count as current, in seconds.
    pub valid_time_period: u64,
}

/// What is tried out. All of it is the deployer's, and is unbonded again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smoke {
    /// A deposit, in base units of the asset.
    pub deposit: Uint128,
    /// A stream to the stakers, if any.
    pub fund: Option<Fund>,
}

/// A stream of a reward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fund {
    /// Of what; one of the rewards.
    pub denom: UncheckedDenom,
    /// Base units.
    pub amount: Uint128,
    /// For how many weeks.
    pub weeks: u32,
}

impl Fund {
    /// The stream's terms: it begins now.
    pub fn terms(&self) -> StreamTerms {
        StreamTerms::now(self.weeks)
    }
}

fn max_gas() -> u64 {
    50_000_000
}

fn timeout_blocks() -> u64 {
    100
}

impl Config {
    /// Reads a chain's file and checks it as far as that can be done without a chain.
    pub fn from_toml(text: &str) -> Result<Self> {
        let config = read::config(text)?;
        config.check()?;
        Ok(config)
    }

    /// Checks what can be checked without a chain. A caller who edits a config does so
    /// again.
    pub fn check(&self) -> Result<()> {
        check::config(self)
    }

    /// What gas costs.
    pub fn gas_price(&self) -> Result<GasPrice> {
        Ok(self.gas_price.parse()?)
    }

    /// The contracts that it needs, in the order in which they are made.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = vec![];
        parts.extend(self.mock_pyth.map(|_| Part::MockPyth));
        parts.extend([Part::Breaker, Part::Vault, Part::Distributor]);
        parts.extend(self.exchange.as_ref().map(|_| Part::Exchange));
        parts.push(Part::Timelock);
        parts
    }

    /// The exchange, which must be among the contracts.
    pub(crate) fn exchange(&self) -> Result<&Exchange> {
        self.exchange
            .as_ref()
            .ok_or_else(|| Error::not_yet(Part::Exchange))
    }

    /// A policy by its policyholder and market as the file names them.
    pub(crate) fn policy(&self, policyholder: &str, market: &str) -> Option<&Policy> {
        let same = |policy: &&Policy| policy.policyholder == policyholder && policy.market == market;
        self.policies.iter().find(same)
    }
}

impl Exchange {
    /// Its owner, where the timelock's is `owner`.
    pub fn owner_or<'a>(&'a self, owner: &'a str) -> &'a str {
        self.owner.as_deref().unwrap_or(owner)
    }

    /// Its admin, where the timelock's owner is `owner`.
    pub fn admin_or<'a>(&'a self, owner: &'a str) -> &'a str {
        self.admin.as_deref().unwrap_or_else(|| self.owner_or(owner))
    }
}
