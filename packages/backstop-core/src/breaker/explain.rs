//! What must become true for a market to be normal, said in its own bounds.

use backstop_types::breaker::{Band, Fault, Finding, MarketParams, MarketRecord, MarketState, Need};

use super::block::Block;
use super::bounds;
use super::machine::{Advance, clean_params, guarded_by_guardian};
use super::trip::exit;

/// All that must become true. `after` is what a poke would leave now, `unclean`
/// what keeps its reading from counting, `lineages` how many the market has.
pub fn needs(
    after: &Advance,
    unclean: &[Finding],
    params: &MarketParams,
    lineages: u32,
    block: Block,
) -> Vec<Need> {
    let record = &after.record;
    if record.watch.reference.is_none() && record.open_trip.is_none() {
        let mut needs = vec![Need::FirstReading {}];
        needs.extend(of_reading(record, &after.reading.findings, params, block));
        return needs;
    }
    match record.state {
        MarketState::Normal => vec![],
        MarketState::Guarded => {
            let until = record.watch.unwell_at.map(|at| params.guard_cooldown.after(at));
            until.map(|until| Need::Quiet { until }).into_iter().collect()
        }
        MarketState::Recovering | MarketState::Tripped | MarketState::Latched => {
            let mut needs = of_trip(record, unclean, params, block);
            needs.extend(confirmation(after, params, lineages, block));
            needs
        }
    }
}

fn of_trip(record: &MarketRecord, unclean: &[Finding], params: &MarketParams, block: Block) -> Vec<Need> {
    let mut needs = vec![];
    if record.state == MarketState::Latched {
        needs.push(Need::Reseed { trip: record.trips });
    }
    needs.extend(of_reading(
        record,
        unclean,
        &clean_params(&record.watch, params),
        block,
    ));
    let Some(exit) = exit(record, params, block.time) else {
        return needs;
    };
    needs.extend(exit.guardian_until.map(|until| Need::GuardianTime { until }));
    let cooldown = exit.cooldown_until.filter(|until| *until > block.time);
    needs.extend(cooldown.map(|until| Need::Cooldown { until }));
    needs.push(Need::CleanReadings {
        left: exit.readings_left,
        spacing: params.recovery_spacing,
    });
    needs
}

/// What the market's own findings ask for.
fn of_reading(record: &MarketRecord, findings: &[Finding], params: &MarketParams, block: Block) -> Vec<Need> {
    let mut needs = vec![];
    for finding in findings {
        match finding.fault {
            Fault::Quorum => needs.push(Need::Lineages {
                now: finding
                    .measured
                    .and_then(|now| u32::try_from(now).ok())
                    .unwrap_or_default(),
                least: params.min_lineages,
            }),
            Fault::Disagreement => needs.push(Need::Agreement {
                within: params.max_disagreement,
            }),
            Fault::Jump | Fault::Drift => {
                let admitted = bounds::admitted(&record.watch, params, block.time);
                let median = admitted.map(|Band { low, high }| Need::Median { low, high });
                needs.extend(median.filter(|need| !needs.contains(need)));
            }
            Fault::Dependency => needs.push(Need::Dependency {}),
            _ => {}
        }
    }
    needs
}

/// What would allow liquidation in the trip, if nothing does: readings that confirm
/// the jump that is found now. None while the guardian's time lasts, after a leap,
/// and where the market has fewer lineages than it takes.
fn confirmation(after: &Advance, params: &MarketParams, lineages: u32, block: Block) -> Option<Need> {
    let record = &after.record;
    let trip = record.watch.trip.as_ref()?;
    let moved = |finding: &Finding| matches!(finding.fault, Fault::Jump | Fault::Drift);
    let stopped = matches!(record.state, MarketState::Tripped | MarketState::Latched)
        && !guarded_by_guardian(record, block.time);
    let can = (1..=lineages).contains(&params.confirm_lineages) && !trip.leapt;
    let so_far = trip.confirmation.map_or(0, |so_far| so_far.readings);
    let left = params.confirm_readings.saturating_sub(so_far);
    let open = stopped && can && left > 0 && after.reading.findings.iter().any(moved);
    open.then_some(Need::Confirmation {
        left,
        lineages: params.confirm_lineages,
        spacing: params.recovery_spacing,
    })
}
