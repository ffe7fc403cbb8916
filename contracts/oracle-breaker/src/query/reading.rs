//! What the live sources say now, and what a poke would make of it.

use backstop_core::breaker::{
    Advance, Block, TripChange, advance, assess, exit, needs, unclean, verdict as judged,
};
use backstop_types::Named;
use backstop_types::breaker::{Action, ExplainResponse, ReadingResponse, TripItem, Verdict};
use cosmwasm_std::{Deps, Env};

use crate::adapters::observe_all;
use crate::error::ContractError;
use crate::state::{self, TRIPS};

/// What a poke would answer now.
pub fn verdict(
    deps: Deps,
    env: &Env,
    market: &str,
    action: Option<Action>,
) -> Result<Verdict, ContractError> {
    let config = state::market_config(deps.storage, market)?;
    let record = state::record(deps.storage, market)?;
    let observed = observe_all(deps, env, market, &config);
    let after = advance(&record, &observed, &config.params, (&env.block).into());
    Ok(judged(
        market,
        action.unwrap_or(Action::Open),
        &after,
        &config.params,
    ))
}

/// What every source says now, and what follows from it.
pub fn reading(deps: Deps, env: &Env, market: &str) -> Result<ReadingResponse, ContractError> {
    let config = state::market_config(deps.storage, market)?;
    let record = state::record(deps.storage, market)?;
    let observed = observe_all(deps, env, market, &config);
    let block = (&env.block).into();

    let reading = assess(&observed, &record.watch, &config.params, block);
    let (median, band) = reading.agreed.unzip();
    Ok(ReadingResponse {
        at: env.block.time,
        sources: reading.sources,
        lineages: reading.lineages,
        findings: reading.findings,
        faults: reading.faults,
        median,
        band,
        reference: record.watch.reference,
        unclean: unclean(&record, &observed, &config.params, block),
    })
}

/// Why a market is as it is, and what must become true.
pub fn explain(deps: Deps, env: &Env, market: &str) -> Result<ExplainResponse, ContractError> {
    let config = state::market_config(deps.storage, market)?;
    let (params, record) = (&config.params, state::record(deps.storage, market)?);
    let observed = observe_all(deps, env, market, &config);
    let block: Block = (&env.block).into();

    let after = advance(&record, &observed, params, block);
    let allowed = |action: &&Action| judged(market, **action, &after, params).allowed;
    let unclean = unclean(&after.record, &observed, params, block);
    let watch = &after.record.watch;
    Ok(ExplainResponse {
        market: market.to_string(),
        at: env.block.time,
        state: after.record.state,
        since: after.record.since,
        trip: open_trip(deps, market, &after)?,
        allowed: Action::ALL.iter().filter(allowed).copied().collect(),
        findings: after.reading.findings.clone(),
        standing: watch.faults.list(),
        sources: after.reading.sources.clone(),
        median: after.reading.agreed.map(|(median, _)| median),
        reference: watch.reference.map(|reference| reference.price),
        needs: needs(&after, &unclean, params, config.lineages(), block),
        earliest_recovery: exit(&after.record, params, env.block.time)
            .and_then(|exit| exit.earliest_recovery),
    })
}

/// The trip that is open after a poke now: one that it would open is not stored.
fn open_trip(deps: Deps, market: &str, after: &Advance) -> Result<Option<TripItem>, ContractError> {
    let Some(number) = after.record.trip() else {
        return Ok(None);
    };
    let trip = match &after.change {
        Some(TripChange::Opened(trip)) => trip.clone(),
        _ => TRIPS.load(deps.storage, (market, number))?,
    };
    Ok(Some(TripItem { number, trip }))
}
