//! What liquidation cost, by cause. A position that is closed below zero was
//! somewhere when it became due; what the price cost is what it missed then.
//! What a block added in which nobody was allowed to liquidate, or knew a price,
//! is the trips', and what any other block added is the keepers'. Where waiting helped,
//! what it gave back is the rebound's. Price, trips and keepers less the rebound are
//! what was missing at the closing. Slippage and fees come out of the
//! trader's margin and are never missing; selling what was taken over is the
//! liquidity providers' affair.

use backstop_core::perps::margin::Exposure;
use backstop_prices::decimal::double;
use backstop_types::events::{Any, perps};
use backstop_types::{Assets, Price};
use cosmwasm_std::Uint128;

use crate::scenario::tables::Venues;

/// All liquidations together: `missing = price + trips + keepers − rebound`.
#[derive(Debug, Clone, Copy, Default)]
pub struct LiquidationCost {
    /// How many.
    pub liquidations: u64,
    /// How many of them were below zero at their closing.
    pub below_zero: u64,
    /// Missing at the price at which each became due.
    pub price: Assets,
    /// Added while the breaker allowed no liquidation.
    pub trips: Assets,
    /// Added while keepers were late or their messages did not get in.
    pub keepers: Assets,
    /// Given back by a price that recovered while positions waited.
    pub rebound: Assets,
    /// Of what was missing, what the insurance fund paid; the rest is asked of
    /// the pool.
    pub insured: Assets,
    /// Tries that did not get into their block.
    pub congested: u64,
    /// The most blocks that passed from being due to being closed.
    pub longest_wait: u64,
    /// What the exchange charged for the size, out of margins.
    pub slippage: Assets,
    /// Keepers' and insurance fund's fees.
    pub fees: Assets,
    /// What selling it on the venues would have cost the liquidity providers.
    pub unwinding: Assets,
}

/// What is known of a position that is due.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    block: u64,
    at_first: i128,
    now: i128,
    /// Whether it could have been liquidated in the last block that it saw.
    allowed: bool,
    trips: i128,
    keepers: i128,
}

impl Due {
    /// A position that has just become due, in a block in which its liquidation
    /// is allowed or not.
    pub fn new(block: u64, exposure: &Exposure, price: Price, allowed: bool) -> Self {
        let missing = missing(exposure, price);
        Self {
            block,
            at_first: missing,
            now: missing,
            allowed,
            trips: 0,
            keepers: 0,
        }
    }

    /// A position that became due while there was no price, of which the last
    /// known one was `before`: what was added since is the trip's.
    pub fn unseen(block: u64, exposure: &Exposure, before: Price, price: Price, allowed: bool) -> Self {
        let mut due = Self::new(block, exposure, before, false);
        due.wait(exposure, price, allowed);
        due
    }

    /// A block without a price, in which nobody could liquidate.
    pub fn blind(&mut self) {
        self.allowed = false;
    }

    /// The next block. What was added since the last one is due to whatever
    /// stood in the way then.
    pub fn wait(&mut self, exposure: &Exposure, price: Price, allowed: bool) {
        let missing = missing(exposure, price);
        let whose = if self.allowed {
            &mut self.keepers
        } else {
            &mut self.trips
        };
        *whose += missing - self.now;
        (self.now, self.allowed) = (missing, allowed);
    }
}

impl LiquidationCost {
    /// Adds a liquidation at `price` in `block`.
    pub fn add(
        &mut self,
        due: Due,
        block: u64,
        exposure: &Exposure,
        event: &perps::Liquidated,
        selling: Selling,
        price: Price,
    ) {
        self.liquidations += 1;
        self.below_zero += u64::from(missing(exposure, price) > 0);
        self.price.0 += Uint128::new(due.at_first.unsigned_abs());
        for (whose, change) in [(&mut self.trips, due.trips), (&mut self.keepers, due.keepers)] {
            let whose = if change < 0 { &mut self.rebound } else { whose };
            whose.0 += Uint128::new(change.unsigned_abs());
        }
        self.longest_wait = self.longest_wait.max(block - due.block);
        self.insured.0 += insured(exposure, event, price);
        self.slippage.0 += slippage(exposure, event, price);
        self.fees.0 += event.keeper_fee.0 + event.to_insurance.0;
        let notional = exposure.size.u128() as f64 * double(price.0);
        self.unwinding.0 += Uint128::new(selling.cost(notional) as u128);
    }

    /// What was missing at the closings, all together.
    pub fn missing(&self) -> Assets {
        let added = Assets(self.price.0 + self.trips.0 + self.keepers.0);
        added.saturating_sub(self.rebound)
    }
}

/// The liquidation in what a message brought about, if it was one.
pub fn liquidated(events: &[Any]) -> Option<&perps::Liquidated> {
    events.iter().find_map(|event| match event {
        Any::Perps(perps::Emitted::Liquidated(liquidated)) => Some(liquidated),
        _ => None,
    })
}

/// Of what was missing, what the insurance fund paid.
fn insured(exposure: &Exposure, event: &perps::Liquidated, price: Price) -> Uint128 {
    let missing = missing(exposure, price).unsigned_abs();
    Uint128::new(missing.saturating_sub(event.missing.u128()))
}

/// What the exchange charged for the size: of what its pool received, what was
/// neither the loss nor the insurance fund's part of it.
fn slippage(exposure: &Exposure, event: &perps::Liquidated, price: Price) -> Uint128 {
    let loss = exposure.pnl(price).map_or(Uint128::zero(), |pnl| pnl.loss().0);
    let received = event.to_pool.0;
    received.saturating_sub(loss.min(exposure.margin.0) + insured(exposure, event, price))
}

fn missing(exposure: &Exposure, price: Price) -> i128 {
    let missing = exposure.equity(price).map_or(0, |equity| equity.missing().u128());
    i128::try_from(missing).unwrap_or(i128::MAX)
}

/// What a sale costs on the venues now.
#[derive(Debug, Clone, Copy)]
pub struct Selling {
    depth: f64,
    impact: f64,
    most: f64,
}

impl Selling {
    /// On `venues` after the price ranged over `range_bps` within the hour.
    pub fn new(venues: &Venues, range_bps: f64) -> Self {
        let thinner = 1.0 + range_bps / venues.halved_at_bps as f64;
        Self {
            depth: venues.depth.0 as f64 / thinner,
            impact: venues.impact_bps as f64 / 10_000.0,
            most: venues.max_bps as f64 / 10_000.0,
        }
    }

    /// `notional × min(most, impact × notional / depth)`.
    fn cost(&self, notional: f64) -> f64 {
        notional * (self.impact * notional / self.depth).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::values::Amount;
    use backstop_core::perps::{Side, Size};
    use cosmwasm_std::{Addr, Decimal};

    fn price(whole: u64) -> Price {
        Price(Decimal::from_ratio(whole, 1_u64))
    }

    fn venues() -> Venues {
        Venues {
            depth: Amount(1_000_000),
            impact_bps: 10,
            max_bps: 2_000,
            halved_at_bps: 36,
        }
    }

    #[test]
    fn a_sale_costs_more_the_larger_it_is_and_the_wilder_the_market() {
        let at = |range, notional| Selling::new(&venues(), range).cost(notional);
        // The depth for 0.1 %.
        assert_eq!(at(0.0, 1_000_000.0), 1_000.0);
        assert_eq!(at(0.0, 2_000_000.0), 4_000.0);
        assert_eq!(at(36.0, 1_000_000.0), 2_000.0);
        assert_eq!(at(72.0, 1_000_000.0), 3_000.0);
        // Never more than a fifth.
        assert_eq!(at(1e6, 1_000_000.0), 200_000.0);
    }

    #[test]
    fn what_waiting_adds_is_whose_who_made_it_wait() {
        let exposure = Exposure {
            side: Side::Long,
            size: Size::new(100),
            entry: price(10),
            margin: Assets::new(100),
        };
        // At 8 it is 100 below zero, and can be liquidated; it is not. At 7 it
        // cannot, until 5; nobody comes before 4.
        let mut due = Due::new(0, &exposure, price(8), true);
        due.wait(&exposure, price(7), false);
        due.wait(&exposure, price(5), true);
        due.wait(&exposure, price(4), true);
        assert_eq!((due.at_first, due.trips, due.keepers), (100, 200, 200));
        assert_eq!(
            due.at_first + due.trips + due.keepers,
            missing(&exposure, price(4))
        );
    }

    #[test]
    fn what_a_rebound_gives_back_is_neither_the_trips_nor_the_keepers() {
        let exposure = Exposure {
            side: Side::Long,
            size: Size::new(100),
            entry: price(10),
            margin: Assets::new(100),
        };
        // 300 below zero at 6; the trip ends at 8, the keeper comes at 7.
        let mut due = Due::new(0, &exposure, price(6), false);
        due.wait(&exposure, price(8), true);
        due.wait(&exposure, price(7), true);
        let mut cost = LiquidationCost::default();
        let selling = Selling::new(&venues(), 0.0);
        cost.add(
            due,
            2,
            &exposure,
            &liquidated_at(price(7), 200),
            selling,
            price(7),
        );
        let parts = [cost.price, cost.trips, cost.keepers, cost.rebound, cost.missing()];
        assert_eq!(parts.map(Assets::u128), [300, 0, 100, 200, 200]);
    }

    fn liquidated_at(price: Price, missing: u128) -> perps::Liquidated {
        perps::Liquidated {
            keeper: Addr::unchecked("keeper"),
            trader: Addr::unchecked("trader"),
            position: 1,
            price,
            keeper_fee: Assets::ZERO,
            to_trader: Assets::ZERO,
            to_insurance: Assets::ZERO,
            from_insurance: Assets::ZERO,
            to_pool: Assets::new(100),
            from_pool: Assets::ZERO,
            missing: Assets::new(missing),
            shortfall: Some(1),
        }
    }

    #[test]
    fn what_a_time_without_a_price_adds_is_the_trips() {
        let exposure = Exposure {
            side: Side::Long,
            size: Size::new(100),
            entry: price(10),
            margin: Assets::new(100),
        };
        // Not below zero at 9, when prices end; 300 below at 6, when they return.
        let unseen = Due::unseen(0, &exposure, price(9), price(6), true);
        assert_eq!((unseen.at_first, unseen.trips, unseen.keepers), (0, 300, 0));
        let mut queued = Due::new(0, &exposure, price(8), true);
        queued.blind();
        queued.wait(&exposure, price(6), true);
        assert_eq!((queued.at_first, queued.trips, queued.keepers), (100, 200, 0));
    }

    #[test]
    fn the_default_depth_is_what_was_seen_after_a_fall_of_9_7_percent() {
        // The price of 100 BTC both ways went from 0.02 % to 0.56 %.
        let cost = |range| Selling::new(&Venues::default(), range).cost(1_000_000e6) / 1_000_000e6;
        assert!((cost(970.0) / cost(0.0) - 28.0).abs() < 0.1);
    }
}
