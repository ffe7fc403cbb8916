//! Shortfalls: what is missing of each, and whether it may be deleveraged for.

use backstop_types::paging;
use cosmwasm_std::{Deps, Env, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::execute::shortfall::is_covered;
use crate::msg::{PartResponse, PartsResponse, ShortfallResponse, ShortfallsResponse};
use crate::state::{self, CONFIG, LEDGER, PARTS, SHORTFALLS, Shortfall};

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

/// What a shortfall gathers, by position.
pub fn parts(
    deps: Deps,
    shortfall: u64,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<PartsResponse, ContractError> {
    state::shortfall(deps.storage, shortfall)?;
    let start = start_after.map(Bound::exclusive);
    let all = PARTS
        .prefix(shortfall)
        .range(deps.storage, start, None, Order::Ascending);
    paging::rows(all, limit, |(position, record)| {
        Ok(PartResponse { position, record })
    })
    .map(|parts| PartsResponse { parts })
}

fn standing(
    deps: Deps,
    env: &Env,
    shortfall: u64,
    record: Shortfall,
) -> Result<ShortfallResponse, ContractError> {
    let ledger = LEDGER.load(deps.storage)?;
    let remaining = ledger.misses(shortfall, &record.books);
    let (window, now) = (record.window(&ledger.clock, env.block.time), env.block.time);
    let config = CONFIG.load(deps.storage)?;
    let begun = now >= window.from || !is_covered(&deps.querier, env, &config, &record);
    Ok(ShortfallResponse {
        shortfall,
        price: record.price()?,
        record,
        remaining,
        deleverage: !remaining.is_zero() && begun && now < window.until,
    })
}
