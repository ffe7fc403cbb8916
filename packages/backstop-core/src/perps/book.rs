//! All positions of one side as sums, kept exactly, so that nothing ever has to
//! loop over them: open interest, margins, and the value at which they were
//! entered.

use backstop_types::{Assets, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint256;

use super::margin::Exposure;
use super::units::{ONE, Pnl, Side, Size};
use crate::math::MathError;

/// The sums of one side.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct SideBook {
    /// How many positions.
    pub positions: u64,
    /// Σ size.
    pub size: Size,
    /// Σ size × entry, times 10¹⁸: exact.
    pub entry_value: Uint256,
    /// Σ of what is set aside: the open interest, in asset units.
    pub set_aside: Assets,
    /// Σ margin.
    pub margin: Assets,
}

impl SideBook {
    /// Adds a position.
    pub fn add(&mut self, position: &Exposure) -> Result<(), MathError> {
        self.positions = self.positions.saturating_add(1);
        self.size = self.size.checked_add(position.size)?;
        self.entry_value = self
            .entry_value
            .checked_add(position.size.value(position.entry)?)?;
        self.set_aside = self.set_aside.checked_add(position.set_aside()?)?;
        self.margin = self.margin.checked_add(position.margin)?;
        Ok(())
    }

    /// Takes out a position that was added as it is now.
    pub fn remove(&mut self, position: &Exposure) -> Result<(), MathError> {
        self.positions = self.positions.saturating_sub(1);
        self.size = self.size.checked_sub(position.size)?;
        self.entry_value = self
            .entry_value
            .checked_sub(position.size.value(position.entry)?)?;
        self.set_aside = self.set_aside.checked_sub(position.set_aside()?)?;
        self.margin = self.margin.checked_sub(position.margin)?;
        Ok(())
    }

    /// What the side would win or lose together at `price`, each position no more
    /// than its margin: `sunk` is by how much the losses of those that have sunk
    /// are more. The profit is at most what is set aside.
    pub fn pnl(&self, side: Side, price: Price, sunk: Assets) -> Result<Pnl, MathError> {
        let now = self.size.value(price)?;
        let ceiling = self.entry_value.checked_add(self.entry_value)?;
        let (end, start) = match side {
            Side::Long => (now.min(ceiling), self.entry_value),
            Side::Short => (self.entry_value, now),
        };
        let end = end.checked_add(sunk.wide().checked_mul(ONE)?)?;
        if end >= start {
            // Rounded up here: it is the pool's debt.
            let won = match Pnl::between(start, end)? {
                Pnl::Loss(owed) => owed,
                Pnl::Profit(none) => none,
            };
            return Ok(Pnl::Profit(won.min(self.set_aside)));
        }
        Ok(Pnl::Loss(Pnl::between(end, start)?.loss().min(self.margin)))
    }

    /// The most that the side could be worth to the pool at `mark`: its loss in
    /// full, also beyond its margins, since insurance fund, backstop and
    /// deleveraging may make that good; its profit at least. For longs `mark` is
    /// at most the ceiling of the one with the lowest entry, so that no
    /// position's profit is counted beyond its own.
    pub fn pnl_at_best(&self, side: Side, mark: Price) -> Result<Pnl, MathError> {
        let now = self.size.value(mark)?;
        match side {
            Side::Long => Pnl::between(now, self.entry_value),
            Side::Short => Pnl::between(self.entry_value, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    fn positions(side: Side) -> impl Strategy<Value = Vec<Exposure>> {
        let one = (1..1u128 << 50, 1..1u128 << 70, 0..1u128 << 60).prop_map(move |(size, entry, margin)| {
            Exposure {
                side,
                size: Size::new(size),
                entry: Price(Decimal::raw(entry)),
                margin: Assets::new(margin),
            }
        });
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn what_is_added_and_removed_leaves_nothing(all in positions(Side::Short)) {
            let mut book = SideBook::default();
            for position in &all {
                book.add(position).unwrap();
            }
            for position in &all {
                book.remove(position).unwrap();
            }
            prop_assert_eq!(book, SideBook::default());
        }

        #[test]
        fn a_side_is_worth_no_more_than_its_positions_each_bounded_by_its_margin(
            side in prop_oneof![Just(Side::Long), Just(Side::Short)],
            all in positions(Side::Short),
            price in 0..1u128 << 70,
        ) {
            let price = Price(Decimal::raw(price));
            let mut book = SideBook::default();
            let (mut owed, mut due, mut sunk) = (0u128, 0u128, Assets::ZERO);
            for position in &all {
                let position = Exposure { side, ..*position };
                book.add(&position).unwrap();
                let pnl = position.pnl(price).unwrap();
                owed += pnl.profit().u128();
                due += pnl.loss().min(position.margin).u128();
                let missing = position.equity(price).unwrap().missing();
                let beyond = position.sinks_beyond().unwrap();
                prop_assert_eq!(super::super::margin::sunk(side, beyond, price), !missing.is_zero());
                sunk = sunk.checked_add(missing).unwrap();
            }
            let together = book.pnl(side, price, sunk).unwrap();
            let to_pool = |pnl: Pnl| pnl.loss().u128() as i128 - pnl.profit().u128() as i128;
            // A loss rounds up once here and once a position there.
            prop_assert!(to_pool(together) <= due as i128 - owed as i128 + 1);
            prop_assert!(together.loss() <= book.margin);
        }
    }

    #[test]
    fn the_largest_numbers_do_not_panic() {
        let mut book = SideBook::default();
        let position = Exposure {
            side: Side::Long,
            size: Size::new(u128::MAX),
            entry: Price(Decimal::MAX),
            margin: Assets::new(u128::MAX),
        };
        assert!(book.add(&position).is_err());
        assert!(book.remove(&position).is_err());
        let _ = book.pnl(Side::Long, Price(Decimal::MAX), Assets::new(u128::MAX));
        assert_eq!(
            position.sinks_beyond().unwrap(),
            Price(Decimal::raw(u128::MAX - 1_000_000_000_000_000_000))
        );
    }
}
