//! Source faults: what is wrong with one source drops that source, and leaves
//! the market to the others.

use backstop_types::breaker::{Fault, Finding, MarketParams, Observation, Track};
use backstop_types::{Bps, Price, Seconds};
use cosmwasm_std::Timestamp;

use super::median::{self, Good};
use super::observed::{Observed, SourceLimits};
use super::ratio::Ratio;
use super::tracks;

/// One source by itself.
pub(super) struct OwnContext<'a> {
    pub(super) observation: &'a Observation,
    pub(super) limits: SourceLimits,
    pub(super) params: &'a MarketParams,
    /// The block's time.
    pub(super) now: Timestamp,
}

/// The sources that have no fault so far, to be compared with each other.
pub(super) struct PeerContext<'a> {
    /// Each with its position in the config.
    pub(super) places: &'a [(usize, Good<'a>)],
    /// All sources, in the order of the config.
    pub(super) observed: &'a [Observed<'a>],
    /// What each did over its last prices, this one among them, likewise.
    pub(super) tracks: &'a [Track],
    pub(super) params: &'a MarketParams,
}

/// What a source can lack by itself.
pub(super) const OWN: [fn(&OwnContext) -> Option<Finding>; 6] =
    [unreadable, non_positive, stale, future, uncertain, out_of_bounds];

/// A check of sources against each other: the faults with the position of their
/// source in the config.
pub(super) type PeerCheck = fn(&PeerContext) -> Vec<(usize, Finding)>;

/// What makes a source's word worthless, though nothing in it is wrong.
pub(super) const DEAD: [PeerCheck; 3] = [frozen, pinned, shared];

/// What a source lacks against those whose word counts.
pub(super) const PEERS: [PeerCheck; 1] = [outliers];

fn bare(fault: Fault) -> Finding {
    Finding {
        fault,
        measured: None,
        bound: None,
    }
}

fn counted(fault: Fault, measured: u64, bound: u64) -> Finding {
    Finding {
        fault,
        measured: Some(measured),
        bound: Some(bound),
    }
}

fn seconds(fault: Fault, measured: u64, bound: Seconds) -> Option<Finding> {
    (measured > bound.0).then_some(counted(fault, measured, bound.0))
}

fn ratio(fault: Fault, measured: Ratio, bound: Bps) -> Option<Finding> {
    (measured > Ratio::bps(bound)).then_some(counted(fault, measured.bps_up(), u64::from(bound.0)))
}

fn unreadable(context: &OwnContext) -> Option<Finding> {
    matches!(context.observation, Observation::Unreadable { .. }).then_some(bare(Fault::Unreadable))
}

fn non_positive(context: &OwnContext) -> Option<Finding> {
    let bad = match context.observation {
        Observation::Priced { price, .. } => price.is_zero(),
        Observation::NonPositive { .. } => true,
        Observation::Unreadable { .. } => false,
    };
    bad.then_some(bare(Fault::NonPositive))
}

/// When the observation is from, if it is from any time.
fn published(observation: &Observation) -> Option<u64> {
    match observation {
        Observation::Priced { publish_time, .. } | Observation::NonPositive { publish_time } => *publish_time,
        Observation::Unreadable { .. } => None,
    }
}

fn stale(context: &OwnContext) -> Option<Finding> {
    // A second that has begun counts.
    let age = Seconds::clock(context.now).saturating_sub(published(context.observation)?);
    let bound = context.limits.max_age.unwrap_or(context.params.max_age);
    seconds(Fault::Stale, age, bound)
}

fn future(context: &OwnContext) -> Option<Finding> {
    let ahead = published(context.observation)?.saturating_sub(context.now.seconds());
    seconds(Fault::Future, ahead, context.params.max_future)
}

fn uncertain(context: &OwnContext) -> Option<Finding> {
    match context.observation {
        Observation::Priced {
            price, confidence, ..
        } if !price.is_zero() => ratio(
            Fault::Uncertain,
            Ratio::of(*confidence, *price),
            context.params.max_confidence,
        ),
        _ => None,
    }
}

fn out_of_bounds(context: &OwnContext) -> Option<Finding> {
    let Observation::Priced { price, .. } = context.observation else {
        return None;
    };
    let below = context.params.min_price.is_some_and(|min| *price < min);
    let above = context.params.max_price.is_some_and(|max| *price > max);
    (below || above).then_some(bare(Fault::OutOfBounds))
}

/// The sources that repeat one value while the others have moved.
fn frozen(context: &PeerContext) -> Vec<(usize, Finding)> {
    let Some(least) = context.params.frozen_ticks else {
        return vec![];
    };
    let frozen = |(i, good): &(usize, Good)| {
        let track = context.tracks.get(*i)?;
        if track.ticks < least || track.price != good.price {
            return None;
        }
        let moved = Ratio::distance(tracks::others(context.places, good.lineage)?, track.others?);
        Some((*i, ratio(Fault::Frozen, moved, context.params.frozen_move)?))
    };
    context.places.iter().filter_map(frozen).collect()
}

/// The sources that are at their provider's floor or cap while the others are
/// beyond it.
fn pinned(context: &PeerContext) -> Vec<(usize, Finding)> {
    let pinned = |(i, good): &(usize, Good)| {
        let limits = context.observed.get(*i)?.limits;
        let others = tracks::others(context.places, good.lineage)?;
        let low = limits
            .floor
            .is_some_and(|floor| good.price <= floor && others < floor);
        let high = limits.cap.is_some_and(|cap| good.price >= cap && others > cap);
        (low || high).then_some((*i, bare(Fault::Pinned)))
    };
    context.places.iter().filter_map(pinned).collect()
}

/// The sources that follow another lineage's very value and have it now. Of two
/// that follow each other the first stays.
fn shared(context: &PeerContext) -> Vec<(usize, Finding)> {
    let Some(least) = context.params.shared_ticks else {
        return vec![];
    };
    let mut found: Vec<(usize, Finding)> = vec![];
    for (i, good) in context.places.iter().rev() {
        let echoes = context.tracks.get(*i).map_or(0, |track| track.echoes);
        let original = context.places.iter().any(|(other, peer)| {
            peer.lineage != good.lineage
                && peer.price == good.price
                && found.iter().all(|(gone, _)| gone != other)
        });
        if echoes >= least && original {
            found.push((*i, counted(Fault::Shared, u64::from(echoes), u64::from(least))));
        }
    }
    found
}

/// The sources that are further than `max_outlier` from the median over the
/// lineages, again without them until none is: so what is left would lose
/// nothing more by itself. They must take fewer than half of the lineages with
/// them; else those that a majority leaves out, if there is one.
fn outliers(context: &PeerContext) -> Vec<(usize, Finding)> {
    let before = median::count(context.places.iter().map(|(_, good)| good));
    let mut found: Vec<(usize, Finding)> = vec![];
    // Each round drops one source at least.
    for _ in 0..context.places.len() {
        let rest = without(context.places, &found);
        let Some(median) = median::median(rest.iter().map(|(_, good)| good)) else {
            break;
        };
        let far = rest.iter().filter_map(|(i, good)| {
            let distance = Ratio::distance(good.price, median);
            Some((*i, ratio(Fault::Outlier, distance, context.params.max_outlier)?))
        });
        let far: Vec<_> = far.collect();
        if far.is_empty() {
            break;
        }
        found.extend(far);
    }
    let rest = without(context.places, &found);
    let after = median::count(rest.iter().map(|(_, good)| good));
    if after.saturating_mul(2) > before {
        found
    } else {
        left_out(context, before)
    }
}

/// The sources that a majority leaves out, where too few are near the median of
/// all. The majority is the closest together of all sets of more than half of
/// the lineages; it must be three at least and lie within `max_disagreement`,
/// else nobody can say who is right and nobody is dropped. Who is outside of it
/// and further than `max_outlier` from its median is dropped; so is the
/// farthest, while what is left would disagree.
fn left_out(context: &PeerContext, lineages: u32) -> Vec<(usize, Finding)> {
    let least = lineages.checked_div(2).unwrap_or_default().saturating_add(1);
    let values = median::values(context.places.iter().map(|(_, good)| good));
    let core = usize::try_from(least).ok().filter(|least| *least >= 3);
    let Some(core) = core.and_then(|least| Core::of(&values, least, context.params)) else {
        return vec![];
    };
    let far = context.places.iter().filter_map(|(i, good)| {
        let distance = core.outside(good.price)?;
        Some((*i, ratio(Fault::Outlier, distance, context.params.max_outlier)?))
    });
    let mut found: Vec<(usize, Finding)> = far.collect();
    // Each round drops one source at least.
    for _ in 0..context.places.len() {
        let rest = without(context.places, &found);
        let values = median::values(rest.iter().map(|(_, good)| good));
        if !disagree(&values, context.params) {
            break;
        }
        let outside = rest
            .iter()
            .filter_map(|(i, good)| Some((core.outside(good.price)?, good.price, *i)));
        let Some((distance, _, i)) = outside.max() else {
            break;
        };
        let bound = u64::from(context.params.max_outlier.0);
        found.push((i, counted(Fault::Outlier, distance.bps_up(), bound)));
    }
    found
}

/// The sources that are not among the found ones.
fn without<'a>(places: &[(usize, Good<'a>)], found: &[(usize, Finding)]) -> Vec<(usize, Good<'a>)> {
    let left = |(i, _): &&(usize, Good)| found.iter().all(|(gone, _)| gone != i);
    places.iter().filter(left).copied().collect()
}

/// Whether prices in ascending order spread over more than `max_disagreement`.
fn disagree(values: &[Price], params: &MarketParams) -> bool {
    spread(values).is_some_and(|spread| spread > Ratio::bps(params.max_disagreement))
}

/// How far prices in ascending order spread, as a part of their median.
fn spread(values: &[Price]) -> Option<Ratio> {
    let (low, high) = (values.first()?, values.last()?);
    let median = median::middle(values.to_vec())?;
    Some(Ratio::of(Price(high.0.abs_diff(low.0)), median))
}

/// The lineages of a majority.
struct Core {
    low: Price,
    high: Price,
    median: Price,
}

impl Core {
    /// Of `values` in ascending order, the closest `least`; none if they spread
    /// over more than `max_disagreement`. Of two that are equally close, the
    /// lower one.
    fn of(values: &[Price], least: usize, params: &MarketParams) -> Option<Self> {
        let cores = values.windows(least);
        let (_, core) = cores
            .filter_map(|core| Some((spread(core)?, core)))
            .min_by_key(|(spread, _)| *spread)?;
        if disagree(core, params) {
            return None;
        }
        Some(Self {
            low: *core.first()?,
            high: *core.last()?,
            median: median::middle(core.to_vec())?,
        })
    }

    /// How far a price outside of it is from its median.
    fn outside(&self, price: Price) -> Option<Ratio> {
        let inside = self.low <= price && price <= self.high;
        (!inside).then(|| Ratio::distance(price, self.median))
    }
}
