//! From a scenario's tables to contracts with those parameters.

use std::path::Path;

use backstop_testing::{DEFAULT_WINDOW, SourceSpec, World, default_params, default_terms};
use backstop_types::breaker::MarketParams;
use backstop_types::events::EventError;
use backstop_types::vault::{self, PolicyTerms};
use backstop_types::{Bps, Patch, Price, Seconds};
use cosmwasm_std::Timestamp;
use cw_multi_test::error::AnyResult;
use sample_perps::msg::{self, LIFETIME, LONGEST};

use crate::chain::Chain;
use crate::error::ReplayError;
use crate::random::Stream;
use crate::record::Tuned;
use crate::scenario::overlay::overlay;
use crate::scenario::refused;
use crate::scenario::tables::{Kind, Scenario, Source};

/// The contracts, wired together, one block before the scenario's start, and
/// what they are tuned to.
pub fn world(
    path: &Path,
    scenario: &Scenario,
    breaker_on: bool,
    invariants: bool,
) -> Result<(World, Tuned), ReplayError> {
    let tuned = tuned(path, scenario)?;
    let before = scenario.time.start.0.saturating_sub(scenario.time.block);
    let sources = scenario.sources.iter().enumerate();
    let Tuned {
        window,
        vault: params,
        policy: terms,
        breaker: market,
        perps,
    } = tuned.clone();
    let mut builder = World::builder()
        .collect_violations()
        .denom(&scenario.market.asset)
        .market_name(&scenario.market.name)
        .start_at(Timestamp::from_seconds(before))
        .window(window)
        .all_vault_params(params)
        .policy(|policy| *policy = terms)
        .market_params(|params| *params = market)
        .perps(|params| *params = perps)
        .sources(sources.map(|(index, source)| spec(index, source)).collect())
        .seed(|seed| seed.price = None);
    let floors: Vec<Option<Price>> = scenario
        .sources
        .iter()
        .map(|source| source.floor.map(|floor| Price(floor.0)))
        .collect();
    builder = builder.market(move |config| {
        for (source, floor) in config.sources.iter_mut().zip(floors) {
            source.floor = floor;
        }
    });
    if scenario.market.cw20 {
        builder = builder.cw20_asset();
    }
    if !invariants {
        builder = builder.unwatched();
    }
    if !breaker_on {
        builder = builder.breaker_off();
    }
    let built = builder.try_build();
    let mut world = built.map_err(|(table, error)| refused(path, table, &error.root_cause()))?;
    paid_up(&mut world, &tuned).map_err(|error| refused(path, "policy", &error.root_cause()))?;
    Ok((world, tuned))
}

/// The exchange has nothing that it could pay a premium with, so its policy is in force
/// without one; what it would cost is the stakers' [income](crate::people::Income).
fn paid_up(world: &mut World, tuned: &Tuned) -> AnyResult<()> {
    if tuned.policy.premium.is_none() {
        return Ok(());
    }
    let msg = vault::ExecuteMsg::ChangePolicy {
        policyholder: world.perps.to_string(),
        market: world.market.clone(),
        update: vault::PolicyTermsUpdate {
            premium: Some(Patch::Remove {}),
            ..Default::default()
        },
    };
    let (owner, vault) = (world.owner.clone(), world.vault.clone());
    world.execute(&owner, &vault, &msg, &[]).map(drop)
}

/// The scenario's tables laid over the defaults.
pub fn tuned(path: &Path, scenario: &Scenario) -> Result<Tuned, ReplayError> {
    let (window, vault) = vault_tables(path, scenario)?;
    Ok(Tuned {
        window,
        vault: overlay(path, "vault", &default_params(), &vault)?,
        policy: overlay(path, "policy", &terms(), &scenario.policy)?,
        breaker: overlay(
            path,
            "breaker",
            &of_the_chain(scenario.time.block),
            &scenario.breaker,
        )?,
        perps: overlay(path, "perps", &Default::default(), &scenario.perps)?,
    })
}

/// The terms of a policy that pays the vault's usual premium.
fn terms() -> PolicyTerms {
    PolicyTerms {
        premium: Some(Bps::ONE),
        ..default_terms()
    }
}

/// The breaker's defaults on a chain with a block each `block` seconds. Blocks of
/// more than an hour are no chain's: there a halt cannot be told from a block.
fn of_the_chain(block: u64) -> MarketParams {
    const LONGEST: u32 = 3_600_000;
    let millis = u32::try_from(block.saturating_mul(1_000)).unwrap_or(u32::MAX);
    let defaults = MarketParams::default();
    MarketParams {
        block_time_ms: millis.min(LONGEST),
        max_halt: defaults.max_halt.filter(|_| millis <= LONGEST),
        ..defaults
    }
}

/// How long an order waits there: ten blocks or as long as the breaker takes a price,
/// in the exchange's bounds.
pub fn lifetime(block: u64, max_age: Seconds) -> Seconds {
    let ten = Seconds(block.saturating_mul(10));
    ten.max(max_age).clamp(LIFETIME, LONGEST)
}

/// The window, which is not one of the vault's parameters, and the rest.
fn vault_tables(path: &Path, scenario: &Scenario) -> Result<(Seconds, toml::Table), ReplayError> {
    let mut rest = scenario.vault.clone();
    for key in ["breaker", "guardian"] {
        if let Some(value) = rest.get(key) {
            let bound = "left out: a replay has its own";
            return Err(ReplayError::field(path, format!("vault.{key}"), value, bound));
        }
    }
    let window = match rest.remove("window") {
        None => DEFAULT_WINDOW,
        Some(toml::Value::Integer(seconds)) if seconds > 0 => Seconds(seconds.unsigned_abs()),
        Some(other) => {
            return Err(ReplayError::field(
                path,
                "vault.window",
                other,
                "a number of seconds",
            ));
        }
    };
    Ok((window, rest))
}

fn spec(index: usize, source: &Source) -> SourceSpec {
    let (name, lineage) = (source.name.clone(), source.lineage.clone());
    match source.kind {
        Kind::Reporter => SourceSpec::Reporter { name, lineage },
        Kind::Pyth => SourceSpec::Pyth {
            name,
            lineage,
            price_id: format!("{:064x}", index + 1),
        },
    }
}

/// The liquidity providers' money.
pub fn liquidity(chain: &mut Chain, scenario: &Scenario, seed: u64) -> Result<(), EventError> {
    for index in 0..scenario.lps.count {
        let provider = chain.person("lp", index);
        let amount = scenario
            .lps
            .deposit
            .sample(&mut Stream::Provider(index).rng(seed)) as u128;
        let (min_shares, lifetime) = (None, None);
        let msg = msg::ExecuteMsg::AddLiquidity { min_shares, lifetime };
        let hook = msg::HookMsg::AddLiquidity { min_shares, lifetime };
        let perps = chain.world.perps.clone();
        chain.pay("perps/add_liquidity", &provider, &perps, amount, &msg, &hook)?;
    }
    Ok(())
}
