//! Closing a position: who gets what. By its trader it costs the slippage; by a
//! keeper also the fees. The order when the margin is gone is the exchange's
//! waterfall: margin, own insurance fund, then a shortfall for the backstop.
//!
//! Only the loss **at the breaker's price** can be missing. Slippage and fees
//! are taken as far as the equity reaches, and never asked of the backstop: the
//! liquidity providers would otherwise be paid by the stakers for a spread that
//! they themselves quoted.

use backstop_types::Assets;
use cosmwasm_schema::cw_serde;

use super::Pnl;
use super::margin::Equity;
use crate::math::MathError;

/// What a closing costs beside the loss.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Costs {
    /// The fill's slippage: the liquidity providers'.
    pub slippage: Assets,
    /// The keeper's fee, paid in any case.
    pub keeper: Assets,
    /// The insurance fund's fee, as far as the equity reaches.
    pub insurance: Assets,
}

/// Where the money of a closed position goes:
/// `margin + from_insurance + from_pool = trader + keeper + to_insurance + to_pool`.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Settlement {
    /// To the trader.
    pub trader: Assets,
    /// To the keeper.
    pub keeper: Assets,
    /// Into the insurance fund.
    pub to_insurance: Assets,
    /// Out of the insurance fund.
    pub from_insurance: Assets,
    /// To the liquidity providers: loss and slippage.
    pub to_pool: Assets,
    /// From the liquidity providers: profit, and the keeper's fee where
    /// neither margin nor insurance fund could pay it.
    pub from_pool: Assets,
    /// The loss that nobody has paid: the shortfall.
    pub missing: Assets,
}

/// Settles a position of this margin and profit or loss. The keeper's fee comes
/// from the margin, then the insurance fund, then the pool.
pub fn settle(margin: Assets, pnl: Pnl, costs: Costs, insurance: Assets) -> Result<Settlement, MathError> {
    let equity = Equity::of(margin, pnl)?;
    let mut left = equity.left();
    let mut take = |wanted: Assets| -> Result<Assets, MathError> {
        let taken = wanted.min(left);
        left = left.checked_sub(taken)?;
        Ok(taken)
    };
    let keeper_by_margin = take(costs.keeper)?;
    let slippage = take(costs.slippage)?;
    let to_insurance = take(costs.insurance)?;
    let unpaid_keeper = costs.keeper.checked_sub(keeper_by_margin)?;
    let keeper_by_insurance = unpaid_keeper.min(insurance);
    let keeper_by_pool = unpaid_keeper.checked_sub(keeper_by_insurance)?;
    let insurance = insurance.checked_sub(keeper_by_insurance)?;
    let loss_by_insurance = equity.missing().min(insurance);
    let loss_by_margin = pnl.loss().min(margin);
    Ok(Settlement {
        trader: left,
        keeper: costs.keeper,
        to_insurance,
        from_insurance: keeper_by_insurance.checked_add(loss_by_insurance)?,
        to_pool: loss_by_margin
            .checked_add(slippage)?
            .checked_add(loss_by_insurance)?,
        from_pool: pnl.profit().checked_add(keeper_by_pool)?,
        missing: equity.missing().checked_sub(loss_by_insurance)?,
    })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount() -> impl Strategy<Value = Assets> {
        prop_oneof![0..1_000u128, 0..1u128 << 100].prop_map(Assets::new)
    }

    fn pnl() -> impl Strategy<Value = Pnl> {
        (any::<bool>(), amount()).prop_map(|(won, by)| if won { Pnl::Profit(by) } else { Pnl::Loss(by) })
    }

    proptest! {
        #[test]
        fn closing_conserves_money(
            margin in amount(), pnl in pnl(), slippage in amount(), keeper in amount(), fee in amount(), fund in amount(),
        ) {
            let costs = Costs { slippage, keeper, insurance: fee };
            let s = settle(margin, pnl, costs, fund).unwrap();
            let sum = |of: &[Assets]| of.iter().map(|a| a.u128()).sum::<u128>();
            prop_assert_eq!(
                sum(&[margin, s.from_insurance, s.from_pool]),
                sum(&[s.trader, s.keeper, s.to_insurance, s.to_pool]),
            );
            prop_assert!(s.from_insurance <= fund);
            prop_assert_eq!(s.keeper, keeper);
        }

        #[test]
        fn the_pool_receives_the_loss_but_for_what_is_missing(
            margin in amount(), loss in amount(), slippage in amount(), fund in amount(),
        ) {
            let costs = Costs { slippage, ..Costs::default() };
            let s = settle(margin, Pnl::Loss(loss), costs, fund).unwrap();
            let received = s.to_pool.u128() + s.missing.u128();
            prop_assert!(received >= loss.u128());
            // Slippage only while there is equity, so never together with a shortfall.
            prop_assert!(s.missing.is_zero() || received == loss.u128());
        }

        #[test]
        fn costs_never_make_a_shortfall_larger(
            margin in amount(), loss in amount(), slippage in amount(), keeper in amount(), fee in amount(),
        ) {
            let dear = settle(margin, Pnl::Loss(loss), Costs { slippage, keeper, insurance: fee }, Assets::ZERO).unwrap();
            let free = settle(margin, Pnl::Loss(loss), Costs::default(), Assets::ZERO).unwrap();
            prop_assert_eq!(dear.missing, free.missing);
        }
    }

    #[test]
    fn the_largest_numbers_do_not_panic() {
        let max = Assets::new(u128::MAX);
        let costs = Costs {
            slippage: max,
            keeper: max,
            insurance: max,
        };
        for pnl in [Pnl::Profit(max), Pnl::Loss(max)] {
            let _ = settle(max, pnl, costs, max);
            let _ = settle(Assets::ZERO, pnl, costs, max);
        }
    }

    #[test]
    fn the_waterfall_is_margin_then_insurance_then_shortfall() {
        let costs = Costs {
            slippage: Assets::new(20),
            keeper: Assets::new(5),
            insurance: Assets::new(10),
        };
        let s = settle(
            Assets::new(100),
            Pnl::Loss(Assets::new(180)),
            costs,
            Assets::new(30),
        )
        .unwrap();
        // Of the fund's 30 the keeper gets 5 and the pool 25; 55 are missing.
        assert_eq!(s.keeper, Assets::new(5));
        assert_eq!(s.from_insurance, Assets::new(30));
        assert_eq!(s.to_pool, Assets::new(125));
        assert_eq!(s.missing, Assets::new(55));
        assert_eq!(s.trader, Assets::ZERO);
    }
}
