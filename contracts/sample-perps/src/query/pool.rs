//! The liquidity pool, and whose it is.

use backstop_core::perps::lp;
use backstop_types::{Price, Shares, input, paging};
use cosmwasm_std::{Addr, Deps, Env, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{LiquiditiesResponse, LiquidityResponse, PoolResponse};
use crate::state::{self, CONFIG, LEDGER, LIQUIDITY, Provider};

/// All sums, and what the pool is worth at a price.
pub fn pool(deps: Deps, env: &Env, price: Option<Price>) -> Result<PoolResponse, ContractError> {
    let ledger = LEDGER.load(deps.storage)?;
    let equity = match price.map(|price| (price, state::sunk(deps.storage, price))) {
        Some((price, Ok(sunk))) => Some(lp::equity(ledger.cash, &ledger.long, &ledger.short, price, sunk)?),
        Some((_, Err(ContractError::Sunken { .. }))) | None => None,
        Some((_, Err(error))) => return Err(error),
    };
    let all = state::buy_in(deps.storage, &ledger)?;
    let buy_in = price.map(|price| all.equity(price));
    let asset = CONFIG.load(deps.storage)?.asset;
    Ok(PoolResponse {
        set_aside: ledger.set_aside()?,
        equity,
        buy_in: buy_in.transpose()?,
        counted: ledger.counted()?,
        balance: asset.balance(&deps.querier, &env.contract.address)?,
        ledger,
    })
}

/// One provider's shares.
pub fn liquidity(deps: Deps, provider: &str) -> Result<LiquidityResponse, ContractError> {
    let provider = input::address(deps.api, "provider", provider)?;
    let held = LIQUIDITY.may_load(deps.storage, &provider)?;
    liquidity_of(deps, provider, held)
}

fn liquidity_of(
    deps: Deps,
    provider: Addr,
    held: Option<Provider>,
) -> Result<LiquidityResponse, ContractError> {
    let epoch = LEDGER.load(deps.storage)?.epoch;
    let stay = CONFIG.load(deps.storage)?.params.min_stay;
    let held = held.filter(|held| held.epoch == epoch);
    Ok(LiquidityResponse {
        provider,
        shares: held.map_or(Shares::ZERO, |held| held.shares),
        stays_until: held.map(|held| stay.after(held.added_at)),
    })
}

/// Providers by address.
pub fn liquidities(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<LiquiditiesResponse, ContractError> {
    let after = paging::after(deps.api, start_after)?;
    let start = after.as_ref().map(Bound::exclusive);
    let all = LIQUIDITY.range(deps.storage, start, None, Order::Ascending);
    paging::rows(all, limit, |(provider, held)| {
        liquidity_of(deps, provider, Some(held))
    })
    .map(|liquidities| LiquiditiesResponse { liquidities })
}
