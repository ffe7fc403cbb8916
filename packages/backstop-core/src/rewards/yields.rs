//! What staking earns in a year at a given rate: per share in kind, and in
//! value, given prices. For people to compare; nothing is paid by it.

use backstop_types::{Assets, Seconds, Shares};
use cosmwasm_std::{Decimal, Decimal256, Uint256, Uint512};

use super::scale::{RewardsError, SCALE};

/// A year of 365 days.
pub const YEAR: Seconds = Seconds::days(365);

/// The most decimals that a [`Unit`] can have.
pub const MAX_DECIMALS: u8 = 24;

/// What a denom is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// The price of one whole unit, in any one money; not zero.
    pub price: Decimal,
    /// One whole unit is 10 to the power of this many base units.
    pub decimals: u8,
}

fn ten_to(decimals: u32) -> Result<Uint256, RewardsError> {
    Ok(Uint256::from(10u128).checked_pow(decimals)?)
}

/// Base units that one share earns in a year at `rate`, while there are
/// `shares`; rounded down to 18 decimals.
///
/// `rate × YEAR / (2¹²⁸ × shares)`, a fraction of which no part overflows: the
/// denominator is below 2²⁵⁶, and the product has 512 bits.
pub fn yield_in_kind(rate: Uint256, shares: Shares) -> Result<Decimal256, RewardsError> {
    let numerator = ten_to(18)?.checked_mul(YEAR.0.into())?;
    let denominator = SCALE.checked_mul(shares.wide())?;
    let atomics = rate.checked_multiply_ratio(numerator, denominator)?;
    Ok(Decimal256::new(atomics))
}

/// What `assets` earn in a year at `rate`, as a fraction of their own value:
/// `0.05` is 5 %. Rounded down to whole base units a year and to 18 decimals.
///
/// `rate × YEAR / 2¹²⁸ × price / 10^decimals`, over `assets` at the asset's
/// price likewise; below 2⁴²¹ before the one division.
pub fn value_a_year(
    rate: Uint256,
    reward: Unit,
    asset: Unit,
    assets: Assets,
) -> Result<Decimal256, RewardsError> {
    let earned = rate.checked_multiply_ratio(Uint256::from(YEAR.0), SCALE)?;
    let worth = |amount: Uint256, unit: Unit, other: Unit| -> Result<Uint512, RewardsError> {
        let price = Uint512::from(unit.price.atomics());
        let scale = Uint512::from(ten_to(other.decimals.into())?);
        Ok(Uint512::from(amount).checked_mul(price)?.checked_mul(scale)?)
    };
    let income = worth(earned, reward, asset)?.checked_mul(ten_to(18)?.into())?;
    let base = worth(assets.wide(), asset, reward)?;
    Ok(Decimal256::new(income.checked_div(base)?.try_into()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(price: &str, decimals: u8) -> Unit {
        Unit {
            price: price.parse().unwrap(),
            decimals,
        }
    }

    fn a_second(units: u128) -> Uint256 {
        SCALE * Uint256::from(units)
    }

    #[test]
    fn one_unit_a_second_among_a_year_of_shares_is_one_each() {
        let shares = Shares::new(YEAR.0.into());
        let each = yield_in_kind(a_second(1), shares).unwrap();
        assert_eq!(each, Decimal256::one());
        assert!(yield_in_kind(a_second(1), Shares::ZERO).is_err());
    }

    #[test]
    fn decimals_of_both_units_count() {
        // 18 decimals at 2 each for 6 decimals at 10 each: one whole unit a
        // second for as many assets as a year has seconds, twice.
        let (reward, asset) = (unit("2", 18), unit("10", 6));
        let assets = Assets::new(u128::from(YEAR.0) * 2_000_000);
        let rate = a_second(1_000_000_000_000_000_000);
        let yearly = value_a_year(rate, reward, asset, assets).unwrap();
        assert_eq!(yearly, Decimal256::percent(10));
        let back = value_a_year(a_second(1_000_000), asset, reward, Assets::new(1 << 100)).unwrap();
        assert!(back > Decimal256::zero());
    }

    #[test]
    fn the_extremes_are_figures_or_typed_errors() {
        let (dear, cheap) = (unit("340282366920938463463.374607431768211455", 0), unit("1", 24));
        let all = value_a_year(Uint256::MAX, dear, cheap, Assets::ONE);
        assert!(matches!(all, Err(RewardsError::Conversion(_))));
        let none = value_a_year(Uint256::MAX, cheap, dear, Assets::ZERO);
        assert!(matches!(none, Err(RewardsError::DivideByZero(_))));
        assert!(yield_in_kind(Uint256::MAX, Shares::ONE).is_ok());
        assert!(yield_in_kind(Uint256::MAX, Shares::new(u128::MAX)).is_ok());
    }

    proptest! {
        #[test]
        fn the_asset_itself_yields_the_same_in_kind_and_in_value(
            rate in 1u128..1 << 60, shares in 1u128..1 << 80, price in 1u128..u128::MAX, decimals in 0u8..=MAX_DECIMALS,
        ) {
            let same = Unit { price: Decimal::raw(price), decimals };
            let kind = yield_in_kind(a_second(rate), Shares::new(shares)).unwrap();
            let value = value_a_year(a_second(rate), same, same, Assets::new(shares)).unwrap();
            prop_assert_eq!(kind, value);
        }
    }
}
