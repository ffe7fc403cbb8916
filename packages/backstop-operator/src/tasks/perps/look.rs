//! Reads an exchange, with a bound on every list.

use std::collections::BTreeMap;

use backstop_chain::Result;
use backstop_chain::paged::{ROWS, pages};
use backstop_types::Price;
use backstop_types::breaker::{Action as Wanted, QueryMsg as AskBreaker, VerdictFacts};
use backstop_types::vault::{ClaimResponse, QueryMsg as AskVault};
use sample_perps::msg::{
    OrderResponse, OrdersResponse, PoolResponse, PositionResponse, PositionsResponse, QueryMsg,
    ShortfallResponse, ShortfallsResponse,
};
use sample_perps::state::Config;

use super::{Cursor, View};
use crate::chain::Chain;
use crate::config::Perps;
use crate::snapshot::Snapshot;

/// Reads what the settings need. Positions are read on after `cursor`; of shortfalls, which
/// are never dropped, the newest are read.
pub async fn look(
    chain: &impl Chain,
    snapshot: &Snapshot,
    settings: &Perps,
    most: u32,
    cursor: Cursor,
) -> Result<View> {
    let Some(exchange) = snapshot.addresses.exchange.clone() else {
        return Ok(View::default());
    };
    let config: Config = chain.smart(&exchange, &QueryMsg::Config {}).await?;
    let pool: PoolResponse = chain.smart(&exchange, &QueryMsg::Pool { price: None }).await?;
    let mut view = View {
        now: snapshot.now(),
        height: snapshot.chain.height,
        orders: orders(chain, &exchange, settings, most).await?,
        shortfalls: shortfalls(chain, &exchange, pool.ledger.shortfalls, most).await?,
        exchange,
        ..View::default()
    };
    view.claims = claims(chain, config.vault.addr().as_str(), &view.shortfalls).await?;
    let open = pool
        .ledger
        .long
        .positions
        .saturating_add(pool.ledger.short.positions)
        > 0;
    view.verdicts = verdicts(chain, &config, &wanted(&view, settings, open)).await;
    let price = view
        .verdicts
        .get(&Wanted::Liquidate)
        .filter(|verdict| verdict.allowed);
    if let Some(price) = price.and_then(|verdict| verdict.median) {
        (view.positions, view.next) = positions(chain, &view.exchange, price, most, cursor).await?;
    }
    Ok(view)
}

/// What somebody waits for.
fn wanted(view: &View, settings: &Perps, positions: bool) -> Vec<Wanted> {
    let mut wanted: Vec<_> = view
        .orders
        .iter()
        .map(|order| order.record.wish.action())
        .collect();
    let unanswered = |shortfall: &ShortfallResponse| shortfall.record.answer.is_none();
    if settings.liquidate && positions {
        wanted.push(Wanted::Liquidate);
    }
    if settings.send && view.shortfalls.iter().any(unanswered) {
        wanted.push(Wanted::Payout);
    }
    if settings.deleverage && view.shortfalls.iter().any(|shortfall| shortfall.deleverage) {
        wanted.push(Wanted::Deleverage);
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

async fn verdicts(chain: &impl Chain, config: &Config, wanted: &[Wanted]) -> BTreeMap<Wanted, VerdictFacts> {
    let mut verdicts = BTreeMap::new();
    for action in wanted {
        let question = AskBreaker::Verdict {
            market: config.market.clone(),
            action: Some(*action),
        };
        match chain.smart(config.breaker.addr().as_str(), &question).await {
            Ok(verdict) => drop(verdicts.insert(*action, verdict)),
            Err(error) => {
                tracing::warn!(market = config.market, %action, %error, "the breaker does not answer")
            }
        }
    }
    verdicts
}

async fn orders(
    chain: &impl Chain,
    exchange: &str,
    settings: &Perps,
    most: u32,
) -> Result<Vec<OrderResponse>> {
    if !settings.execute && !settings.return_orders {
        return Ok(vec![]);
    }
    let ask = async |start_after| {
        let question = QueryMsg::Orders {
            owner: None,
            start_after,
            limit: Some(ROWS),
        };
        let page: OrdersResponse = chain.smart(exchange, &question).await?;
        Ok(page.orders)
    };
    let (orders, _) = pages(most, None, |row: &OrderResponse| row.order, ask).await?;
    Ok(orders)
}

async fn positions(
    chain: &impl Chain,
    exchange: &str,
    price: Price,
    most: u32,
    cursor: Cursor,
) -> Result<(Vec<PositionResponse>, Cursor)> {
    let ask = async |start_after| {
        let question = QueryMsg::Positions {
            owner: None,
            price: Some(price),
            start_after,
            limit: Some(ROWS),
        };
        let page: PositionsResponse = chain.smart(exchange, &question).await?;
        Ok(page.positions)
    };
    pages(most, cursor, |row: &PositionResponse| row.position, ask).await
}

async fn shortfalls(
    chain: &impl Chain,
    exchange: &str,
    last: u64,
    most: u32,
) -> Result<Vec<ShortfallResponse>> {
    if last == 0 {
        return Ok(vec![]);
    }
    let rows = u64::from(most).saturating_mul(u64::from(ROWS));
    let start = Some(last.saturating_sub(rows)).filter(|start| *start > 0);
    let ask = async |start_after| {
        let limit = Some(ROWS);
        let page: ShortfallsResponse = chain
            .smart(exchange, &QueryMsg::Shortfalls { start_after, limit })
            .await?;
        Ok(page.shortfalls)
    };
    let (shortfalls, _) = pages(most, start, |row: &ShortfallResponse| row.shortfall, ask).await?;
    Ok(shortfalls)
}

/// Only the claims on which the exchange has not booked all that may come.
async fn claims(
    chain: &impl Chain,
    vault: &str,
    shortfalls: &[ShortfallResponse],
) -> Result<BTreeMap<u64, (backstop_types::Assets, bool)>> {
    let mut claims = BTreeMap::new();
    for shortfall in shortfalls {
        let Some(answer) = &shortfall.record.answer else {
            continue;
        };
        let most = answer
            .cover
            .paid
            .checked_add(answer.cover.pending)
            .unwrap_or(answer.cover.paid);
        if let Some(claim) = answer
            .cover
            .claim
            .filter(|_| shortfall.record.books.received < most)
        {
            let found: ClaimResponse = chain.smart(vault, &AskVault::Claim { claim }).await?;
            claims.insert(claim, (found.record.paid, found.record.status.is_pending()));
        }
    }
    Ok(claims)
}
