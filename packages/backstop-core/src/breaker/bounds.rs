//! How far a median may be from where the market was: the bounds of a jump and
//! of a drift, which the market's faults, the confirmation of a jump and the
//! explanation of a trip all use.

use backstop_types::breaker::{Band, Level, MarketParams, Reference, TripWatch, Watch};
use backstop_types::{Price, Seconds};
use cosmwasm_std::{Decimal, Timestamp, Uint128};

use super::ratio::Ratio;

/// What a median is compared with, and how far from it it may be.
#[derive(Clone, Copy)]
pub(super) struct Bound {
    pub(super) from: Price,
    pub(super) most: Ratio,
}

/// The bound of a jump to this price; none before the first reading. It grows
/// with the reference's age, by `max_growth` at most; beyond that only with the
/// time in which readings were seen to stand at a new level near this price.
pub(super) fn jump(price: Price, watch: &Watch, params: &MarketParams, now: Timestamp) -> Option<Bound> {
    let reference = watch.reference?;
    let up = price > reference.price;
    let trip = watch.trip.as_ref();
    let level = trip.and_then(|trip| standing(trip, up, params, now));
    Some(Bound {
        from: reference.price,
        most: most(
            reference,
            level.filter(|level| near(price, level, params)),
            params,
            now,
        ),
    })
}

fn most(reference: Reference, level: Option<Level>, params: &MarketParams, now: Timestamp) -> Ratio {
    let age = Seconds::between(reference.at, now).0;
    let grown = Ratio::hourly(params.jump_growth, age).min(Ratio::bps(params.max_growth));
    let stood = level.map_or(0, |level| Seconds::between(counted_since(&level, now), now).0);
    Ratio::bps(params.max_jump).plus(grown.max(Ratio::hourly(params.jump_growth, stood)))
}

/// From when a level counts: what it has stood longer than it takes to admit its
/// price admits no price beyond it.
pub(super) fn counted_since(level: &Level, now: Timestamp) -> Timestamp {
    let most = now.nanos().saturating_sub(level.takes.nanos().u64());
    level.since.max(Timestamp::from_nanos(most))
}

/// The level above the reference, or below it, at which the price was seen to
/// stand until now: readings that nobody made for `max_unread` end it. A leap
/// never becomes a level by standing: a price in another unit stands, too.
pub(super) fn standing(trip: &TripWatch, up: bool, params: &MarketParams, now: Timestamp) -> Option<Level> {
    let level = trip.level.filter(|_| !trip.leapt)?;
    let lasts = Seconds::between(level.at, now) <= params.max_unread;
    (level.up == up && lasts).then_some(level)
}

/// Whether a price is near a level: no further than a jump is or a bound grows by
/// itself, and not a leap.
pub(super) fn near(price: Price, level: &Level, params: &MarketParams) -> bool {
    Ratio::distance(price, level.price) <= nearness(params)
}

fn nearness(params: &MarketParams) -> Ratio {
    Ratio::bps(params.max_growth.max(params.max_jump).min(params.max_leap))
}

/// The bounds of a drift: one for each place where the reference was within
/// `drift_window`.
pub(super) fn drifts<'a>(
    watch: &'a Watch,
    params: &'a MarketParams,
    now: Timestamp,
) -> impl Iterator<Item = Bound> + 'a {
    let most = Ratio::bps(params.max_drift);
    recent(&watch.anchors, params, now).map(move |anchor| Bound {
        from: anchor.price,
        most,
    })
}

/// The anchors that are not older than `drift_window`.
pub(super) fn recent<'a>(
    anchors: &'a [Reference],
    params: &'a MarketParams,
    now: Timestamp,
) -> impl Iterator<Item = Reference> + 'a {
    let window = params.drift_window;
    let within =
        move |anchor: &&Reference| window.is_some_and(|window| Seconds::between(anchor.at, now) <= window);
    anchors.iter().filter(within).copied()
}

/// Prices that are within all of the market's bounds, the last reading's level
/// among them where it touches what is admitted without it; none before the first
/// reading.
pub(super) fn admitted(watch: &Watch, params: &MarketParams, now: Timestamp) -> Option<Band> {
    let reference = watch.reference?;
    let from = reference.price.0.atomics();
    let reach = |level| most(reference, level, params, now).part_of(reference.price);
    let mut around = Band {
        low: atomics(from.saturating_sub(reach(None))),
        high: atomics(from.saturating_add(reach(None))),
    };
    let trip = watch.trip.as_ref();
    let sides = [false, true].into_iter();
    for level in sides.filter_map(|up| standing(trip?, up, params, now)) {
        let near = nearness(params).part_of(level.price);
        let (stands, reach) = (level.price.0.atomics(), reach(Some(level)));
        let low = atomics(stands.saturating_sub(near).max(from.saturating_sub(reach)));
        let high = atomics(stands.saturating_add(near).min(from.saturating_add(reach)));
        if low <= high && low <= around.high && around.low <= high {
            around = Band {
                low: around.low.min(low),
                high: around.high.max(high),
            };
        }
    }
    let all = drifts(watch, params, now).fold(around, |band, drift| {
        let from = drift.from.0.atomics();
        let up = from.saturating_add(drift.most.part_of(drift.from));
        Band {
            low: band.low.max(atomics(drift.most.shrunk(drift.from))),
            high: band.high.min(atomics(up)),
        }
    });
    Some(all)
}

fn atomics(atomics: Uint128) -> Price {
    Price(Decimal::new(atomics))
}

/// On which side of the market's bounds a price is: true above, false below,
/// none within all of them.
pub(super) fn beyond(price: Price, watch: &Watch, params: &MarketParams, now: Timestamp) -> Option<bool> {
    let jumped = jump(price, watch, params, now)
        .filter(|bound| Ratio::distance(price, bound.from) > bound.most)
        .map(|bound| price > bound.from);
    jumped.or_else(|| {
        drifts(watch, params, now)
            .find(|bound| Ratio::between(price, bound.from) > bound.most)
            .map(|bound| price > bound.from)
    })
}
