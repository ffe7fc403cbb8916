//! The state machine. Going up is quick: one reading with a market fault trips.
//! Coming back is slow: a cooldown, then clean readings under tighter
//! thresholds, each new and some time after the one before.
//!
//! What is true of every sequence of calls:
//!
//! 1. `open_trip` is set exactly in Tripped and Recovering.
//! 2. A reading with a market fault changes neither reference nor `last_clean`.
//! 3. Calling [`advance`] again with the same time and observations changes
//!    nothing.
//! 4. From Tripped the way to Normal or Guarded leads through Recovering and
//!    `recovery_readings` counted readings.
//! 5. A trip's end spans the band of every clean reading since its last
//!    recovery began, so what was done at a clean price stays payable.

use std::collections::BTreeSet;

use backstop_types::breaker::{
    Band, Fault, Faults, Layer, MarketParams, MarketRecord, MarketState, Recovery, Reference, Source, Trip,
    TripCause, TripEnd,
};
use backstop_types::{Price, Seconds, guardian};
use cosmwasm_std::{Decimal, Timestamp, Uint128};

use super::assess::{Assessment, Observed, assess, tightened};
use super::ratio::Ratio;

/// A market after a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    /// What is to be stored.
    pub record: MarketRecord,
    /// What was read.
    pub reading: Assessment,
    /// What became of a trip.
    pub change: Option<TripChange>,
}

/// What became of a trip; its number is the record's `trips`.
#[derive(Clone, Debug, PartialEq)]
pub enum TripChange {
    /// It began.
    Opened(Trip),
    /// It ended.
    Ended(TripEnd),
}

/// The market after what its sources say now.
pub fn advance(
    record: &MarketRecord,
    observed: &[Observed],
    params: &MarketParams,
    now: Timestamp,
) -> Advance {
    let reading = assess(observed, record.watch.reference, params, now);
    let mut next = record.clone();
    let change = match (record.open_trip, reading.sound()) {
        // Before its first reading a market denies, and has nothing to lose.
        (None, None) if record.watch.reference.is_none() => None,
        (None, None) => Some(open(&mut next, TripCause::Faults, reading.faults, now)),
        (None, Some(_)) => {
            if follow_if_new(&mut next, &reading, params, now) {
                next.last_clean_at = Some(now);
            }
            settle(&mut next, &reading, params, now);
            None
        }
        (Some(_), None) => {
            relapse(&mut next, reading.faults, now);
            None
        }
        (Some(_), Some(_)) => recover(&mut next, observed, &reading, params, now),
    };
    Advance {
        record: next,
        reading,
        change,
    }
}

/// The guardian's trip: at least [`guardian::LONGEST`] from now, whatever the
/// sources say. In a trip that is open already it sets the recovery back.
pub fn guardian_trip(record: &MarketRecord, now: Timestamp) -> (MarketRecord, Option<Trip>) {
    let mut next = record.clone();
    let by_guardian = Faults::from(Fault::Guardian);
    let opened = match next.open_trip {
        Some(_) => None,
        None => match open(&mut next, TripCause::Guardian, by_guardian, now) {
            TripChange::Opened(trip) => Some(trip),
            TripChange::Ended(_) => None,
        },
    };
    next.watch.faults = next.watch.faults.union(by_guardian);
    next.watch.recovery = None;
    next.watch.guardian_until = Some(guardian::LONGEST.after(now));
    enter(&mut next, MarketState::Tripped, now);
    (next, opened)
}

/// Moves the reference to the median on which the sources agree now, and
/// begins the recovery afresh, whatever cooldown or guardian's time is left.
/// None without an open trip, or with a reading in which no quorum agrees.
pub fn reseed(
    record: &MarketRecord,
    observed: &[Observed],
    params: &MarketParams,
    now: Timestamp,
) -> Option<Advance> {
    record.open_trip?;
    // Without a reference there is no jump.
    let reading = assess(observed, None, params, now);
    let (median, _) = reading.sound()?;
    let mut next = record.clone();
    next.watch.reference = Some(Reference {
        price: median,
        at: now,
    });
    next.watch.guardian_until = next.watch.guardian_until.map(|until| until.min(now));
    next.watch.unwell_at = None;
    // Whether the reading is clean the next poke says, be it in this block.
    begin_recovery(&mut next, &reading, None, now);
    Some(Advance {
        record: next,
        reading,
        change: None,
    })
}

/// The publish times seen, in the order of another list of sources: those of a
/// source that stayed as it was, zero for any other.
pub fn remap<A: PartialEq>(seen: &[u64], old: &[Source<A>], new: &[Source<A>]) -> Vec<u64> {
    let place = |source: &Source<A>| old.iter().position(|known| known == source);
    new.iter()
        .map(|source| {
            place(source)
                .and_then(|i| seen.get(i))
                .copied()
                .unwrap_or_default()
        })
        .collect()
}

fn open(next: &mut MarketRecord, cause: TripCause, faults: Faults, now: Timestamp) -> TripChange {
    next.trips = next.trips.saturating_add(1);
    next.open_trip = Some(cause);
    next.watch.faults = faults;
    next.watch.unwell_at = (cause == TripCause::Faults).then_some(now);
    enter(next, MarketState::Tripped, now);
    TripChange::Opened(Trip {
        cause,
        began_at: now,
        last_clean: next.last_clean,
        last_clean_at: next.last_clean_at,
        end: None,
        faults,
    })
}

/// Restarts the cooldown and drops the clean readings counted so far.
fn relapse(next: &mut MarketRecord, faults: Faults, now: Timestamp) {
    let guardian = next.watch.faults.has(Fault::Guardian);
    next.watch.faults = if guardian {
        faults.with(Fault::Guardian)
    } else {
        faults
    };
    next.watch.unwell_at = Some(now);
    next.watch.recovery = None;
    enter(next, MarketState::Tripped, now);
}

/// In a trip, on a reading without a market fault.
fn recover(
    next: &mut MarketRecord,
    observed: &[Observed],
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) -> Option<TripChange> {
    let tight = assess(observed, next.watch.reference, &tightened(params), now);
    let (_, band) = tight.sound()?;
    let Some(so_far) = next.watch.recovery else {
        if rested(next, params, now) {
            follow(next, reading, params, now);
            begin_recovery(next, reading, Some(band), now);
        } else if cooled(next, params, now) {
            // Without the guardian the market could recover: what was wrong with
            // it is over, and its trip is the guardian's alone again.
            next.watch.faults = Faults::from(Fault::Guardian);
        }
        return None;
    };
    let band = so_far.band.map_or(band, |span| span.span(band));
    let spaced = Seconds::between(so_far.at, now) >= params.recovery_spacing;
    if !spaced || renewed(&tight, &next.watch.seen) < params.min_lineages {
        next.watch.recovery = Some(Recovery {
            band: Some(band),
            ..so_far
        });
        return None;
    }
    follow(next, reading, params, now);
    see(next, reading);
    let clean = so_far.clean.saturating_add(1);
    if clean < params.recovery_readings {
        next.watch.recovery = Some(Recovery {
            clean,
            at: now,
            band: Some(band),
        });
        return None;
    }
    next.open_trip = None;
    next.watch.recovery = None;
    next.last_clean_at = Some(now);
    settle(next, reading, params, now);
    Some(TripChange::Ended(TripEnd { at: now, band }))
}

/// Whether the cooldown and the guardian's time are over.
fn rested(record: &MarketRecord, params: &MarketParams, now: Timestamp) -> bool {
    let free = record.watch.guardian_until.is_none_or(|until| until <= now);
    free && cooled(record, params, now)
}

/// Whether the cooldown is over.
fn cooled(record: &MarketRecord, params: &MarketParams, now: Timestamp) -> bool {
    let unwell_at = record.watch.unwell_at;
    unwell_at.is_none_or(|at| params.cooldown.after(at) <= now)
}

fn begin_recovery(next: &mut MarketRecord, reading: &Assessment, band: Option<Band>, now: Timestamp) {
    see(next, reading);
    next.watch.recovery = Some(Recovery {
        clean: 0,
        at: now,
        band,
    });
    enter(next, MarketState::Recovering, now);
}

/// Without a trip, on a reading without a market fault: Normal or Guarded.
fn settle(next: &mut MarketRecord, reading: &Assessment, params: &MarketParams, now: Timestamp) {
    if let Some((_, band)) = reading.sound() {
        next.last_clean = Some(band);
    }
    let unwell = reading.faults.any(Layer::Source) || reading.faults.any(Layer::Warning);
    let resting = next.state == MarketState::Guarded
        && next
            .watch
            .unwell_at
            .is_some_and(|at| params.guard_cooldown.after(at) > now);
    if unwell {
        // The reference may have moved since the first poke of this block, and
        // what it was near to then counts for the whole block.
        let earlier = if next.watch.unwell_at == Some(now) {
            next.watch.faults
        } else {
            Faults::NONE
        };
        next.watch.faults = reading.faults.union(earlier);
        next.watch.unwell_at = Some(now);
        enter(next, MarketState::Guarded, now);
    } else if !resting {
        next.watch.faults = Faults::NONE;
        next.watch.unwell_at = None;
        enter(next, MarketState::Normal, now);
    }
}

fn enter(next: &mut MarketRecord, state: MarketState, now: Timestamp) {
    if next.state != state {
        next.state = state;
        next.since = now;
    }
}

/// How many lineages have a good source with news.
fn renewed(reading: &Assessment, seen: &[u64]) -> u32 {
    let lineages: BTreeSet<&str> = news(reading, seen)
        .filter_map(|i| reading.sources.get(i))
        .map(|source| source.lineage.as_str())
        .collect();
    u32::try_from(lineages.len()).unwrap_or(u32::MAX)
}

/// The positions of the good sources that published after what was seen.
fn news(reading: &Assessment, seen: &[u64]) -> impl Iterator<Item = usize> {
    let newer = |(i, published): (usize, &Option<u64>)| {
        let known = seen.get(i).copied().unwrap_or_default();
        published.is_some_and(|time| time > known).then_some(i)
    };
    reading.published.iter().enumerate().filter_map(newer)
}

/// Marks the good sources' publish times as seen.
fn see(next: &mut MarketRecord, reading: &Assessment) {
    next.watch.seen.resize(reading.published.len(), 0);
    for (seen, published) in next.watch.seen.iter_mut().zip(&reading.published) {
        *seen = published.unwrap_or_default().max(*seen);
    }
}

/// Follows the median, unless no good source has news; whether one had.
fn follow_if_new(
    next: &mut MarketRecord,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) -> bool {
    let new = news(reading, &next.watch.seen).next().is_some();
    if new {
        follow(next, reading, params, now);
        see(next, reading);
    }
    new
}

fn follow(next: &mut MarketRecord, reading: &Assessment, params: &MarketParams, now: Timestamp) {
    let Some((median, _)) = reading.sound() else {
        return;
    };
    next.watch.reference = Some(match next.watch.reference {
        None => Reference {
            price: median,
            at: now,
        },
        Some(reference) => slewed(reference, median, params, now),
    });
}

/// The reference nearer to the median, by at most `reference_slew` of itself
/// for each minute of its age. So over a time t, however often it follows, it
/// rises at most by the factor e^(slew·t) and falls at most by slew·t. What its
/// age has beyond whole seconds counts at the next step.
fn slewed(reference: Reference, median: Price, params: &MarketParams, now: Timestamp) -> Reference {
    let (from, to) = (reference.price.0.atomics(), median.0.atomics());
    let age = Seconds::between(reference.at, now);
    let reach = Ratio::per_minute(params.reference_slew, age.0).part_of(reference.price);
    let step = reach.min(from.abs_diff(to));
    let at = if step < from.abs_diff(to) {
        age.after(reference.at)
    } else {
        now
    };
    if step.is_zero() && from != to {
        // Too small a part of too small a price: let the age add up.
        return reference;
    }
    let price = if to > from {
        from.saturating_add(step)
    } else {
        from.saturating_sub(step)
    };
    Reference {
        price: Price(Decimal::new(price.max(Uint128::one()))),
        at,
    }
}
