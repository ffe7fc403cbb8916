//! Trips, which are never dropped.

use backstop_types::breaker::{TripItem, TripsResponse};
use backstop_types::paging;
use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::state::{self, TRIPS};

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
