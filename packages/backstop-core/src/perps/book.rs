//! All positions of one side as sums, kept exactly, so that nothing ever has to
//! loop over them: open interest, margins, and the value at which they were
//! entered.

use backstop_types::{Assets, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint256;

use super::margin::Exposure;
use super::units::{Pnl, Side, Size};
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

    /// What the side would win or lose together at `price`: its profit at most
    /// what is set aside for it, its loss at most its margins.
    pub fn pnl(&self, side: Side, price: Price) -> Result<Pnl, MathError> {
        let now = self.size.value(price)?;
        let ceiling = self.entry_value.checked_add(self.entry_value)?;
        let (end, start) = match side {
            Side::Long => (now.min(ceiling), self.entry_value),
            Side::Short => (self.entry_value, now),
        };
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
        fn a_side_never_counts_less_profit_than_its_sum(all in positions(Side::Short), price in 0..1u128 << 70) {
            let price = Price(Decimal::raw(price));
            let mut book = SideBook::default();
            let mut sum = 0i128;
            for position in &all {
                book.add(position).unwrap();
                sum += match position.pnl(price).unwrap() {
                    Pnl::Profit(won) => won.u128() as i128,
                    Pnl::Loss(lost) => -(lost.u128() as i128),
                };
            }
            let together = book.pnl(Side::Short, price).unwrap();
            if sum > 0 {
                prop_assert!(together.profit().u128() as i128 >= sum.min(book.set_aside.u128() as i128));
            }
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
        let _ = book.pnl(Side::Long, Price(Decimal::MAX));
    }
}
