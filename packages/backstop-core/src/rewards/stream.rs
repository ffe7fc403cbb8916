//! One stream as it was funded, and the turns of the denom's rate that it makes:
//! up where it begins, down where it ends. Everything about a stream follows
//! from its amount and its two ends, so nothing of it is kept up to date.

use backstop_types::Seconds;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{OverflowError, Uint128, Uint256};

use super::clock::{grid, week_of};
use super::scale::{RewardsError, scaled, whole};

/// An amount, and from when to when it is released at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// In 2⁻¹²⁸ base units.
    pub amount: Uint256,
    /// The beginning in staked time: the moment of the funding, or a point of
    /// the grid that lies ahead of it.
    pub from: Seconds,
    /// The end: a later point of the grid.
    pub end_week: u64,
}

/// By how much a denom's rate changes at a point of the grid. The two are kept
/// apart, so that a stream that is stopped takes back what it added.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Turn {
    /// The rates of the streams that end there.
    pub drop: Uint256,
    /// The rates of the streams that begin there.
    pub rise: Uint256,
}

/// A turn and the point of the grid at which it is due.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct RateChange {
    /// The grid point.
    pub week: u64,
    /// By how much.
    pub turn: Turn,
}

/// What a stream adds to the rate changes that lie ahead, and what a stopped
/// one takes from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edges {
    /// Where it begins, if that lies ahead.
    pub begin: Option<RateChange>,
    /// Where it ends.
    pub end: RateChange,
}

/// A stream that was stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopped {
    /// Base units to send back.
    pub refund: Uint128,
    /// To be taken from the rate changes that lie ahead.
    pub edges: Edges,
}

impl Stream {
    /// How long it runs.
    pub fn length(&self) -> Seconds {
        grid(self.end_week).saturating_sub(self.from)
    }

    /// Released in a second, rounded down.
    pub fn rate(&self) -> Result<Uint256, RewardsError> {
        Ok(self.amount.checked_div(self.length().0.into())?)
    }

    /// The remainder of the division by its length, which is released when it
    /// is funded, so that the whole amount is out by its end: less than
    /// 2²⁵ × 2⁻¹²⁸ of a base unit.
    pub fn at_once(&self) -> Result<Uint256, RewardsError> {
        Ok(self.amount.checked_rem(self.length().0.into())?)
    }

    /// Whether it is over at `staked`.
    pub fn ended(&self, staked: Seconds) -> bool {
        grid(self.end_week) <= staked
    }

    /// What it has left at `staked`.
    pub fn unreleased(&self, staked: Seconds) -> Result<Uint256, RewardsError> {
        let left = grid(self.end_week).saturating_sub(self.from.max(staked));
        Ok(self.rate()?.checked_mul(left.0.into())?)
    }

    /// The turns that it makes, as seen from `staked`.
    pub fn edges(&self, staked: Seconds) -> Result<Edges, RewardsError> {
        let rate = self.rate()?;
        let rise = RateChange {
            week: week_of(self.from),
            turn: Turn {
                rise: rate,
                ..Turn::default()
            },
        };
        let drop = RateChange {
            week: self.end_week,
            turn: Turn {
                drop: rate,
                ..Turn::default()
            },
        };
        Ok(Edges {
            begin: (self.from > staked).then_some(rise),
            end: drop,
        })
    }
}

/// Of `kept`, what was funded and not refunded, the whole base units that are out
/// while `unreleased` is not.
pub fn released(kept: Uint128, unreleased: Uint256) -> Result<Uint128, RewardsError> {
    whole(scaled(kept)?.checked_sub(unreleased)?)
}

impl Turn {
    /// The rate after the turn.
    pub fn of(&self, rate: Uint256) -> Result<Uint256, OverflowError> {
        rate.checked_sub(self.drop)?.checked_add(self.rise)
    }

    /// Both turns in one.
    pub fn plus(&self, other: Self) -> Result<Self, OverflowError> {
        Ok(Self {
            drop: self.drop.checked_add(other.drop)?,
            rise: self.rise.checked_add(other.rise)?,
        })
    }

    /// This turn without `other`, which is in it.
    pub fn minus(&self, other: Self) -> Result<Self, OverflowError> {
        Ok(Self {
            drop: self.drop.checked_sub(other.drop)?,
            rise: self.rise.checked_sub(other.rise)?,
        })
    }

    /// Whether no stream begins or ends.
    pub fn is_zero(&self) -> bool {
        self.drop.is_zero() && self.rise.is_zero()
    }
}

impl Edges {
    /// The turns, one or two.
    pub fn iter(&self) -> impl Iterator<Item = RateChange> {
        self.begin.into_iter().chain([self.end])
    }
}

#[cfg(test)]
mod tests {
    use super::super::WEEK;
    use super::*;
    use proptest::prelude::*;

    fn stream(amount: u128, from: u64, end_week: u64) -> Stream {
        Stream {
            amount: scaled(Uint128::new(amount)).unwrap(),
            from: Seconds(from),
            end_week,
        }
    }

    #[test]
    fn a_stream_that_runs_has_only_its_end_ahead() {
        let stream = stream(700, 0, 2);
        let edges = stream.edges(Seconds(0)).unwrap();
        assert_eq!(edges.begin, None);
        assert_eq!((edges.end.week, edges.iter().count()), (2, 1));
        assert_eq!(edges.end.turn.drop, stream.rate().unwrap());
    }

    #[test]
    fn a_stream_that_is_to_come_rises_where_it_begins_and_falls_where_it_ends() {
        let stream = stream(700, 3 * WEEK.0, 5);
        let edges = stream.edges(Seconds(1)).unwrap();
        let begin = edges.begin.unwrap();
        assert_eq!((begin.week, edges.end.week), (3, 5));
        assert_eq!(begin.turn.rise, edges.end.turn.drop);
        let both = begin.turn.plus(edges.end.turn).unwrap();
        assert_eq!(both.of(Uint256::MAX), Ok(Uint256::MAX));
        assert_eq!(both.minus(begin.turn), Ok(edges.end.turn));
        assert!(both.minus(both).unwrap().is_zero());
    }

    proptest! {
        #[test]
        fn what_a_stream_has_left_falls_from_all_but_the_remainder_to_nothing(
            amount: u128, from in 0..WEEK.0 * 60, weeks in 1u64..=53, at in 0..WEEK.0 * 120,
        ) {
            let stream = stream(amount, from, from / WEEK.0 + weeks);
            let left = stream.unreleased(Seconds(at)).unwrap();
            let before = stream.amount - stream.at_once().unwrap();
            prop_assert_eq!(stream.unreleased(Seconds(0)).unwrap(), before);
            prop_assert!(left <= before);
            let later = stream.unreleased(Seconds(at + 1)).unwrap();
            prop_assert!(later == left || later + stream.rate().unwrap() == left);
            prop_assert!(stream.unreleased(grid(stream.end_week)).unwrap().is_zero());
        }
    }
}
