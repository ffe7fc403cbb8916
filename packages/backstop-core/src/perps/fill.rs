//! At what price a trade is filled. The pool quotes the breaker's price plus a
//! slippage that grows with what the trade's side has open, so that who makes a
//! side larger pays for the risk that it leaves with the liquidity providers, who
//! receive all of it. It depends on where the side stands before and after, and on
//! nothing else: in pieces a trade costs what it costs at once.

use backstop_types::{Assets, Bps, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128, Uint256};

use super::units::{ONE, assets};
use super::{Side, Size};
use crate::math::{MathError, mul_div_ceil, mul_div_floor};

/// The slippage where a side has `open`: `min(max, base + impact × open / depth)`. A
/// trade pays the mean of it between what is open before and after.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Curve {
    /// What even the smallest trade pays.
    pub base: Bps,
    /// What is paid on top where a side has `depth` open.
    pub impact: Bps,
    /// The most that any trade pays; below 100 %.
    pub max: Bps,
    /// The open interest at which the slippage is `base + impact`, at least 1.
    pub depth: Assets,
}

/// What a trade does to its side: the sizes of all positions together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Before.
    pub from: Size,
    /// After.
    pub to: Size,
}

impl Shift {
    /// `size` is opened.
    pub fn opens(open: Size, size: Size) -> Result<Self, MathError> {
        Ok(Self {
            from: open,
            to: open.checked_add(size)?,
        })
    }

    /// `size` is closed.
    pub fn closes(open: Size, size: Size) -> Result<Self, MathError> {
        Ok(Self {
            from: open,
            to: open.checked_sub(size)?,
        })
    }

    fn size(self) -> Size {
        Size(self.from.0.abs_diff(self.to.0))
    }

    /// The smaller and the larger of what is open before and after, at a price.
    fn between(self, price: Price) -> Result<(Uint256, Uint256), MathError> {
        let low = self.from.min(self.to).notional_down(price)?;
        let high = self.from.max(self.to).notional_up(price)?;
        Ok((low.wide(), high.wide()))
    }
}

impl Curve {
    /// The slippage of a trade, as a fraction, rounded up.
    pub fn slippage(&self, shift: Shift, price: Price) -> Result<Decimal, MathError> {
        let (low, high) = shift.between(price)?;
        let (base, max) = (fraction(self.base), fraction(self.max));
        let impact = fraction(self.impact);
        // From here on it is the most.
        let flat = if impact.is_zero() {
            high
        } else {
            mul_div_floor(max.saturating_sub(base), self.depth.wide(), impact)?
        };
        let bend = flat.max(low).min(high);
        let twice = self.depth.wide().checked_add(self.depth.wide())?;
        let grown = mul_div_ceil(impact, low.checked_add(bend)?, twice)?;
        let rising = base.checked_add(grown)?.min(max);
        let rises = bend.checked_sub(low)?;
        let stays = high.checked_sub(bend)?;
        let slippage = if stays.is_zero() {
            rising
        } else {
            let sum = rises.checked_mul(rising)?.checked_add(stays.checked_mul(max)?)?;
            mul_div_ceil(sum, Uint256::one(), high.checked_sub(low)?)?
        };
        Ok(Decimal::new(Uint128::try_from(slippage.min(max))?))
    }

    /// What the slippage of a trade at `price` comes to, rounded up.
    pub fn cost(&self, shift: Shift, price: Price) -> Result<Assets, MathError> {
        let slippage = self.slippage(shift, price)?;
        let notional = shift.size().notional_up(price)?;
        let cost = mul_div_ceil(notional.wide(), slippage.atomics().into(), ONE)?;
        assets(cost)
    }

    /// The one of two curves by which a trade at `price` costs less.
    pub fn or_cheaper(self, other: Self, shift: Shift, price: Price) -> Result<Self, MathError> {
        let cheaper = other.slippage(shift, price)? < self.slippage(shift, price)?;
        Ok(if cheaper { other } else { self })
    }

    /// The price at which the trade buys (`Long`) or sells (`Short`).
    pub fn price(&self, trade: Side, shift: Shift, price: Price) -> Result<Price, MathError> {
        let slippage = Uint256::from(self.slippage(shift, price)?.atomics());
        let quoted = Uint256::from(price.0.atomics());
        let filled = match trade {
            Side::Long => mul_div_ceil(quoted, ONE.checked_add(slippage)?, ONE)?,
            Side::Short => mul_div_floor(quoted, ONE.checked_sub(slippage)?, ONE)?,
        };
        Ok(Price(Decimal::new(Uint128::try_from(filled)?)))
    }
}

fn fraction(bps: Bps) -> Uint256 {
    bps.decimal().atomics().into()
}

/// Whether a fill is no worse than the limit that came with the order.
pub fn within_limit(trade: Side, filled: Price, limit: Option<Price>) -> bool {
    limit.is_none_or(|limit| match trade {
        Side::Long => filled <= limit,
        Side::Short => filled >= limit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curves() -> impl Strategy<Value = Curve> {
        (0..100u32, 0..=10_000u32, 100..=5_000u32, 1..u128::MAX).prop_map(|(base, impact, max, depth)| {
            Curve {
                base: Bps(base),
                impact: Bps(impact),
                max: Bps(max),
                depth: Assets::new(depth),
            }
        })
    }

    /// A depth that a few trades fill.
    fn shallow() -> impl Strategy<Value = Curve> {
        (curves(), 1u128..1 << 60).prop_map(|(curve, depth)| Curve {
            depth: Assets::new(depth),
            ..curve
        })
    }

    fn shift(from: u128, to: u128) -> Shift {
        Shift {
            from: Size::new(from),
            to: Size::new(to),
        }
    }

    fn cents(percent: u64) -> Price {
        Price(Decimal::percent(percent))
    }

    proptest! {
        #[test]
        fn slippage_is_between_base_and_most_and_grows_with_what_is_open(
            curve in shallow(), open in 0..1u128 << 62, more in 0..1u128 << 62, size in 1..1u128 << 62,
        ) {
            let at = |open: u128| curve.slippage(shift(open, open + size), cents(100)).unwrap();
            prop_assert!(curve.base.decimal() <= at(open) && at(open) <= curve.max.decimal());
            prop_assert!(at(open) <= at(open + more));
        }

        #[test]
        fn a_trade_in_pieces_costs_no_less_and_little_more(
            curve in shallow(),
            open in 0..1u128 << 62,
            pieces in prop::collection::vec(1..1u128 << 58, 1..70),
            closes: bool,
            cents_ in 1u64..1_000_000,
        ) {
            let price = cents(cents_);
            let total: u128 = pieces.iter().sum();
            let mut at = open;
            let mut together = 0u128;
            for piece in &pieces {
                let one = if closes { shift(at + piece, at) } else { shift(at, at + piece) };
                together += curve.cost(one, price).unwrap().u128();
                at += piece;
            }
            let whole = if closes { shift(open + total, open) } else { shift(open, open + total) };
            let whole = curve.cost(whole, price).unwrap().u128();
            // The fraction rounds up to 10⁻¹⁸ and each cost to a unit.
            let notional = Size::new(total).notional_up(price).unwrap().u128();
            let fraction = notional / 1_000_000_000_000_000_000;
            prop_assert!(together + fraction >= whole, "{} in pieces, {} at once", together, whole);
            let rounding = 4 * pieces.len() as u128 + fraction;
            prop_assert!(together <= whole + rounding, "{} in pieces, {} at once", together, whole);
        }

        #[test]
        fn who_opens_and_closes_pays_the_same_twice(
            curve in shallow(), open in 0..1u128 << 62, size in 1..1u128 << 62,
        ) {
            let cost = |one| curve.cost(one, cents(100)).unwrap();
            prop_assert_eq!(cost(shift(open, open + size)), cost(shift(open + size, open)));
        }

        #[test]
        fn of_two_curves_the_cheaper_is_taken_for_cost_and_fill(
            a in curves(), b in curves(), open in 0..1u128 << 80, size in 0..1u128 << 80, price in 1..1u128 << 100,
        ) {
            let (shift, price) = (shift(open, open + size), Price(Decimal::raw(price)));
            let chosen = a.or_cheaper(b, shift, price).unwrap();
            let cost = |curve: Curve| curve.cost(shift, price).unwrap();
            let fill = |curve: Curve, side| curve.price(side, shift, price).unwrap();
            prop_assert_eq!(cost(chosen), cost(a).min(cost(b)));
            prop_assert_eq!(fill(chosen, Side::Long), fill(a, Side::Long).min(fill(b, Side::Long)));
            prop_assert_eq!(fill(chosen, Side::Short), fill(a, Side::Short).max(fill(b, Side::Short)));
        }

        #[test]
        fn a_fill_is_never_better_than_the_quote(
            curve in curves(), open in 0..1u128 << 80, size in 0..1u128 << 80, price in 1..1u128 << 100,
        ) {
            let (shift, quote) = (shift(open, open + size), Price(Decimal::raw(price)));
            prop_assert!(curve.price(Side::Long, shift, quote).unwrap() >= quote);
            prop_assert!(curve.price(Side::Short, shift, quote).unwrap() <= quote);
        }

        #[test]
        fn the_largest_numbers_do_not_panic(
            curve in curves(), from in any::<u128>(), to in any::<u128>(), price in any::<u128>(),
        ) {
            for (from, to, price) in [(from, to, price), (u128::MAX, 0, u128::MAX), (0, u128::MAX, u128::MAX)] {
                let (shift, price) = (shift(from, to), Price(Decimal::raw(price)));
                let _ = curve.cost(shift, price);
                let _ = curve.price(Side::Long, shift, price);
                let _ = curve.price(Side::Short, shift, price);
                let _ = Shift::opens(Size::new(from), Size::new(to));
                let _ = Shift::closes(Size::new(from), Size::new(to));
            }
        }
    }

    const CURVE: Curve = Curve {
        base: Bps(5),
        impact: Bps(100),
        max: Bps(1_000),
        depth: Assets::new(1_000_000),
    };

    #[test]
    fn who_fills_a_side_up_to_the_depth_pays_base_and_half_the_impact() {
        let price = cents(200);
        // 500,000 × 2 = the depth; 0.05 % + 0.5 % = 0.55 %.
        let first = shift(0, 500_000);
        assert_eq!(CURVE.cost(first, price), Ok(Assets::new(5_500)));
        assert_eq!(
            CURVE.price(Side::Long, first, price).unwrap().to_string(),
            "2.011"
        );
        assert_eq!(
            CURVE.price(Side::Short, first, price).unwrap().to_string(),
            "1.989"
        );
        // The next of that size finds the depth full: 0.05 % + 1.5 %.
        assert_eq!(
            CURVE.cost(shift(500_000, 1_000_000), price),
            Ok(Assets::new(15_500))
        );
    }

    #[test]
    fn beyond_the_most_it_grows_no_more() {
        // 10 % is reached at 9,950,000 open.
        let far = shift(9_950_000, 19_950_000);
        assert_eq!(CURVE.cost(far, cents(100)), Ok(Assets::new(1_000_000)));
        // Half below and half beyond: the mean of 5.025 % and 10 %, by what they take.
        let over = shift(0, 19_900_000);
        assert_eq!(CURVE.cost(over, cents(100)), Ok(Assets::new(499_988 + 995_000)));
    }

    #[test]
    fn a_limit_is_the_worst_fill_to_accept() {
        let at = |percent| Price(Decimal::percent(percent));
        assert!(within_limit(Side::Long, at(100), Some(at(100))));
        assert!(!within_limit(Side::Long, at(101), Some(at(100))));
        assert!(!within_limit(Side::Short, at(99), Some(at(100))));
        assert!(within_limit(Side::Short, at(99), None));
    }
}
