//! The breaker's heart: read the sources, move the state, answer.

use backstop_core::breaker::{Advance, TripChange, advance, verdict};
use backstop_types::breaker::{Action, MAX_POKED, MarketRecord, MarketState, PokeResponse, Verdict};
use backstop_types::{events, input};
use cosmwasm_std::{Addr, DepsMut, Env, Event, Response, StdResult, Storage, to_json_binary};

use crate::adapters::observe_all;
use crate::error::ContractError;
use crate::evidence;
use crate::history;
use crate::state::{self, RECORDS, TRIPS};

/// Pokes each market and answers with the verdicts in the data. A deny is a
/// success; only an unknown market or a bad list is an error.
pub fn poke(
    mut deps: DepsMut,
    env: Env,
    markets: Vec<String>,
    action: Option<Action>,
) -> Result<Response, ContractError> {
    input::distinct("markets", &markets, MAX_POKED)?;
    let action = action.unwrap_or(Action::Open);
    let mut response = Response::new();
    let mut verdicts = vec![];
    for market in markets {
        let (verdict, events) = poke_one(deps.branch(), &env, &market, action)?;
        verdicts.push(verdict);
        response = response.add_events(events);
    }
    Ok(response.set_data(to_json_binary(&PokeResponse { verdicts })?))
}

fn poke_one(
    deps: DepsMut,
    env: &Env,
    market: &str,
    action: Action,
) -> Result<(Verdict, Vec<Event>), ContractError> {
    let config = state::market_config(deps.storage, market)?;
    let before = state::record(deps.storage, market)?;

    let observed = observe_all(deps.as_ref(), env, market, &config);
    let mut after = advance(&before, &observed, &config.params, (&env.block).into());
    let verdict = verdict(market, action, &after, &config.params);

    if after.record != before {
        store(deps.storage, market, &before, &mut after, None)?;
    }
    let mut events = vec![poked(&verdict)];
    if after.record.state != before.state {
        events.push(changed(market, before.state, &after, None));
    }
    Ok((verdict, events))
}

/// Stores the record, the trip that it opened or ended, and the transition.
pub(super) fn store(
    storage: &mut dyn Storage,
    market: &str,
    before: &MarketRecord,
    after: &mut Advance,
    by: Option<Addr>,
) -> StdResult<()> {
    // What somebody did by name is kept, whether it changed the state or not.
    if before.state != after.record.state || by.is_some() {
        let ended = matches!(after.change, Some(TripChange::Ended(_)));
        let transition = history::read(before, after, ended, by);
        history::record(storage, market, &mut after.record, &transition)?;
    }
    RECORDS.save(storage, market, &after.record)?;
    let key = (market, after.record.trips);
    match &after.change {
        None => Ok(()),
        Some(TripChange::Opened(trip)) => TRIPS.save(storage, key, trip),
        Some(TripChange::Ended(end)) => {
            let mut trip = TRIPS.load(storage, key)?;
            trip.end = Some(*end);
            TRIPS.save(storage, key, &trip)
        }
    }
}

/// A transition with its reasons: the reading's own, and those that the state
/// still stands on.
pub(super) fn changed(market: &str, from: MarketState, after: &Advance, by: Option<Addr>) -> Event {
    let ended = matches!(after.change, Some(TripChange::Ended(_))).then_some(after.record.trips);
    events::breaker::StateChanged {
        market: market.to_string(),
        from,
        to: after.record.state,
        reasons: after.reading.faults.union(after.record.watch.faults),
        trip: after.record.trip().or(ended),
        by,
        evidence: evidence::text(&after.reading),
    }
    .into()
}

fn poked(verdict: &Verdict) -> Event {
    events::breaker::Poked {
        market: verdict.market.clone(),
        action: verdict.action,
        state: verdict.state,
        allowed: verdict.allowed,
        reasons: verdict.faults,
        median: verdict.median,
    }
    .into()
}
