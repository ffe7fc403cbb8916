//! The words of a position: its side, its size, and what it has won or lost,
//! with the few exact 256-bit products that everything else is made of.

use std::fmt;

pub use backstop_types::Side;
use backstop_types::{Assets, Bps, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint128, Uint256};

use crate::math::{MathError, mul_div_ceil, mul_div_floor, narrow};

/// How much of the market's base a position moves with, in base units. The base
/// is counted with as many decimals as the asset, so that `size × price` is an
/// amount of the asset: with a six-digit asset, 1,500,000 is 1.5 LUNA.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub struct Size(pub Uint128);

impl Size {
    /// `size` base units.
    pub const fn new(size: u128) -> Self {
        Self(Uint128::new(size))
    }

    /// The bare number of base units.
    pub const fn u128(self) -> u128 {
        self.0.u128()
    }

    /// Whether there is none.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The sum, or an error past 2¹²⁸ − 1.
    pub fn checked_add(self, other: Self) -> Result<Self, MathError> {
        Ok(Self(self.0.checked_add(other.0)?))
    }

    /// The difference, or an error below zero.
    pub fn checked_sub(self, other: Self) -> Result<Self, MathError> {
        Ok(Self(self.0.checked_sub(other.0)?))
    }

    /// `size × price` in asset units times 10¹⁸, exactly.
    pub fn value(self, price: Price) -> Result<Uint256, MathError> {
        let price = Uint256::from(price.0.atomics());
        Ok(Uint256::from(self.0).checked_mul(price)?)
    }

    /// `size × price`, rounded down.
    pub fn notional_down(self, price: Price) -> Result<Assets, MathError> {
        assets(self.value(price)?.checked_div(ONE)?)
    }

    /// `size × price`, rounded up.
    pub fn notional_up(self, price: Price) -> Result<Assets, MathError> {
        assets(mul_div_ceil(self.value(price)?, Uint256::one(), ONE)?)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a position, or a whole side, has won or lost at some price.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Pnl {
    /// Won, rounded down.
    Profit(Assets),
    /// Lost, rounded up.
    Loss(Assets),
}

impl Pnl {
    /// What was won, or nothing.
    pub const fn profit(self) -> Assets {
        match self {
            Self::Profit(won) => won,
            Self::Loss(_) => Assets::ZERO,
        }
    }

    /// What was lost, or nothing.
    pub const fn loss(self) -> Assets {
        match self {
            Self::Profit(_) => Assets::ZERO,
            Self::Loss(lost) => lost,
        }
    }

    /// From two values times 10¹⁸: profits round down, losses up.
    pub(crate) fn between(now: Uint256, entry: Uint256) -> Result<Self, MathError> {
        if now >= entry {
            let won = now.checked_sub(entry)?.checked_div(ONE)?;
            return Ok(Self::Profit(assets(won)?));
        }
        let lost = mul_div_ceil(entry.checked_sub(now)?, Uint256::one(), ONE)?;
        Ok(Self::Loss(assets(lost)?))
    }
}

/// A price's 18 decimals.
pub(crate) const ONE: Uint256 = Uint256::from_u128(1_000_000_000_000_000_000);

/// Back to 128 bits, as an amount of the asset.
pub(crate) fn assets(wide: Uint256) -> Result<Assets, MathError> {
    Ok(Assets(narrow(wide)?))
}

/// `part` of an amount, rounded up.
pub fn part_up(amount: Assets, part: Bps) -> Result<Assets, MathError> {
    let whole = Uint256::from(Bps::ONE.0);
    assets(mul_div_ceil(amount.wide(), Uint256::from(part.0), whole)?)
}

/// `part` of an amount, rounded down.
pub fn part_down(amount: Assets, part: Bps) -> Result<Assets, MathError> {
    let whole = Uint256::from(Bps::ONE.0);
    assets(mul_div_floor(amount.wide(), Uint256::from(part.0), whole)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_largest_numbers_do_not_panic(size in any::<u128>(), price in any::<u128>(), part in any::<u32>()) {
            for (size, price) in [(size, price), (u128::MAX, u128::MAX)] {
                let price = Price(Decimal::raw(price));
                let _ = Size::new(size).notional_up(price);
                let _ = Size::new(size).notional_down(price);
                let _ = part_up(Assets::new(size), Bps(part));
                let _ = part_down(Assets::new(size), Bps(part));
            }
        }
    }

    #[test]
    fn a_profit_rounds_down_and_a_loss_up() {
        let half = Uint256::from(500_000_000_000_000_000u128);
        assert_eq!(
            Pnl::between(ONE + half, Uint256::zero()),
            Ok(Pnl::Profit(Assets::ONE))
        );
        assert_eq!(
            Pnl::between(Uint256::zero(), ONE + half),
            Ok(Pnl::Loss(Assets::new(2)))
        );
    }
}
