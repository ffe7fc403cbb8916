//! The kinds of values that a scenario is written in: amounts in base units,
//! exact decimals, and moments. TOML's floats are none of them: a price that
//! went through one would no longer be the price that was written.

use std::fmt;
use std::str::FromStr;

use backstop_prices::decimal::exact;
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

/// A moment from text such as `2022-05-12T10:00:00Z`, from seconds since the
/// epoch, or from milliseconds since it.
pub fn moment(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<u64>() {
        return Some(since_epoch(number));
    }
    let moment = jiff::Timestamp::from_str(text).ok()?;
    u64::try_from(moment.as_second()).ok()
}

/// Seconds since the epoch, of these or of milliseconds.
fn since_epoch(number: u64) -> u64 {
    // The year 5138 in seconds; as milliseconds, 1973.
    const MILLISECONDS_FROM: u64 = 100_000_000_000;
    match number {
        MILLISECONDS_FROM.. => number / 1_000,
        _ => number,
    }
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
        let whole = u64::try_from(value);
        let whole = whole.map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))?;
        self.visit_u64(whole)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Exact, E> {
        Ok(Exact(Decimal::from_ratio(value, 1_u64)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Exact, E> {
        exact(value)
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
            toml::Value::Integer(number) if number >= 0 => {
                return Ok(Moment(since_epoch(number.unsigned_abs())));
            }
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
    fn moments_are_read_in_three_spellings() {
        for text in ["2022-05-12T10:00:00Z", "1652349600", "1652349600000"] {
            assert_eq!(moment(text), Some(1_652_349_600), "{text}");
        }
        assert_eq!(moment("2022-05-12"), None);
        assert_eq!(Moment(1_652_349_600).to_string(), "2022-05-12T10:00:00Z");
    }
}
