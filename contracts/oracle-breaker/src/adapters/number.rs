//! Numbers as providers write them, and their way to a price of 18 decimals.
//!
//! A number is a sign, a magnitude, and a power of ten. It becomes a price
//! exactly, or the digits beyond the 18th decimal are cut off: that happens only
//! where a source's own `exponent` shifts an answer of 18 decimals down.

use backstop_types::Price;
use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_std::{Decimal, Uint128, Uint256};

/// The decimals of a price, and of the SDK's `LegacyDec`.
const DECIMALS: i32 = 18;
/// The smallest exponent that a provider may name: nothing of it is cut off.
const MIN_EXPONENT: i32 = -18;
/// The largest exponent that a feed could sensibly have.
const MAX_EXPONENT: i32 = 12;
/// The most digits of a number that are parsed: 2²⁵⁶ has 78.
const MAX_DIGITS: usize = 78;

/// ± magnitude × 10^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    magnitude: Uint256,
    exponent: i32,
}

impl Number {
    /// A magnitude that counts in 10^exponent.
    pub(super) fn scaled(magnitude: impl Into<Uint256>, exponent: i32) -> Self {
        Self {
            negative: false,
            magnitude: magnitude.into(),
            exponent,
        }
    }

    /// Text such as `-1365133270`: digits with a minus or none.
    pub(super) fn integer(text: &str) -> Result<Self, Unreadable> {
        let (negative, digits) = signed(text);
        Ok(Self {
            negative,
            ..Self::scaled(magnitude(digits)?, 0)
        })
    }

    /// Text such as `9.87`, `-0.5` or `4`, with up to 18 decimals: how
    /// cosmwasm-std writes a `Decimal` and the SDK a `LegacyDec` in JSON.
    pub(super) fn decimal(text: &str) -> Result<Self, Unreadable> {
        let (negative, digits) = signed(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let places = i32::try_from(fraction.len()).map_err(|_| Unreadable::Malformed)?;
        if whole.is_empty() || fraction.is_empty() || places > DECIMALS {
            return Err(Unreadable::Malformed);
        }
        Ok(Self {
            negative,
            magnitude: magnitude(&format!("{whole}{fraction}"))?,
            exponent: places.saturating_neg(),
        })
    }

    /// This × 10^exponent, where the source's config says so.
    pub(super) fn shifted(self, exponent: i32) -> Self {
        Self {
            exponent: self.exponent.saturating_add(exponent),
            ..self
        }
    }

    /// This × 10^exponent, where the provider says so: out of range is a fault.
    pub(super) fn with_exponent(self, exponent: i32) -> Result<Self, Unreadable> {
        if !(MIN_EXPONENT..=MAX_EXPONENT).contains(&exponent) {
            return Err(Unreadable::Exponent);
        }
        Ok(self.shifted(exponent))
    }

    /// Zero or below.
    pub(super) fn is_positive(self) -> bool {
        !self.negative && !self.magnitude.is_zero()
    }

    /// The number as a price; one below zero, or one above that 18 decimals
    /// cannot show, is none.
    pub(super) fn price(self) -> Result<Price, Unreadable> {
        if self.negative {
            return Err(Unreadable::Malformed);
        }
        let shift = self.exponent.saturating_add(DECIMALS);
        let factor = Uint256::from(10_u8).checked_pow(shift.unsigned_abs());
        let atomics = match factor {
            Ok(factor) if shift >= 0 => self.magnitude.checked_mul(factor).ok(),
            Ok(factor) => self.magnitude.checked_div(factor).ok(),
            Err(_) => None,
        };
        let atomics = atomics.and_then(|atomics| Uint128::try_from(atomics).ok());
        match atomics {
            Some(atomics) if atomics.is_zero() && self.is_positive() => Err(Unreadable::Overflow),
            Some(atomics) => Ok(Price(Decimal::new(atomics))),
            None => Err(Unreadable::Overflow),
        }
    }

    /// What a provider that gives no confidence says.
    pub(super) fn observation(self, publish_time: Option<u64>) -> Result<Observation, Unreadable> {
        self.give_or_take(Self::scaled(0_u8, 0), publish_time)
    }

    /// What a provider says that knows how far off it may be either way.
    pub(super) fn give_or_take(
        self,
        confidence: Self,
        publish_time: Option<u64>,
    ) -> Result<Observation, Unreadable> {
        if !self.is_positive() {
            return Ok(Observation::NonPositive { publish_time });
        }
        Ok(Observation::Priced {
            price: self.price()?,
            confidence: confidence.price()?,
            publish_time,
        })
    }
}

fn signed(text: &str) -> (bool, &str) {
    text.strip_prefix('-')
        .map_or((false, text), |digits| (true, digits))
}

fn magnitude(digits: &str) -> Result<Uint256, Unreadable> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Unreadable::Malformed);
    }
    if digits.len() > MAX_DIGITS {
        return Err(Unreadable::Overflow);
    }
    digits.parse().map_err(|_| Unreadable::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn price(text: &str) -> Result<Price, Unreadable> {
        Ok(Price(text.parse().unwrap()))
    }

    #[test]
    fn an_integer_and_an_exponent_are_exact_to_18_decimals() {
        let cases = [
            ("1365133270", -8, price("13.6513327")),
            ("1", -18, price("0.000000000000000001")),
            ("3", 12, price("3000000000000")),
            ("0", 0, price("0")),
            ("1", -19, Err(Unreadable::Exponent)),
            ("1", 13, Err(Unreadable::Exponent)),
            ("9223372036854775807", 12, Err(Unreadable::Overflow)),
            ("340282366920938463464", 0, Err(Unreadable::Overflow)),
            ("-1", 0, Err(Unreadable::Malformed)),
            ("1.5", 0, Err(Unreadable::Malformed)),
            ("+1", 0, Err(Unreadable::Malformed)),
            ("--1", 0, Err(Unreadable::Malformed)),
            ("", 0, Err(Unreadable::Malformed)),
            ("-", 0, Err(Unreadable::Malformed)),
            ("1e3", 0, Err(Unreadable::Malformed)),
            (" 1", 0, Err(Unreadable::Malformed)),
        ];
        for (text, exponent, expected) in cases {
            let read = Number::integer(text).and_then(|number| number.with_exponent(exponent));
            assert_eq!(read.and_then(Number::price), expected, "{text} e{exponent}");
        }
        assert_eq!(Number::integer(&"9".repeat(78)), Err(Unreadable::Overflow));
        assert_eq!(Number::integer(&"1".repeat(79)), Err(Unreadable::Overflow));
    }

    #[test]
    fn decimal_text_is_read_to_the_last_of_18_decimals() {
        let cases = [
            ("9.87", price("9.87")),
            ("9.870000000000000000", price("9.87")),
            ("4", price("4")),
            ("0.000000000000000001", price("0.000000000000000001")),
            ("0.0000000000000000010", Err(Unreadable::Malformed)),
            (".5", Err(Unreadable::Malformed)),
            ("5.", Err(Unreadable::Malformed)),
            (".", Err(Unreadable::Malformed)),
            ("1.2.3", Err(Unreadable::Malformed)),
            ("1.-2", Err(Unreadable::Malformed)),
            ("NaN", Err(Unreadable::Malformed)),
            ("-0.5", Err(Unreadable::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(
                Number::decimal(text).and_then(Number::price),
                expected,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_shift_down_cuts_off_digits_and_never_to_zero() {
        let shifted = |text: &str, by| Number::decimal(text).unwrap().shifted(by).price();
        assert_eq!(shifted("10.35", 6), price("10350000"));
        assert_eq!(shifted("1.234567890123456789", -3), price("0.001234567890123456"));
        assert_eq!(shifted("0.000000000000000999", -3), Err(Unreadable::Overflow));
        assert_eq!(shifted("1", i32::MIN), Err(Unreadable::Overflow));
        assert_eq!(shifted("1", i32::MAX), Err(Unreadable::Overflow));
    }

    #[test]
    fn zero_and_below_are_no_price_whatever_their_size() {
        let none = Ok(Observation::NonPositive {
            publish_time: Some(7),
        });
        for text in ["0", "-0", "-1", "0.0", "-0.000000000000000001"] {
            let number = Number::decimal(text).unwrap();
            assert_eq!(number.observation(Some(7)), none, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_an_error(text: String, exponent: i32) {
            for number in [Number::integer(&text), Number::decimal(&text)].into_iter().flatten() {
                let _ = number.shifted(exponent).price();
            }
        }

        #[test]
        fn a_decimal_survives_its_text(atomics: u128) {
            let decimal = Decimal::raw(atomics);
            let read = Number::decimal(&decimal.to_string()).and_then(Number::price);
            prop_assert_eq!(read, Ok(Price(decimal)));
        }
    }
}
