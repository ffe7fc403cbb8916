//! Totals, and what the guardian has paused.

use backstop_core::shares;
use backstop_types::vault::{Pause, PausesResponse, PoolResponse};
use cosmwasm_std::{Deps, Env};

use crate::error::ContractError;
use crate::state::{CONFIG, PAUSES, POOL, POOL_BUCKET, RESERVES, pool_facts};

pub fn pool(deps: Deps, env: &Env) -> Result<PoolResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let pool = POOL.load(deps.storage)?;
    let reserves = RESERVES.load(deps.storage)?;
    let shares = pool.shares()?;
    let bucket = POOL_BUCKET.load(deps.storage)?;
    let limit = pool_facts(&config, &pool, bucket).limit();
    Ok(PoolResponse {
        assets: pool.assets,
        shares,
        active: pool.active,
        queued: pool.queued,
        share_price: shares::price(pool.assets, shares),
        losses: pool.losses,
        pending_claims: pool.pending,
        pots: reserves.pots,
        recoveries: reserves.recoveries,
        room: limit.room(limit.refill(bucket, env.block.time), pool.assets)?,
    })
}

pub fn pauses(deps: Deps, env: &Env) -> Result<PausesResponse, ContractError> {
    let pauses = PAUSES.load(deps.storage)?;
    let until = |pause: Pause| pause.active(env.block.time).then_some(pause.until);
    Ok(PausesResponse {
        deposits_until: until(pauses.deposits),
        payouts_until: until(pauses.payouts),
    })
}
