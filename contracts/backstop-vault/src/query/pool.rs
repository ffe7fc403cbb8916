//! Totals, and what the guardian has paused.

use backstop_core::shares;
use backstop_types::vault::{Pause, PauseResponse, PausesResponse, PoolResponse};
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
        premiums: reserves.premiums,
        credits: reserves.credits,
    })
}

pub fn pauses(deps: Deps, env: &Env) -> Result<PausesResponse, ContractError> {
    let pauses = PAUSES.load(deps.storage)?;
    let open = |pause: Pause| {
        pause.active(env.block.time).then_some(PauseResponse {
            pause: pause.number,
            until: pause.until,
        })
    };
    Ok(PausesResponse {
        deposits: open(pauses.deposits),
        payouts: open(pauses.payouts),
    })
}
