//! Why a run says nothing about the pool, or nothing that can be relied on. A pool that
//! nobody could ask for anything has not shown that it loses nothing.

use backstop_types::{Bps, Seconds};

use super::Tuned;
use crate::chain::Chain;
use crate::sources::Heard;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untested {
    /// A source publishes less often than the breaker takes its prices for.
    TooSeldom {
        /// Which.
        source: String,
        /// Its usual step.
        step: Seconds,
        /// How old a price may be.
        max_age: Seconds,
    },
    /// A source was another market, quote or unit than the others: further from their
    /// median than the breaker allows, from the beginning and most of the time.
    Apart {
        /// Which.
        source: String,
        /// How far it was at the beginning, of the median.
        by: Bps,
        /// How far the breaker lets sources differ.
        bound: Bps,
    },
    /// The prices are of another market, by what their file says.
    AnotherMarket {
        /// The source that has them.
        source: String,
        /// What the file says.
        file: String,
        /// What the scenario says.
        scenario: String,
    },
    /// Nobody opened a position.
    NoPosition {
        /// How long the run was.
        within: Seconds,
        /// How long of it nobody could be liquidated, since there was no price that is
        /// taken, or it was denied.
        denied: Seconds,
    },
    /// No price moved so far that a position could become due.
    NoMove {
        /// The most that one moved, of its lowest.
        moved: Bps,
        /// What makes a position of the highest leverage due.
        needed: Bps,
    },
}

/// All reasons: what did not happen, then what is wrong with the prices.
pub(crate) fn of(
    chain: &Chain,
    tuned: &Tuned,
    heard: &[Heard],
    breaker_on: bool,
    within: Seconds,
) -> Vec<Untested> {
    let mut found = vec![];
    let exchange = &chain.tally.exchange;
    if exchange.opened == 0 {
        found.push(Untested::NoPosition {
            within,
            denied: Seconds(chain.denied).min(within),
        });
    }
    let moved = heard.iter().map(Heard::moved).max().unwrap_or_default();
    let needed = needed(tuned.perps.initial_margin, tuned.perps.maintenance_margin);
    if moved < needed {
        found.push(Untested::NoMove { moved, needed });
    }
    let market = &tuned.breaker;
    for source in heard {
        let step = source.step.filter(|step| breaker_on && *step > market.max_age);
        found.extend(step.map(|step| Untested::TooSeldom {
            source: source.name.clone(),
            step,
            max_age: market.max_age,
        }));
    }
    for source in heard.iter().filter(|source| source.is_apart()) {
        found.push(Untested::Apart {
            source: source.name.clone(),
            by: source.apart_at_first.unwrap_or_default(),
            bound: market.max_disagreement,
        });
    }
    found
}

/// What a price must move, of its lowest, to make a position due that has no more than
/// its initial margin: a short's, since a long needs more. Rounded up.
fn needed(initial: Bps, maintenance: Bps) -> Bps {
    const WHOLE: u64 = 10_000;
    let spare = u64::from(initial.0.saturating_sub(maintenance.0));
    let part = (spare * WHOLE).div_ceil(WHOLE + u64::from(maintenance.0));
    Bps(u32::try_from(part).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_could_matter_once_it_eats_what_the_initial_margin_is_above_the_maintenance_margin() {
        // A tenth put up, a twentieth kept: 100 at 10 % is due at 104.77.
        assert_eq!(needed(Bps(1_000), Bps(500)), Bps(477));
        assert_eq!(needed(Bps(500), Bps(500)), Bps(0));
    }
}
