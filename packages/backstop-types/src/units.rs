//! Newtypes that carry a unit, so that shares cannot be added to assets nor
//! seconds to basis points. In JSON each is its bare inner value.

use std::fmt;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, OverflowError, Timestamp, Uint64, Uint128, Uint256};

use crate::attribute::Attribute;

/// An amount in base units that can be added and taken away, checked.
macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[cw_serde]
        #[derive(Copy, Eq, PartialOrd, Ord, Default)]
        pub struct $name(pub Uint128);

        impl $name {
            /// None at all.
            pub const ZERO: Self = Self(Uint128::zero());
            /// One base unit.
            pub const ONE: Self = Self(Uint128::one());

            /// `amount` base units.
            pub const fn new(amount: u128) -> Self {
                Self(Uint128::new(amount))
            }

            /// The bare number of base units.
            pub const fn u128(self) -> u128 {
                self.0.u128()
            }

            /// The same number, wide enough to be multiplied.
            pub fn wide(self) -> Uint256 {
                Uint256::from(self.0)
            }

            /// Whether there is none.
            pub const fn is_zero(self) -> bool {
                self.0.is_zero()
            }

            /// The sum, or an error past 2¹²⁸ − 1.
            pub fn checked_add(self, other: Self) -> Result<Self, OverflowError> {
                self.0.checked_add(other.0).map(Self)
            }

            /// The difference, or an error below zero.
            pub fn checked_sub(self, other: Self) -> Result<Self, OverflowError> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// The difference, or zero.
            pub fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl From<u128> for $name {
            fn from(amount: u128) -> Self {
                Self::new(amount)
            }
        }

        impl From<Uint128> for $name {
            fn from(amount: Uint128) -> Self {
                Self(amount)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

amount! {
    /// Base units of the vault's asset.
    Assets
}

amount! {
    /// Parts of a vault. They start at one per base unit of the asset.
    Shares
}

/// Hundredths of a percent: 10,000 is the whole.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub struct Bps(pub u32);

impl Bps {
    /// One whole, 100 %.
    pub const ONE: Self = Self(10_000);

    /// The same share as a decimal.
    pub fn decimal(self) -> Decimal {
        Decimal::bps(u64::from(self.0))
    }
}

impl fmt::Display for Bps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A length of time in seconds.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub struct Seconds(pub u64);

impl Seconds {
    /// One minute.
    pub const MINUTE: Self = Self(60);
    /// One hour.
    pub const HOUR: Self = Self(3_600);
    /// One day.
    pub const DAY: Self = Self(86_400);

    /// `n` days; saturates.
    pub const fn days(n: u64) -> Self {
        Self(Self::DAY.0.saturating_mul(n))
    }

    /// `n` hours; saturates.
    pub const fn hours(n: u64) -> Self {
        Self(Self::HOUR.0.saturating_mul(n))
    }

    /// The whole seconds that have passed from `start` to `end`, never one too
    /// many; zero if `end` is earlier. [`Nanos::between`] drops nothing.
    pub fn between(start: Timestamp, end: Timestamp) -> Self {
        Nanos::between(start, end).seconds()
    }

    /// The whole seconds that must pass from `now` until it is `then`, never
    /// one too few; zero if it is `then` already.
    pub fn left(now: Timestamp, then: Timestamp) -> Self {
        Nanos::between(now, then).seconds_up()
    }

    /// The first whole second, since the epoch, at which it is `then`: for events.
    pub fn clock(then: Timestamp) -> u64 {
        Self::left(Timestamp::default(), then).0
    }

    /// The same length in nanoseconds; saturates.
    pub const fn nanos(self) -> Nanos {
        Nanos(Uint64::new(self.0.saturating_mul(SECOND)))
    }

    /// The moment this long after `start`; saturates at the end of time that a
    /// [`Timestamp`] can be.
    pub fn after(self, start: Timestamp) -> Timestamp {
        self.nanos().after(start)
    }

    /// The sum; saturates.
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, or zero.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A length of time in nanoseconds, as exact as a chain's clock. In JSON a
/// string, since a JSON number does not carry so many digits.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub struct Nanos(pub Uint64);

/// One second in nanoseconds.
const SECOND: u64 = 1_000_000_000;

impl Nanos {
    /// The time from `start` to `end`, zero if `end` is earlier.
    pub fn between(start: Timestamp, end: Timestamp) -> Self {
        Self(Uint64::new(end.nanos().saturating_sub(start.nanos())))
    }

    /// The bare number of nanoseconds.
    pub const fn u64(self) -> u64 {
        self.0.u64()
    }

    /// The same number, wide enough to be multiplied.
    pub fn wide(self) -> Uint256 {
        Uint256::from(self.0)
    }

    /// The whole seconds in it, rounded down.
    pub const fn seconds(self) -> Seconds {
        Seconds(self.u64() / SECOND)
    }

    /// The whole seconds that contain it, rounded up.
    pub const fn seconds_up(self) -> Seconds {
        Seconds(self.u64().div_ceil(SECOND))
    }

    /// The moment this long after `start`; saturates.
    pub fn after(self, start: Timestamp) -> Timestamp {
        Timestamp::from_nanos(start.nanos().saturating_add(self.u64()))
    }

    /// The sum; saturates.
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(Uint64::new(self.u64().saturating_add(other.u64())))
    }

    /// The difference, or zero.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(Uint64::new(self.u64().saturating_sub(other.u64())))
    }
}

impl From<Seconds> for Nanos {
    fn from(seconds: Seconds) -> Self {
        seconds.nanos()
    }
}

/// The price of one whole unit of a market's base in its quote, with 18
/// decimals: `ATOM/USD` at 4.06 is `"4.06"`.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub struct Price(pub Decimal);

impl Price {
    /// Whether the price is zero; a price is never negative.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl From<Decimal> for Price {
    fn from(price: Decimal) -> Self {
        Self(price)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Attributes of newtypes.
macro_rules! wrapped_attributes {
    ($($type:ident),* $(,)?) => {
        $( impl Attribute for $type {
            fn text(&self) -> String { self.0.to_string() }
            fn read(text: &str) -> Option<Self> { text.parse().ok().map(Self) }
        } )*
    };
}

wrapped_attributes!(Assets, Shares, Price, Bps);

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn units_are_their_bare_value_in_json() {
        assert_eq!(to_json_string(&Assets::new(7)).unwrap(), "\"7\"");
        assert_eq!(to_json_string(&Seconds(7)).unwrap(), "7");
        let price: Price = from_json("\"0.107\"").unwrap();
        assert_eq!(price.to_string(), "0.107");
    }

    #[test]
    fn time_never_runs_backwards_nor_overflows() {
        let early = Timestamp::from_seconds(10);
        assert_eq!(Seconds::between(Timestamp::from_seconds(11), early), Seconds(0));
        assert_eq!(Seconds(u64::MAX).after(early).nanos(), u64::MAX);
    }

    #[test]
    fn a_second_counts_when_it_has_passed_whole_and_is_left_until_then() {
        let at = |millis: u64| Timestamp::from_nanos(millis * 1_000_000);
        for (start, end, passed, left) in [(900, 1_000, 0, 1), (900, 1_900, 1, 1), (900, 1_901, 1, 2)] {
            assert_eq!(Seconds::between(at(start), at(end)), Seconds(passed));
            assert_eq!(Seconds::left(at(start), at(end)), Seconds(left));
        }
        assert_eq!(to_json_string(&Seconds(7).nanos()).unwrap(), "\"7000000000\"");
    }
}
