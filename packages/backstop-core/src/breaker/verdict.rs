//! From state and reading to allow or deny.

use backstop_types::breaker::{Action, Verdict};

use super::machine::Advance;
use super::matrix::allows;

/// Whether the action may go ahead: the state must allow it, and a quorum must
/// agree on a price now.
pub fn verdict(market: &str, action: Action, advance: &Advance) -> Verdict {
    let Advance { record, reading, .. } = advance;
    let agreed = reading.agreed;
    let faults = reading.faults.union(record.watch.faults);
    Verdict {
        market: market.to_string(),
        action,
        state: record.state,
        allowed: allows(record.state, action) && reading.sound().is_some(),
        reasons: faults.list(),
        faults,
        median: agreed.map(|(median, _)| median),
        band: agreed.map(|(_, band)| band),
        trip: record.trip(),
        trip_cause: record.open_trip,
        last_clean: record.last_clean,
    }
}
