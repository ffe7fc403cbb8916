//! All streams of one denom, folded into one rate that falls at points of the
//! weekly grid, and the index: what one share has earned. A step costs the grid
//! points that it crosses, never the streams or the stakers.

use backstop_types::{Seconds, Shares};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal256, Uint256};

use super::clock::{MAX_WEEKS, grid, week_of};
use super::{RewardsError, SCALE};

/// The most rate changes that can lie ahead in one denom: each stream ends
/// within its weeks and the one that it began in.
pub const MAX_CHANGES: u32 = MAX_WEEKS.saturating_add(1);

/// One denom's streams. Amounts are in 2⁻¹²⁸ base units.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Flow {
    /// Up to when it was advanced, in staked time.
    pub at: Seconds,
    /// Released in a second of staked time.
    pub rate: Uint256,
    /// Released, and not yet divisible among the shares.
    pub carry: Uint256,
    /// What one share has earned since the beginning, modulo 2²⁵⁶.
    pub index: Uint256,
}

/// A point of the grid at which streams end.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct RateChange {
    /// The grid point.
    pub week: u64,
    /// By how much the rate falls there.
    pub drop: Uint256,
}

impl Flow {
    /// A denom without streams, from `at` on.
    pub fn new(at: Seconds) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }

    /// Whether a grid point lies between the last step and `to`, so that a rate
    /// change may be due.
    pub fn crosses_grid(&self, to: Seconds) -> bool {
        week_of(self.at) < week_of(to)
    }

    /// Releases up to `to` and shares it among `shares`. `due` holds the rate
    /// changes after the last step and up to `to`, by week.
    pub fn advance(&mut self, due: &[RateChange], to: Seconds, shares: Shares) -> Result<(), RewardsError> {
        for change in due {
            self.release(grid(change.week), shares)?;
            self.rate = self.rate.checked_sub(change.drop)?;
        }
        self.release(to, shares)
    }

    /// `index += (carry + rate × Δt) / shares`, and the remainder is carried.
    fn release(&mut self, to: Seconds, shares: Shares) -> Result<(), RewardsError> {
        let seconds = to.saturating_sub(self.at);
        let released = self.rate.checked_mul(seconds.0.into())?;
        self.carry = self.carry.checked_add(released)?;
        self.at = self.at.max(to);
        // No time passes without shares; what is carried waits for the next.
        if !shares.is_zero() {
            let share = self.carry.checked_div(shares.wide())?;
            self.carry = self.carry.checked_rem(shares.wide())?;
            self.index = self.index.wrapping_add(share);
        }
        Ok(())
    }

    /// Begins a stream of `amount` from now to the grid point `week`. The
    /// remainder of the division by its length is released at once, so that the
    /// whole amount is out by its end: less than 2²⁵ × 2⁻¹²⁸ of a base unit.
    pub fn start(&mut self, amount: Uint256, week: u64) -> Result<RateChange, RewardsError> {
        let length = Uint256::from(grid(week).saturating_sub(self.at).0);
        let rate = amount.checked_div(length)?;
        let at_once = amount.checked_rem(length)?;
        self.rate = self.rate.checked_add(rate)?;
        self.carry = self.carry.checked_add(at_once)?;
        Ok(RateChange { week, drop: rate })
    }

    /// What the streams still hold, given every rate change that lies ahead, by
    /// week.
    pub fn unreleased(&self, ahead: &[RateChange]) -> Result<Uint256, RewardsError> {
        let mut left = Uint256::zero();
        let (mut at, mut rate) = (self.at, self.rate);
        for change in ahead {
            let end = grid(change.week);
            let part = rate.checked_mul(end.saturating_sub(at).0.into())?;
            left = left.checked_add(part)?;
            rate = rate.checked_sub(change.drop)?;
            at = end;
        }
        Ok(left)
    }

    /// What one share has earned since the index was `since`.
    pub fn earned_since(&self, since: Uint256) -> Uint256 {
        self.index.wrapping_sub(since)
    }
}

/// A rate in base units a second, rounded down to 18 decimals.
pub fn per_second(rate: Uint256) -> Decimal256 {
    let decimals = Uint256::from(10u128.saturating_pow(18));
    // At most 2²⁵⁶ / 2¹²⁸ × 10¹⁸ < 2¹⁸⁸, with 512 bits in between.
    let atomics = rate.checked_multiply_ratio(decimals, SCALE);
    Decimal256::new(atomics.unwrap_or(Uint256::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::{WEEK, scaled, whole};
    use super::*;
    use cosmwasm_std::Uint128;
    use proptest::prelude::*;

    #[test]
    fn the_largest_amount_over_one_second_and_one_share_does_not_overflow() {
        let mut flow = Flow::new(Seconds(WEEK.0 - 1));
        let all = scaled(Uint128::MAX).unwrap();

        let end = flow.start(all, 1).unwrap();
        flow.advance(&[end], WEEK, Shares::ONE).unwrap();

        assert_eq!(whole(flow.earned_since(Uint256::zero())), Ok(Uint128::MAX));
        assert_eq!((flow.rate, flow.carry), (Uint256::zero(), Uint256::zero()));
    }

    #[test]
    fn the_index_may_turn_over() {
        let before = Uint256::MAX;
        let mut flow = Flow {
            index: before,
            rate: SCALE,
            ..Flow::default()
        };
        flow.advance(&[], Seconds(10), Shares::new(2)).unwrap();
        assert_eq!(whole(flow.earned_since(before)), Ok(Uint128::new(5)));
    }

    #[test]
    fn a_rate_reads_as_units_a_second() {
        let half = Flow::default().start(SCALE, 1).unwrap();
        assert_eq!(per_second(SCALE).to_string(), "1");
        assert_eq!(per_second(half.drop).to_string(), "0.000001653439153439");
        assert!(per_second(Uint256::MAX) > Decimal256::zero());
    }

    proptest! {
        #[test]
        fn what_is_funded_is_released_exactly_by_the_end(
            amount: u128, start in 0..WEEK.0, weeks in 1u64..=52, shares in 1..=u128::MAX,
        ) {
            let amount = Uint128::new(amount);
            let mut flow = Flow::new(Seconds(start));
            let end = flow.start(scaled(amount).unwrap(), weeks + 1).unwrap();
            let ahead = flow.unreleased(&[end]).unwrap();
            prop_assert_eq!(ahead + flow.carry, scaled(amount).unwrap());

            flow.advance(&[end], grid(weeks + 1), Shares::new(shares)).unwrap();
            prop_assert_eq!(flow.rate, Uint256::zero());
            let shared = flow.index * Uint256::from(shares);
            prop_assert_eq!(shared + flow.carry, scaled(amount).unwrap());
            prop_assert!(flow.carry < SCALE);
        }

        #[test]
        fn stopping_at_any_moment_on_the_way_changes_nothing(
            amount: u128, shares in 1..=u128::MAX, mut stops in prop::collection::vec(0..4 * WEEK.0, 0..30),
        ) {
            let mut poked = Flow::new(Seconds(0));
            let end = poked.start(scaled(Uint128::new(amount)).unwrap(), 3).unwrap();
            let mut once = poked;
            let last = Seconds(4 * WEEK.0);
            let shares = Shares::new(shares);

            stops.sort_unstable();
            let mut ahead = Some(end);
            for stop in stops {
                let due: Vec<_> = ahead.take_if(|c| grid(c.week) <= Seconds(stop)).into_iter().collect();
                poked.advance(&due, Seconds(stop), shares).unwrap();
            }
            poked.advance(&ahead.into_iter().collect::<Vec<_>>(), last, shares).unwrap();
            once.advance(&[end], last, shares).unwrap();
            prop_assert_eq!(poked, once);
        }
    }
}
