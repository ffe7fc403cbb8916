//! Reads; every list is paged, and none asks the breaker: a caller brings the
//! price that it wants values at.

use backstop_core::perps::{Side, lp, margin};
use backstop_types::Price;
use backstop_types::input::{self, page};
use cosmwasm_std::{Binary, Deps, Env, Order, StdError, StdResult, to_json_binary};
use cw_ownable::get_ownership;
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{
    CompensationResponse, HaircutResponse, LiquiditiesResponse, LiquidityResponse, PoolResponse,
    PositionResponse, PositionsResponse, QueryMsg, ShortfallResponse, ShortfallsResponse,
};
use crate::state::{
    self, ADL_QUEUE, CONFIG, CREDITS, HAIRCUTS, LEDGER, LIQUIDITY, POSITIONS, POSITIONS_BY_OWNER, Position,
    ROUNDS, SHORTFALLS, Shortfall,
};
use crate::window::window;

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Pool { price } => to_json_binary(&pool(deps, &env, price)?),
        QueryMsg::Liquidity { provider } => to_json_binary(&liquidity(deps, &provider)?),
        QueryMsg::Liquidities { start_after, limit } => {
            to_json_binary(&liquidities(deps, start_after, limit)?)
        }
        QueryMsg::Position { position, price } => {
            let record = state::position(deps.storage, position).map_err(text)?;
            to_json_binary(&valued(position, record, price)?)
        }
        QueryMsg::Positions {
            owner,
            price,
            start_after,
            limit,
        } => to_json_binary(&positions(deps, owner, price, start_after, limit)?),
        QueryMsg::Shortfall { shortfall } => {
            let record = state::shortfall(deps.storage, shortfall).map_err(text)?;
            to_json_binary(&standing(deps, &env, shortfall, record)?)
        }
        QueryMsg::Shortfalls { start_after, limit } => {
            to_json_binary(&shortfalls(deps, &env, start_after, limit)?)
        }
        QueryMsg::AdlQueue { side, price, limit } => to_json_binary(&queue(deps, side, price, limit)?),
        QueryMsg::Compensation {
            trader,
            start_after,
            limit,
        } => to_json_binary(&compensation(deps, &trader, start_after, limit)?),
        QueryMsg::Ownership {} => to_json_binary(&get_ownership(deps.storage)?),
    }
}

fn text(error: impl Into<ContractError>) -> StdError {
    StdError::generic_err(error.into().to_string())
}

fn pool(deps: Deps, env: &Env, price: Option<Price>) -> StdResult<PoolResponse> {
    let ledger = LEDGER.load(deps.storage)?;
    let equity = match price {
        Some(price) => Some(lp::equity(ledger.cash, &ledger.long, &ledger.short, price).map_err(text)?),
        None => None,
    };
    let all = state::buy_in(deps.storage, &ledger)?;
    let buy_in = price.map(|price| all.equity(price)).transpose().map_err(text)?;
    let asset = CONFIG.load(deps.storage)?.asset;
    Ok(PoolResponse {
        set_aside: ledger.set_aside()?,
        equity,
        buy_in,
        counted: ledger.counted()?,
        balance: asset.balance(&deps.querier, &env.contract.address)?,
        ledger,
    })
}

fn liquidity(deps: Deps, provider: &str) -> StdResult<LiquidityResponse> {
    let provider = input::address(deps.api, "provider", provider).map_err(text)?;
    let shares = LIQUIDITY.may_load(deps.storage, &provider)?.unwrap_or_default();
    Ok(LiquidityResponse { provider, shares })
}

fn liquidities(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> StdResult<LiquiditiesResponse> {
    let last = start_after
        .map(|provider| input::address(deps.api, "start_after", &provider))
        .transpose()
        .map_err(text)?;
    let liquidities = LIQUIDITY
        .range(
            deps.storage,
            last.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(page(limit))
        .map(|row| row.map(|(provider, shares)| LiquidityResponse { provider, shares }))
        .collect::<StdResult<_>>()?;
    Ok(LiquiditiesResponse { liquidities })
}

fn valued(position: u64, record: Position, price: Option<Price>) -> StdResult<PositionResponse> {
    let maintenance = record.terms.maintenance_margin;
    let value = price
        .map(|price| margin::valuation(&record.exposure, price, maintenance))
        .transpose()
        .map_err(text)?;
    Ok(PositionResponse {
        position,
        record,
        value,
    })
}

fn positions(
    deps: Deps,
    owner: Option<String>,
    price: Option<Price>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<PositionsResponse> {
    let start = start_after.map(Bound::exclusive);
    let ids: Vec<u64> = match owner {
        Some(owner) => {
            let owner = input::address(deps.api, "owner", &owner).map_err(text)?;
            POSITIONS_BY_OWNER
                .prefix(&owner)
                .keys(deps.storage, start, None, Order::Ascending)
                .take(page(limit))
                .collect::<StdResult<_>>()?
        }
        None => POSITIONS
            .keys(deps.storage, start, None, Order::Ascending)
            .take(page(limit))
            .collect::<StdResult<_>>()?,
    };
    listed(deps, ids, price)
}

fn queue(deps: Deps, side: Side, price: Option<Price>, limit: Option<u32>) -> StdResult<PositionsResponse> {
    let ids = ADL_QUEUE
        .sub_prefix(side.key())
        .keys(deps.storage, None, None, Order::Ascending)
        .take(page(limit))
        .map(|key| key.map(|(_, id)| id))
        .collect::<StdResult<_>>()?;
    listed(deps, ids, price)
}

fn listed(deps: Deps, ids: Vec<u64>, price: Option<Price>) -> StdResult<PositionsResponse> {
    let positions = ids
        .into_iter()
        .map(|id| valued(id, POSITIONS.load(deps.storage, id)?, price))
        .collect::<StdResult<_>>()?;
    Ok(PositionsResponse { positions })
}

fn standing(deps: Deps, env: &Env, shortfall: u64, record: Shortfall) -> StdResult<ShortfallResponse> {
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

fn shortfalls(
    deps: Deps,
    env: &Env,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<ShortfallsResponse> {
    let shortfalls = SHORTFALLS
        .range(
            deps.storage,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(page(limit))
        .map(|row| row.and_then(|(id, record)| standing(deps, env, id, record)))
        .collect::<StdResult<_>>()?;
    Ok(ShortfallsResponse { shortfalls })
}

fn compensation(
    deps: Deps,
    trader: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<CompensationResponse> {
    let trader = input::address(deps.api, "trader", trader).map_err(text)?;
    let start = start_after.map(|shortfall| Bound::exclusive((shortfall, u32::MAX)));
    let haircuts = HAIRCUTS
        .sub_prefix(&trader)
        .range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .map(|row| {
            let ((shortfall, round), haircut) = row?;
            let of = ROUNDS.load(deps.storage, (shortfall, round))?;
            let due = of.due(&haircut).map_err(text)?;
            Ok(HaircutResponse {
                shortfall,
                round,
                haircut,
                of,
                due,
            })
        })
        .collect::<StdResult<_>>()?;
    let credit = CREDITS.may_load(deps.storage, &trader)?.unwrap_or_default();
    Ok(CompensationResponse { credit, haircuts })
}
