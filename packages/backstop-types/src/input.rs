//! What is wrong with an input: which field, what it was, and what it must be.
//! Every contract wraps this error, so callers read one wording everywhere.

use std::fmt::Display;

use cosmwasm_std::{Addr, Api, MessageInfo};
use cw_utils::PaymentError;
use thiserror::Error;

/// The longest name of a market, in bytes.
pub const MAX_MARKET_NAME: usize = 32;
/// The longest free text, such as the reason of a decline, in bytes.
pub const MAX_TEXT: usize = 256;

/// A refused input. Nothing has been changed or paid.
#[derive(Error, Debug, PartialEq)]
pub enum InputError {
    /// A value outside its bounds.
    #[error("{field} is {value}: must be {bound}")]
    OutOfBounds {
        /// The message's field.
        field: String,
        /// What it was.
        value: String,
        /// What it must be.
        bound: String,
    },

    /// An address that the chain does not know in this spelling.
    #[error("{field} is {value:?}: must be a valid address in lower case")]
    Address {
        /// The message's field.
        field: String,
        /// What it was.
        value: String,
    },

    /// The same element twice in a list.
    #[error("{field} names {value} twice: each may appear once")]
    Duplicate {
        /// The message's field.
        field: String,
        /// The repeated element.
        value: String,
    },

    /// Coins that this message does not take, or not so.
    #[error("funds: {0}")]
    Funds(#[from] PaymentError),

    /// Tokens of another contract than the one expected.
    #[error("funds came in {received}: must be {expected}")]
    WrongToken {
        /// What was sent.
        received: String,
        /// What is taken here.
        expected: String,
    },
}

impl InputError {
    /// `field` is `value` and must be `bound`.
    pub fn bounds(field: &str, value: impl Display, bound: impl Display) -> Self {
        Self::OutOfBounds {
            field: field.to_string(),
            value: value.to_string(),
            bound: bound.to_string(),
        }
    }
}

impl InputError {
    /// The same of one element of a list: `sources.window` becomes
    /// `sources.twap.window`.
    pub fn inside(self, list: &str, element: &str) -> Self {
        let named = |field: String| match field.strip_prefix(list) {
            Some(rest) => format!("{list}.{element}{rest}"),
            None => field,
        };
        match self {
            Self::OutOfBounds { field, value, bound } => Self::OutOfBounds {
                field: named(field),
                value,
                bound,
            },
            Self::Address { field, value } => Self::Address {
                field: named(field),
                value,
            },
            Self::Duplicate { field, value } => Self::Duplicate {
                field: named(field),
                value,
            },
            Self::Funds(_) | Self::WrongToken { .. } => self,
        }
    }
}

/// `value` if `min <= value <= max`.
pub fn within<T: PartialOrd + Display>(field: &str, value: T, min: T, max: T) -> Result<T, InputError> {
    if value < min || value > max {
        let bound = format!("from {min} to {max}");
        return Err(InputError::bounds(field, value, bound));
    }
    Ok(value)
}

/// `text` if it has at least one and at most `max` bytes.
pub fn short<'a>(field: &str, text: &'a str, max: usize) -> Result<&'a str, InputError> {
    if text.is_empty() || text.len() > max {
        let bound = format!("1 to {max} bytes long");
        return Err(InputError::bounds(field, format!("{} bytes", text.len()), bound));
    }
    Ok(text)
}

/// `name` if it can name a market: 1 to 32 of `A–Z a–z 0–9 / . - _`.
pub fn market_name<'a>(field: &str, name: &'a str) -> Result<&'a str, InputError> {
    short(field, name, MAX_MARKET_NAME)?;
    if !name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/.-_".contains(&b))
    {
        let bound = "letters, digits, and / . - _ only";
        return Err(InputError::bounds(field, format!("{name:?}"), bound));
    }
    Ok(name)
}

/// The validated address in `value`.
pub fn address(api: &dyn Api, field: &str, value: &str) -> Result<Addr, InputError> {
    api.addr_validate(value).map_err(|_| InputError::Address {
        field: field.to_string(),
        // An address is short; a megabyte of it does not belong in an error.
        value: value.chars().take(MAX_TEXT).collect(),
    })
}

/// The validated address in `value`, if there is one.
pub fn address_if_any(api: &dyn Api, field: &str, value: Option<String>) -> Result<Option<Addr>, InputError> {
    value.map(|value| address(api, field, &value)).transpose()
}

/// Refuses any coins.
pub fn no_funds(info: &MessageInfo) -> Result<(), InputError> {
    Ok(cw_utils::nonpayable(info)?)
}

/// Refuses a list that is longer than `max`, empty, or names something twice.
/// For short lists: it compares each element with each.
pub fn distinct<T: PartialEq + Display>(field: &str, items: &[T], max: usize) -> Result<(), InputError> {
    if items.is_empty() || items.len() > max {
        let bound = format!("1 to {max} elements long");
        return Err(InputError::bounds(
            field,
            format!("{} elements", items.len()),
            bound,
        ));
    }
    for (i, item) in items.iter().enumerate() {
        if items.iter().take(i).any(|earlier| earlier == item) {
            return Err(InputError::Duplicate {
                field: field.to_string(),
                value: item.to_string(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_field_value_and_bound() {
        let refused = within("delay", 5, 10, 20).unwrap_err();
        assert_eq!(refused.to_string(), "delay is 5: must be from 10 to 20");
        assert_eq!(within("delay", 10, 10, 20), Ok(10));
        assert_eq!(within("delay", 20, 10, 20), Ok(20));
    }

    #[test]
    fn market_names_are_short_and_plain() {
        assert!(market_name("market", "ATOM/USD").is_ok());
        for bad in ["", "ATOM USD", "ATOM\u{0}", &"A".repeat(33)] {
            assert!(market_name("market", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lists_refuse_repetition_and_excess() {
        assert!(distinct("tickets", &[1, 2, 3], 3).is_ok());
        for bad in [vec![], vec![1, 2, 3, 4], vec![1, 2, 1]] {
            assert!(distinct("tickets", &bad, 3).is_err(), "{bad:?}");
        }
    }
}
