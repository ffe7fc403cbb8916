//! The owner's hand on the markets. It names sources and bounds, never a price.

use backstop_core::breaker::{assess, remap, reseed as reseeded};
use backstop_types::breaker::{MarketConfig, MarketRecord, Source};
use backstop_types::events::{self, MarketChange};
use backstop_types::input;
use cosmwasm_std::{Addr, DepsMut, Env, Event, MessageInfo, Response, StdResult, Storage};

use super::poke;
use crate::adapters::observe_all;
use crate::error::ContractError;
use crate::state::{self, MARKET_CONFIGS, RECORDS, REPORTS};

/// A new market, which denies until its first reading.
pub fn add(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    market: String,
    config: MarketConfig<String>,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    input::market_name("market", &market)?;
    if MARKET_CONFIGS.has(deps.storage, &market) {
        return Err(ContractError::MarketExists { market });
    }
    let config = config.check(deps.api)?;
    MARKET_CONFIGS.save(deps.storage, &market, &config)?;
    RECORDS.save(deps.storage, &market, &MarketRecord::new(env.block.time))?;
    Ok(Response::new().add_event(configured(market, MarketChange::Added, &config)))
}

/// Another config; state, trips and reference stay.
pub fn update(
    deps: DepsMut,
    info: MessageInfo,
    market: String,
    config: MarketConfig<String>,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let old = state::market_config(deps.storage, &market)?;
    let config = config.check(deps.api)?;
    replace(deps.storage, &market, &old, &config)?;
    Ok(Response::new().add_event(configured(market, MarketChange::Updated, &config)))
}

/// The config without one source, if the others can make up the quorum.
pub fn remove_source(
    deps: DepsMut,
    info: MessageInfo,
    market: String,
    source: String,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    input::market_name("source", &source)?;
    let old = state::market_config(deps.storage, &market)?;
    let mut config = old.clone();
    config.sources.retain(|known| known.name != source);
    if config.sources.len() == old.sources.len() {
        return Err(ContractError::UnknownSource {
            market,
            source_name: source,
        });
    }
    config.check_quorum()?;
    replace(deps.storage, &market, &old, &config)?;
    Ok(Response::new().add_event(configured(market, MarketChange::SourceRemoved, &config)))
}

/// Moves the reference of a market in a trip to where its sources agree now.
pub fn reseed(deps: DepsMut, env: Env, info: MessageInfo, market: String) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let config = state::market_config(deps.storage, &market)?;
    let before = state::record(deps.storage, &market)?;
    if before.open_trip.is_none() {
        return Err(ContractError::NoTrip { market });
    }

    let observed = observe_all(deps.as_ref(), &market, &config);
    let now = env.block.time;
    let Some(after) = reseeded(&before, &observed, &config.params, now) else {
        let faults = assess(&observed, None, &config.params, now).faults;
        return Err(ContractError::NoAgreement { market, faults });
    };

    poke::store(deps.storage, &market, &after)?;
    let to = after
        .record
        .watch
        .reference
        .map(|reference| reference.price)
        .unwrap_or_default();
    let from = before.watch.reference.map(|reference| reference.price);
    let changed = poke::changed(&market, before.state, &after, Some(info.sender));
    Ok(Response::new()
        .add_event(events::breaker::Reseeded { market, from, to })
        .add_event(changed))
}

/// Stores the config, forgets what was reported for sources that are gone, and
/// keeps the publish times of those that stay.
fn replace(
    storage: &mut dyn Storage,
    market: &str,
    old: &MarketConfig<Addr>,
    new: &MarketConfig<Addr>,
) -> StdResult<()> {
    let gone = |source: &&Source<Addr>| !new.sources.iter().any(|kept| same_feed(kept, source));
    for source in old.sources.iter().filter(gone) {
        REPORTS.remove(storage, (market, &source.name));
    }
    let mut record = state::record(storage, market)?;
    record.watch.seen = remap(&record.watch.seen, &old.sources, &new.sources);
    RECORDS.save(storage, market, &record)?;
    MARKET_CONFIGS.save(storage, market, new)
}

/// Whether both read the same under the same name; the lineage may differ.
fn same_feed(one: &Source<Addr>, other: &Source<Addr>) -> bool {
    one.name == other.name && one.kind == other.kind
}

fn configured(market: String, change: MarketChange, config: &MarketConfig<Addr>) -> Event {
    let sources = u32::try_from(config.sources.len()).unwrap_or(u32::MAX);
    events::breaker::MarketConfigured {
        market,
        change,
        sources,
    }
    .into()
}
