//! What would end a trip, and when the guardian may begin the next.

use backstop_types::Seconds;
use backstop_types::breaker::{Finding, MarketParams, MarketRecord, MarketState, TripExit};
use backstop_types::guardian;
use cosmwasm_std::Timestamp;

use super::assess::assess;
use super::block::Block;
use super::machine::{clean_params, cooled_at};
use super::observed::Observed;

/// What would end the trip that is open, if one is.
pub fn exit(record: &MarketRecord, params: &MarketParams, now: Timestamp) -> Option<TripExit> {
    record.open_trip?;
    let watch = &record.watch;
    let spaces = |n: u32| Seconds(params.recovery_spacing.0.saturating_mul(u64::from(n)));
    let cooldown_until = cooled_at(record, params);
    let guardian_until = watch.guardian_until.filter(|until| *until > now);
    let clean = watch.recovery.map_or(0, |recovery| recovery.clean);
    let readings_left = params.recovery_readings.saturating_sub(clean).max(1);
    let reseed = record.state == MarketState::Latched;
    let earliest = match watch.recovery {
        Some(recovery) => {
            let next = spaces(1).after(recovery.at).max(now);
            spaces(readings_left.saturating_sub(1)).after(next)
        }
        None => {
            let begin = now
                .max(cooldown_until.unwrap_or(now))
                .max(guardian_until.unwrap_or(now));
            spaces(readings_left).after(begin)
        }
    };
    Some(TripExit {
        earliest_recovery: (!reseed).then_some(earliest),
        reseed,
        cooldown_until,
        guardian_until,
        readings_left,
    })
}

/// What keeps a reading in a trip from counting as clean, time and news aside.
pub fn unclean(
    record: &MarketRecord,
    observed: &[Observed],
    params: &MarketParams,
    block: Block,
) -> Vec<Finding> {
    if record.open_trip.is_none() {
        return vec![];
    }
    let tight = assess(
        observed,
        &record.watch,
        &clean_params(&record.watch, params),
        block,
    );
    if tight.faulty() { tight.findings } else { vec![] }
}

/// When the guardian may trip the market again; none if it never did.
pub fn guardian_ready_at(record: &MarketRecord) -> Option<Timestamp> {
    record
        .watch
        .guardian_until
        .map(|until| guardian::REST.after(until))
}
