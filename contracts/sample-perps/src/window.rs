//! When deleveraging may happen. In a trip nobody can deleverage, so the time
//! that a trip took of the window is added to its end. The breaker's records
//! say when that was; they are read raw.

use backstop_core::perps::shortfall::AdlWindow;
use cosmwasm_std::{QuerierWrapper, StdResult, Timestamp};

use crate::state::{Config, Shortfall};

/// How many trips are looked at, from the last one back. A window that more of
/// them have broken may end too early.
pub const TRIPS: usize = 10;

/// The window of a shortfall as of `now`.
pub fn window(
    querier: &QuerierWrapper,
    config: &Config,
    shortfall: &Shortfall,
    now: Timestamp,
) -> StdResult<AdlWindow> {
    let window = shortfall.window();
    let mut trips = trips_since(querier, config, window.from, now)?;
    trips.reverse();
    Ok(trips
        .into_iter()
        .fold(window, |window, (began, ended)| window.after_trip(began, ended)))
}

/// Beginning and end of the market's last trips, the last one first, back to
/// those that had ended by `since`. One that is open ends now.
fn trips_since(
    querier: &QuerierWrapper,
    config: &Config,
    since: Timestamp,
    now: Timestamp,
) -> StdResult<Vec<(Timestamp, Timestamp)>> {
    let Some(record) = config.breaker.record(querier, &config.market)? else {
        return Ok(vec![]);
    };
    let mut trips = vec![];
    for number in (1..=record.trips).rev().take(TRIPS) {
        let Some(trip) = config.breaker.trip(querier, &config.market, number)? else {
            break;
        };
        let ended = trip.end.map_or(now, |end| end.at);
        if ended <= since {
            break;
        }
        trips.push((trip.began_at, ended));
    }
    Ok(trips)
}
