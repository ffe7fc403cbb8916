//! What is seen in a trip of the price itself: whether a jump is confirmed, by
//! readings in which every live lineage is beyond the bound on one side, and for
//! how long the price has stood at a new level.

use backstop_types::Seconds;
use backstop_types::breaker::{
    Confirmation, Fault, Faults, Layer, Level, MarketParams, MarketRecord, Reference, TripWatch, Watch,
};
use cosmwasm_std::Timestamp;

use super::assess::{Assessment, tightened};
use super::bounds;
use super::news;
use super::ratio::Ratio;

/// What a price can lack that all sources agree on.
const MOVED: Faults = Faults::NONE.with(Fault::Jump).with(Fault::Drift);
/// What a trip may have had besides for its jump to be confirmed: the feeds'
/// silence and their quarrel hold the count up, and do not end it.
const CONFIRMABLE: Faults = MOVED.with(Fault::Quorum).with(Fault::Disagreement);
/// What is over as soon as the price is back and the feeds agree.
const PASSING: Faults = CONFIRMABLE;

/// What a reading says of a jump.
#[derive(Clone, Copy, PartialEq)]
enum Stance {
    /// Nobody can be asked, or too few to tell.
    Silent,
    /// A live lineage is within the bound, or on the other side.
    Contradicts,
    /// All live lineages are beyond the bound on one side: above it or below.
    Confirms { up: bool },
}

/// Takes a reading with a market fault into what is seen of the trip; whether the
/// trip's jump is confirmed, by this reading, too.
pub(super) fn note(
    next: &mut MarketRecord,
    before: &Watch,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) -> bool {
    let mut trip = next.watch.trip.clone().unwrap_or_default();
    trip.faults = trip.faults.union(reading.faults.of_layer(Layer::Market));
    if reading.faults.has(Fault::Halt) {
        trip.halted_at = Some(now);
    }
    let lost = reading.faults.has(Fault::Quorum) && news::heard(reading) >= params.min_lineages;
    trip.lost |= lost;
    // The same prices, poked again, are no other quarrel.
    let again = before.tracks == reading.tracks && before.faults.has(Fault::Disagreement);
    if lost || reading.faults.has(Fault::Disagreement) && !again {
        trip.quarrelled_at = Some(now);
    }
    match leap(before, reading, params) {
        Some(Leap::Away) => trip.leapt = true,
        // What was confirmed was another price.
        Some(Leap::Back) => trip.confirmation = None,
        None => {}
    }
    trip.level = level(&trip, before, reading, params, now);
    let stance = stance(before, reading, params, now);
    let counted = if before.tracks == reading.tracks {
        trip.confirmation
    } else {
        confirmation(trip.confirmation, stance, &next.watch, reading, params, now)
    };
    if counted != trip.confirmation && counted.is_some() {
        news::see(next, reading);
    }
    trip.confirmation = counted;
    let enough = counted.filter(|it| it.readings >= params.confirm_readings);
    let now_too = |it: Confirmation| stance == Stance::Confirms { up: it.up };
    let by_price = after_grace(&trip, params, now).within(CONFIRMABLE) && !trip.leapt;
    next.watch.trip = Some(trip);
    by_price && enough.is_some_and(now_too)
}

/// Takes a reading without a market fault into what is seen of the trip: the
/// price is back, or its new level is admitted.
pub(super) fn note_sound(
    next: &mut MarketRecord,
    before: &Watch,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) {
    if let Some(trip) = next.watch.trip.as_mut() {
        let ticked = before.tracks != reading.tracks;
        if ticked {
            trip.confirmation = None;
        }
        // What the reference has followed begins no level when it is poked again.
        if ticked || trip.level.is_some() {
            trip.level = level(trip, before, reading, params, now);
        }
    }
}

/// Whether this trip was by what is over as soon as the price is back and the
/// sources agree, so that readings that agree closely within the bound are as good
/// as before it. A quarrel of the sources is over a cooldown later.
pub(super) fn passing(trip: &TripWatch, params: &MarketParams, now: Timestamp) -> bool {
    let quarrel = lasts(trip.quarrelled_at, params, now);
    !quarrel && after_grace(trip, params, now).within(PASSING)
}

/// The faults of a trip; a halt among them only while its grace lasts, which is
/// the cooldown: time for those who could not act to do so.
fn after_grace(trip: &TripWatch, params: &MarketParams, now: Timestamp) -> Faults {
    if lasts(trip.halted_at, params, now) {
        trip.faults
    } else {
        trip.faults.without(Fault::Halt)
    }
}

/// Whether the cooldown after this is not over.
fn lasts(since: Option<Timestamp>, params: &MarketParams, now: Timestamp) -> bool {
    since.is_some_and(|at| params.cooldown.after(at) > now)
}

/// Whether this trip was by the feeds' silence alone.
pub(super) fn gap_alone(trip: &TripWatch) -> bool {
    alone(trip, Fault::Quorum.into())
}

/// Whether this trip was by nothing but that nobody could be asked, here or in the
/// markets that composites read, or act.
pub(super) fn idle(trip: &TripWatch) -> bool {
    let idle = Faults::from(Fault::Quorum)
        .with(Fault::Halt)
        .with(Fault::Dependency);
    alone(trip, idle)
}

fn alone(trip: &TripWatch, faults: Faults) -> bool {
    trip.faults.within(faults) && !trip.faults.is_empty() && !trip.lost
}

fn stance(before: &Watch, reading: &Assessment, params: &MarketParams, now: Timestamp) -> Stance {
    let mut sides = reading
        .live
        .iter()
        .map(|price| bounds::beyond(*price, before, params, now));
    let Some(first) = sides.next() else {
        return Stance::Silent;
    };
    let Some(up) = first.filter(|_| sides.all(|side| side == first)) else {
        return Stance::Contradicts;
    };
    let market = reading.faults.of_layer(Layer::Market);
    let enough = u32::try_from(reading.live.len()).unwrap_or(u32::MAX) >= params.confirm_lineages;
    if params.confirm_lineages > 0 && enough && market.within(MOVED) {
        Stance::Confirms { up }
    } else {
        Stance::Silent
    }
}

/// The readings counted so far: one more if it confirms on the same side with
/// what a quorum published `recovery_spacing` after the one before.
fn confirmation(
    so_far: Option<Confirmation>,
    stance: Stance,
    watch: &Watch,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) -> Option<Confirmation> {
    let renewed = || news::lineages(reading, &watch.seen) >= params.min_lineages;
    let spacing = params.recovery_spacing;
    let spaced = |last| {
        let apart = news::lineages_apart(reading, &watch.seen, spacing);
        spacing.after(last) <= now && apart >= params.min_lineages
    };
    match (stance, so_far) {
        (Stance::Silent, so_far) => so_far,
        (Stance::Contradicts, _) => None,
        (Stance::Confirms { up }, Some(so_far)) if so_far.up == up => {
            if !spaced(so_far.at) {
                return Some(so_far);
            }
            Some(Confirmation {
                readings: so_far.readings.saturating_add(1),
                at: now,
                ..so_far
            })
        }
        (Stance::Confirms { up }, _) => renewed().then_some(Confirmation {
            up,
            readings: 1,
            at: now,
        }),
    }
}

/// A move of the median by more than `max_leap` since the reading before.
enum Leap {
    /// From where it was.
    Away,
    /// Towards the reference, and not past it.
    Back,
}

/// The leap in a reading that a jump or a drift makes faulty.
fn leap(before: &Watch, reading: &Assessment, params: &MarketParams) -> Option<Leap> {
    let moved = !reading.faults.of_layer(Layer::Market).among(MOVED).is_empty();
    let (now, _) = reading.agreed.filter(|_| moved)?;
    let last = before.read?.median?;
    let far = Ratio::distance(now, last) > Ratio::bps(params.max_leap);
    let back = |it: Reference| (it.price < now && now < last) || (last < now && now < it.price);
    let leap = if before.reference.is_some_and(back) {
        Leap::Back
    } else {
        Leap::Away
    };
    far.then_some(leap)
}

/// For how long the median has stood on one side of the reference, beyond what a
/// clean reading may jump, and each time near the reading before. A reading on
/// which no quorum agrees leaves it as it was.
fn level(
    trip: &TripWatch,
    before: &Watch,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) -> Option<Level> {
    let Some((median, _)) = reading.agreed else {
        return trip.level;
    };
    let reference = before.reference?;
    let beyond = Ratio::distance(median, reference.price).above(Ratio::bps(tightened(params).max_jump))?;
    let up = median > reference.price;
    let stands = bounds::standing(trip, up, params, now).filter(|level| bounds::near(median, level, params));
    let since = match stands {
        Some(level) if level.price == median => level.since,
        Some(level) => bounds::counted_since(&level, now),
        None => now,
    };
    Some(Level {
        up,
        price: median,
        since,
        at: now,
        takes: Seconds(beyond.hourly_time(params.jump_growth)),
    })
}
