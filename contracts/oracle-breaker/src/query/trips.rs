//! Trips, which are never dropped, and the last transitions.

use backstop_types::breaker::{HistoryResponse, TransitionItem, TripItem, TripsResponse};
use backstop_types::{InputError, input, paging};
use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::history::{KEPT, place};
use crate::state::{self, HISTORY, TRIPS};

/// A market's trips by number.
pub fn trips(
    deps: Deps,
    market: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<TripsResponse, ContractError> {
    state::market_config(deps.storage, market)?;
    let start = start_after.map(Bound::exclusive);
    let all = TRIPS
        .prefix(market)
        .range(deps.storage, start, None, Order::Ascending);
    paging::rows(all, limit, |(number, trip)| Ok(TripItem { number, trip }))
        .map(|trips| TripsResponse { trips })
}

/// One trip.
pub fn trip(deps: Deps, market: &str, number: u64) -> Result<TripItem, ContractError> {
    let trips = state::market_record(deps.storage, market)?.trips;
    if trips == 0 {
        let bound = "a trip of the market, which has had none";
        return Err(InputError::bounds("number", number, bound).into());
    }
    input::within("number", number, 1, trips)?;
    let trip = TRIPS.load(deps.storage, (market, number))?;
    Ok(TripItem { number, trip })
}

/// The last transitions, the newest first.
pub fn history(
    deps: Deps,
    market: &str,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> Result<HistoryResponse, ContractError> {
    let last = state::market_record(deps.storage, market)?.watch.transitions;
    let kept = last.saturating_sub(KEPT);
    let newest = start_before.map_or(last, |before| last.min(before.saturating_sub(1)));
    let numbers = (kept..newest).rev().map(|earlier| Ok(earlier.saturating_add(1)));
    let transitions = paging::rows(numbers, limit, |number| {
        let transition = HISTORY.load(deps.storage, (market, place(number)))?;
        Ok::<_, ContractError>(TransitionItem { number, transition })
    })?;
    Ok(HistoryResponse { transitions })
}
