//! Auto-deleveraging: a shortfall that nobody paid is made good from the
//! profits of the opposing side, the best positions first. It takes profit and
//! nothing else: a trader always keeps the margin, and a losing position is
//! never touched.
//!
//! "Best" is the return on the notional, `(price − entry) / entry`, which falls
//! with the entry for longs and rises with it for shorts. So the order does not
//! depend on the price, and storage can keep it as an index.

use backstop_types::{Assets, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint256;

use super::margin::Exposure;
use super::{Side, Size};
use crate::math::{MathError, mul_div_ceil, narrow};

/// Where a position stands in its side's queue: the smaller, the earlier. Among
/// equals the older position is first.
pub fn rank(side: Side, entry: Price) -> u128 {
    let entry = entry.0.atomics().u128();
    match side {
        Side::Long => entry,
        Side::Short => !entry,
    }
}

/// Whether a position of this entry has won at `price`.
pub fn in_profit(side: Side, entry: Price, price: Price) -> bool {
    match side {
        Side::Long => entry < price,
        Side::Short => entry > price,
    }
}

/// What deleveraging does to one position:
/// `margin + from_pool = released + rest's margin`.
#[cw_serde]
#[derive(Copy)]
pub struct Cut {
    /// The profit that its trader does not get. The pool keeps it.
    pub taken: Assets,
    /// The size that was closed.
    pub closed: Size,
    /// The position that is left, if it was closed in part.
    pub rest: Option<Exposure>,
    /// Due to the trader: the margin, if it was closed whole, and any profit
    /// that was not taken.
    pub released: Assets,
    /// Profit of the closed part that was not taken: at most the rounding, or what a
    /// position that was too small to be left had beyond what was needed.
    pub from_pool: Assets,
}

/// Closes as much of a position at `price` as makes good `needed`, which is at
/// least 1; or nothing where the position has no profit. A rest smaller than `least`, at
/// its entry price, is closed with it: rests that have no whole unit of profit would fill
/// the front of the queue.
pub fn cut(
    position: &Exposure,
    price: Price,
    needed: Assets,
    least: Assets,
) -> Result<Option<Cut>, MathError> {
    let profit = position.pnl(price)?.profit();
    let taken = profit.min(needed);
    if taken.is_zero() {
        return Ok(None);
    }
    let mut closed = closed_size(position.size, taken, profit)?;
    let rest = Exposure {
        size: position.size.checked_sub(closed)?,
        ..*position
    };
    if rest.set_aside()? < least {
        closed = position.size;
    }
    let part = Exposure {
        size: closed,
        ..*position
    };
    let from_pool = part.pnl(price)?.profit().checked_sub(taken)?;
    let left = position.size.checked_sub(closed)?;
    let margin = position.margin.checked_add(from_pool)?;
    let rest = (!left.is_zero()).then_some(Exposure {
        size: left,
        margin,
        ..*position
    });
    Ok(Some(Cut {
        taken,
        closed,
        released: if rest.is_none() { margin } else { Assets::ZERO },
        rest,
        from_pool,
    }))
}

/// `size × taken / profit`, rounded up: the part whose profit is at least what
/// is taken.
fn closed_size(size: Size, taken: Assets, profit: Assets) -> Result<Size, MathError> {
    let closed = mul_div_ceil(Uint256::from(size.0), taken.wide(), profit.wide())?;
    Ok(Size(narrow(closed)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    fn position(side: Side, size: u128, entry: u128, margin: u128) -> Exposure {
        Exposure {
            side,
            size: Size::new(size),
            entry: Price(Decimal::raw(entry)),
            margin: Assets::new(margin),
        }
    }

    #[test]
    fn who_has_won_most_is_first_and_who_has_not_won_is_not_in_profit() {
        let price = |atomics: u128| Price(Decimal::raw(atomics));
        assert!(rank(Side::Long, price(5)) < rank(Side::Long, price(6)));
        assert!(rank(Side::Short, price(6)) < rank(Side::Short, price(5)));
        let won = |side, entry| in_profit(side, price(entry), price(10));
        assert_eq!(
            [9, 10, 11].map(|entry| won(Side::Long, entry)),
            [true, false, false]
        );
        assert_eq!(
            [9, 10, 11].map(|entry| won(Side::Short, entry)),
            [false, false, true]
        );
    }

    fn side() -> impl Strategy<Value = Side> {
        prop_oneof![Just(Side::Long), Just(Side::Short)]
    }

    proptest! {
        #[test]
        fn a_cut_takes_profit_only_and_no_more_than_is_needed(
            side in side(), size in 1..1u128 << 60, entry in 1..1u128 << 80, margin in 0..1u128 << 60,
            price in 0..1u128 << 80, needed in 1..1u128 << 70,
            least in 0..1u128 << 70,
        ) {
            let (before, price) = (position(side, size, entry, margin), Price(Decimal::raw(price)));
            let profit = before.pnl(price).unwrap().profit();
            let Some(cut) = cut(&before, price, Assets::new(needed), Assets::new(least)).unwrap() else {
                prop_assert!(profit.is_zero());
                return Ok(());
            };
            prop_assert_eq!(cut.taken, profit.min(Assets::new(needed)));
            let rest_margin = cut.rest.map_or(0, |rest| rest.margin.u128());
            prop_assert_eq!(margin + cut.from_pool.u128(), cut.released.u128() + rest_margin);
            // The trader keeps at least the margin.
            prop_assert!(cut.released.u128() + rest_margin >= margin);
            // What is taken, paid out and still open is no more than there was.
            let open = cut.rest.map_or(0, |rest| rest.pnl(price).unwrap().profit().u128());
            prop_assert!(cut.taken.u128() + cut.from_pool.u128() + open <= profit.u128());
            // A position outlives its cut only if the cut sufficed.
            prop_assert!(cut.rest.is_none() || cut.taken.u128() == needed);
            // And if it is not too small.
            let left = cut.rest.map_or(least, |rest| rest.set_aside().unwrap().u128());
            prop_assert!(left >= least, "{left} {least}");
        }

        #[test]
        fn what_is_released_was_set_aside(
            side in side(), size in 1..1u128 << 60, entry in 1..1u128 << 80, price in 0..1u128 << 80, needed in 1..1u128 << 70,
            least in 0..1u128 << 70,
        ) {
            let (before, price) = (position(side, size, entry, 0), Price(Decimal::raw(price)));
            if let Some(cut) = cut(&before, price, Assets::new(needed), Assets::new(least)).unwrap() {
                let after = cut.rest.map_or(0, |rest| rest.set_aside().unwrap().u128());
                prop_assert!(before.set_aside().unwrap().u128() - after >= cut.from_pool.u128());
            }
        }

        #[test]
        fn the_queue_is_by_return(side in side(), a in 1..1u128 << 100, b in 1..1u128 << 100, price in 1..1u128 << 100) {
            let of = |entry| Price(Decimal::raw(entry));
            // Equal notionals, so that profit is return.
            if rank(side, of(a)) < rank(side, of(b)) && in_profit(side, of(b), of(price)) {
                prop_assert!(in_profit(side, of(a), of(price)));
                let ratio = |entry: u128| Decimal::checked_from_ratio(price, entry).unwrap();
                match side {
                    Side::Long => prop_assert!(ratio(a) >= ratio(b)),
                    Side::Short => prop_assert!(ratio(a) <= ratio(b)),
                }
            }
        }

        #[test]
        fn the_largest_numbers_do_not_panic(
            side in side(), size in any::<u128>(), entry in any::<u128>(), margin in any::<u128>(), price in any::<u128>(), needed in any::<u128>(),
        ) {
            let _ = cut(&position(side, size, entry, margin), Price(Decimal::raw(price)), Assets::new(needed), Assets::new(needed));
            let max = position(side, u128::MAX, u128::MAX, u128::MAX);
            let _ = cut(&max, Price(Decimal::MAX), Assets::new(u128::MAX), Assets::new(u128::MAX));
        }
    }

    #[test]
    fn a_profit_larger_than_the_need_is_closed_in_part() {
        // Short 1,000 at 2.00; at 1.00 it has won 1,000, of which 250 are needed.
        let short = position(Side::Short, 1_000, 2_000_000_000_000_000_000, 400);
        let cut = cut(
            &short,
            Price(Decimal::one()),
            Assets::new(250),
            Assets::new(1_500),
        )
        .unwrap()
        .unwrap();
        assert_eq!(cut.taken, Assets::new(250));
        assert_eq!(cut.closed, Size::new(250));
        assert_eq!(cut.rest.unwrap().margin, Assets::new(400));
        assert_eq!(cut.released, Assets::ZERO);
    }

    #[test]
    fn a_rest_that_would_be_too_small_is_closed_with_it() {
        // Of the 1,000 that it has won 250 are taken; 1,500 of notional are too few to be left.
        let short = position(Side::Short, 1_000, 2_000_000_000_000_000_000, 400);
        let cut = cut(
            &short,
            Price(Decimal::one()),
            Assets::new(250),
            Assets::new(1_501),
        )
        .unwrap()
        .unwrap();
        assert_eq!((cut.taken, cut.closed), (Assets::new(250), Size::new(1_000)));
        assert_eq!(
            (cut.from_pool, cut.released),
            (Assets::new(750), Assets::new(1_150))
        );
        assert!(cut.rest.is_none());
    }
}
