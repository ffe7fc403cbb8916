//! Changes that name only what changes. Two votes on different fields of one
//! thing do not undo each other, and what a message leaves out stays.
//!
//! A whole thing `T` is changed by an update `U` with the same fields, each of
//! which may be absent: declared by [`patch!`](crate::patch!). What may be none
//! is changed by a [`Patch`], since JSON does not tell `null` from absent.

use cosmwasm_schema::cw_serde;

use crate::InputError;

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
    /// What `old` is afterwards.
    fn apply(self, old: T) -> T;

    /// The change to `new`, whatever was before: it names every field.
    fn to(new: T) -> Self;

    /// The change that would make of anything what `old` is in the fields that
    /// this change names. `now.apply(old)` is `old`.
    fn now(&self, old: &T) -> Self;
}

/// Another value.
impl<T: Clone> Change<T> for T {
    fn apply(self, _: T) -> T {
        self
    }

    fn to(new: T) -> Self {
        new
    }

    fn now(&self, old: &T) -> Self {
        old.clone()
    }
}

impl<T: Clone> Change<Option<T>> for Patch<T> {
    fn apply(self, _: Option<T>) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Remove {} => None,
        }
    }

    fn to(new: Option<T>) -> Self {
        new.map_or(Self::Remove {}, Self::Set)
    }

    fn now(&self, old: &Option<T>) -> Self {
        Self::to(old.clone())
    }
}

/// `update`, unless it changes nothing.
pub fn not_empty<U: Default + PartialEq>(field: &str, update: U) -> Result<U, InputError> {
    if update == U::default() {
        return Err(InputError::bounds(field, "empty", "at least one field to change"));
    }
    Ok(update)
}

/// Declares the update of a whole: a struct with the same fields, each of which
/// may be absent. A field of the whole that is missing here does not compile.
#[macro_export]
macro_rules! patch {
    ($( $(#[$meta:meta])* $vis:vis struct $update:ident of $whole:ident $(<$part:ty>)? {
        $( $field:ident : $change:ty ),* $(,)?
    } )*) => { $(
        $(#[$meta])*
        #[cosmwasm_schema::cw_serde]
        #[derive(Default)]
        #[serde(deny_unknown_fields)]
        $vis struct $update {
            $(
                #[doc = concat!("See [`", stringify!($whole), "::", stringify!($field), "`].")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$change>,
            )*
        }

        impl $crate::patch::Change<$whole $(<$part>)?> for $update {
            fn apply(self, old: $whole $(<$part>)?) -> $whole $(<$part>)? {
                let $whole { $( $field, )* } = old;
                $whole { $(
                    $field: match self.$field {
                        Some(change) => $crate::patch::Change::apply(change, $field),
                        None => $field,
                    },
                )* }
            }

            fn to(new: $whole $(<$part>)?) -> Self {
                let $whole { $( $field, )* } = new;
                Self { $( $field: Some($crate::patch::Change::to($field)), )* }
            }

            fn now(&self, old: &$whole $(<$part>)?) -> Self {
                Self { $(
                    $field: self
                        .$field
                        .as_ref()
                        .map(|change| $crate::patch::Change::now(change, &old.$field)),
                )* }
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
        most: u32,
        least: Option<u32>,
    }

    #[cw_serde]
    struct Whole {
        name: String,
        inner: Inner,
    }

    patch! {
        /// Of the inner.
        struct InnerUpdate of Inner { most: u32, least: Patch<u32> }
        /// Of the whole.
        struct WholeUpdate of Whole { name: String, inner: InnerUpdate }
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
    fn now_names_the_same_fields_and_undoes_a_change() {
        let json = r#"{"inner":{"most":8,"least":{"remove":{}}}}"#;
        let update: WholeUpdate = from_json(json).unwrap();
        let now = update.now(&whole());
        assert_eq!(
            to_json_string(&now).unwrap(),
            r#"{"inner":{"most":7,"least":{"set":3}}}"#
        );
        assert_eq!(now.apply(update.apply(whole())), whole());
    }

    #[test]
    fn an_empty_change_and_an_unknown_field_are_refused() {
        let refused = not_empty("update", WholeUpdate::default()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "update is empty: must be at least one field to change"
        );
        assert!(from_json::<WholeUpdate>(r#"{"inner":{"mots":8}}"#).is_err());
    }
}
