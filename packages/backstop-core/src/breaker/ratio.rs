//! Distances between prices as parts of one of them, fine enough that a bound
//! is never missed by rounding: a distance rounds up, a bound down.

use backstop_types::{Bps, Price};
use cosmwasm_std::{Uint128, Uint256};

/// A part of a whole, in 10⁻¹⁸.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ratio(pub(super) Uint256);

/// 10⁻⁴ in 10⁻¹⁸.
const PER_BPS: u64 = 100_000_000_000_000;
const WHOLE: u64 = 1_000_000_000_000_000_000;

impl Ratio {
    /// So many hundredths of a percent.
    pub(super) fn bps(bps: Bps) -> Self {
        Self(Uint256::from(u64::from(bps.0)).saturating_mul(Uint256::from(PER_BPS)))
    }

    /// `part / whole`, rounded up; the largest ratio if the whole is zero.
    pub(super) fn of(part: Price, whole: Price) -> Self {
        Self::of_atomics(part.0.atomics(), whole)
    }

    /// How far `price` is from `base`, as a part of `base`, rounded up.
    pub(super) fn distance(price: Price, base: Price) -> Self {
        Self::of_atomics(price.0.atomics().abs_diff(base.0.atomics()), base)
    }

    /// How far two prices are apart, as a part of the smaller one, rounded up: a
    /// doubling and a halving are equally far.
    pub(super) fn between(one: Price, other: Price) -> Self {
        Self::of_atomics(one.0.atomics().abs_diff(other.0.atomics()), one.min(other))
    }

    fn of_atomics(part: Uint128, whole: Price) -> Self {
        let scaled = Uint256::from(part).saturating_mul(Uint256::from(WHOLE));
        let whole = Uint256::from(whole.0.atomics());
        Self(div_up(scaled, whole).unwrap_or(Uint256::MAX))
    }

    /// So much an hour for so many seconds, rounded down.
    pub(super) fn hourly(rate: Bps, seconds: u64) -> Self {
        Self::over(rate, seconds, 3_600)
    }

    /// The fewest seconds in which so much an hour comes to this; saturates.
    pub(super) fn hourly_time(self, rate: Bps) -> u64 {
        let scaled = self.0.saturating_mul(Uint256::from(3_600u64));
        div_up(scaled, Self::bps(rate).0).map_or(u64::MAX, to_u64)
    }

    /// So much a minute for so many seconds, rounded down.
    pub(super) fn per_minute(rate: Bps, seconds: u64) -> Self {
        Self::over(rate, seconds, 60)
    }

    fn over(rate: Bps, seconds: u64, unit: u64) -> Self {
        let total = Self::bps(rate).0.saturating_mul(Uint256::from(seconds));
        Self(total.checked_div(Uint256::from(unit)).unwrap_or_default())
    }

    /// The sum; saturates.
    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// By how much it is above another, if it is.
    pub(super) fn above(self, other: Self) -> Option<Self> {
        let more = self.0.checked_sub(other.0).ok()?;
        (!more.is_zero()).then_some(Self(more))
    }

    /// This part of it, rounded down.
    pub(super) fn scaled(self, part: Bps) -> Self {
        let scaled = self.0.saturating_mul(Uint256::from(u64::from(part.0)));
        Self(
            scaled
                .checked_div(Uint256::from(u64::from(Bps::ONE.0)))
                .unwrap_or_default(),
        )
    }

    /// This part of a price, rounded down; saturates.
    pub(super) fn part_of(self, price: Price) -> Uint128 {
        let scaled = self.0.saturating_mul(Uint256::from(price.0.atomics()));
        let part = scaled.checked_div(Uint256::from(WHOLE)).unwrap_or_default();
        Uint128::try_from(part).unwrap_or(Uint128::MAX)
    }

    /// A price that is by so much of itself below this one, rounded up.
    pub(super) fn shrunk(self, price: Price) -> Uint128 {
        let scaled = Uint256::from(price.0.atomics()).saturating_mul(Uint256::from(WHOLE));
        let whole = Uint256::from(WHOLE).saturating_add(self.0);
        let part = div_up(scaled, whole).unwrap_or_default();
        Uint128::try_from(part).unwrap_or(Uint128::MAX)
    }

    /// In whole hundredths of a percent, rounded up; saturates.
    pub(super) fn bps_up(self) -> u64 {
        to_u64(div_up(self.0, Uint256::from(PER_BPS)).unwrap_or(Uint256::MAX))
    }

    /// In whole hundredths of a percent, rounded down; saturates.
    pub(super) fn bps_down(self) -> u64 {
        to_u64(self.0.checked_div(Uint256::from(PER_BPS)).unwrap_or_default())
    }
}

fn div_up(part: Uint256, whole: Uint256) -> Option<Uint256> {
    let quotient = part.checked_div(whole).ok()?;
    let exact = part.checked_rem(whole).ok()?.is_zero();
    let up = if exact { Uint256::zero() } else { Uint256::one() };
    Some(quotient.saturating_add(up))
}

fn to_u64(wide: Uint256) -> u64 {
    u64::try_from(Uint128::try_from(wide).unwrap_or(Uint128::MAX).u128()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    fn price(atomics: u128) -> Price {
        Price(Decimal::raw(atomics))
    }

    #[test]
    fn a_distance_is_a_part_of_the_base() {
        let up = Ratio::distance(price(12), price(10));
        assert_eq!((up.bps_down(), up.bps_up()), (2_000, 2_000));
        let third = Ratio::distance(price(4), price(3));
        assert_eq!((third.bps_down(), third.bps_up()), (3_333, 3_334));
        assert_eq!(Ratio::distance(price(1), price(0)).bps_up(), u64::MAX);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_up_is_never_below_down(a: u128, b: u128, rate: u32, seconds: u64) {
            let distance = Ratio::distance(price(a), price(b));
            prop_assert!(distance.bps_down() <= distance.bps_up());
            let grown = Ratio::hourly(Bps(rate), seconds).plus(distance).scaled(Bps(rate));
            grown.part_of(price(a));
            Ratio::per_minute(Bps(rate), seconds).part_of(price(b));
        }

        #[test]
        fn the_hourly_time_is_the_least_that_suffices(atomics: u64, rate in 1u32..100_000) {
            let ratio = Ratio(Uint256::from(atomics));
            let takes = ratio.hourly_time(Bps(rate));
            prop_assert!(Ratio::hourly(Bps(rate), takes) >= ratio);
            prop_assert!(takes == 0 || Ratio::hourly(Bps(rate), takes - 1) < ratio);
        }

        #[test]
        fn a_part_of_a_price_is_no_more_than_the_part(atomics: u128, bps in 0u32..=10_000) {
            let part = Ratio::bps(Bps(bps)).part_of(price(atomics));
            prop_assert!(part.u128() <= atomics);
        }
    }
}
