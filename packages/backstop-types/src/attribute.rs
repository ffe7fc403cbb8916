//! Values as text in an event's attribute. Each type of ours says beside itself
//! how it is written.

use cosmwasm_std::{Addr, Decimal, Uint128};

/// How a value is written in an event's attribute, and read from it.
pub trait Attribute: Sized {
    /// The attribute's text; `none` for what is absent.
    fn text(&self) -> String;

    /// The value of this text.
    fn read(text: &str) -> Option<Self>;
}

const ABSENT: &str = "none";

impl<T: Attribute> Attribute for Option<T> {
    fn text(&self) -> String {
        self.as_ref().map_or_else(|| ABSENT.to_string(), Attribute::text)
    }

    fn read(text: &str) -> Option<Self> {
        if text == ABSENT {
            return Some(None);
        }
        T::read(text).map(Some)
    }
}

/// Attributes that are written as they display and read by `FromStr`.
macro_rules! display_attributes {
    ($($type:ty),* $(,)?) => {
        $( impl Attribute for $type {
            fn text(&self) -> String { self.to_string() }
            fn read(text: &str) -> Option<Self> { text.parse().ok() }
        } )*
    };
}

impl Attribute for Addr {
    fn text(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Some(Self::unchecked(text))
    }
}

display_attributes!(bool, u32, u64, String, Uint128, Decimal);
