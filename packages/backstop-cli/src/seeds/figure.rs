//! The figures that are followed over the seeds: what each is, what it counts, which end
//! of it is the worse one, and where it is in a run.

use backstop_replay::Run;
use backstop_replay::record::signed;
use backstop_types::Assets;

use crate::report::unit::Unit;

/// Which end of a figure is the worse one for whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// The more.
    High,
    /// The less.
    Low,
}

/// A figure of a run.
#[derive(Clone, Copy)]
pub struct Figure {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Its worse end.
    pub worse: Worse,
    /// Whether it is told in words and drawn, beside being in the table.
    pub told: bool,
    /// Its value.
    pub of: fn(&Run) -> i128,
}

use Unit::{Amount, Count, Return, Seconds, Share};
use Worse::{High, Low};

const fn figure(
    key: &'static str,
    name: &'static str,
    unit: Unit,
    worse: Worse,
    of: fn(&Run) -> i128,
) -> Figure {
    Figure {
        key,
        name,
        unit,
        worse,
        told: false,
        of,
    }
}

const fn told(figure: Figure) -> Figure {
    Figure { told: true, ..figure }
}

/// All of them, in the order of the tables.
pub const FIGURES: [Figure; 30] = [
    told(figure("stayer_loss", "a stayer lost", Share, High, |run| {
        run.record.yields.loss.0
    })),
    told(figure("pool_paid", "the pool paid", Amount, High, |run| {
        signed(run.record.vault.paid)
    })),
    figure("missing", "what was missing", Amount, High, |run| {
        signed(run.record.bearers.missing)
    }),
    figure("pool_waiting", "still waits in claims", Amount, High, |run| {
        signed(run.record.vault.waiting)
    }),
    figure("recovered", "came back to stakers", Amount, Low, |run| {
        signed(run.record.vault.recovered)
    }),
    figure("asked", "asked of the pool", Amount, High, |run| {
        signed(run.record.shortfalls.asked)
    }),
    figure("deductible", "the exchange's deductible", Amount, High, |run| {
        signed(run.record.shortfalls.deductible)
    }),
    figure("paid_at_once", "paid at once", Amount, Low, |run| {
        signed(run.record.shortfalls.paid)
    }),
    figure(
        "pending",
        "granted, paid later or returned",
        Amount,
        High,
        |run| signed(run.record.shortfalls.pending),
    ),
    told(figure(
        "uncovered",
        "asked and not covered",
        Amount,
        High,
        |run| signed(run.record.shortfalls.uncovered),
    )),
    figure("insurance", "the insurance fund paid", Amount, High, |run| {
        signed(run.record.exchange.from_insurance)
    }),
    figure("winners_taken", "taken from winners", Amount, High, |run| {
        signed(run.record.adl.taken)
    }),
    figure("winners_returned", "came back to winners", Amount, Low, |run| {
        signed(run.record.adl.compensated)
    }),
    told(figure("winners_bore", "winners bore, net", Amount, High, |run| {
        signed(run.record.bearers.winners)
    })),
    figure(
        "providers_bore",
        "liquidity providers bore",
        Amount,
        High,
        |run| signed(run.record.bearers.providers),
    ),
    figure("open", "nobody has borne yet", Amount, High, |run| {
        signed(run.record.bearers.open.sum())
    }),
    told(figure(
        "unseen",
        "below zero at the end, not seen",
        Amount,
        High,
        |run| signed(run.record.exchange.underwater_at_market),
    )),
    figure(
        "lost_to_false",
        "traders lost to false prices",
        Amount,
        High,
        |run| signed(Assets::new(run.figures.lost_to_false)),
    ),
    figure("exposed", "could not be liquidated for", Seconds, High, |run| {
        run.figures.exposed.into()
    }),
    figure("worst_hole", "worst hole, not closed", Amount, High, |run| {
        let worst = run.record.exchange.worst_hole;
        worst.map_or(0, |hole| signed(hole.amount))
    }),
    figure("denied", "liquidation was denied", Seconds, High, |run| {
        run.record.breaker.denied.0.into()
    }),
    figure(
        "providers_result",
        "the liquidity providers' result",
        Amount,
        Low,
        |run| run.record.providers.result(),
    ),
    figure("gross_return", "a stayer's gross return", Return, Low, |run| {
        run.record.yields.gross.0
    }),
    figure("net_return", "a stayer's net return", Return, Low, |run| {
        run.record.yields.net.0
    }),
    figure("income", "stakers' income a year", Amount, Low, |run| {
        signed(run.record.yields.income())
    }),
    figure(
        "break_even_premium",
        "break-even premium a year",
        Amount,
        High,
        |run| {
            let premium = run.record.yields.premium_of_run();
            signed(premium.unwrap_or(Assets::ZERO))
        },
    ),
    figure("trips", "trips", Count, High, |run| {
        run.record.breaker.trips.into()
    }),
    figure("liquidated", "positions liquidated", Count, High, |run| {
        run.record.exchange.liquidated.into()
    }),
    figure("shortfalls", "shortfalls", Count, High, |run| {
        run.record.shortfalls.count().into()
    }),
    figure("unanswered", "shortfalls without an answer", Count, High, |run| {
        run.record.shortfalls.unanswered.into()
    }),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        for (i, figure) in FIGURES.iter().enumerate() {
            for other in &FIGURES[..i] {
                assert!(
                    figure.key != other.key && figure.name != other.name,
                    "{}",
                    figure.key
                );
            }
        }
    }
}
