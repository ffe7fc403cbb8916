//! At what price a trade is filled. The pool quotes the breaker's price plus a
//! slippage that grows with the trade, so that a large trade pays for the risk
//! that it leaves with the liquidity providers, who receive all of it.

use backstop_types::{Assets, Bps, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128, Uint256};

use super::units::{ONE, assets};
use super::{Side, Size};
use crate::math::{MathError, mul_div_ceil, mul_div_floor};

/// `slippage = min(max, base + impact × notional / depth)`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Curve {
    /// What even the smallest trade pays.
    pub base: Bps,
    /// What a trade as large as `depth` pays on top.
    pub impact: Bps,
    /// The most that any trade pays; below 100 %.
    pub max: Bps,
    /// The notional at which the slippage is `base + impact`, at least 1.
    pub depth: Assets,
}

impl Curve {
    /// The slippage of a trade of this notional, as a fraction, rounded up.
    pub fn slippage(&self, notional: Assets) -> Result<Decimal, MathError> {
        let impact = Uint256::from(self.impact.decimal().atomics());
        let grown = mul_div_ceil(impact, notional.wide(), self.depth.wide())?;
        let slippage = Uint256::from(self.base.decimal().atomics()).checked_add(grown)?;
        let capped = slippage.min(Uint256::from(self.max.decimal().atomics()));
        Ok(Decimal::new(Uint128::try_from(capped)?))
    }

    /// What the slippage of trading `size` at `price` comes to, rounded up.
    pub fn cost(&self, size: Size, price: Price) -> Result<Assets, MathError> {
        let notional = size.notional_up(price)?;
        let slippage = self.slippage(notional)?;
        let cost = mul_div_ceil(notional.wide(), slippage.atomics().into(), ONE)?;
        assets(cost)
    }

    /// The one of two curves by which trading `size` at `price` costs less.
    pub fn or_cheaper(self, other: Self, size: Size, price: Price) -> Result<Self, MathError> {
        let notional = size.notional_up(price)?;
        let cheaper = other.slippage(notional)? < self.slippage(notional)?;
        Ok(if cheaper { other } else { self })
    }

    /// The price at which `size` is bought (`Long`) or sold (`Short`).
    pub fn price(&self, trade: Side, size: Size, price: Price) -> Result<Price, MathError> {
        let slippage = Uint256::from(self.slippage(size.notional_up(price)?)?.atomics());
        let quoted = Uint256::from(price.0.atomics());
        let filled = match trade {
            Side::Long => mul_div_ceil(quoted, ONE.checked_add(slippage)?, ONE)?,
            Side::Short => mul_div_floor(quoted, ONE.checked_sub(slippage)?, ONE)?,
        };
        Ok(Price(Decimal::new(Uint128::try_from(filled)?)))
    }
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

    proptest! {
        #[test]
        fn slippage_grows_with_the_trade_up_to_the_cap(curve in curves(), a in any::<u128>(), b in any::<u128>()) {
            let (small, large) = (Assets::new(a.min(b)), Assets::new(a.max(b)));
            let (less, more) = (curve.slippage(small).unwrap(), curve.slippage(large).unwrap());
            prop_assert!(curve.base.decimal() <= less && less <= more && more <= curve.max.decimal());
        }

        #[test]
        fn of_two_curves_the_cheaper_is_taken_for_cost_and_fill(
            a in curves(), b in curves(), size in 0..1u128 << 80, price in 1..1u128 << 100,
        ) {
            let (size, price) = (Size::new(size), Price(Decimal::raw(price)));
            let chosen = a.or_cheaper(b, size, price).unwrap();
            let cost = |curve: Curve| curve.cost(size, price).unwrap();
            let fill = |curve: Curve, side| curve.price(side, size, price).unwrap();
            prop_assert_eq!(cost(chosen), cost(a).min(cost(b)));
            prop_assert_eq!(fill(chosen, Side::Long), fill(a, Side::Long).min(fill(b, Side::Long)));
            prop_assert_eq!(fill(chosen, Side::Short), fill(a, Side::Short).max(fill(b, Side::Short)));
        }

        #[test]
        fn a_fill_is_never_better_than_the_quote(curve in curves(), size in 0..1u128 << 80, price in 1..1u128 << 100) {
            let (size, quote) = (Size::new(size), Price(Decimal::raw(price)));
            prop_assert!(curve.price(Side::Long, size, quote).unwrap() >= quote);
            prop_assert!(curve.price(Side::Short, size, quote).unwrap() <= quote);
        }

        #[test]
        fn the_largest_numbers_do_not_panic(curve in curves(), size in any::<u128>(), price in any::<u128>()) {
            for (size, price) in [(size, price), (u128::MAX, u128::MAX)] {
                let (size, price) = (Size::new(size), Price(Decimal::raw(price)));
                let _ = curve.cost(size, price);
                let _ = curve.price(Side::Long, size, price);
                let _ = curve.price(Side::Short, size, price);
            }
        }
    }

    #[test]
    fn a_trade_as_large_as_the_depth_pays_base_and_impact() {
        let curve = Curve {
            base: Bps(5),
            impact: Bps(100),
            max: Bps(1_000),
            depth: Assets::new(1_000_000),
        };
        let price = Price(Decimal::percent(200));
        // 500,000 × 2 = the depth; 0.05 % + 1 % = 1.05 %.
        let size = Size::new(500_000);
        assert_eq!(curve.cost(size, price), Ok(Assets::new(10_500)));
        assert_eq!(curve.price(Side::Long, size, price).unwrap().to_string(), "2.021");
        assert_eq!(
            curve.price(Side::Short, size, price).unwrap().to_string(),
            "1.979"
        );
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
