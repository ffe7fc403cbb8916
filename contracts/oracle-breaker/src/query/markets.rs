//! Markets as they are stored: config, record, and what would end a trip.

use backstop_core::breaker::exit;
use backstop_types::breaker::{MarketResponse, MarketsResponse};
use backstop_types::paging;
use cosmwasm_std::{Deps, Env, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::state::{self, MARKET_CONFIGS};

/// A market's config and state, and what would end its trip.
pub fn market(deps: Deps, env: &Env, market: String) -> Result<MarketResponse, ContractError> {
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

/// Markets by name.
pub fn markets(
    deps: Deps,
    env: &Env,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<MarketsResponse, ContractError> {
    let start = start_after.as_deref().map(Bound::exclusive);
    let names = MARKET_CONFIGS.keys(deps.storage, start, None, Order::Ascending);
    let markets = paging::rows(names, limit, |name| market(deps, env, name))?;
    Ok(MarketsResponse { markets })
}
