//! The state machine. Going up is quick: one reading with a market fault trips.
//! Coming back is slow: a cooldown, then clean readings under tighter
//! thresholds, each new and some time after the one before.
//!
//! What is true of every sequence of calls:
//!
//! 1. `open_trip` is set exactly in Tripped, Latched and Recovering.
//! 2. A reading with a market fault changes neither reference nor `last_clean`.
//! 3. Calling [`advance`] again with the same time and observations changes
//!    nothing.
//! 4. From Tripped the way to Normal or Guarded leads through Recovering and
//!    `recovery_readings` counted readings; from Latched through a reseed, too.
//! 5. A trip's end spans the band of every clean reading since its last
//!    recovery began, so what was done at a clean price stays payable.

use backstop_types::breaker::{
    Band, Fault, Faults, LastReading, Layer, MarketParams, MarketRecord, MarketState, Recovery, Reference,
    Streak, Trip, TripCause, TripEnd, TripWatch, Watch,
};
use backstop_types::{Seconds, guardian};
use cosmwasm_std::Timestamp;

use super::assess::{Assessment, agreeing, assess, tightened};
use super::block::Block;
use super::confirm;
use super::news;
use super::observed::Observed;
use super::reference::{follow, follow_if_new};

/// What a source lacks by itself, so that no price of it is taken.
const UNHEARD: Faults = news::SILENCE
    .with(Fault::NonPositive)
    .with(Fault::Future)
    .with(Fault::Uncertain)
    .with(Fault::OutOfBounds);

/// A market after a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    /// What is to be stored.
    pub record: MarketRecord,
    /// What was read.
    pub reading: Assessment,
    /// What became of a trip.
    pub change: Option<TripChange>,
    /// What the trip lets through on this reading.
    pub relief: Relief,
}

/// What became of a trip; its number is the record's `trips`.
#[derive(Clone, Debug, PartialEq)]
pub enum TripChange {
    /// It began.
    Opened(Trip),
    /// It ended.
    Ended(TripEnd),
}

/// What a trip lets through on one reading, whatever its state allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relief {
    /// Nothing.
    None,
    /// The price is within the bound and the sources agree closely: risk can be
    /// taken off.
    Reduce,
    /// Likewise, in a trip by the price and by silence alone: positions can be
    /// liquidated, too.
    Liquidate,
    /// A confirmed jump: positions can be liquidated, and reduced at the worse
    /// of median and reference.
    Confirmed,
}

/// The market after what its sources say now.
pub fn advance(record: &MarketRecord, observed: &[Observed], params: &MarketParams, block: Block) -> Advance {
    let now = block.time;
    let reading = assess(observed, &record.watch, params, block);
    let mut next = record.clone();
    next.watch.tracks.clone_from(&reading.tracks);
    let mut relief = Relief::None;
    let change = match (record.open_trip, reading.sound()) {
        // Before its first reading a market denies, and has nothing to lose.
        (None, None) if record.watch.reference.is_none() => {
            next = record.clone();
            None
        }
        (open_trip, None) => {
            let opened = match open_trip {
                None => Some(open(&mut next, TripCause::Faults, reading.faults, now)),
                Some(_) => {
                    relapse(&mut next, &record.watch, reading.faults, now);
                    None
                }
            };
            if confirm::note(&mut next, &record.watch, &reading, params, now) {
                relief = Relief::Confirmed;
            }
            count(&mut next, params, now);
            opened
        }
        (None, Some(_)) => {
            if follow_if_new(&mut next, &reading, params, now) {
                next.last_clean_at = Some(now);
            }
            settle(&mut next, &record.watch, &reading, params, now);
            None
        }
        (Some(_), Some(_)) => {
            relief = eased(record, observed, params, block);
            recover(&mut next, &record.watch, observed, &reading, params, block)
        }
    };
    if guarded_by_guardian(&next, now) {
        relief = Relief::None;
    }
    if next != *record {
        let median = reading.agreed.map(|(median, _)| median);
        next.watch.read = Some(LastReading {
            at: now,
            height: block.height,
            median: median.or(record.watch.read.and_then(|last| last.median)),
        });
    }
    Advance {
        record: next,
        reading,
        change,
        relief,
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
    trip_again(&mut next, now);
    (next, opened)
}

/// Moves the reference to the median on which the sources agree now, and
/// begins the recovery afresh, whatever cooldown, latch or guardian's time is
/// left. None without an open trip, or with a reading in which no quorum agrees.
pub fn reseed(
    record: &MarketRecord,
    observed: &[Observed],
    params: &MarketParams,
    block: Block,
) -> Option<Advance> {
    record.open_trip?;
    let now = block.time;
    // Where the price was is what the owner sets aside; a halt is behind it.
    let watch = Watch {
        reference: None,
        anchors: vec![],
        read: None,
        ..record.watch.clone()
    };
    let reading = assess(observed, &watch, params, block);
    let (median, _) = reading.sound()?;
    let mut next = record.clone();
    next.watch = Watch {
        reference: Some(Reference {
            price: median,
            at: now,
        }),
        tracks: reading.tracks.clone(),
        read: Some(LastReading {
            at: now,
            height: block.height,
            median: Some(median),
        }),
        streak: None,
        trip: Some(TripWatch {
            counted: true,
            ..TripWatch::default()
        }),
        guardian_until: record.watch.guardian_until.map(|until| until.min(now)),
        unwell_at: None,
        ..watch
    };
    // Whether the reading is clean the next poke says, be it in this block.
    begin_recovery(&mut next, &reading, None, now);
    Some(Advance {
        record: next,
        reading,
        change: None,
        relief: Relief::None,
    })
}

fn open(next: &mut MarketRecord, cause: TripCause, faults: Faults, now: Timestamp) -> TripChange {
    next.trips = next.trips.saturating_add(1);
    next.open_trip = Some(cause);
    next.watch.faults = faults;
    next.watch.unwell_at = (cause == TripCause::Faults).then_some(now);
    next.watch.trip = Some(TripWatch::default());
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

/// Counts a trip towards the latch, once it has a fault other than a gap in the
/// feeds or a halt, and latches the market when there were too many.
fn count(next: &mut MarketRecord, params: &MarketParams, now: Timestamp) {
    let Some(trip) = next.watch.trip.as_mut() else {
        return;
    };
    if trip.counted || next.open_trip != Some(TripCause::Faults) || confirm::idle(trip) {
        return;
    }
    trip.counted = true;
    let recent = next.watch.streak;
    let recent = recent.filter(|streak| Seconds::between(streak.at, now) <= params.latch_window);
    let trips = recent.map_or(0, |streak| streak.trips).saturating_add(1);
    next.watch.streak = Some(Streak { trips, at: now });
    if params.latch_trips.is_some_and(|most| trips >= most) {
        enter(next, MarketState::Latched, now);
    }
}

/// Restarts the cooldown, if the reading is news, and drops the clean readings
/// counted so far. That a bound grows to what was read already is no news.
fn relapse(next: &mut MarketRecord, before: &Watch, faults: Faults, now: Timestamp) {
    let found = faults
        .of_layer(Layer::Market)
        .union(faults.of_layer(Layer::Source));
    if before.recovery.is_some() || is_news(before, &next.watch, found) {
        let guardian = next.watch.faults.has(Fault::Guardian);
        next.watch.faults = if guardian {
            faults.with(Fault::Guardian)
        } else {
            faults
        };
        next.watch.unwell_at = Some(now);
    }
    next.watch.recovery = None;
    trip_again(next, now);
}

/// What the trip lets through on a reading without a market fault: it must also
/// agree closely, over the lineages that a confirmation takes.
fn eased(record: &MarketRecord, observed: &[Observed], params: &MarketParams, block: Block) -> Relief {
    if params.confirm_lineages == 0 {
        return Relief::None;
    }
    let close = assess(observed, &record.watch, &agreeing(params), block);
    if close.faulty() || close.lineages < params.confirm_lineages {
        return Relief::None;
    }
    match &record.watch.trip {
        Some(trip) if confirm::passing(trip, params, block.time) => Relief::Liquidate,
        _ => Relief::Reduce,
    }
}

/// In a trip, on a reading without a market fault.
fn recover(
    next: &mut MarketRecord,
    before: &Watch,
    observed: &[Observed],
    reading: &Assessment,
    params: &MarketParams,
    block: Block,
) -> Option<TripChange> {
    let now = block.time;
    let tight = assess(observed, before, &clean_params(before, params), block);
    confirm::note_sound(next, before, reading, params, now);
    let (_, band) = tight.sound()?;
    if next.state == MarketState::Latched {
        return None;
    }
    // A reading is taken once, when it is new: a bound that grows meanwhile makes
    // no second one of it.
    let ticked = before.tracks != reading.tracks;
    let quorum = |lineages| ticked && lineages >= params.min_lineages;
    let begun = |then| quorum(news::lineages_since(&tight, then));
    let Some(so_far) = next.watch.recovery else {
        if rest_over(next, params).is_none_or(|over| over <= now && begun(over)) {
            follow(next, reading, params, now);
            begin_recovery(next, reading, Some(band), now);
        } else if ticked
            && guarded_by_guardian(next, now)
            && cooled_at(next, params).is_none_or(|at| at <= now)
        {
            // Without the guardian the market could recover: what was wrong with
            // it is over, and its trip is the guardian's alone again.
            next.watch.faults = Faults::from(Fault::Guardian);
        }
        return None;
    };
    let band = so_far.band.map_or(band, |span| span.span(band));
    let spacing = params.recovery_spacing;
    let apart = news::lineages_apart(&tight, &next.watch.seen, spacing);
    if spacing.after(so_far.at) > now || !quorum(apart) {
        next.watch.recovery = Some(Recovery {
            band: Some(band),
            ..so_far
        });
        return None;
    }
    follow(next, reading, params, now);
    // The reference has gone there: the level is behind it.
    if let Some(trip) = next.watch.trip.as_mut() {
        trip.level = None;
    }
    news::see(next, reading);
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
    next.watch.trip = None;
    next.watch.faults = Faults::NONE;
    next.watch.unwell_at = None;
    let before = next.watch.clone();
    settle(next, &before, reading, params, now);
    Some(TripChange::Ended(TripEnd { at: now, band }))
}

/// What a clean reading must keep: after a gap in the feeds alone the price may
/// have moved as far as ever.
pub(super) fn clean_params(watch: &Watch, params: &MarketParams) -> MarketParams {
    match &watch.trip {
        Some(trip) if confirm::gap_alone(trip) => agreeing(params),
        _ => tightened(params),
    }
}

/// When the cooldown and the guardian's time are over, if there are any.
fn rest_over(record: &MarketRecord, params: &MarketParams) -> Option<Timestamp> {
    cooled_at(record, params).max(record.watch.guardian_until)
}

/// When the cooldown is over; none if no fault was found.
pub(super) fn cooled_at(record: &MarketRecord, params: &MarketParams) -> Option<Timestamp> {
    record.watch.unwell_at.map(|at| params.cooldown.after(at))
}

/// Whether the guardian's time is not over.
pub(super) fn guarded_by_guardian(record: &MarketRecord, now: Timestamp) -> bool {
    record.watch.guardian_until.is_some_and(|until| until > now)
}

fn begin_recovery(next: &mut MarketRecord, reading: &Assessment, band: Option<Band>, now: Timestamp) {
    news::see(next, reading);
    next.watch.trip = next.watch.trip.take().map(|trip| TripWatch {
        level: None,
        confirmation: None,
        ..trip
    });
    next.watch.recovery = Some(Recovery {
        clean: 0,
        at: now,
        band,
    });
    enter(next, MarketState::Recovering, now);
}

/// Without a trip, on a reading without a market fault: Normal or Guarded.
fn settle(
    next: &mut MarketRecord,
    before: &Watch,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) {
    if let Some((_, band)) = reading.sound() {
        next.last_clean = Some(band);
    }
    let unwell = reading.faults.any(Layer::Source) || reading.faults.any(Layer::Warning);
    // An old reference is well again as soon as it has followed a reading.
    let rest = if next.watch.faults == Faults::from(Fault::Unread) {
        Seconds(0)
    } else {
        params.guard_cooldown
    };
    let unwell_at = next.watch.unwell_at;
    let resting =
        next.state == MarketState::Guarded && unwell_at.is_some_and(|at| at == now || rest.after(at) > now);
    if unwell {
        if is_news(before, &next.watch, reading.faults) {
            // What it was near to earlier in this block counts for all of it.
            let earlier = match next.watch.unwell_at {
                Some(at) if at == now => next.watch.faults,
                _ => Faults::NONE,
            };
            next.watch.faults = reading.faults.union(earlier);
            next.watch.unwell_at = Some(now);
        }
        enter(next, MarketState::Guarded, now);
    } else if !resting {
        next.watch.faults = Faults::NONE;
        next.watch.unwell_at = None;
        enter(next, MarketState::Normal, now);
    }
}

/// Whether an unwell reading tells something that was not known: another price, a
/// fault that did not stand, or that a source still says nothing that counts. To poke what was poked
/// already does not put the end of a cooldown off.
fn is_news(before: &Watch, next: &Watch, faults: Faults) -> bool {
    before.unwell_at.is_none()
        || before.tracks != next.tracks
        || !faults.within(before.faults)
        || !faults.among(UNHEARD.with(Fault::Halt)).is_empty()
}

/// Back from a recovery, or where it was: latched or tripped.
fn trip_again(next: &mut MarketRecord, now: Timestamp) {
    if next.state != MarketState::Latched {
        enter(next, MarketState::Tripped, now);
    }
}

fn enter(next: &mut MarketRecord, state: MarketState, now: Timestamp) {
    if next.state != state {
        next.state = state;
        next.since = now;
    }
}
