//! What can be read. `Verdict` and `Reading` ask the live sources; the rest
//! only what is stored.

use backstop_core::breaker::{advance, assess, exit, tightened, verdict as judged};
use backstop_types::breaker::{
    Action, MarketResponse, MarketsResponse, ReadingResponse, TripItem, TripsResponse,
};
use backstop_types::input;
use cosmwasm_std::{Binary, Deps, Env, Order, to_json_binary};
use cw_storage_plus::Bound;

use crate::adapters::observe_all;
use crate::error::ContractError;
use crate::state::{self, CONFIG, MARKET_CONFIGS, TRIPS};

/// What a poke would answer now.
pub fn verdict(
    deps: Deps,
    env: Env,
    market: String,
    action: Option<Action>,
) -> Result<Binary, ContractError> {
    let config = state::market_config(deps.storage, &market)?;
    let record = state::record(deps.storage, &market)?;
    let observed = observe_all(deps, &market, &config);
    let after = advance(&record, &observed, &config.params, env.block.time);
    Ok(to_json_binary(&judged(
        &market,
        action.unwrap_or(Action::Open),
        &after,
    ))?)
}

/// What every source says now, and what follows from it.
pub fn reading(deps: Deps, env: Env, market: String) -> Result<Binary, ContractError> {
    let config = state::market_config(deps.storage, &market)?;
    let record = state::record(deps.storage, &market)?;
    let observed = observe_all(deps, &market, &config);
    let (reference, at) = (record.watch.reference, env.block.time);

    let reading = assess(&observed, reference, &config.params, at);
    let unclean = match record.open_trip {
        Some(_) => {
            let tight = assess(&observed, reference, &tightened(&config.params), at);
            if tight.faulty() { tight.findings } else { vec![] }
        }
        None => vec![],
    };
    let (median, band) = reading.agreed.unzip();
    Ok(to_json_binary(&ReadingResponse {
        at,
        sources: reading.sources,
        lineages: reading.lineages,
        findings: reading.findings,
        faults: reading.faults,
        median,
        band,
        reference,
        unclean,
    })?)
}

/// A market's config and state, and what would end its trip.
pub fn market(deps: Deps, env: Env, market: String) -> Result<Binary, ContractError> {
    Ok(to_json_binary(&market_response(deps, &env, market)?)?)
}

/// Markets by name.
pub fn markets(
    deps: Deps,
    env: Env,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    let start = start_after.as_deref().map(Bound::exclusive);
    let names = MARKET_CONFIGS
        .keys(deps.storage, start, None, Order::Ascending)
        .take(input::page(limit));
    let markets = names
        .map(|name| market_response(deps, &env, name?))
        .collect::<Result<_, _>>()?;
    Ok(to_json_binary(&MarketsResponse { markets })?)
}

/// A market's trips by number.
pub fn trips(
    deps: Deps,
    market: String,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    state::market_config(deps.storage, &market)?;
    let start = start_after.map(Bound::exclusive);
    let range = TRIPS
        .prefix(&market)
        .range(deps.storage, start, None, Order::Ascending);
    let items = range
        .take(input::page(limit))
        .map(|item| item.map(|(number, trip)| TripItem { number, trip }));
    Ok(to_json_binary(&TripsResponse {
        trips: items.collect::<Result<_, _>>()?,
    })?)
}

/// Who may do what.
pub fn config(deps: Deps) -> Result<Binary, ContractError> {
    Ok(to_json_binary(&CONFIG.load(deps.storage)?)?)
}

/// Who owns it.
pub fn ownership(deps: Deps) -> Result<Binary, ContractError> {
    Ok(to_json_binary(&cw_ownable::get_ownership(deps.storage)?)?)
}

fn market_response(deps: Deps, env: &Env, market: String) -> Result<MarketResponse, ContractError> {
    let config = state::market_config(deps.storage, &market)?;
    let record = state::record(deps.storage, &market)?;
    Ok(MarketResponse {
        reasons: record.watch.faults.list(),
        exit: exit(&record, &config.params, env.block.time),
        market,
        config,
        record,
    })
}
