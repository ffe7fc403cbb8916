//! Market faults: what is wrong with what is left after the faulty sources were
//! dropped trips the market. A bound that is nearly reached is a warning.

use backstop_types::breaker::{Fault, Finding, MarketParams, Watch};
use backstop_types::{Nanos, Price, Seconds};

use super::block::Block;
use super::bounds;
use super::ratio::Ratio;

/// A market's reading after the faulty sources were dropped.
pub(super) struct MarketContext<'a> {
    /// One value a lineage, in ascending order.
    pub(super) values: &'a [Price],
    /// Their median.
    pub(super) median: Option<Price>,
    /// What the readings before have left.
    pub(super) watch: &'a Watch,
    /// Whether a market that a composite reads is unwell.
    pub(super) depends_on_unwell: bool,
    pub(super) params: &'a MarketParams,
    pub(super) block: Block,
}

impl MarketContext<'_> {
    /// The median of enough lineages: of fewer it says nothing about the market.
    fn quorate(&self) -> Option<Price> {
        let lineages = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.median.filter(|_| lineages >= self.params.min_lineages)
    }
}

/// What a market can lack.
pub(super) const CHECKS: [fn(&MarketContext) -> Option<Finding>; 7] =
    [quorum, disagreement, jump, drift, halt, dependency, unread];

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
    let median = context.quorate()?;
    let bound = bounds::jump(median, context.watch, context.params, context.block.time)?;
    let measured = Ratio::distance(median, bound.from);
    graded(context, [Fault::Jump, Fault::NearJump], measured, bound.most)
}

fn drift(context: &MarketContext) -> Option<Finding> {
    let median = context.quorate()?;
    let drifts = bounds::drifts(context.watch, context.params, context.block.time);
    let measured = drifts.map(|bound| Ratio::between(median, bound.from)).max()?;
    let bound = Ratio::bps(context.params.max_drift);
    graded(context, [Fault::Drift, Fault::NearDrift], measured, bound)
}

/// A chain that stood still: the time since the last reading that was recorded
/// is longer than what its blocks take, be it a quarter more than they usually do.
/// What the feeds say then is from before, or nobody could act on it.
fn halt(context: &MarketContext) -> Option<Finding> {
    let (last, longest) = (context.watch.read?, context.params.max_halt?);
    let blocks = context.block.height.saturating_sub(last.height);
    let slow = u64::from(context.params.block_time_ms).saturating_mul(1_250_000);
    let passed = Nanos::between(last.at, context.block.time).0.u64();
    let lost = Nanos(passed.saturating_sub(blocks.saturating_mul(slow)).into()).seconds();
    (lost > longest).then_some(Finding {
        fault: Fault::Halt,
        measured: Some(lost.0),
        bound: Some(longest.0),
    })
}

fn dependency(context: &MarketContext) -> Option<Finding> {
    context.depends_on_unwell.then_some(Finding {
        fault: Fault::Dependency,
        measured: None,
        bound: None,
    })
}

fn unread(context: &MarketContext) -> Option<Finding> {
    let reference = context.watch.reference?;
    let age = Seconds::between(reference.at, context.block.time);
    (age > context.params.max_unread).then_some(Finding {
        fault: Fault::Unread,
        measured: Some(age.0),
        bound: Some(context.params.max_unread.0),
    })
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
