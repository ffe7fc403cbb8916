//! The liquidity pool, and whose it is.

use backstop_core::perps::lp;
use backstop_types::{Price, input, paging};
use cosmwasm_std::{Deps, Env, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{LiquiditiesResponse, LiquidityResponse, PoolResponse};
use crate::state::{self, CONFIG, LEDGER, LIQUIDITY};

/// All sums, and what the pool is worth at a price.
pub fn pool(deps: Deps, env: &Env, price: Option<Price>) -> Result<PoolResponse, ContractError> {
    let ledger = LEDGER.load(deps.storage)?;
    let equity = price.map(|price| lp::equity(ledger.cash, &ledger.long, &ledger.short, price));
    let all = state::buy_in(deps.storage, &ledger)?;
    let buy_in = price.map(|price| all.equity(price));
    let asset = CONFIG.load(deps.storage)?.asset;
    Ok(PoolResponse {
        set_aside: ledger.set_aside()?,
        equity: equity.transpose()?,
        buy_in: buy_in.transpose()?,
        counted: ledger.counted()?,
        balance: asset.balance(&deps.querier, &env.contract.address)?,
        ledger,
    })
}

/// One provider's shares.
pub fn liquidity(deps: Deps, provider: &str) -> Result<LiquidityResponse, ContractError> {
    let provider = input::address(deps.api, "provider", provider)?;
    let shares = LIQUIDITY.may_load(deps.storage, &provider)?.unwrap_or_default();
    Ok(LiquidityResponse { provider, shares })
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
    paging::rows(all, limit, |(provider, shares)| {
        Ok(LiquidityResponse { provider, shares })
    })
    .map(|liquidities| LiquiditiesResponse { liquidities })
}
