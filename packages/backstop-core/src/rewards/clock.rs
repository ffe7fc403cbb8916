//! The clock that counts only the seconds with somebody staked, and the weekly
//! grid on it. Time without stakers does not pass, so nothing is released to
//! nobody and nothing is lost.

use backstop_types::{Seconds, Shares};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{OverflowError, Timestamp, Uint128, Uint256};

/// The grid's step, in seconds of staked time.
pub const WEEK: Seconds = Seconds::days(7);

/// The longest stream, in whole weeks.
pub const MAX_WEEKS: u32 = 52;

/// Staked time, as of the last step.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Clock {
    /// Active shares of all records together: the clock runs while there are
    /// any.
    pub shares: Shares,
    /// Seconds with somebody staked so far.
    pub staked: Seconds,
    /// The time of the last step.
    pub at: Timestamp,
}

/// The grid's last point at or before `staked`.
pub fn week_of(staked: Seconds) -> u64 {
    // The divisor is a constant and not zero.
    staked.0.checked_div(WEEK.0).unwrap_or_default()
}

impl Clock {
    /// Moves to `now` and counts the whole seconds at which the chain's clock
    /// has arrived meanwhile. Splitting a step changes nothing.
    pub fn tick(&mut self, now: Timestamp) {
        if !self.shares.is_zero() {
            let ticks = now.seconds().saturating_sub(self.at.seconds());
            self.staked = self.staked.saturating_add(Seconds(ticks));
        }
        self.at = self.at.max(now);
    }

    /// The grid point at which a stream of `weeks` whole weeks ends that begins
    /// now: it takes the rest of the current week on top, so it lasts at least
    /// `weeks` weeks and less than one more.
    pub fn end_of(&self, weeks: u32) -> u64 {
        self.next_week().saturating_add(u64::from(weeks))
    }

    /// The next grid point, which is now if the clock stands on one.
    pub fn next_week(&self) -> u64 {
        week_of(self.staked.saturating_add(Seconds(WEEK.0.saturating_sub(1))))
    }

    /// From now to the grid point `week`, zero if it is past.
    pub fn until(&self, week: u64) -> Seconds {
        grid(week).saturating_sub(self.staked)
    }
}

/// The grid point `week` in seconds of staked time.
pub fn grid(week: u64) -> Seconds {
    Seconds(week.saturating_mul(WEEK.0))
}

/// Whether `amount` over `length` is at least `min_rate` base units a week,
/// compared without rounding.
pub fn reaches(amount: Uint128, length: Seconds, min_rate: Uint128) -> Result<bool, OverflowError> {
    let has = Uint256::from(amount).checked_mul(WEEK.0.into())?;
    let needs = Uint256::from(min_rate).checked_mul(length.0.into())?;
    Ok(has >= needs)
}

/// The least amount that reaches `min_rate` over `length`, rounded up; the
/// largest amount there is if it is more than that.
pub fn least(length: Seconds, min_rate: Uint128) -> Result<Uint128, OverflowError> {
    let units = Uint256::from(min_rate).checked_mul(length.0.into())?;
    let weeks = units.checked_add(Uint256::from(WEEK.0.saturating_sub(1)))?;
    // The divisor is a constant and not zero.
    let weeks = weeks.checked_div(WEEK.0.into()).unwrap_or_default();
    Ok(Uint128::try_from(weeks).unwrap_or(Uint128::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(staked: u64) -> Clock {
        Clock {
            shares: Shares::ONE,
            staked: Seconds(staked),
            at: Timestamp::from_seconds(staked),
        }
    }

    #[test]
    fn time_without_stakers_does_not_pass() {
        let mut clock = Clock::default();
        clock.tick(Timestamp::from_seconds(1_000));
        assert_eq!(clock.staked, Seconds(0));

        clock.shares = Shares::ONE;
        clock.tick(Timestamp::from_seconds(1_010));
        assert_eq!(clock.staked, Seconds(10));
    }

    #[test]
    fn a_stream_takes_the_rest_of_the_current_week_on_top() {
        assert_eq!(at(0).end_of(1), 1);
        assert_eq!(at(1).end_of(1), 2);
        assert_eq!(at(WEEK.0 - 1).end_of(1), 2);
        assert_eq!(at(WEEK.0).end_of(1), 2);
        assert_eq!(at(WEEK.0).until(2), WEEK);
    }

    #[test]
    fn a_minimum_rate_is_compared_without_rounding() {
        let over = Seconds(WEEK.0 + 1);
        assert_eq!(reaches(Uint128::new(100), WEEK, Uint128::new(100)), Ok(true));
        assert_eq!(reaches(Uint128::new(100), over, Uint128::new(100)), Ok(false));
        assert_eq!(reaches(Uint128::MAX, WEEK, Uint128::MAX), Ok(true));
    }

    proptest! {
        #[test]
        fn the_least_amount_is_the_first_that_reaches_the_minimum(
            weeks in 1..WEEK.0 * 53, min_rate in 1..1u128 << 120,
        ) {
            let (length, min_rate) = (Seconds(weeks), Uint128::new(min_rate));
            let least = least(length, min_rate).unwrap();
            prop_assert_eq!(reaches(least, length, min_rate), Ok(true));
            prop_assert_eq!(reaches(least - Uint128::one(), length, min_rate), Ok(false));
        }

        #[test]
        fn splitting_a_step_changes_nothing(start in 0u64..1_000_000_000, steps in prop::collection::vec(0u64..5_000_000_000, 0..20)) {
            let mut poked = Clock { shares: Shares::ONE, at: Timestamp::from_nanos(start), ..Clock::default() };
            let mut once = poked;
            let mut now = start;
            for step in steps {
                now += step;
                poked.tick(Timestamp::from_nanos(now));
            }
            once.tick(Timestamp::from_nanos(now));
            prop_assert_eq!(poked, once);
        }

        #[test]
        fn a_stream_lasts_its_weeks_and_less_than_one_more(staked in 0u64..1 << 34, weeks in 1..=MAX_WEEKS) {
            let clock = at(staked);
            let length = clock.until(clock.end_of(weeks)).0;
            prop_assert!(length >= u64::from(weeks) * WEEK.0);
            prop_assert!(length < u64::from(weeks + 1) * WEEK.0);
        }
    }
}
