//! Source faults: what is wrong with one source drops that source, and leaves
//! the market to the others.

use backstop_types::breaker::{Fault, Finding, MarketParams, Observation};
use backstop_types::{Bps, Price, Seconds};
use cosmwasm_std::Timestamp;

use super::lineage::{self, Good};
use super::ratio::Ratio;

/// One source by itself.
pub(super) struct OwnContext<'a> {
    pub(super) observation: &'a Observation,
    pub(super) params: &'a MarketParams,
    /// The block's time.
    pub(super) now: Timestamp,
}

/// The sources that have no fault of their own, to be held against each other.
pub(super) struct PeerContext<'a> {
    pub(super) good: &'a [Good<'a>],
    pub(super) params: &'a MarketParams,
}

/// What a source can lack by itself.
pub(super) const OWN: [fn(&OwnContext) -> Option<Finding>; 5] =
    [unreadable, non_positive, stale, future, uncertain];

/// A check of sources against each other: the faults with the position of their
/// source in the context's list.
type PeerCheck = fn(&PeerContext) -> Vec<(usize, Finding)>;

/// What a source can lack against the others.
pub(super) const PEERS: [PeerCheck; 1] = [outliers];

fn bare(fault: Fault) -> Finding {
    Finding {
        fault,
        measured: None,
        bound: None,
    }
}

fn seconds(fault: Fault, measured: u64, bound: Seconds) -> Option<Finding> {
    (measured > bound.0).then_some(Finding {
        fault,
        measured: Some(measured),
        bound: Some(bound.0),
    })
}

fn ratio(fault: Fault, measured: Ratio, bound: Bps) -> Option<Finding> {
    (measured > Ratio::bps(bound)).then_some(Finding {
        fault,
        measured: Some(measured.bps_up()),
        bound: Some(u64::from(bound.0)),
    })
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
        Observation::Priced { publish_time, .. } | Observation::NonPositive { publish_time } => {
            Some(*publish_time)
        }
        Observation::Unreadable { .. } => None,
    }
}

fn stale(context: &OwnContext) -> Option<Finding> {
    // A second that has begun counts.
    let begun = u64::from(context.now.subsec_nanos() > 0);
    let now = context.now.seconds().saturating_add(begun);
    let age = now.saturating_sub(published(context.observation)?);
    seconds(Fault::Stale, age, context.params.max_age)
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

/// The sources that are further than `max_outlier` from the median over the
/// lineages, again without them until none is: so what is left would lose
/// nothing more by itself. They must take fewer than half of the lineages with
/// them; else nobody can say who is right, nobody is dropped, and it is a
/// disagreement.
fn outliers(context: &PeerContext) -> Vec<(usize, Finding)> {
    let before = lineage::count(context.good.iter());
    let mut found: Vec<(usize, Finding)> = vec![];
    // Each round drops one source at least.
    for _ in 0..context.good.len() {
        let left = |i: usize| found.iter().all(|(gone, _)| *gone != i);
        let rest = context.good.iter().enumerate().filter(|(i, _)| left(*i));
        let Some(median) = lineage::median(rest.clone().map(|(_, good)| good)) else {
            break;
        };
        let far: Vec<_> = rest
            .filter_map(|(i, good)| Some((i, outlier(good, median, context.params)?)))
            .collect();
        if far.is_empty() {
            break;
        }
        found.extend(far);
    }
    let left = |i: usize| found.iter().all(|(gone, _)| *gone != i);
    let rest = context.good.iter().enumerate().filter(|(i, _)| left(*i));
    let after = lineage::count(rest.map(|(_, good)| good));
    if after.saturating_mul(2) <= before {
        vec![]
    } else {
        found
    }
}

fn outlier(good: &Good, median: Price, params: &MarketParams) -> Option<Finding> {
    ratio(
        Fault::Outlier,
        Ratio::distance(good.price, median),
        params.max_outlier,
    )
}
