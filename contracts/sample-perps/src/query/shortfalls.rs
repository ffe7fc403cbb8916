//! Shortfalls: what is missing of each, and whether it may be deleveraged for.

use backstop_types::paging;
use cosmwasm_std::{Deps, Env, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{ShortfallResponse, ShortfallsResponse};
use crate::state::{self, CONFIG, LEDGER, SHORTFALLS, Shortfall};
use crate::window::window;

/// One shortfall.
pub fn shortfall(deps: Deps, env: &Env, shortfall: u64) -> Result<ShortfallResponse, ContractError> {
    standing(deps, env, shortfall, state::shortfall(deps.storage, shortfall)?)
}

/// Shortfalls by number.
pub fn shortfalls(
    deps: Deps,
    env: &Env,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ShortfallsResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let all = SHORTFALLS.range(deps.storage, start, None, Order::Ascending);
    let shortfalls = paging::rows(all, limit, |(number, record)| standing(deps, env, number, record))?;
    Ok(ShortfallsResponse { shortfalls })
}

fn standing(
    deps: Deps,
    env: &Env,
    shortfall: u64,
    record: Shortfall,
) -> Result<ShortfallResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let remaining = LEDGER.load(deps.storage)?.misses(shortfall, &record.books);
    let window = window(&deps.querier, &config, &record, env.block.time)?;
    Ok(ShortfallResponse {
        shortfall,
        record,
        remaining,
        deleverage: !remaining.is_zero() && window.contains(env.block.time),
    })
}
