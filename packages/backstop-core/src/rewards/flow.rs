//! All streams of one denom, folded into one rate that turns at points of the
//! weekly grid, and the index: what one share has earned. A step costs the grid
//! points that it crosses, never the streams or the stakers.

use backstop_types::{Seconds, Shares};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal256, Uint256};

use super::clock::{MAX_WEEKS, grid, week_of};
use super::scale::{RewardsError, SCALE, scaled, whole};
use super::stream::{Edges, RateChange, Stopped, Stream};

/// The most rate changes that can lie ahead in one denom: each stream begins and
/// ends within the longest one's weeks and the one that it was funded in.
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

    /// Releases up to `to` and shares it among `shares`. `due` has the rate
    /// changes after the last step and up to `to`, by week.
    pub fn advance(&mut self, due: &[RateChange], to: Seconds, shares: Shares) -> Result<(), RewardsError> {
        for change in due {
            self.release(grid(change.week), shares)?;
            self.rate = change.turn.of(self.rate)?;
        }
        self.release(to, shares)
    }

    /// `index += (carry + rate × Δt) / shares`, and the remainder is carried.
    fn release(&mut self, to: Seconds, shares: Shares) -> Result<(), RewardsError> {
        let seconds = to.saturating_sub(self.at);
        // What is carried waits for the next second, however often anybody looks
        // in this one: a step that takes no time changes nothing.
        if seconds.0 == 0 {
            return Ok(());
        }
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

    /// Adds a stream, which begins now or at a point of the grid that lies
    /// ahead. The answer is to be added to the rate changes that lie ahead.
    pub fn start(&mut self, stream: &Stream) -> Result<Edges, RewardsError> {
        let edges = stream.edges(self.at)?;
        self.carry = self.carry.checked_add(stream.at_once()?)?;
        if edges.begin.is_none() {
            self.rate = self.rate.checked_add(stream.rate()?)?;
        }
        Ok(edges)
    }

    /// Takes a stream out that has not ended, and what it has left but for
    /// the fraction of a base unit, which is released with the next second.
    pub fn stop(&mut self, stream: &Stream) -> Result<Stopped, RewardsError> {
        let edges = stream.edges(self.at)?;
        if edges.begin.is_none() {
            self.rate = self.rate.checked_sub(stream.rate()?)?;
        }
        let left = stream.unreleased(self.at)?;
        let refund = whole(left)?;
        let fraction = left.checked_sub(scaled(refund)?)?;
        self.carry = self.carry.checked_add(fraction)?;
        Ok(Stopped { refund, edges })
    }

    /// What the streams have left, given every rate change that lies ahead, by
    /// week.
    pub fn unreleased(&self, ahead: &[RateChange]) -> Result<Uint256, RewardsError> {
        let mut left = Uint256::zero();
        let (mut at, mut rate) = (self.at, self.rate);
        for change in ahead {
            let end = grid(change.week);
            let part = rate.checked_mul(end.saturating_sub(at).0.into())?;
            left = left.checked_add(part)?;
            rate = change.turn.of(rate)?;
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
    use super::super::WEEK;
    use super::*;
    use cosmwasm_std::Uint128;
    use proptest::prelude::*;

    fn stream(amount: Uint128, from: u64, end_week: u64) -> Stream {
        Stream {
            amount: scaled(amount).unwrap(),
            from: Seconds(from),
            end_week,
        }
    }

    #[test]
    fn the_largest_amount_over_one_second_and_one_share_does_not_overflow() {
        let mut flow = Flow::new(Seconds(WEEK.0 - 1));
        let all = stream(Uint128::MAX, WEEK.0 - 1, 1);

        let edges = flow.start(&all).unwrap();
        flow.advance(&[edges.end], WEEK, Shares::ONE).unwrap();

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
        let one = stream(Uint128::one(), 0, 1);
        assert_eq!(per_second(SCALE).to_string(), "1");
        assert_eq!(
            per_second(one.rate().unwrap()).to_string(),
            "0.000001653439153439"
        );
        assert!(per_second(Uint256::MAX) > Decimal256::zero());
    }

    #[test]
    fn a_stream_that_is_to_come_changes_no_rate_until_it_begins() {
        let mut flow = Flow::new(Seconds(5));
        let later = stream(Uint128::new(u128::from(WEEK.0)), 2 * WEEK.0, 3);
        let edges = flow.start(&later).unwrap();
        let ahead = [edges.begin.unwrap(), edges.end];
        assert_eq!(flow.unreleased(&ahead), Ok(later.amount));

        flow.advance(&[], grid(2), Shares::ONE).unwrap();
        assert_eq!(flow.index, Uint256::zero());
        flow.advance(&ahead, grid(4), Shares::ONE).unwrap();
        assert_eq!((flow.index, flow.rate), (later.amount, Uint256::zero()));
    }

    proptest! {
        #[test]
        fn a_stopped_stream_leaves_the_others_as_if_it_had_ended_there(
            kept: u128, stopped in 0..=u128::MAX >> 1, first in 0u64..4, weeks in 1u64..4, at in 0..4 * WEEK.0,
        ) {
            let shares = Shares::ONE;
            let base = stream(Uint128::new(kept >> 1), 0, 8);
            let other = stream(Uint128::new(stopped), first * WEEK.0, first + weeks);
            prop_assume!(Seconds(at) < grid(other.end_week));
            let (mut flow, mut alone) = (Flow::new(Seconds(0)), Flow::new(Seconds(0)));
            let end = flow.start(&base).unwrap().end;
            alone.start(&base).unwrap();
            let edges = flow.start(&other).unwrap();

            let begun: Vec<_> = edges.begin.into_iter().filter(|c| grid(c.week) <= Seconds(at)).collect();
            flow.advance(&begun, Seconds(at), shares).unwrap();
            let Stopped { refund, edges: undone } = flow.stop(&other).unwrap();
            prop_assert_eq!(undone.end, edges.end);
            prop_assert_eq!(undone.begin.is_some(), edges.begin.is_some() && begun.is_empty());
            flow.advance(&[end], grid(9), shares).unwrap();
            alone.advance(&[end], grid(9), shares).unwrap();

            prop_assert_eq!(flow.rate, Uint256::zero());
            prop_assert_eq!(flow.index + scaled(refund).unwrap(), alone.index + other.amount);
        }

        #[test]
        fn what_is_funded_is_released_exactly_by_the_end(
            amount: u128, start in 0..WEEK.0, weeks in 1u64..=52, shares in 1..=u128::MAX,
        ) {
            let amount = Uint128::new(amount);
            let mut flow = Flow::new(Seconds(start));
            let end = flow.start(&stream(amount, start, weeks + 1)).unwrap().end;
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
            let end = poked.start(&stream(Uint128::new(amount), 0, 3)).unwrap().end;
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
