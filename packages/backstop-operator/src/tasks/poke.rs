//! Poking: a breaker knows only what somebody has it read. A transaction for each market,
//! since a source that burns all gas would take the others down with it.

use std::collections::BTreeMap;

use backstop_chain::Result;
use backstop_types::Seconds;
use backstop_types::breaker::{ExecuteMsg, MarketState};
use cosmwasm_std::Timestamp;

use super::action::Action;
use crate::config::Poke;
use crate::snapshot::{MarketLine, Snapshot};

/// Markets whose last reading is old enough. A poke that finds nothing new writes nothing, so
/// the keeper's own pokes count, too: `poked` has them by label.
pub fn decide(
    snapshot: &Snapshot,
    settings: &Poke,
    poked: &BTreeMap<String, Timestamp>,
) -> Result<Vec<Action>> {
    let (Some(state), Some(breaker)) = (&snapshot.breaker, &snapshot.addresses.breaker) else {
        return Ok(vec![]);
    };
    let now = snapshot.now();
    let due = state.markets.iter().filter(|market| {
        let last = market.read_at.max(poked.get(&label(market)).copied());
        last.is_none_or(|last| Seconds::between(last, now) >= every(market, settings))
    });
    due.map(|market| {
        let poke = ExecuteMsg::Poke {
            markets: vec![market.market.clone()],
            action: None,
        };
        Action::call(label(market), breaker, &poke)
    })
    .collect()
}

fn label(market: &MarketLine) -> String {
    format!("poke {}", market.market)
}

/// How often a market is poked. Twice within the time after which its reference is old, so
/// that one lost poke does not guard it; and in a trip as often as readings count.
fn every(market: &MarketLine, settings: &Poke) -> Seconds {
    let old = Seconds(market.max_unread.0.div_euclid(2).max(1));
    let usual = Seconds(settings.every).min(old);
    match market.state_now() {
        MarketState::Normal => usual,
        _ => Seconds(settings.every_unwell)
            .max(market.recovery_spacing)
            .min(usual),
    }
}
