//! Whether a chain's file can be meant so, as far as that can be told without the
//! chain. The contracts check the rest when they are made.

use std::collections::BTreeSet;
use std::net::IpAddr;

use backstop_types::breaker::SourceKind;
use backstop_types::input::InputError;
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Api, Decimal};

use super::{Config, EXCHANGE, MOCK, Market, Policy};
use crate::error::{Error, Result};

/// The most denoms that a distributor lists.
const MOST_REWARDS: usize = 8;

pub(super) fn config(config: &Config) -> Result<()> {
    chain(config)?;
    let addresses = Addresses::new(config)?;
    addresses.check("owner", &config.owner)?;
    let guardian = config.guardian.as_ref();
    guardian.map_or(Ok(()), |guardian| addresses.check("guardian", guardian))?;
    let treasury = config.vault.treasury.as_ref();
    treasury.map_or(Ok(()), |treasury| addresses.check("vault.treasury", treasury))?;
    rewards(config)?;
    let mut known = BTreeSet::new();
    for market in &config.markets {
        self::market(config, market, &addresses)?;
        if !known.insert(market.market.as_str()) {
            return Err(Error::field("markets.market", &market.market, "named once"));
        }
    }
    let mut policies = BTreeSet::new();
    for policy in &config.policies {
        self::policy(config, policy, &known, &addresses)?;
        if !policies.insert((&policy.policyholder, &policy.market)) {
            return Err(Error::field(
                "policies.market",
                &policy.market,
                "named once for a policyholder",
            ));
        }
    }
    exchange(config, &known, &addresses)?;
    mock(config)?;
    smoke(config)
}

/// Anybody may write the mock's prices, and a payout goes by them.
fn mock(config: &Config) -> Result<()> {
    let away = config.rpc.iter().find(|rpc| !is_local(rpc));
    match (config.mock_pyth, away) {
        (Some(_), Some(rpc)) => Err(Error::field(
            "mock_pyth",
            "there",
            format!("left out, since anybody may write its prices and {rpc} is not this machine"),
        )),
        _ => Ok(()),
    }
}

/// Whether an RPC address is of this machine.
fn is_local(rpc: &str) -> bool {
    let rest = rpc.split_once("://").map_or(rpc, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = place.rsplit('@').next().unwrap_or_default();
    let host = match place.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        Some((host, _)) => host,
        None => place.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn chain(config: &Config) -> Result<()> {
    if config.chain_id.is_empty() {
        return Err(Error::field("chain_id", "\"\"", "the chain's id"));
    }
    if config.rpc.is_empty() {
        return Err(Error::field(
            "rpc",
            "[]",
            "one address or more, such as \"http://127.0.0.1:26657\"",
        ));
    }
    config.gas_price()?;
    if !(Decimal::one()..=Decimal::percent(1_000)).contains(&config.gas_adjustment) {
        return Err(Error::field(
            "gas_adjustment",
            config.gas_adjustment,
            "from 1 to 10",
        ));
    }
    if !(1_000_000..=1_000_000_000).contains(&config.max_gas) {
        return Err(Error::field(
            "max_gas",
            config.max_gas,
            "from 1000000 to 1000000000",
        ));
    }
    if !(5..=10_000).contains(&config.timeout_blocks) {
        return Err(Error::field(
            "timeout_blocks",
            config.timeout_blocks,
            "from 5 to 10000",
        ));
    }
    Ok(())
}

/// The chain's spelling of addresses. The API is the one that the contracts' own
/// tests run on: it checks bech32 as a chain does.
struct Addresses {
    api: MockApi,
    prefix: String,
}

impl Addresses {
    fn new(config: &Config) -> Result<Self> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if config.prefix.is_empty() || !config.prefix.chars().all(plain) {
            return Err(Error::field(
                "prefix",
                format!("{:?}", config.prefix),
                "what addresses begin with, such as \"wasm\"",
            ));
        }
        // The API keeps the prefix for as long as the program runs: a few bytes.
        let prefix: &'static str = Box::leak(config.prefix.clone().into_boxed_str());
        Ok(Self {
            api: MockApi::default().with_prefix(prefix),
            prefix: config.prefix.clone(),
        })
    }

    fn check(&self, field: &str, address: &str) -> Result<()> {
        let checked = self.api.addr_validate(address);
        let bound = || format!("an address that begins with {}1", self.prefix);
        checked
            .map(drop)
            .map_err(|_| Error::field(field, format!("{address:?}"), bound()))
    }
}

fn rewards(config: &Config) -> Result<()> {
    if config.rewards.len() > MOST_REWARDS {
        return Err(Error::field(
            "rewards",
            format!("{} denoms", config.rewards.len()),
            "at most 8 denoms",
        ));
    }
    for (place, reward) in config.rewards.iter().enumerate() {
        let before = config.rewards.iter().take(place);
        if before.into_iter().any(|before| before.denom == reward.denom) {
            return Err(Error::field(
                "rewards.denom",
                format!("{:?}", reward.denom),
                "named once",
            ));
        }
    }
    Ok(())
}

fn market(config: &Config, market: &Market, addresses: &Addresses) -> Result<()> {
    let mut stand_in = market.config.clone();
    let mock = addresses.api.addr_make(MOCK).into_string();
    for source in &mut stand_in.sources {
        if names_mock(&mut source.kind, &mock) && config.mock_pyth.is_none() {
            return Err(Error::field(
                "sources.contract",
                MOCK,
                "an address: the file has no [mock_pyth]",
            ));
        }
    }
    let checked = stand_in.check(&addresses.api);
    checked
        .map(drop)
        .map_err(|error| named(&format!("markets.{}", market.market), error))
}

/// Puts the mock's address where a source names it; says whether one did.
pub(crate) fn names_mock(kind: &mut SourceKind<String>, address: &str) -> bool {
    match kind {
        SourceKind::Pyth { contract, .. } if contract == MOCK => {
            *contract = address.to_string();
            true
        }
        SourceKind::Composite { rate, .. } => names_mock(rate, address),
        _ => false,
    }
}

fn policy(config: &Config, policy: &Policy, markets: &BTreeSet<&str>, addresses: &Addresses) -> Result<()> {
    match policy.policyholder.as_str() {
        EXCHANGE if config.exchange.is_none() => {
            return Err(Error::field(
                "policies.policyholder",
                EXCHANGE,
                "an address: the file has no [exchange]",
            ));
        }
        EXCHANGE => {}
        address => addresses.check("policies.policyholder", address)?,
    }
    if policy.terms.priced && !markets.contains(policy.market.as_str()) {
        return Err(Error::field(
            "policies.market",
            &policy.market,
            "one of the markets, since it is priced",
        ));
    }
    Ok(())
}

fn exchange(config: &Config, markets: &BTreeSet<&str>, addresses: &Addresses) -> Result<()> {
    let Some(exchange) = &config.exchange else {
        return Ok(());
    };
    if !markets.contains(exchange.market.as_str()) {
        return Err(Error::field(
            "exchange.market",
            &exchange.market,
            "one of the markets",
        ));
    }
    for (field, address) in [
        ("exchange.owner", &exchange.owner),
        ("exchange.admin", &exchange.admin),
    ] {
        address
            .as_ref()
            .map_or(Ok(()), |address| addresses.check(field, address))?;
    }
    let checked = exchange.params.check();
    checked.map(drop).map_err(|error| named("exchange.params", error))
}

fn smoke(config: &Config) -> Result<()> {
    let Some(smoke) = &config.smoke else {
        return Ok(());
    };
    if smoke.deposit.is_zero() {
        return Err(Error::field("smoke.deposit", 0, "at least 1"));
    }
    if let Some(fund) = &smoke.fund
        && !config.rewards.iter().any(|reward| reward.denom == fund.denom)
    {
        return Err(Error::field(
            "smoke.fund.denom",
            format!("{:?}", fund.denom),
            "one of the rewards",
        ));
    }
    Ok(())
}

/// A contract's error with the place in the file.
fn named(place: &str, error: InputError) -> Error {
    match error {
        InputError::OutOfBounds { field, value, bound } => {
            Error::field(format!("{place}.{field}"), value, bound)
        }
        InputError::Address { field, value } => Error::field(
            format!("{place}.{field}"),
            format!("{value:?}"),
            "an address of the chain",
        ),
        other => Error::field(place, "refused", format!("what the contract takes: {other}")),
    }
}
