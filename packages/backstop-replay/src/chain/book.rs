//! A mirror of the exchange's open positions with the price at which each is
//! due, so that a block without anything due asks the chain nothing.

use std::collections::BTreeMap;

use backstop_core::perps::{Side, margin::Exposure};
use backstop_prices::decimal::double;
use backstop_testing::World;
use backstop_types::events::{Any, perps};
use backstop_types::{Assets, Bps, Price};
use cosmwasm_std::{Addr, Uint128};
use sample_perps::state::POSITIONS;

/// The open positions by number.
#[derive(Default)]
pub struct Book {
    open: BTreeMap<u64, Held>,
}

/// One open position.
#[derive(Debug, Clone)]
pub struct Held {
    /// Whose.
    pub owner: Addr,
    /// Side, size, entry, margin.
    pub exposure: Exposure,
    maintenance: Bps,
    /// About where it becomes due: the exact rule decides near it.
    trigger: f64,
}

impl Book {
    /// Follows the exchange's events.
    pub fn follow(&mut self, world: &World, events: &[Any]) {
        events
            .iter()
            .filter_map(moved)
            .for_each(|id| self.reload(world, id));
    }

    fn reload(&mut self, world: &World, id: u64) {
        let storage = world.app.contract_storage(&world.perps);
        match POSITIONS.may_load(&*storage, id) {
            Ok(Some(position)) => {
                let maintenance = position.terms.maintenance_margin;
                self.open.insert(
                    id,
                    Held {
                        trigger: trigger(&position.exposure, maintenance),
                        owner: position.owner,
                        exposure: position.exposure,
                        maintenance,
                    },
                );
            }
            _ => {
                self.open.remove(&id);
            }
        }
    }

    /// The positions that are below their maintenance margin at `price`.
    pub fn due(&self, price: Price) -> Vec<u64> {
        let near = double(price.0);
        let due = self
            .open
            .iter()
            .filter(|(_, held)| held.near(near) && held.is_due(price));
        due.map(|(id, _)| *id).collect()
    }

    /// The positions that are below their maintenance margin at `price`, and still
    /// are where it is better for them by `tolerance`.
    pub fn due_for_sure(&self, price: Price, tolerance: Bps) -> Vec<u64> {
        let step = price.0.saturating_mul(tolerance.decimal());
        let better = |side| match side {
            Side::Long => Price(price.0.saturating_add(step)),
            Side::Short => Price(price.0.saturating_sub(step)),
        };
        let (long, short) = (better(Side::Long), better(Side::Short));
        let due = self.open.iter().filter(|(_, held)| {
            let at = match held.exposure.side {
                Side::Long => long,
                Side::Short => short,
            };
            held.near(double(at.0)) && held.is_due(at)
        });
        due.map(|(id, _)| *id).collect()
    }

    /// Whether any position is below its maintenance margin at one of these prices.
    pub fn any_due(&self, mut prices: impl Iterator<Item = Price>) -> bool {
        let due = |held: &Held, price: Price| held.near(double(price.0)) && held.is_due(price);
        prices.any(|price| self.open.values().any(|held| due(held, price)))
    }

    /// Whether the position is open and below its maintenance margin.
    pub fn is_due(&self, id: u64, price: Price) -> bool {
        self.open.get(&id).is_some_and(|held| held.is_due(price))
    }

    /// Whether any position of this side has won at `price`.
    pub fn has_winner(&self, side: Side, price: Price) -> bool {
        let wins = |held: &Held| {
            held.exposure.side == side && held.exposure.pnl(price).is_ok_and(|pnl| !pnl.profit().is_zero())
        };
        self.open.values().any(wins)
    }

    /// The position, if it is open.
    pub fn get(&self, id: u64) -> Option<&Held> {
        self.open.get(&id)
    }

    /// What all open positions together are below zero at `price`.
    pub fn underwater(&self, price: Price) -> Assets {
        let near = double(price.0);
        let missing = |held: &Held| {
            let equity = held.exposure.equity(price);
            equity.map_or(Uint128::zero(), |equity| equity.missing().0)
        };
        // What is below zero is due.
        let due = self.open.values().filter(|held| held.near(near));
        Assets(due.map(missing).sum())
    }

    /// What the liquidity providers would have at `price` if all positions closed there:
    /// what traders won is paid out of `cash`, and each loses its margin at most.
    pub fn left_of(&self, cash: Assets, price: Price) -> Assets {
        let (mut gained, mut owed) = (cash.0, Uint128::zero());
        for held in self.open.values() {
            if let Ok(pnl) = held.exposure.pnl(price) {
                gained += pnl.loss().0.min(held.exposure.margin.0);
                owed += pnl.profit().0;
            }
        }
        Assets(gained.saturating_sub(owed))
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open.len()
    }
}

impl Held {
    fn near(&self, price: f64) -> bool {
        const SLACK: f64 = 1e-6;
        match self.exposure.side {
            Side::Long => price < self.trigger * (1.0 + SLACK),
            Side::Short => price > self.trigger * (1.0 - SLACK),
        }
    }

    fn is_due(&self, price: Price) -> bool {
        self.exposure.meets(price, self.maintenance) == Ok(false)
    }
}

/// The position that an event opened, changed or closed.
fn moved(event: &Any) -> Option<u64> {
    use perps::Emitted as E;
    let Any::Perps(event) = event else { return None };
    match event {
        E::Opened(opened) => Some(opened.position),
        E::MarginAdded(added) => Some(added.position),
        E::Closed(closed) => Some(closed.position),
        E::Liquidated(liquidated) => Some(liquidated.position),
        E::Deleveraged(deleveraged) => Some(deleveraged.position),
        _ => None,
    }
}

/// Where margin and profit are the maintenance margin:
/// `margin ± size × (p − entry) = m × size × p`.
fn trigger(exposure: &Exposure, maintenance: Bps) -> f64 {
    let size = exposure.size.u128() as f64;
    let margin = exposure.margin.u128() as f64;
    let value = size * double(exposure.entry.0);
    let part = f64::from(maintenance.0) / 10_000.0;
    match exposure.side {
        Side::Long => (value - margin) / (size * (1.0 - part)),
        Side::Short => (value + margin) / (size * (1.0 + part)),
    }
}
