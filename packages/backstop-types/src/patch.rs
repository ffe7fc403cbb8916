//! Changes that name only what changes. Two votes on different fields of one
//! thing do not undo each other, and what a message leaves out stays.
//!
//! A whole thing `T` is changed by an update `U` with the same fields, each of
//! which may be absent: declared by [`patch!`](crate::patch!). What may be none
//! is changed by a [`Patch`], since JSON does not tell `null` from absent.

use std::fmt;
use std::marker::PhantomData;

use cosmwasm_schema::cw_serde;
use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};

use crate::InputError;

mod described;
mod told;

pub use described::described;
pub(crate) use told::told_as_it_is;
pub use told::{Now, Told, next_told, read_told};

/// Another value for something that may be none.
#[cw_serde]
pub enum Patch<T> {
    /// This one from now on.
    Set(T),
    /// None from now on.
    Remove {},
}

/// A change of a `T`.
pub trait Change<T>: Sized {
    /// Makes the change.
    fn apply_to(self, whole: &mut T);

    /// What `old` is afterwards.
    fn apply(self, mut old: T) -> T {
        self.apply_to(&mut old);
        old
    }

    /// The change to `new`, whatever was before: it names every field.
    fn to(new: T) -> Self;
}

/// Another value.
impl<T: Clone> Change<T> for T {
    fn apply_to(self, whole: &mut T) {
        *whole = self;
    }

    fn to(new: T) -> Self {
        new
    }
}

impl<T: Clone> Change<Option<T>> for Patch<T> {
    fn apply_to(self, whole: &mut Option<T>) {
        *whole = match self {
            Self::Set(value) => Some(value),
            Self::Remove {} => None,
        };
    }

    fn to(new: Option<T>) -> Self {
        new.map_or(Self::Remove {}, Self::Set)
    }
}

/// `update`, unless it changes nothing.
pub fn not_empty<U: Default + PartialEq>(field: &str, update: U) -> Result<U, InputError> {
    if update == U::default() {
        return Err(InputError::bounds(field, "empty", "at least one field to change"));
    }
    Ok(update)
}

/// An update as it is read: field by field into its place. What serde derives
/// keeps every field in a local of one function, of which the chain's VM allows a
/// hundred.
pub trait Fields: Default {
    /// The fields' names.
    const NAMES: &'static [&'static str];

    /// Takes the value of this field; false if there is none of the name, or it
    /// has a value already.
    fn read<'de, M: MapAccess<'de>>(&mut self, field: &str, map: &mut M) -> Result<bool, M::Error>;

    /// The same of a whole thing that a contract tells, where each field is its value
    /// and not a change of it.
    fn read_told<'de, M: MapAccess<'de>>(&mut self, field: &str, map: &mut M) -> Result<bool, M::Error>;
}

/// Reads an update from a map of its fields.
pub fn read<'de, U, D>(name: &'static str, deserializer: D) -> Result<U, D::Error>
where
    U: Fields,
    D: Deserializer<'de>,
{
    deserializer.deserialize_struct(name, U::NAMES, UpdateVisitor(PhantomData))
}

struct UpdateVisitor<U>(PhantomData<U>);

impl<'de, U: Fields> Visitor<'de> for UpdateVisitor<U> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the fields that change")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<U, M::Error> {
        let mut update = U::default();
        while let Some(field) = map.next_key::<String>()? {
            if !update.read(&field, &mut map)? {
                return Err(match U::NAMES.iter().find(|name| **name == field) {
                    Some(name) => M::Error::duplicate_field(name),
                    None => M::Error::unknown_field(&field, U::NAMES),
                });
            }
        }
        Ok(update)
    }
}

/// Declares the update of a whole: a struct with the same fields, each of which
/// may be absent. A field of the whole that is missing here does not compile.
#[macro_export]
macro_rules! patch {
    ($( $(#[$meta:meta])* $vis:vis struct $update:ident of $whole:ident $(<$part:ty>)? {
        $( $field:ident : $change:ty ),* $(,)?
    } )*) => { $(
        $(#[$meta])*
        #[derive(
            Clone,
            Debug,
            Default,
            PartialEq,
            cosmwasm_schema::serde::Serialize,
        )]
        #[serde(crate = "cosmwasm_schema::serde", deny_unknown_fields)]
        $vis struct $update {
            $(
                #[doc = concat!("See [`", stringify!($whole), "::", stringify!($field), "`].")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$change>,
            )*
        }

        const _: () = {
            use cosmwasm_schema::schemars::JsonSchema;
            use cosmwasm_schema::schemars::r#gen::SchemaGenerator;
            use cosmwasm_schema::schemars::schema::Schema;

            $(#[$meta])*
            #[derive(JsonSchema)]
            #[serde(deny_unknown_fields)]
            #[schemars(crate = "cosmwasm_schema::schemars")]
            #[allow(dead_code)]
            struct Form { $( $field: Option<$change>, )* }

            impl JsonSchema for $update {
                fn schema_name() -> String {
                    stringify!($update).to_string()
                }

                fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                    $crate::patch::described::<$whole $(<$part>)?>(Form::json_schema(generator))
                }
            }
        };

        impl $crate::patch::Fields for $update {
            const NAMES: &'static [&'static str] = &[$( stringify!($field), )*];

            #[inline(never)]
            fn read<'de, M: cosmwasm_schema::serde::de::MapAccess<'de>>(
                &mut self,
                field: &str,
                map: &mut M,
            ) -> Result<bool, M::Error> {
                match field {
                    $( stringify!($field) if self.$field.is_none() => self.$field = map.next_value()?, )*
                    _ => return Ok(false),
                }
                Ok(true)
            }

            #[inline(never)]
            fn read_told<'de, M: cosmwasm_schema::serde::de::MapAccess<'de>>(
                &mut self,
                field: &str,
                map: &mut M,
            ) -> Result<bool, M::Error> {
                match field {
                    $( stringify!($field) => self.$field = Some($crate::patch::next_told(map)?), )*
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }

        impl $crate::patch::Told for $update {
            fn told<'de, D>(deserializer: D) -> Result<Self, D::Error>
            where
                D: cosmwasm_schema::serde::Deserializer<'de>,
            {
                let mut now: Self = $crate::patch::read_told(deserializer)?;
                $( now.$field = now.$field.or_else($crate::patch::Told::untold); )*
                Ok(now)
            }

            fn among(&self, now: &Self) -> Self {
                // One by one into their places: see [`Fields`].
                let mut named = Self::default();
                $(
                    if let (Some(change), Some(now)) = (&self.$field, &now.$field) {
                        named.$field = Some($crate::patch::Told::among(change, now));
                    }
                )*
                named
            }
        }

        impl<'de> cosmwasm_schema::serde::Deserialize<'de> for $update {
            fn deserialize<D>(deserializer: D) -> Result<Self, D::Error>
            where
                D: cosmwasm_schema::serde::Deserializer<'de>,
            {
                $crate::patch::read(stringify!($update), deserializer)
            }
        }

        impl $crate::patch::Change<$whole $(<$part>)?> for $update {
            fn apply_to(self, whole: &mut $whole $(<$part>)?) {
                // No field is left out.
                let $whole { $( $field, )* } = whole;
                $(
                    if let Some(change) = self.$field {
                        $crate::patch::Change::apply_to(change, $field);
                    }
                )*
            }

            fn to(new: $whole $(<$part>)?) -> Self {
                let $whole { $( $field, )* } = new;
                Self { $( $field: Some($crate::patch::Change::to($field)), )* }
            }
        }
    )* };
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[cw_serde]
    struct Inner {
        /// No more than this.
        most: u32,
        least: Option<u32>,
    }

    #[cw_serde]
    struct Whole {
        /// What it is called.
        name: String,
        inner: Inner,
    }

    patch! {
        /// Of the inner.
        struct InnerUpdate of Inner { most: u32, least: Patch<u32> }
        /// Of the whole.
        struct WholeUpdate of Whole { name: String, inner: InnerUpdate }
    }

    #[test]
    fn the_schema_of_an_update_has_the_text_of_each_field() {
        let schema = cosmwasm_schema::schemars::schema_for!(WholeUpdate);
        let text = serde_json::to_string(&schema).unwrap();
        for told in ["Of the whole.", "What it is called.", "No more than this."] {
            assert!(text.contains(told), "{told}: {text}");
        }
    }

    fn whole() -> Whole {
        let inner = Inner {
            most: 7,
            least: Some(3),
        };
        Whole {
            name: "a".to_string(),
            inner,
        }
    }

    #[test]
    fn what_is_absent_stays_and_null_is_absent() {
        for (json, name, most, least) in [
            (r#"{}"#, "a", 7, Some(3)),
            (r#"{"name":null,"inner":null}"#, "a", 7, Some(3)),
            (r#"{"name":"b"}"#, "b", 7, Some(3)),
            (r#"{"inner":{"most":8,"least":null}}"#, "a", 8, Some(3)),
            (r#"{"inner":{"least":{"set":0}}}"#, "a", 7, Some(0)),
            (r#"{"inner":{"least":{"remove":{}}}}"#, "a", 7, None),
        ] {
            let update: WholeUpdate = from_json(json).unwrap();
            let inner = Inner { most, least };
            let name = name.to_string();
            assert_eq!(update.apply(whole()), Whole { name, inner }, "{json}");
        }
    }

    #[test]
    fn what_is_now_among_the_named_fields_undoes_a_change() {
        let json = r#"{"inner":{"most":8,"least":{"remove":{}}}}"#;
        let update: WholeUpdate = from_json(json).unwrap();
        let now = update.among(&WholeUpdate::to(whole()));
        assert_eq!(
            to_json_string(&now).unwrap(),
            r#"{"inner":{"most":7,"least":{"set":3}}}"#
        );
        assert_eq!(now.apply(update.apply(whole())), whole());
    }

    #[test]
    fn what_another_version_tells_is_read_as_the_update_to_it() {
        let told = |json: &str| from_json::<Now<WholeUpdate>>(json).map(|now| now.0);
        // Of a later version, in any order.
        let later = r#"{"age":{"a":[1]},"inner":{"least":3,"top":null,"most":7},"name":"a"}"#;
        assert_eq!(told(later).unwrap(), WholeUpdate::to(whole()));
        // What may be none is none where it is left out; the rest is not known.
        let none = told(r#"{"inner":{"most":7}}"#).unwrap();
        assert_eq!(
            to_json_string(&none).unwrap(),
            r#"{"inner":{"most":7,"least":{"remove":{}}}}"#
        );
        assert!(told(r#"{"name":7}"#).is_err());
    }

    #[test]
    fn among_what_is_now_are_the_fields_that_a_change_names() {
        let change: WholeUpdate = from_json(r#"{"inner":{"least":{"remove":{}}}}"#).unwrap();
        let now = WholeUpdate::to(whole());
        let among = to_json_string(&change.among(&now)).unwrap();
        assert_eq!(among, r#"{"inner":{"least":{"set":3}}}"#);
        // A field that the contract does not know is in neither.
        let change: WholeUpdate = from_json(r#"{"name":"b"}"#).unwrap();
        assert_eq!(change.among(&WholeUpdate::default()), WholeUpdate::default());
    }

    #[test]
    fn an_empty_change_and_an_unknown_field_are_refused() {
        let refused = not_empty("update", WholeUpdate::default()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "update is empty: must be at least one field to change"
        );
        let refused = |json: &str| from_json::<WholeUpdate>(json).unwrap_err().to_string();
        let unknown = refused(r#"{"inner":{"mots":8}}"#);
        assert!(
            unknown.contains("unknown field `mots`, expected `most` or `least`"),
            "{unknown}"
        );
        let twice = refused(r#"{"name":"a","name":"b"}"#);
        assert!(twice.contains("duplicate field `name`"), "{twice}");
    }
}
