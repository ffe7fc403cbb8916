//! The liquidity providers' shares. The pool's equity is its cash less what the
//! traders would win if all closed at the price; who buys in also pays for what
//! the pool is still owed, so that nobody comes for a payment. Shares carry three more digits
//! than the asset and one virtual unit of the asset stands behind the virtual
//! ones, so that inflating the price of the first shares costs a thousand times
//! what it could gain; and only messages change the cash, never a transfer.

use backstop_types::{Assets, Price, Shares};
use cosmwasm_std::Uint256;

use super::Side;
use super::book::SideBook;
use super::margin::ceiling;
use super::units::{Pnl, assets};
use crate::math::{MathError, mul_div_floor, narrow};

/// Shares that nobody has; also the shares that the first unit buys.
pub const VIRTUAL_SHARES: Shares = Shares::new(1_000);
/// What they are worth.
const VIRTUAL_ASSETS: Assets = Assets::ONE;

/// By how much the losses of sunken positions are more than their margins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sunk {
    /// Of longs.
    pub long: Assets,
    /// Of shorts.
    pub short: Assets,
}

/// What the pool is worth at a price. A side's profit counts up to what is set
/// aside for it, each position's loss up to its margin: what it owes beyond is
/// nothing to count on. Rounded down.
pub fn equity(
    cash: Assets,
    long: &SideBook,
    short: &SideBook,
    price: Price,
    sunk: Sunk,
) -> Result<Assets, MathError> {
    let mut gained = cash;
    let mut owed = Assets::ZERO;
    for (side, book, sunk) in [(Side::Long, long, sunk.long), (Side::Short, short, sunk.short)] {
        match book.pnl(side, price, sunk)? {
            Pnl::Profit(won) => owed = owed.checked_add(won)?,
            // The book's losses round up; the unit is not the pool's.
            Pnl::Loss(lost) => gained = gained.checked_add(lost.saturating_sub(Assets::ONE))?,
        }
    }
    Ok(gained.saturating_sub(owed))
}

/// What those who buy in pay for.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuyIn {
    /// The pool's cash.
    pub cash: Assets,
    /// What it misses of shortfalls, and somebody may still make good.
    pub missing: Assets,
    /// The long positions.
    pub long: SideBook,
    /// The short ones.
    pub short: SideBook,
    /// The lowest entry of a long; none while there is none.
    pub lowest: Option<Price>,
}

impl BuyIn {
    /// The most that the pool can come to be worth at this price, whoever is
    /// liquidated, deleveraged or paid: no such message raises it, but for the
    /// rounding of a position that is deleveraged in part. Cash and what
    /// is missing, less what the sides have won or plus what they have lost
    /// ([`SideBook::pnl_at_best`]), and a unit a position for their roundings.
    pub fn equity(&self, price: Price) -> Result<Assets, MathError> {
        let mark = self.lowest.map_or(price, |entry| price.min(ceiling(entry)));
        let roundings = self.long.positions.saturating_add(self.short.positions);
        let mut gained = self.cash.checked_add(self.missing)?;
        gained = gained.checked_add(Assets::new(roundings.into()))?;
        let mut owed = Assets::ZERO;
        for (side, book, at) in [(Side::Long, self.long, mark), (Side::Short, self.short, price)] {
            match book.pnl_at_best(side, at)? {
                Pnl::Profit(won) => owed = owed.checked_add(won)?,
                Pnl::Loss(lost) => gained = gained.checked_add(lost)?,
            }
        }
        Ok(gained.saturating_sub(owed))
    }
}

/// The shares that `added` buys, rounded down:
/// `added × (shares + 1000) / (equity + 1)`.
pub fn shares_for(added: Assets, shares: Shares, equity: Assets) -> Result<Shares, MathError> {
    let supply = shares.wide().checked_add(VIRTUAL_SHARES.wide())?;
    let bought = mul_div_floor(added.wide(), supply, backing(equity)?)?;
    Ok(Shares(narrow(bought)?))
}

/// What `returned` shares are paid, rounded down:
/// `returned × (equity + 1) / (shares + 1000)`.
pub fn assets_for(returned: Shares, shares: Shares, equity: Assets) -> Result<Assets, MathError> {
    let supply = shares.wide().checked_add(VIRTUAL_SHARES.wide())?;
    assets(mul_div_floor(returned.wide(), backing(equity)?, supply)?)
}

/// A share is worth less than a millionth of what the first ones cost.
const WIPED_OUT: u128 = 1_000_000;
/// And all of them together no more than the smallest position that there can be.
const DUST: Assets = Assets::new(1_000);

/// Whether the pool's cash is next to nothing, also for its shares. Liquidity that was
/// added at such a price would multiply the shares, until after a few such losses no more
/// of them fit. What is more than dust is somebody's, whatever a share is worth.
pub fn is_wiped_out(cash: Assets, shares: Shares) -> bool {
    if cash > DUST {
        return false;
    }
    let first = cash.wide().checked_mul(Uint256::from(VIRTUAL_SHARES.u128()));
    let least = first.and_then(|first| first.checked_mul(Uint256::from(WIPED_OUT)));
    least.is_ok_and(|least| least < Uint256::from(shares.u128()))
}

fn backing(equity: Assets) -> Result<Uint256, MathError> {
    Ok(equity.wide().checked_add(VIRTUAL_ASSETS.wide())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::perps::adl::cut;
    use crate::perps::liquidation::{Costs, settle};
    use crate::perps::margin::Exposure;
    use crate::perps::{Side, Size};
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    /// What one unit of shares is worth, to compare exactly: (equity + 1) / (shares + 1000).
    fn not_worse(before: (u128, u128), after: (u128, u128)) -> bool {
        let wide = |(shares, equity): (u128, u128)| {
            (
                Uint256::from(shares) + Uint256::from(1_000u128),
                Uint256::from(equity) + Uint256::one(),
            )
        };
        let (s0, e0) = wide(before);
        let (s1, e1) = wide(after);
        e1.full_mul(s0) >= e0.full_mul(s1)
    }

    fn buy_in(cash: u128, missing: u128, positions: &[Exposure]) -> BuyIn {
        let mut all = BuyIn {
            cash: Assets::new(cash),
            missing: Assets::new(missing),
            ..BuyIn::default()
        };
        for position in positions {
            match position.side {
                Side::Long => all.long.add(position).unwrap(),
                Side::Short => all.short.add(position).unwrap(),
            }
        }
        let longs = positions.iter().filter(|position| position.side == Side::Long);
        all.lowest = longs.map(|position| position.entry).min();
        all
    }

    /// What leavers are paid from.
    fn sure(pool: &BuyIn, positions: &[Exposure], price: Price) -> Assets {
        let mut sunk = Sunk::default();
        for position in positions {
            let of = match position.side {
                Side::Long => &mut sunk.long,
                Side::Short => &mut sunk.short,
            };
            let missing = position.equity(price).unwrap().missing();
            *of = of.checked_add(missing).unwrap();
        }
        equity(pool.cash, &pool.long, &pool.short, price, sunk).unwrap()
    }

    fn positions() -> impl Strategy<Value = Vec<Exposure>> {
        let one = (any::<bool>(), 1..1u128 << 50, 1..1u128 << 70, 0..1u128 << 50);
        let one = one.prop_map(|(long, size, entry, margin)| Exposure {
            side: if long { Side::Long } else { Side::Short },
            size: Size::new(size),
            entry: Price(Decimal::raw(entry)),
            margin: Assets::new(margin),
        });
        proptest::collection::vec(one, 1..8)
    }

    proptest! {
        #[test]
        fn no_closing_raises_what_a_newcomer_has_paid_for(
            all in positions(), which in any::<prop::sample::Index>(), price in 1..1u128 << 70, fund in 0..1u128 << 70,
        ) {
            let (price, cash) = (Price(Decimal::raw(price)), 1u128 << 90);
            let before = buy_in(cash, 0, &all).equity(price).unwrap();
            let mut rest = all;
            let closed = rest.swap_remove(which.index(rest.len()));
            let pnl = closed.pnl(price).unwrap();
            let settled = settle(closed.margin, pnl, Costs::default(), Assets::new(fund)).unwrap();
            let cash = cash + settled.to_pool.u128() - settled.from_pool.u128();
            let after = buy_in(cash, settled.missing.u128(), &rest);
            prop_assert!(after.equity(price).unwrap() <= before);
            // And no leaver is paid more than that.
            let left = sure(&after, &rest, price);
            prop_assert!(left <= before);
        }

        #[test]
        fn margin_lent_to_a_position_that_has_not_sunk_pays_no_leaver(
            all in positions(), which in any::<prop::sample::Index>(), price in 1..1u128 << 70, lent in 1..1u128 << 60,
        ) {
            let (price, cash) = (Price(Decimal::raw(price)), 1u128 << 90);
            let mut more = all.clone();
            let which = which.index(all.len());
            more[which].margin = more[which].margin.checked_add(Assets::new(lent)).unwrap();
            let before = sure(&buy_in(cash, 0, &all), &all, price);
            let after = sure(&buy_in(cash, 0, &more), &more, price);
            let missed = all[which].equity(price).unwrap().missing();
            prop_assert!(after.u128() <= before.u128() + missed.u128());
            prop_assert!(!missed.is_zero() || after == before);
        }

        #[test]
        fn no_deleveraging_raises_what_a_newcomer_has_paid_for(
            all in positions(), which in any::<prop::sample::Index>(), price in 1..1u128 << 70, missing in 1..1u128 << 60,
            least in 0..1u128 << 70,
        ) {
            let (price, cash) = (Price(Decimal::raw(price)), 1u128 << 90);
            let before = buy_in(cash, missing, &all).equity(price).unwrap();
            let mut rest = all;
            let position = rest.swap_remove(which.index(rest.len()));
            if let Some(cut) = cut(&position, price, Assets::new(missing), Assets::new(least)).unwrap() {
                rest.extend(cut.rest);
                let cash = cash - cut.from_pool.u128();
                let after = buy_in(cash, missing - cut.taken.u128(), &rest);
                // The closed part of a position has a rounding of its own.
                prop_assert!(after.equity(price).unwrap().u128() <= before.u128() + 1);
            }
        }

        #[test]
        fn adding_and_removing_never_lowers_the_price_for_the_others(
            shares in 0..1u128 << 90, equity in 0..1u128 << 90, added in 0..1u128 << 90, part in 0..=100u128,
        ) {
            let bought = shares_for(Assets::new(added), Shares::new(shares), Assets::new(equity)).unwrap().u128();
            let after = (shares + bought, equity + added);
            prop_assert!(not_worse((shares, equity), after));
            let returned = after.0 * part / 100;
            let paid = assets_for(Shares::new(returned), Shares::new(after.0), Assets::new(after.1)).unwrap().u128();
            prop_assert!(paid <= after.1);
            prop_assert!(not_worse(after, (after.0 - returned, after.1 - paid)));
        }

        #[test]
        fn coming_and_going_gains_nothing(
            shares in 0..1u128 << 90, equity in 0..1u128 << 90, added in 0..1u128 << 90,
        ) {
            let bought = shares_for(Assets::new(added), Shares::new(shares), Assets::new(equity)).unwrap();
            let supply = Shares::new(shares + bought.u128());
            let paid = assets_for(bought, supply, Assets::new(equity + added)).unwrap();
            prop_assert!(paid.u128() <= added);
        }

        #[test]
        fn inflating_the_first_share_costs_more_than_it_gains(
            first in 1..1_000u128, donated in 0..1u128 << 80, victim in 1..1u128 << 80,
        ) {
            // The attacker adds, loses `donated` to the pool on purpose, the victim adds, the attacker leaves.
            let own = shares_for(Assets::new(first), Shares::ZERO, Assets::ZERO).unwrap();
            let equity = first + donated;
            let bought = shares_for(Assets::new(victim), own, Assets::new(equity)).unwrap();
            let supply = Shares::new(own.u128() + bought.u128());
            let paid = assets_for(own, supply, Assets::new(equity + victim)).unwrap();
            prop_assert!(paid.u128() <= first + donated);
        }

        #[test]
        fn equity_is_cash_less_what_the_traders_would_win(
            cash in 0..1u128 << 80, size in 1..1u128 << 50, entry in 1..1u128 << 70, price in 1..1u128 << 70, margin in 0..1u128 << 70,
        ) {
            let position = Exposure {
                side: Side::Long, size: Size::new(size), entry: Price(Decimal::raw(entry)), margin: Assets::new(margin),
            };
            let set_aside = position.set_aside().unwrap();
            prop_assume!(set_aside.u128() <= cash);
            let price = Price(Decimal::raw(price));
            let low = sure(&buy_in(cash, 0, &[position]), &[position], price).u128();
            let high = buy_in(cash, 0, &[position]).equity(price).unwrap().u128();
            let (sure, hoped) = match position.pnl(price).unwrap() {
                Pnl::Profit(won) => (cash - won.u128(), cash - won.u128()),
                Pnl::Loss(lost) => (cash + lost.u128().min(margin), cash + lost.u128()),
            };
            prop_assert!(low <= sure && hoped <= high && high - hoped <= 1, "{low} {sure} {hoped} {high}");
        }
    }

    #[test]
    fn a_pool_is_wiped_out_by_what_it_lost_and_not_by_its_size() {
        let wiped_out = |cash, shares| is_wiped_out(Assets::new(cash), Shares::new(shares));
        assert!(!wiped_out(0, 0));
        assert!(!wiped_out(1, 1_000));
        assert!(wiped_out(0, 1));
        assert!(!wiped_out(100, 100 * 1_000 * 1_000_000));
        assert!(wiped_out(100, 100 * 1_000 * 1_000_000 + 1));
        assert!(wiped_out(1_000, u128::MAX));
        assert!(!wiped_out(1_001, u128::MAX));
        assert!(!wiped_out(u128::MAX, u128::MAX));
    }

    #[test]
    fn the_largest_numbers_do_not_panic() {
        let max = u128::MAX;
        let _ = shares_for(Assets::new(max), Shares::new(max), Assets::ZERO);
        let _ = assets_for(Shares::new(max), Shares::new(max), Assets::new(max));
        let most = BuyIn {
            cash: Assets::new(max),
            missing: Assets::new(max),
            ..BuyIn::default()
        };
        assert!(most.equity(Price(Decimal::MAX)).is_err());
    }
}
