//! Market faults: what is wrong with what is left after the faulty sources were
//! dropped trips the market. A bound that is nearly reached is a warning.

use backstop_types::breaker::{Fault, Finding, MarketParams, Reference};
use backstop_types::{Price, Seconds};
use cosmwasm_std::Timestamp;

use super::ratio::Ratio;

/// A market's reading after the faulty sources were dropped.
pub(super) struct MarketContext<'a> {
    /// One value a lineage, in ascending order.
    pub(super) values: &'a [Price],
    /// Their median.
    pub(super) median: Option<Price>,
    /// What it is compared with; none before the first reading.
    pub(super) reference: Option<Reference>,
    pub(super) params: &'a MarketParams,
    pub(super) now: Timestamp,
}

/// What a market can lack.
pub(super) const CHECKS: [fn(&MarketContext) -> Option<Finding>; 3] = [quorum, disagreement, jump];

fn quorum(context: &MarketContext) -> Option<Finding> {
    let lineages = u32::try_from(context.values.len()).unwrap_or(u32::MAX);
    (lineages < context.params.min_lineages).then_some(Finding {
        fault: Fault::Quorum,
        measured: Some(u64::from(lineages)),
        bound: Some(u64::from(context.params.min_lineages)),
    })
}

fn disagreement(context: &MarketContext) -> Option<Finding> {
    let (low, high) = (context.values.first()?, context.values.last()?);
    let spread = Price(high.0.checked_sub(low.0).ok()?);
    let measured = Ratio::of(spread, context.median?);
    let bound = Ratio::bps(context.params.max_disagreement);
    graded(
        context,
        [Fault::Disagreement, Fault::NearDisagreement],
        measured,
        bound,
    )
}

fn jump(context: &MarketContext) -> Option<Finding> {
    let reference = context.reference?;
    let measured = Ratio::distance(context.median?, reference.price);
    let age = Seconds::between(reference.at, context.now).0;
    let growth = Ratio::hourly(context.params.jump_growth, age);
    let bound = Ratio::bps(context.params.max_jump).plus(growth);
    graded(context, [Fault::Jump, Fault::NearJump], measured, bound)
}

/// The first fault beyond the bound, the second beyond the guard's part of it.
fn graded(
    context: &MarketContext,
    [fault, near]: [Fault; 2],
    measured: Ratio,
    bound: Ratio,
) -> Option<Finding> {
    let guard = bound.scaled(context.params.guard_threshold);
    let (fault, bound) = match measured {
        measured if measured > bound => (fault, bound),
        measured if measured > guard => (near, guard),
        _ => return None,
    };
    Some(Finding {
        fault,
        measured: Some(measured.bps_up()),
        bound: Some(bound.bps_down()),
    })
}
