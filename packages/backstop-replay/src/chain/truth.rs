//! What a price that is not true costs traders, and for how long nobody could be
//! liquidated who was due at the true one. The exchange sees what its breaker
//! says; here it is held against what the market was worth.

use backstop_core::perps::margin::Exposure;
use backstop_types::events::{Any, perps};
use backstop_types::{Bps, Price};

use super::book::Book;
use crate::scenario::path::between;
use crate::scenario::tables::{Path, Point};

/// How far from the true price a price still counts as true: what the noise of
/// the sources, and the seconds by which they are late in a fall, come to.
pub const TOLERANCE: Bps = Bps(200);

/// What the market was worth, along points, where somebody knows it.
#[derive(Debug, Clone)]
pub struct Truth {
    /// The points in order of time; the first price holds before it, the last
    /// one after it.
    pub points: Vec<Point>,
    /// How it gets from one to the next.
    pub path: Path,
}

impl Truth {
    /// The true price at `now`, in seconds since the epoch; none without points.
    pub fn at(&self, now: u64) -> Option<Price> {
        let passed = self.points.iter().take_while(|point| point.at.0 <= now).count();
        let from = self.points.get(passed.saturating_sub(1))?;
        Some(Price(between(self.path, from, self.points.get(passed), now)))
    }
}

/// What came of it, over a replay.
#[derive(Debug, Clone, Copy, Default)]
pub struct Harm {
    /// The true price now.
    pub truth: Option<Price>,
    /// What traders got less than at the true price, in base units, fees aside.
    pub lost: u128,
    /// Liquidations and closings at a price that was not true.
    pub closings: u64,
    /// Seconds of blocks in which somebody was due at the true price and could
    /// not be liquidated.
    pub exposed: u64,
}

impl Harm {
    /// Reads what a message did, before the book follows it.
    pub fn read(&mut self, book: &Book, events: &[Any]) {
        use perps::Emitted as E;
        for event in events {
            let (position, price) = match event {
                Any::Perps(E::Liquidated(closed)) => (closed.position, closed.price),
                Any::Perps(E::Closed(closed)) => (closed.position, closed.price),
                _ => continue,
            };
            if let (Some(truth), Some(held)) = (self.truth, book.get(position)) {
                self.closed(&held.exposure, price, truth);
            }
        }
    }

    fn closed(&mut self, exposure: &Exposure, price: Price, truth: Price) {
        if is_true(price, truth) {
            return;
        }
        let left = |price| exposure.equity(price).map_or(0, |equity| equity.left().u128());
        self.closings += 1;
        self.lost += left(truth).saturating_sub(left(price));
    }

    /// Notes a block of so many seconds. `price` is what the exchange could
    /// liquidate at; none where it could not.
    pub fn block(&mut self, book: &Book, price: Option<Price>, seconds: u64) {
        let Some(truth) = self.truth else { return };
        let spared = |id: &u64| price.is_none_or(|price| !book.is_due(*id, price));
        if book.due_for_sure(truth, TOLERANCE).iter().any(spared) {
            self.exposed += seconds;
        }
    }
}

/// Whether a price is within the tolerance of the true one.
fn is_true(price: Price, truth: Price) -> bool {
    let bound = truth.0.saturating_mul(TOLERANCE.decimal());
    price.0.abs_diff(truth.0) <= bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::values::{Exact, Moment};
    use backstop_core::perps::{Side, Size};
    use backstop_types::Assets;
    use cosmwasm_std::Decimal;

    fn price(whole: u64) -> Price {
        Price(Decimal::from_ratio(whole, 1_u64))
    }

    #[test]
    fn the_truth_is_what_is_written_between_before_and_after_its_points() {
        let point = |at, price: u64| Point {
            at: Moment(at),
            price: Exact(Decimal::from_ratio(price, 1_u64)),
            confidence_bps: None,
            published: false,
        };
        let truth = Truth {
            points: vec![point(100, 50), point(200, 70)],
            path: Path::Linear,
        };
        let at = [0, 100, 150, 200, 300].map(|now| truth.at(now));
        assert_eq!(at, [50, 50, 60, 70, 70].map(|whole| Some(price(whole))));
    }

    #[test]
    fn a_closing_costs_what_the_true_price_would_have_left_and_a_better_one_costs_nothing() {
        let exposure = Exposure {
            side: Side::Long,
            size: Size::new(100),
            entry: price(100),
            margin: Assets::new(2_000),
        };
        let cost = |at| {
            let mut harm = Harm::default();
            harm.closed(&exposure, price(at), price(100));
            (harm.closings, harm.lost)
        };
        // 2,000 at 100; 1,000 at 90; nothing at 70, however far it is below.
        assert_eq!(cost(90), (1, 1_000));
        assert_eq!(cost(70), (1, 2_000));
        assert_eq!(cost(120), (1, 0));
        // Two percent is no other price.
        assert_eq!(cost(98), (0, 0));
    }
}
