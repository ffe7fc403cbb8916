//! Names that other programs parse. A writer knows all of its own; a reader may
//! be older, and what it does not know must not stop it: [`Open`] keeps it.

use std::fmt;

use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{Schema, SchemaObject, SubschemaValidation};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::attribute::Attribute;

/// An enum whose variants are names. A name is never given another meaning, and
/// its spelling in JSON, in events and for people is the same.
pub trait Named: Copy + PartialEq + 'static {
    /// Every variant.
    const ALL: &'static [Self];

    /// The variant's name.
    fn name(self) -> &'static str;

    /// The variant of this name.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }
}

/// Declares an enum with its names. The names must be those that `cw_serde`
/// gives the variants; [`spelt_as_in_json`] is the test.
#[macro_export]
macro_rules! named {
    ($( $(#[$meta:meta])* $vis:vis enum $enum:ident {
        $( $(#[$doc:meta])* $variant:ident = $name:literal ),* $(,)?
    } )*) => { $(
        $(#[$meta])*
        #[cosmwasm_schema::cw_serde]
        #[derive(Copy, Eq, Hash, PartialOrd, Ord)]
        $vis enum $enum {
            $( $(#[$doc])* $variant, )*
        }

        impl $crate::names::Named for $enum {
            const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::names::Named::name(*self))
            }
        }

        impl $crate::attribute::Attribute for $enum {
            fn text(&self) -> String {
                $crate::names::Named::name(*self).to_string()
            }
            fn read(text: &str) -> Option<Self> {
                $crate::names::Named::from_name(text)
            }
        }
    )* };
}

/// A name as a reader meets it: one that it knows, or one that a later version
/// of the writer has added. In JSON it is the bare name. Where a later version
/// gives a variant fields, the name is still read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Open<T> {
    /// A name of this version.
    Known(T),
    /// Another name, as it was written.
    Unknown(String),
}

impl<T: Named> Open<T> {
    /// The name as it was written.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(known) => known.name(),
            Self::Unknown(name) => name,
        }
    }

    /// The variant, if this version knows it.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(known) => Some(*known),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> From<T> for Open<T> {
    fn from(known: T) -> Self {
        Self::Known(known)
    }
}

impl<T: Named> PartialEq<T> for Open<T> {
    fn eq(&self, other: &T) -> bool {
        self.known() == Some(*other)
    }
}

impl<T: Named> fmt::Display for Open<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<T: Named> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de, T: Named> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = deserializer.deserialize_any(NameVisitor)?;
        Ok(T::from_name(&name).map_or_else(|| Self::Unknown(name), Self::Known))
    }
}

/// Reads the name alone, so that a contract carries it once for all its enums.
struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a name, or an object with one key")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(name.to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut name = None;
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<IgnoredAny>()?;
            name.get_or_insert(key);
        }
        name.ok_or_else(|| serde::de::Error::invalid_length(0, &self))
    }
}

impl<T: JsonSchema> JsonSchema for Open<T> {
    fn schema_name() -> String {
        format!("Open_for_{}", T::schema_name())
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let known = generator.subschema_for::<T>();
        let later = generator.subschema_for::<String>();
        Schema::Object(SchemaObject {
            subschemas: Some(Box::new(SubschemaValidation {
                any_of: Some(vec![known, later]),
                ..Default::default()
            })),
            ..Default::default()
        })
    }
}

/// For a test of each enum: every name is its variant's spelling in JSON.
pub fn spelt_as_in_json<T: Named + Serialize + fmt::Debug>() -> Result<(), String> {
    for named in T::ALL {
        let json = cosmwasm_std::to_json_string(named).map_err(|error| error.to_string())?;
        if json != format!("\"{}\"", named.name()) {
            return Err(format!("{named:?} is {json} in JSON and named {}", named.name()));
        }
    }
    Ok(())
}

impl<T: Named> Attribute for Open<T> {
    fn text(&self) -> String {
        self.name().to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Some(T::from_name(text).map_or_else(|| Self::Unknown(text.to_string()), Self::Known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::{Action, Fault, MarketState, TripCause};
    use crate::events::{ClaimOutcome, MarketChange, PolicyChange};
    use crate::timelock::{Class, ContractName, Direction, VoidReason};
    use crate::vault::{ClaimStatusName, CoverReason, LapseReason, Pausable};
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn every_name_is_its_spelling_in_json() {
        let all = [
            spelt_as_in_json::<Action>(),
            spelt_as_in_json::<Fault>(),
            spelt_as_in_json::<MarketState>(),
            spelt_as_in_json::<TripCause>(),
            spelt_as_in_json::<ClaimOutcome>(),
            spelt_as_in_json::<MarketChange>(),
            spelt_as_in_json::<PolicyChange>(),
            spelt_as_in_json::<ClaimStatusName>(),
            spelt_as_in_json::<CoverReason>(),
            spelt_as_in_json::<LapseReason>(),
            spelt_as_in_json::<Pausable>(),
            spelt_as_in_json::<crate::Side>(),
            spelt_as_in_json::<Class>(),
            spelt_as_in_json::<ContractName>(),
            spelt_as_in_json::<Direction>(),
            spelt_as_in_json::<VoidReason>(),
        ];
        assert_eq!(all.into_iter().collect::<Result<Vec<_>, _>>().map(drop), Ok(()));
    }

    #[test]
    fn a_later_name_is_kept_and_written_as_it_was_read() {
        let read: Open<MarketState> = from_json("\"abandoned\"").unwrap();
        assert_eq!(read, Open::Unknown("abandoned".to_string()));
        assert_eq!(to_json_string(&read).unwrap(), "\"abandoned\"");
        let known: Open<MarketState> = from_json("\"guarded\"").unwrap();
        assert!(known == MarketState::Guarded && read != MarketState::Guarded);
    }

    #[test]
    fn a_name_is_read_also_where_its_variant_has_fields() {
        let held: Open<ClaimStatusName> = from_json(r#"{"held":{"trip":1,"cause":{"a":[1,"b"]}}}"#).unwrap();
        assert!(held == ClaimStatusName::Held);
        let later: Open<ClaimStatusName> = from_json(r#"{"disputed":{}}"#).unwrap();
        assert_eq!(later.name(), "disputed");
        for bad in ["{}", "7", "[]", "null"] {
            assert!(from_json::<Open<ClaimStatusName>>(bad).is_err(), "{bad}");
        }
    }
}
