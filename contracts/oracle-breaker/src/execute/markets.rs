//! The owner's hand on the markets. It names sources and bounds, never a price.

use backstop_core::breaker::{assess, remap, reseed as reseeded};
use backstop_types::breaker::{MarketConfig, MarketParamsUpdate, MarketRecord, Source, Watch};
use backstop_types::events::{self, MarketChange};
use backstop_types::{InputError, input};
use cosmwasm_std::{Addr, DepsMut, Env, Event, MessageInfo, Response, StdResult, Storage};

use super::poke;
use crate::adapters::{self, observe_all};
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
    adapters::check(deps.storage, &market, &config)?;
    MARKET_CONFIGS.save(deps.storage, &market, &config)?;
    RECORDS.save(deps.storage, &market, &MarketRecord::new(env.block.time))?;
    Ok(Response::new().add_event(configured(market, MarketChange::Added, &config)))
}

/// Other parameters and sources; state, trips and reference stay.
pub fn update(
    deps: DepsMut,
    info: MessageInfo,
    market: String,
    params: Option<MarketParamsUpdate>,
    sources: Option<Vec<Source<String>>>,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let old = state::market_config(deps.storage, &market)?;
    let config = old.updated(params, sources, deps.api)?;
    adapters::check(deps.storage, &market, &config)?;
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

/// Moves the reference of a market in this trip to where its sources agree now.
pub fn reseed(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    market: String,
    trip: u64,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let config = state::market_config(deps.storage, &market)?;
    let before = state::record(deps.storage, &market)?;
    let Some(open) = before.trip() else {
        return Err(ContractError::NoTrip { market });
    };
    if trip != open {
        let bound = format!("the trip that is open, {open}");
        return Err(InputError::bounds("trip", trip, bound).into());
    }

    let observed = observe_all(deps.as_ref(), &env, &market, &config);
    let block = (&env.block).into();
    let Some(mut after) = reseeded(&before, &observed, &config.params, block) else {
        let faults = assess(&observed, &Watch::default(), &config.params, block).faults;
        return Err(ContractError::NoAgreement { market, faults });
    };

    let by = Some(info.sender.clone());
    poke::store(deps.storage, &market, &before, &mut after, by)?;
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

/// Stores the config, forgets what was reported by who no longer reports for that
/// source, and keeps the publish times of the sources that stay.
fn replace(
    storage: &mut dyn Storage,
    market: &str,
    old: &MarketConfig<Addr>,
    new: &MarketConfig<Addr>,
) -> StdResult<()> {
    for source in &old.sources {
        let kept = new.sources.iter().find(|kept| kept.name == source.name);
        let members = kept.map_or(&[][..], |kept| kept.kind.members());
        // At most MAX_SOURCES groups of MAX_MEMBERS.
        for gone in source.kind.members().iter().filter(|it| !members.contains(it)) {
            REPORTS.remove(storage, (market, &source.name, gone));
        }
    }
    let mut record = state::record(storage, market)?;
    record.watch.seen = remap(&record.watch.seen, &old.sources, &new.sources);
    record.watch.tracks = remap(&record.watch.tracks, &old.sources, &new.sources);
    RECORDS.save(storage, market, &record)?;
    MARKET_CONFIGS.save(storage, market, new)
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
