//! The rate over the utilisation, and the price of time under a limit.

use backstop_types::vault::PremiumCurve;
use backstop_types::{Assets, Bps, Nanos, Seconds};
use cosmwasm_std::{Decimal, Uint64, Uint128, Uint256};

use crate::math::{MathError, mul_div_ceil, mul_div_floor, narrow, narrow_or_max};

/// The year of a yearly rate.
const YEAR: Seconds = Seconds::days(365);
/// One, with 18 decimals.
const ONE: u128 = 1_000_000_000_000_000_000;

fn one() -> Uint256 {
    Uint256::from(ONE)
}

/// A part in Bps with 18 decimals, exactly.
fn wide(bps: Bps) -> Uint256 {
    Uint256::from(bps.decimal().atomics())
}

/// The limits of all active policies over the active assets, rounded up, and at
/// most the largest decimal; none while there are no active assets.
pub fn utilisation(limits: Uint256, active: Assets) -> Result<Option<Decimal>, MathError> {
    if active.is_zero() {
        return Ok(None);
    }
    let used = mul_div_ceil(limits, one(), active.wide())?;
    Ok(Some(Decimal::new(narrow_or_max(used))))
}

/// The curve's yearly rate at this utilisation, rounded up: a line from `base` to
/// `at_kink`, then one from there to `most` at a utilisation of one; `most` above
/// it, and where there are no active assets.
pub fn rate(curve: &PremiumCurve, utilisation: Option<Decimal>) -> Result<Decimal, MathError> {
    let used = match utilisation {
        Some(used) if used <= Decimal::one() => Uint256::from(used.atomics()),
        _ => return Ok(curve.most.decimal()),
    };
    let kink = wide(curve.kink);
    let (low, high, from, to) = if used <= kink {
        (curve.base, curve.at_kink, Uint256::zero(), kink)
    } else {
        (curve.at_kink, curve.most, kink, one())
    };
    let rise = wide(high).saturating_sub(wide(low));
    let risen = mul_div_ceil(rise, used.saturating_sub(from), to.saturating_sub(from))?;
    Ok(Decimal::new(narrow(wide(low).checked_add(risen)?)?))
}

/// The rate times a policy's multiplier, rounded up.
pub fn with_multiplier(rate: Decimal, multiplier: Bps) -> Result<Decimal, MathError> {
    let whole = Uint256::from(Bps::ONE.0);
    let product = mul_div_ceil(rate.atomics().into(), Uint256::from(multiplier.0), whole)?;
    Ok(Decimal::new(narrow(product)?))
}

/// What time costs: `limit` × `rate` a year of 365 days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// The policy's limit.
    pub limit: Assets,
    /// The yearly rate, the multiplier included; above zero.
    pub rate: Decimal,
}

impl Price {
    /// A year's price, in 10⁻¹⁸ units.
    fn exact(&self) -> Uint256 {
        // 2¹²⁸ × 2¹²⁸ fits.
        self.limit
            .wide()
            .saturating_mul(Uint256::from(self.rate.atomics()))
    }

    /// What one unit with 18 decimals is, times a year.
    fn unit() -> Uint256 {
        one().saturating_mul(YEAR.nanos().wide())
    }

    /// A year's price, rounded up.
    pub fn yearly(&self) -> Result<Assets, MathError> {
        let price = mul_div_ceil(self.exact(), Uint256::one(), one())?;
        Ok(Assets(narrow_or_max(price)))
    }

    /// The time that an amount pays for, rounded down, or the longest there is.
    pub fn time(&self, amount: Assets) -> Result<Nanos, MathError> {
        let time = mul_div_floor(amount.wide(), Self::unit(), self.exact())?;
        let longest = Uint128::from(u64::MAX);
        let time = narrow_or_max(time).min(longest);
        Ok(Nanos(Uint64::try_from(time)?))
    }

    /// What a time costs, rounded up, or the largest amount there is.
    pub fn cost(&self, time: Nanos) -> Result<Assets, MathError> {
        let cost = mul_div_ceil(self.exact(), time.wide(), Self::unit())?;
        Ok(Assets(narrow_or_max(cost)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(kink: u32, base: u32, at_kink: u32, most: u32) -> PremiumCurve {
        PremiumCurve {
            kink: Bps(kink),
            base: Bps(base),
            at_kink: Bps(at_kink),
            most: Bps(most),
        }
    }

    fn curves() -> impl Strategy<Value = PremiumCurve> {
        (1u32..=10_000, [1u32..=100_000, 1..=100_000, 1..=100_000]).prop_map(|(kink, mut rates)| {
            rates.sort_unstable();
            let [base, at_kink, most] = rates;
            curve(kink, base, at_kink, most)
        })
    }

    #[test]
    fn the_curve_goes_through_its_corners_and_is_straight_between_them() {
        let curve = curve(8_000, 200, 1_000, 5_000);
        let at = |used: &str| rate(&curve, Some(used.parse().unwrap())).unwrap().to_string();
        for (used, rate) in [
            ("0", "0.02"),
            ("0.4", "0.06"),
            ("0.8", "0.1"),
            ("0.9", "0.3"),
            ("1", "0.5"),
            ("1.000000000000000001", "0.5"),
            ("7", "0.5"),
        ] {
            assert_eq!(at(used), rate, "{used}");
        }
        assert_eq!(rate(&curve, None).unwrap(), Decimal::percent(50));
        // A kink at one leaves no line beyond it.
        let bent = super::rate(&self::curve(10_000, 1, 2, 9), Some(Decimal::one())).unwrap();
        assert_eq!(bent, Decimal::bps(2));
    }

    #[test]
    fn utilisation_rounds_up_and_is_none_without_active_assets() {
        let used = |limits: u128, active: u128| utilisation(limits.into(), active.into()).unwrap();
        assert_eq!(used(5, 0), None);
        assert_eq!(used(0, 7), Some(Decimal::zero()));
        assert_eq!(used(1, 3), Some(Decimal::raw(333_333_333_333_333_334)));
        assert_eq!(used(u128::MAX, 1), Some(Decimal::MAX));
        let many = Uint256::from(u128::MAX) * Uint256::from(u64::MAX);
        assert_eq!(utilisation(many, Assets::ONE).unwrap(), Some(Decimal::MAX));
    }

    #[test]
    fn a_years_price_buys_a_year_and_a_unit_less_does_not() {
        let price = Price {
            limit: 1_000_000.into(),
            rate: Decimal::percent(7),
        };
        assert_eq!(price.yearly().unwrap(), Assets::new(70_000));
        assert_eq!(price.time(70_000.into()).unwrap(), YEAR.nanos());
        assert!(price.time(69_999.into()).unwrap() < YEAR.nanos());
        assert_eq!(price.cost(YEAR.nanos()).unwrap(), Assets::new(70_000));
        assert_eq!(price.cost(Nanos(Uint64::one())).unwrap(), Assets::ONE);
    }

    proptest! {
        #[test]
        fn the_rate_never_falls_and_stays_between_base_and_most(
            curve in curves(), low in 0u128..=1_200_000_000_000_000_000, high in 0u128..=1_200_000_000_000_000_000,
        ) {
            let (low, high) = (low.min(high), low.max(high));
            let at = |used| rate(&curve, Some(Decimal::raw(used))).unwrap();
            prop_assert!(curve.base.decimal() <= at(low));
            prop_assert!(at(low) <= at(high));
            prop_assert!(at(high) <= curve.most.decimal());
            prop_assert_eq!(rate(&curve, None).unwrap(), curve.most.decimal());
        }

        #[test]
        fn time_is_never_longer_than_paid_for_and_costs_no_more_than_was_paid(
            limit in 1u128.., rate in 10_000_000_000u128..=100_000_000_000_000_000_000,
            amount in 1u128.., time: u64,
        ) {
            let price = Price { limit: limit.into(), rate: Decimal::raw(rate) };
            let bought = price.time(amount.into()).unwrap();
            prop_assert!(price.cost(bought).unwrap() <= Assets::new(amount));
            let time = Nanos(Uint64::new(time));
            let cost = price.cost(time).unwrap();
            if cost < Assets::new(u128::MAX) {
                prop_assert!(price.time(cost).unwrap() >= time, "what is asked for it pays for it");
            }
        }

        #[test]
        fn a_multiplier_of_one_changes_nothing_and_others_round_up(
            rate in 1u128..=10_000_000_000_000_000_000, multiplier in 1u32..=100_000,
        ) {
            let rate = Decimal::raw(rate);
            prop_assert_eq!(with_multiplier(rate, Bps::ONE).unwrap(), rate);
            let product = with_multiplier(rate, Bps(multiplier)).unwrap().atomics().u128();
            let exact = rate.atomics().u128() * u128::from(multiplier);
            prop_assert_eq!(product, exact.div_ceil(10_000));
        }
    }
}
