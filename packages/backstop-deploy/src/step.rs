//! The steps of a deployment, in their order.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::part::Part;

/// One step: one transaction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Uploads a code.
    Store(Part),
    /// Makes a contract.
    Instantiate(Part),
    /// Tells the vault its distributor.
    SetDistributor,
    /// Adds a market to the breaker.
    AddMarket(String),
    /// Adds a policy to the vault: policyholder and market as in the file.
    AddPolicy(String, String),
    /// Tries a message out.
    Smoke(Smoke),
    /// Offers a contract to the timelock.
    Offer(Part),
    /// The timelock accepts it.
    Accept(Part),
    /// Makes the timelock a contract's admin.
    Admin(Part),
}

/// What is tried out, with a deposit that is unbonded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Smoke {
    /// Deposits.
    Deposit,
    /// Unbonds all of it.
    Unbond,
    /// Cancels that.
    Cancel,
    /// Pokes the markets, at most eight.
    Poke,
    /// Streams a reward.
    Fund,
    /// Takes what was earned of it.
    Claim,
    /// Unbonds all for good.
    Leave,
}

impl Smoke {
    fn name(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Unbond => "unbond",
            Self::Cancel => "cancel",
            Self::Poke => "poke",
            Self::Fund => "fund",
            Self::Claim => "claim",
            Self::Leave => "leave",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(part) => write!(f, "store {part}"),
            Self::Instantiate(part) => write!(f, "instantiate {part}"),
            Self::SetDistributor => f.write_str("set the vault's distributor"),
            Self::AddMarket(market) => write!(f, "add market {market}"),
            Self::AddPolicy(policyholder, market) => write!(f, "add policy {policyholder} {market}"),
            Self::Smoke(smoke) => write!(f, "smoke {}", smoke.name()),
            Self::Offer(part) => write!(f, "offer {part} to the timelock"),
            Self::Accept(part) => write!(f, "accept {part}"),
            Self::Admin(part) => write!(f, "make the timelock admin of {part}"),
        }
    }
}

impl Step {
    /// Whether it gives the contracts away.
    pub fn hands_over(&self) -> bool {
        matches!(self, Self::Offer(_) | Self::Accept(_) | Self::Admin(_))
    }

    /// The fields of the chain's file that it is done with.
    pub fn inputs(&self, config: &Config) -> Map<String, Value> {
        let inputs = match self {
            Self::Instantiate(Part::Breaker) => json!({"guardian": config.guardian}),
            Self::Instantiate(Part::Vault) => json!({
                "asset": config.asset,
                "guardian": config.guardian,
                "window": config.window,
                "vault": config.vault,
            }),
            Self::Instantiate(Part::Distributor) => json!({"rewards": config.rewards}),
            Self::Instantiate(Part::Exchange) => json!({"asset": config.asset, "exchange": config.exchange}),
            Self::Instantiate(Part::Timelock) => json!({"owner": config.owner}),
            Self::Instantiate(Part::MockPyth) => json!({"mock_pyth": config.mock_pyth}),
            Self::AddMarket(market) => {
                let found = config.markets.iter().find(|known| known.market == *market);
                json!({"markets": {market: found.map(|found| &found.config)}})
            }
            Self::AddPolicy(policyholder, market) => {
                let found = config.policy(policyholder, market);
                json!({"policies": {policyholder: {market: found.map(|found| found.terms)}}})
            }
            Self::Smoke(Smoke::Deposit | Smoke::Fund) => json!({"smoke": config.smoke}),
            _ => json!({}),
        };
        match inputs {
            Value::Object(inputs) => inputs,
            _ => Map::new(),
        }
    }

    /// The gas that it takes, as measured on wasmd 0.61.14 and rounded up, where it
    /// cannot be simulated yet. A market takes more the more sources it has.
    pub fn usual_gas(&self) -> u64 {
        match self {
            Self::Store(_) => 5_000_000,
            Self::Instantiate(_) | Self::AddMarket(_) => 310_000,
            Self::Admin(_) => 65_000,
            _ => 280_000,
        }
    }
}

/// All steps, in the order in which each finds what it needs. Nothing is set after
/// the hand-over, since it would wait in the timelock.
pub fn plan(config: &Config) -> Vec<Step> {
    let parts = config.parts();
    let mut steps: Vec<Step> = parts.iter().copied().map(Step::Store).collect();
    let before_timelock = parts.iter().copied().filter(|part| *part != Part::Timelock);
    steps.extend(before_timelock.map(Step::Instantiate));
    steps.push(Step::SetDistributor);
    steps.push(Step::Instantiate(Part::Timelock));
    steps.extend(
        config
            .markets
            .iter()
            .map(|market| Step::AddMarket(market.market.clone())),
    );
    let policies = config.policies.iter();
    steps.extend(policies.map(|policy| Step::AddPolicy(policy.policyholder.clone(), policy.market.clone())));
    steps.extend(smoke(config).into_iter().map(Step::Smoke));
    steps.extend(Part::OWNED.map(Step::Offer));
    steps.extend(Part::OWNED.map(Step::Accept));
    steps.extend(Part::OWNED.map(Step::Admin));
    steps.push(Step::Admin(Part::Timelock));
    steps
}

fn smoke(config: &Config) -> Vec<Smoke> {
    let Some(smoke) = &config.smoke else {
        return vec![];
    };
    let mut steps = vec![Smoke::Deposit, Smoke::Unbond, Smoke::Cancel];
    if !config.markets.is_empty() {
        steps.push(Smoke::Poke);
    }
    if smoke.fund.is_some() {
        steps.extend([Smoke::Fund, Smoke::Claim]);
    }
    steps.push(Smoke::Leave);
    steps
}
