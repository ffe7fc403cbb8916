//! What is now, as another contract tells it, read as the change to it.

use std::fmt;
use std::marker::PhantomData;

use cosmwasm_std::Decimal;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Fields, Patch};
use crate::{Assets, Bps, Price, Seconds, Shares};

/// A change as another contract's answer gives it: the one to what is now. The
/// contract may be of another version than the reader. Fields that the reader does not
/// know are passed over, and those that the contract does not know stay absent.
pub trait Told: Clone {
    /// Reads what is now.
    fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// What is now where the answer has no such field: a value that may be none is
    /// left out by those that have none.
    fn untold() -> Option<Self> {
        None
    }

    /// Of what is `now`, what this change names.
    fn among(&self, now: &Self) -> Self;
}

/// Declares values that are told as they are.
macro_rules! told_as_it_is {
    ($($value:ty),* $(,)?) => { $(
        impl $crate::patch::Told for $value {
            fn told<'de, D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                ::serde::Deserialize::deserialize(deserializer)
            }

            fn among(&self, now: &Self) -> Self {
                now.clone()
            }
        }
    )* };
}

told_as_it_is!(
    bool, u32, u64, String, Decimal, Assets, Shares, Bps, Seconds, Price
);

pub(crate) use told_as_it_is;

impl<T: Told> Told for Patch<T> {
    fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<Now<T>> = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Remove {}, |value| Self::Set(value.0)))
    }

    fn untold() -> Option<Self> {
        Some(Self::Remove {})
    }

    fn among(&self, now: &Self) -> Self {
        now.clone()
    }
}

/// What is now, as a part of another contract's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Now<U>(pub U);

impl<'de, U: Told> Deserialize<'de> for Now<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        U::told(deserializer).map(Self)
    }
}

/// Reads the update to what is now from a map of values.
pub fn read_told<'de, U: Fields, D: Deserializer<'de>>(deserializer: D) -> Result<U, D::Error> {
    deserializer.deserialize_map(ToldVisitor(PhantomData))
}

/// Reads one value of such a map.
pub fn next_told<'de, T: Told, M: MapAccess<'de>>(map: &mut M) -> Result<T, M::Error> {
    map.next_value_seed(ToldSeed(PhantomData))
}

struct ToldSeed<T>(PhantomData<T>);

impl<'de, T: Told> DeserializeSeed<'de> for ToldSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::told(deserializer)
    }
}

struct ToldVisitor<U>(PhantomData<U>);

impl<'de, U: Fields> Visitor<'de> for ToldVisitor<U> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("what is now")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<U, M::Error> {
        let mut now = U::default();
        while let Some(field) = map.next_key::<String>()? {
            if !now.read_told(&field, &mut map)? {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(now)
    }
}
