//! From state and reading to allow or deny.

use backstop_types::breaker::{Action, Band, MarketParams, Verdict};

use super::machine::{Advance, Relief};
use super::news;

/// Whether the action may go ahead. Without a market fault the state must allow
/// it, by the market's matrix; in a trip, what its relief lets through may.
pub fn verdict(market: &str, action: Action, advance: &Advance, params: &MarketParams) -> Verdict {
    let Advance {
        record,
        reading,
        relief,
        ..
    } = advance;
    let by_state = reading.sound().is_some() && record.state.rank() <= params.actions.worst(action).rank();
    let agreed = reading.agreed;
    let faults = reading.faults.union(record.watch.faults);
    Verdict {
        market: market.to_string(),
        action,
        state: record.state,
        allowed: by_state || lets_through(*relief, action),
        reasons: faults.list(),
        faults,
        median: agreed.map(|(median, _)| median),
        band: agreed.map(|(_, band)| band),
        trip: record.trip(),
        trip_cause: record.open_trip,
        last_clean: record.last_clean,
        reduce_between: reduce_between(advance),
        published: agreed.and_then(|_| news::published_by_most(reading)),
    }
}

fn lets_through(relief: Relief, action: Action) -> bool {
    match relief {
        Relief::None => false,
        Relief::Reduce => action == Action::Reduce,
        Relief::Liquidate | Relief::Confirmed => matches!(action, Action::Reduce | Action::Liquidate),
    }
}

/// In a confirmed jump whoever leaves gets the worse of median and reference: the
/// price may not be true, and who closes on it must not win by it.
fn reduce_between(advance: &Advance) -> Option<Band> {
    let (median, _) = advance.reading.agreed?;
    let reference = advance.record.watch.reference?.price;
    (advance.relief == Relief::Confirmed).then_some(Band {
        low: median.min(reference),
        high: median.max(reference),
    })
}
