//! Exact fractions, which nothing in the vault is built on.

use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

pub type Exact = BigRational;

/// A nanosecond's number in a second.
pub const SECOND: u64 = 1_000_000_000;

pub fn whole(number: u128) -> Exact {
    Exact::from_integer(number.into())
}

pub fn ratio(numerator: u128, denominator: u128) -> Exact {
    Exact::new(numerator.into(), denominator.into())
}

pub fn floor(number: &Exact) -> u128 {
    number.floor().to_integer().to_u128().unwrap()
}

pub fn ceil(number: &Exact) -> u128 {
    number.ceil().to_integer().to_u128().unwrap()
}

/// The number, or zero if it is below.
pub fn positive(number: Exact) -> Exact {
    number.max(Exact::zero())
}

/// `amount × part / whole`, rounded down; nothing of nothing.
pub fn portion(amount: u128, part: u128, whole: u128) -> u128 {
    if whole == 0 {
        return 0;
    }
    floor(&(ratio(amount, whole) * self::whole(part)))
}
