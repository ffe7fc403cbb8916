//! What the next median is compared with: a reference that follows the median at
//! a limited speed, and where it was within the window of a drift.

use backstop_types::breaker::{MarketParams, MarketRecord, Reference};
use backstop_types::{Price, Seconds};
use cosmwasm_std::{Decimal, Timestamp, Uint128};

use super::assess::Assessment;
use super::bounds;
use super::news;
use super::ratio::Ratio;

/// Follows the median, unless no good source has news; whether one had.
pub(super) fn follow_if_new(
    next: &mut MarketRecord,
    reading: &Assessment,
    params: &MarketParams,
    now: Timestamp,
) -> bool {
    let new = news::any(reading, &next.watch.seen);
    if new {
        follow(next, reading, params, now);
        news::see(next, reading);
    }
    new
}

/// Moves the reference towards the median of a reading without a market fault.
pub(super) fn follow(next: &mut MarketRecord, reading: &Assessment, params: &MarketParams, now: Timestamp) {
    let Some((median, _)) = reading.sound() else {
        return;
    };
    let reference = match next.watch.reference {
        None => Reference {
            price: median,
            at: now,
        },
        Some(reference) => slewed(reference, median, params, now),
    };
    next.watch.reference = Some(reference);
    let place = Reference {
        price: reference.price,
        at: now,
    };
    next.watch.anchors = anchored(&next.watch.anchors, place, params);
}

/// The places where the reference was, with this one if the last is half a
/// window old; those older than the window are dropped.
fn anchored(anchors: &[Reference], place: Reference, params: &MarketParams) -> Vec<Reference> {
    let Some(window) = params.drift_window else {
        return vec![];
    };
    let mut next: Vec<Reference> = bounds::recent(anchors, params, place.at).collect();
    let half = Seconds(window.0.checked_div(2).unwrap_or_default());
    if next
        .last()
        .is_none_or(|last| Seconds::between(last.at, place.at) >= half)
    {
        next.push(place);
    }
    next
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
