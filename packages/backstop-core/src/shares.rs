//! What shares are worth. Yield never enters the price and what comes back on
//! a loss returns through the loss, so assets never exceed shares: they start
//! one to one, and only a granted claim parts them. Every rounding leaves the
//! fraction with those who stay.

use backstop_types::{Assets, Bps, Shares};
use cosmwasm_std::{Decimal, Uint128, Uint256};

use crate::math::{MathError, mul_div_ceil, mul_div_floor, narrow, narrow_or_max};

/// Shares for a deposit, rounded down: ⌊deposit · shares / assets⌋, or one to
/// one while there are no shares.
///
/// Since assets ≤ shares, a deposit of at least one unit gets at least one
/// share. Errors where the result exceeds 2¹²⁸ − 1.
pub fn for_deposit(deposit: Assets, assets: Assets, shares: Shares) -> Result<Shares, MathError> {
    if shares.is_zero() {
        return Ok(Shares(deposit.0));
    }
    let minted = mul_div_floor(deposit.wide(), shares.wide(), assets.wide())?;
    Ok(Shares(narrow(minted)?))
}

/// The largest deposit whose shares fit, so that there are at most 2¹²⁸ − 1 of
/// them together: ⌈(2¹²⁸ − shares) · assets / shares⌉ − 1.
pub fn most_deposit(assets: Assets, shares: Shares) -> Result<Assets, MathError> {
    if shares.is_zero() {
        return Ok(Assets(Uint128::MAX));
    }
    let room = Shares(Uint128::MAX).saturating_sub(shares).wide();
    let beyond = room.saturating_add(Uint256::one());
    let first_too_many = mul_div_ceil(beyond, assets.wide(), shares.wide())?;
    Ok(Assets(narrow_or_max(
        first_too_many.saturating_sub(Uint256::one()),
    )))
}

/// Assets for shares, rounded down: ⌊burned · assets / shares⌋, or one to one
/// while there are none.
pub fn worth(burned: Shares, assets: Assets, shares: Shares) -> Result<Assets, MathError> {
    if shares.is_zero() {
        return Ok(Assets(burned.0));
    }
    let paid = mul_div_floor(burned.wide(), assets.wide(), shares.wide())?;
    Ok(Assets(narrow(paid)?))
}

/// The fewest shares that are worth `paid`, rounded up: ⌈paid · shares / assets⌉, or
/// one to one while there are none.
///
/// Since assets ≤ shares, they are worth exactly that. Errors where the result
/// exceeds 2¹²⁸ − 1.
pub fn for_withdrawal(paid: Assets, assets: Assets, shares: Shares) -> Result<Shares, MathError> {
    if shares.is_zero() {
        return Ok(Shares(paid.0));
    }
    let burned = mul_div_ceil(paid.wide(), shares.wide(), assets.wide())?;
    Ok(Shares(narrow(burned)?))
}

/// Assets per share, rounded down to 18 decimals; one while there are no
/// shares.
pub fn price(assets: Assets, shares: Shares) -> Decimal {
    // Assets never exceed shares, so the ratio fits.
    Decimal::checked_from_ratio(assets.0, shares.0).unwrap_or(Decimal::one())
}

/// What a staker may still take of what came back on a loss:
/// ⌊recovered · stake / total⌋ − taken, where `stake` of `total` shares were
/// the staker's when it was booked.
pub fn due(recovered: Assets, stake: Shares, total: Shares, taken: Assets) -> Result<Assets, MathError> {
    if total.is_zero() {
        return Ok(Assets::ZERO);
    }
    let part = mul_div_floor(recovered.wide(), stake.wide(), total.wide())?;
    Ok(Assets(narrow(part)?).saturating_sub(taken))
}

/// Of an `offered` repayment of a loss, on which `paid` was paid and `repaid` has
/// come back before, what is kept and what is sent back: at most what was paid
/// ever comes back.
pub fn repayment(offered: Assets, paid: Assets, repaid: Assets) -> (Assets, Assets) {
    let kept = offered.min(paid.saturating_sub(repaid));
    (kept, offered.saturating_sub(kept))
}

/// The treasury's part of earned premium, and what of a unit is left for the next time,
/// in [`Bps`]: premium that is sent in small pieces gives it the same part. The rest goes
/// to the stakers.
pub fn part(amount: Assets, part: Bps, left: Bps) -> Result<(Assets, Bps), MathError> {
    let whole = Uint256::from(Bps::ONE.0);
    let all = amount.wide().checked_mul(Uint256::from(part.0))?;
    let all = all.checked_add(Uint256::from(left.0))?;
    let units = narrow(all.checked_div(whole)?)?;
    let left = narrow(all.checked_rem(whole)?)?;
    Ok((Assets(units), Bps(u32::try_from(left.u128()).unwrap_or_default())))
}

/// What a loss cost a staker, rounded up: ⌈granted · stake / total⌉.
pub fn borne(granted: Assets, stake: Shares, total: Shares) -> Result<Assets, MathError> {
    if total.is_zero() {
        return Ok(Assets::ZERO);
    }
    Ok(Assets(narrow(mul_div_ceil(
        granted.wide(),
        stake.wide(),
        total.wide(),
    )?)?))
}

/// Whether the price of `after`, as (assets, shares), is no lower than that of
/// `before`.
pub fn price_kept(before: (Assets, Shares), after: (Assets, Shares)) -> bool {
    after.0.wide().full_mul(before.1.wide()) >= before.0.wide().full_mul(after.1.wide())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_price_is_kept_unless_it_is_lower_by_anything() {
        let at = |assets: u128, shares: u128| (Assets::new(assets), Shares::new(shares));
        assert!(price_kept(at(2, 3), at(4, 6)) && price_kept(at(2, 3), at(3, 4)));
        assert!(!price_kept(at(2, 3), at(1, 2)));
        let most = u128::MAX;
        assert!(!price_kept(at(most, most), at(most - 1, most)));
    }

    /// A pool with 1 ≤ assets ≤ shares.
    fn pool() -> impl Strategy<Value = (Assets, Shares)> {
        (1u128..=u128::MAX >> 1, 0u128..=u128::MAX >> 2)
            .prop_map(|(assets, lost)| (Assets::new(assets), Shares::new(assets.saturating_add(lost))))
    }

    proptest! {
        #[test]
        fn a_deposit_never_lowers_the_price_nor_lifts_assets_over_shares(
            (assets, shares) in pool(), deposit in 1u128..=u128::MAX >> 2,
        ) {
            let deposit = Assets::new(deposit);
            let Ok(minted) = for_deposit(deposit, assets, shares) else { return Ok(()) };
            prop_assume!(minted.checked_add(shares).is_ok());
            let after = (assets.checked_add(deposit).unwrap(), shares.checked_add(minted).unwrap());
            prop_assert!(minted.0 >= deposit.0, "at least one share a unit");
            prop_assert!(price_kept((assets, shares), after));
            prop_assert!(after.0.u128() <= after.1.u128());
        }

        #[test]
        fn the_largest_deposit_fits_and_one_unit_more_does_not((assets, shares) in pool()) {
            let fits = |deposit| {
                let minted = for_deposit(deposit, assets, shares);
                minted.is_ok_and(|minted| minted.checked_add(shares).is_ok())
            };
            let most = most_deposit(assets, shares).unwrap();
            prop_assert!(fits(most));
            prop_assert!(!fits(most.checked_add(Assets::ONE).unwrap()));
            prop_assert!(assets.checked_add(most).is_ok());
        }

        #[test]
        fn a_withdrawal_never_lowers_the_price_nor_lifts_assets_over_shares(
            (assets, shares) in pool(), part in 0.0f64..=1.0,
        ) {
            let burned = Shares::new(((shares.u128() as f64 * part) as u128).min(shares.u128()));
            let paid = worth(burned, assets, shares).unwrap();
            let after = (assets.checked_sub(paid).unwrap(), shares.checked_sub(burned).unwrap());
            prop_assert!(after.0.u128() <= after.1.u128());
            prop_assert_eq!(after.0.is_zero(), after.1.is_zero(), "assets last as long as shares");
            if !after.1.is_zero() {
                prop_assert!(price_kept((assets, shares), after));
            }
        }

        #[test]
        fn a_deposit_withdrawn_at_once_gains_nothing(
            (assets, shares) in pool(), deposit in 1u128..=u128::MAX >> 2,
        ) {
            let deposit = Assets::new(deposit);
            let Ok(minted) = for_deposit(deposit, assets, shares) else { return Ok(()) };
            let Ok(total) = shares.checked_add(minted) else { return Ok(()) };
            let back = worth(minted, assets.checked_add(deposit).unwrap(), total).unwrap();
            prop_assert!(back <= deposit);
            prop_assert!(deposit.u128() - back.u128() <= 1, "and loses at most one unit");
        }

        #[test]
        fn there_and_back_never_favours_whoever_asks(
            (assets, shares) in pool(), amount in 0u128..=u128::MAX >> 2,
        ) {
            if let Ok(minted) = for_deposit(Assets::new(amount), assets, shares) {
                prop_assert!(worth(minted, assets, shares).unwrap().0.u128() <= amount);
            }
            let paid = worth(Shares::new(amount), assets, shares).unwrap();
            prop_assert!(paid.0.u128() <= amount, "a share is worth a unit at most");
            prop_assert!(for_deposit(paid, assets, shares).unwrap().0.u128() <= amount);
            prop_assert!(for_withdrawal(paid, assets, shares).unwrap().0.u128() <= amount);
        }

        #[test]
        fn the_fewest_shares_for_a_payment_are_paid_exactly_that_and_one_less_is_not(
            (assets, shares) in pool(), paid in 1u128..=u128::MAX >> 2,
        ) {
            let paid = Assets::new(paid);
            let Ok(burned) = for_withdrawal(paid, assets, shares) else { return Ok(()) };
            prop_assert_eq!(worth(burned, assets, shares).unwrap(), paid);
            let fewer = burned.checked_sub(Shares::ONE).unwrap();
            prop_assert!(worth(fewer, assets, shares).unwrap() < paid);
            prop_assert!(burned >= for_deposit(paid, assets, shares).unwrap(), "what is given is rounded up");
        }

        #[test]
        fn a_cohort_never_takes_more_than_came_back(
            stakes in prop::collection::vec(1u128..=u64::MAX as u128, 1..20), recovered in 0u128..=u64::MAX as u128,
        ) {
            let total = Shares::new(stakes.iter().sum());
            let taken: u128 = stakes.iter()
                .map(|s| due(recovered.into(), Shares::new(*s), total, Assets::ZERO).unwrap().u128())
                .sum();
            prop_assert!(taken <= recovered);
            prop_assert!(recovered - taken < stakes.len() as u128);
        }

        #[test]
        fn no_more_comes_back_than_was_paid_and_nothing_is_lost(offers: Vec<u64>, paid: u64) {
            let (paid, mut repaid) = (Assets::new(paid.into()), Assets::ZERO);
            for offer in offers {
                let offer = Assets::new(offer.into());
                let (kept, back) = repayment(offer, paid, repaid);
                prop_assert_eq!(kept.checked_add(back).unwrap(), offer);
                repaid = repaid.checked_add(kept).unwrap();
                prop_assert!(repaid <= paid);
                prop_assert!(back.is_zero() || repaid == paid, "nothing is sent back before it is full");
            }
        }

        #[test]
        fn what_a_loss_cost_is_at_least_what_comes_back(
            stake in 0u128..=u64::MAX as u128, others: u64, granted: u64,
        ) {
            let total = Shares::new(stake + u128::from(others));
            let granted = Assets::new(granted.into());
            let back = due(granted, Shares::new(stake), total, Assets::ZERO).unwrap();
            prop_assert!(borne(granted, Shares::new(stake), total).unwrap() >= back);
        }
    }

    #[test]
    fn shares_are_one_a_unit_while_there_are_none() {
        assert_eq!(
            for_deposit(7.into(), Assets::ZERO, Shares::ZERO),
            Ok(Shares::new(7))
        );
        assert_eq!(worth(7.into(), Assets::ZERO, Shares::ZERO), Ok(Assets::new(7)));
        assert_eq!(
            for_withdrawal(7.into(), Assets::ZERO, Shares::ZERO),
            Ok(Shares::new(7))
        );
        assert_eq!(price(Assets::ZERO, Shares::ZERO), Decimal::one());
    }

    #[test]
    fn shares_that_do_not_fit_are_refused() {
        let refused = for_deposit(u128::MAX.into(), 1.into(), 10.into());
        assert!(matches!(refused, Err(MathError::TooLarge(_))), "{refused:?}");
    }
}
