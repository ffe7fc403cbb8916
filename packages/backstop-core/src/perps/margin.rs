//! What a position is worth and whether it may stand. All checks are at the
//! breaker's price, not at a fill: a position is not liquidated because its own
//! closing would move the quote.

use backstop_types::{Assets, Bps, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint256};

use super::units::{ONE, part_up};
use super::{Pnl, Side, Size};
use crate::math::{MathError, mul_div_floor, narrow_or_max};

/// A position, as far as arithmetic goes.
#[cw_serde]
#[derive(Copy)]
pub struct Exposure {
    /// Long or short.
    pub side: Side,
    /// How much of the base.
    pub size: Size,
    /// The fill at which it was opened.
    pub entry: Price,
    /// What the trader has put up and not lost.
    pub margin: Assets,
}

impl Exposure {
    /// `size × entry`, rounded up: what the pool sets aside for the position,
    /// and the most that it can win. A short can win no more since prices end
    /// at zero; a long's profit ends at twice its entry.
    pub fn set_aside(&self) -> Result<Assets, MathError> {
        self.size.notional_up(self.entry)
    }

    /// What it has won or lost at `price`: `size × (price − entry)` for a long,
    /// the negative for a short, and never more than [`Self::set_aside`].
    pub fn pnl(&self, price: Price) -> Result<Pnl, MathError> {
        let now = self.size.value(price)?;
        let then = self.size.value(self.entry)?;
        Ok(match self.side {
            Side::Long => {
                // Capped before it is narrowed, so that no price is too high.
                let ceiling = then.checked_add(then)?;
                Pnl::between(now.min(ceiling), then)?
            }
            Side::Short => Pnl::between(then, now)?,
        })
    }

    /// The price that the position still moves with: a long at its ceiling no
    /// longer does, and is valued and closed at twice its entry.
    pub fn mark(&self, price: Price) -> Price {
        match self.side {
            Side::Long => price.min(ceiling(self.entry)),
            Side::Short => price,
        }
    }

    /// Margin and profit, or what is left of the margin.
    pub fn equity(&self, price: Price) -> Result<Equity, MathError> {
        Equity::of(self.margin, self.pnl(price)?)
    }

    /// The equity that `part` of the notional at [`Self::mark`] asks for, rounded
    /// up.
    pub fn required(&self, price: Price, part: Bps) -> Result<Assets, MathError> {
        part_up(self.size.notional_up(self.mark(price))?, part)
    }

    /// Whether the equity is at least [`Self::required`].
    pub fn meets(&self, price: Price, part: Bps) -> Result<bool, MathError> {
        let required = self.required(price, part)?;
        Ok(match self.equity(price)? {
            Equity::Left(left) => left >= required,
            Equity::Missing(_) => false,
        })
    }
}

impl Exposure {
    /// The price beyond which the loss is more than the margin: below it for a
    /// long, above it for a short.
    pub fn sinks_beyond(&self) -> Result<Price, MathError> {
        let entry = self.entry.0.atomics();
        let bears = mul_div_floor(self.margin.wide(), ONE, Uint256::from(self.size.0))?;
        let bears = narrow_or_max(bears);
        let atomics = match self.side {
            Side::Long => entry.saturating_sub(bears),
            Side::Short => entry.saturating_add(bears),
        };
        Ok(Price(Decimal::new(atomics)))
    }
}

/// Whether a position that sinks beyond the one price has sunk at the other.
pub fn sunk(side: Side, beyond: Price, price: Price) -> bool {
    match side {
        Side::Long => price < beyond,
        Side::Short => price > beyond,
    }
}

/// Where a position stands among those of its side that sink: the smaller, the
/// earlier.
pub fn sinking_rank(side: Side, beyond: Price) -> u128 {
    let beyond = beyond.0.atomics().u128();
    match side {
        Side::Long => !beyond,
        Side::Short => beyond,
    }
}

/// Where the profit of a long that was opened at `entry` ends.
pub fn ceiling(entry: Price) -> Price {
    Price(entry.0.saturating_add(entry.0))
}

/// Margin plus profit or minus loss.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Equity {
    /// That much is the trader's.
    Left(Assets),
    /// The loss is larger than the margin by that much, at least 1.
    Missing(Assets),
}

impl Equity {
    /// `margin + pnl`.
    pub fn of(margin: Assets, pnl: Pnl) -> Result<Self, MathError> {
        Ok(match pnl {
            Pnl::Profit(won) => Self::Left(margin.checked_add(won)?),
            Pnl::Loss(lost) if lost > margin => Self::Missing(lost.checked_sub(margin)?),
            Pnl::Loss(lost) => Self::Left(margin.checked_sub(lost)?),
        })
    }

    /// What is the trader's, or nothing.
    pub const fn left(self) -> Assets {
        match self {
            Self::Left(left) => left,
            Self::Missing(_) => Assets::ZERO,
        }
    }

    /// What is missing, or nothing.
    pub const fn missing(self) -> Assets {
        match self {
            Self::Left(_) => Assets::ZERO,
            Self::Missing(missing) => missing,
        }
    }
}

/// A position at a price, for keepers and pages.
#[cw_serde]
#[derive(Copy)]
pub struct Valuation {
    /// The price.
    pub price: Price,
    /// `size × mark`, rounded up.
    pub notional: Assets,
    /// Won or lost.
    pub pnl: Pnl,
    /// Margin and profit, or what is missing.
    pub equity: Equity,
    /// The equity below which anyone may liquidate it.
    pub maintenance: Assets,
    /// Whether anyone may.
    pub liquidatable: bool,
}

/// What keepers ask: a position at a price, under its maintenance margin.
pub fn valuation(position: &Exposure, price: Price, maintenance: Bps) -> Result<Valuation, MathError> {
    Ok(Valuation {
        price,
        notional: position.size.notional_up(position.mark(price))?,
        pnl: position.pnl(price)?,
        equity: position.equity(price)?,
        maintenance: position.required(price, maintenance)?,
        liquidatable: !position.meets(price, maintenance)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    fn exposure(side: Side, size: u128, entry: u128, margin: u128) -> Exposure {
        Exposure {
            side,
            size: Size::new(size),
            entry: Price(Decimal::raw(entry)),
            margin: Assets::new(margin),
        }
    }

    /// Equity as one signed number, to compare.
    fn signed(equity: Equity) -> i128 {
        equity.left().u128() as i128 - equity.missing().u128() as i128
    }

    proptest! {
        #[test]
        fn a_long_and_a_short_of_one_size_and_entry_win_and_lose_the_same(
            size in 0..1u128 << 64, entry in 1..1u128 << 90, price in 0..1u128 << 90,
        ) {
            // Up to the long's ceiling, where the pool keeps the rest.
            let price = Price(Decimal::raw(price.min(entry * 2)));
            let long = exposure(Side::Long, size, entry, 0).pnl(price).unwrap();
            let short = exposure(Side::Short, size, entry, 0).pnl(price).unwrap();
            let (won, lost) = if long.loss().is_zero() { (long, short) } else { (short, long) };
            // Exact but for the rounding, which is the pool's.
            let rounding = lost.loss().u128() - won.profit().u128();
            prop_assert!(rounding <= 1, "{long:?} {short:?}");
        }

        #[test]
        fn equity_moves_one_way_with_the_price(
            size in 0..1u128 << 64, entry in 1..1u128 << 90, margin in 0..1u128 << 90,
            a in 0..1u128 << 90, b in 0..1u128 << 90,
        ) {
            let (low, high) = (Price(Decimal::raw(a.min(b))), Price(Decimal::raw(a.max(b))));
            let long = exposure(Side::Long, size, entry, margin);
            prop_assert!(signed(long.equity(low).unwrap()) <= signed(long.equity(high).unwrap()));
            let short = exposure(Side::Short, size, entry, margin);
            prop_assert!(signed(short.equity(low).unwrap()) >= signed(short.equity(high).unwrap()));
        }

        #[test]
        fn no_position_wins_more_than_was_set_aside(
            size in 0..1u128 << 64, entry in 1..1u128 << 90, price in any::<u128>(), long in any::<bool>(),
        ) {
            let side = if long { Side::Long } else { Side::Short };
            let position = exposure(side, size, entry, 0);
            if let Ok(pnl) = position.pnl(Price(Decimal::raw(price))) {
                prop_assert!(pnl.profit() <= position.set_aside().unwrap());
            }
        }

        #[test]
        fn no_price_is_so_high_that_a_winning_long_is_liquidated(
            size in 1..1u128 << 64, entry in 1..1u128 << 90, margin in 0..1u128 << 64, price in 0..1u128 << 120, part in 0..=5_000u32,
        ) {
            let long = exposure(Side::Long, size, entry, margin);
            // One unit of rounding at most where size × entry is below a unit.
            let long = Exposure { margin: long.margin.checked_add(Assets::ONE).unwrap(), ..long };
            if price >= entry * 2 {
                prop_assert!(long.meets(Price(Decimal::raw(price)), Bps(part)).unwrap());
            }
        }

        #[test]
        fn the_largest_numbers_do_not_panic(
            size in any::<u128>(), entry in any::<u128>(), margin in any::<u128>(), price in any::<u128>(), part in any::<u32>(),
        ) {
            for (size, entry, margin, price) in [(size, entry, margin, price), (u128::MAX, u128::MAX, u128::MAX, u128::MAX)] {
                for side in [Side::Long, Side::Short] {
                    let position = exposure(side, size, entry, margin);
                    let price = Price(Decimal::raw(price));
                    let _ = position.set_aside();
                    let _ = valuation(&position, price, Bps(part));
                }
            }
        }
    }

    #[test]
    fn a_position_may_be_liquidated_below_its_maintenance_margin_not_at_it() {
        // 1,000 at 1.00 with a margin of 100; maintenance 5 %.
        let one = 1_000_000_000_000_000_000;
        let long = exposure(Side::Long, 1_000, one, 100);
        let at = |percent| Price(Decimal::percent(percent));
        // At 0.95: equity 50, asked 47.5 and so 48.
        assert!(long.meets(at(95), Bps(500)).unwrap());
        // At 0.94: equity 40, asked 47.
        assert!(!long.meets(at(94), Bps(500)).unwrap());
        // At 0.85: 50 are missing.
        assert_eq!(long.equity(at(85)), Ok(Equity::Missing(Assets::new(50))));
    }
}
