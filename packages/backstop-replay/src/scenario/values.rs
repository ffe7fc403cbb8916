//! The kinds of values that a scenario is written in: amounts in base units,
//! exact decimals, and moments. TOML's floats are none of them: a price that
//! went through one would no longer be the price that was written.

use std::fmt;
use std::str::FromStr;

use cosmwasm_std::Decimal;
use serde::de::{self, Deserialize, Deserializer, Visitor};

/// An amount in base units: an integer, or a string of digits where it is too
/// large for TOML's integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub u128);

/// An exact decimal of at most 18 places, written as a string or an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(pub Decimal);

/// A moment in seconds since the epoch: TOML's own date-time with an offset,
/// or the same as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = i64::try_from(self.0).unwrap_or(i64::MAX);
        match jiff::Timestamp::from_second(seconds) {
            Ok(moment) => moment.fmt(f),
            Err(_) => write!(f, "{} seconds since the epoch", self.0),
        }
    }
}

/// A decimal from text such as `0.107`, `43500` or `5e-05`, as data files
/// write them. Digits past the eighteenth place are refused, not dropped.
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + places.len() == 0 || !plain(whole) || !plain(places) {
        return None;
    }
    let digits: u128 = format!("{whole}{places}").parse().ok()?;
    let shift = 18_i32
        .checked_add(exponent)?
        .checked_sub(i32::try_from(places.len()).ok()?)?;
    let power = 10_u128.checked_pow(shift.unsigned_abs());
    let atomics = match (digits, power) {
        (0, _) => 0,
        (_, None) => return None,
        (_, Some(power)) if shift >= 0 => digits.checked_mul(power)?,
        (_, Some(power)) if digits.is_multiple_of(power) => digits / power,
        _ => return None,
    };
    Some(Decimal::new(atomics.into()))
}

/// A moment from text such as `2022-05-12T10:00:00Z`, from seconds since the
/// epoch, or from milliseconds since it.
pub fn moment(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<u64>() {
        // The year 5138 in seconds; as milliseconds, 1973.
        const MILLISECONDS_FROM: u64 = 100_000_000_000;
        return Some(if number >= MILLISECONDS_FROM {
            number / 1_000
        } else {
            number
        });
    }
    let moment = jiff::Timestamp::from_str(text).ok()?;
    u64::try_from(moment.as_second()).ok()
}

struct AmountVisitor;
struct ExactVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an amount in base units: an integer from zero up, or a string of digits")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Amount, E> {
        let amount = u128::try_from(value);
        amount
            .map(Amount)
            .map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Amount, E> {
        Ok(Amount(value.into()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Amount, E> {
        let digits: String = value.chars().filter(|&c| c != '_').collect();
        let amount = digits.parse();
        amount
            .map(Amount)
            .map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

impl Visitor<'_> for ExactVisitor {
    type Value = Exact;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a decimal of at most 18 places in quotes, such as \"0.107\"")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Exact, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Exact, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Exact, E> {
        decimal(value)
            .map(Exact)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AmountVisitor)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ExactVisitor)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(from)? {
            toml::Value::Datetime(moment) => moment.to_string(),
            toml::Value::String(text) => text,
            other => other.to_string(),
        };
        moment(&text).map(Moment).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is not a moment with an offset, such as 2022-05-12T10:00:00Z"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_in_both_notations() {
        for (text, expected) in [
            ("0.107", "0.107"),
            ("43500", "43500"),
            ("5e-05", "0.00005"),
            ("1.25E2", "125"),
            (".5", "0.5"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("1.50000000000000000000", "1.5"),
        ] {
            assert_eq!(
                decimal(text).map(|d| d.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in [
            "",
            ".",
            "-1",
            "1,5",
            "NaN",
            "0.0000000000000000001",
            "1e40",
            "1e",
            "inf",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_read_in_three_spellings() {
        for text in ["2022-05-12T10:00:00Z", "1652349600", "1652349600000"] {
            assert_eq!(moment(text), Some(1_652_349_600), "{text}");
        }
        assert_eq!(moment("2022-05-12"), None);
        assert_eq!(Moment(1_652_349_600).to_string(), "2022-05-12T10:00:00Z");
    }
}
