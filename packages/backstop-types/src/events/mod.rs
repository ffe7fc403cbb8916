//! Events as typed structs, one table a contract: written by `into()`, read by
//! `try_from(&event)`.
//!
//! A chain prefixes the name with `wasm-` and adds `_contract_address`. Names and
//! keys are of small letters, digits and `_`, since CometBFT stores any other but
//! lets nobody search for it. Amounts are integers as text, an absent value is
//! `none`, and the words are those of the messages. A name or a key is never given
//! another meaning; an event may gain keys.

pub mod breaker;
pub mod common;
pub mod distributor;
pub mod perps;
pub mod timelock;
pub mod vault;

use cosmwasm_std::Event;
use thiserror::Error;

pub use crate::attribute::Attribute;
use crate::named;

named! {
    /// How a pending claim was settled.
    pub enum ClaimOutcome {
        /// Its pot was paid.
        Paid = "paid",
        /// Its price was found to stand; the delay goes on.
        Stands = "stands",
        /// The owner declined it.
        Declined = "declined",
        /// Its price did not stand, or its time ran out.
        Lapsed = "lapsed",
    }

    /// What happened to a policy.
    pub enum PolicyChange {
        /// It was granted, or granted again.
        Added = "added",
        /// Its terms changed.
        Changed = "changed",
        /// It ended.
        Closed = "closed",
    }

    /// What happened to a market's config.
    pub enum MarketChange {
        /// The market is new.
        Added = "added",
        /// It was replaced.
        Updated = "updated",
        /// A source was dropped.
        SourceRemoved = "source_removed",
    }
}

/// Declares event structs: the name on chain, then the attributes. Each turns
/// into a [`cosmwasm_std::Event`] by `into()` and is read from one by
/// `try_from`; `Emitted` is any of them, and `table()` lists them.
#[macro_export]
macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $struct:ident => $name:literal { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* $(,)? }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub struct $struct { $( $(#[$field_doc])* pub $field: $type ),* }

            impl $struct {
                /// The name on chain, without the `wasm-` prefix.
                pub const NAME: &'static str = $name;
            }

            impl From<$struct> for cosmwasm_std::Event {
                fn from(event: $struct) -> Self {
                    cosmwasm_std::Event::new($struct::NAME)
                        $( .add_attribute(stringify!($field), $crate::attribute::Attribute::text(&event.$field)) )*
                }
            }

            impl TryFrom<&cosmwasm_std::Event> for $struct {
                type Error = $crate::events::EventError;

                fn try_from(event: &cosmwasm_std::Event) -> Result<Self, Self::Error> {
                    $crate::events::named_so(event, Self::NAME)?;
                    Ok(Self { $( $field: $crate::events::attribute(event, stringify!($field))? ),* })
                }
            }
        )*

        /// Any event of this table, read.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Emitted {
            $( $(#[$doc])* $struct($struct), )*
        }

        impl TryFrom<&cosmwasm_std::Event> for Emitted {
            type Error = $crate::events::EventError;

            fn try_from(event: &cosmwasm_std::Event) -> Result<Self, Self::Error> {
                match $crate::events::bare_name(event) {
                    $( $struct::NAME => $struct::try_from(event).map(Self::$struct), )*
                    _ => Err($crate::events::EventError::UnknownEvent { event: event.ty.clone() }),
                }
            }
        }

        /// Every event here: its name and its attributes' keys.
        pub fn table() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![ $( ($struct::NAME, vec![ $( stringify!($field) ),* ]) ),* ]
        }
    };
}

/// Why an event could not be read.
#[derive(Error, Debug, Clone, PartialEq)]
pub enum EventError {
    /// No event of this name is in the table.
    #[error("event is {event}: must be one that is listed")]
    UnknownEvent {
        /// Its name.
        event: String,
    },

    /// Another event than was to be read.
    #[error("event is {event}: must be {expected}")]
    AnotherEvent {
        /// Its name.
        event: String,
        /// The one that was to be read.
        expected: &'static str,
    },

    /// An attribute is not there.
    #[error("{event} has no attribute {key}")]
    Missing {
        /// The event's name.
        event: String,
        /// The attribute's key.
        key: &'static str,
    },

    /// An attribute's text is no value of its kind.
    #[error("{key} of {event} is {value:?}: must be {expected}")]
    Unreadable {
        /// The event's name.
        event: String,
        /// The attribute's key.
        key: &'static str,
        /// Its text.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
}

/// An event of any contract of ours, read.
#[derive(Debug, Clone, PartialEq)]
pub enum Any {
    /// Of every contract.
    Common(common::Emitted),
    /// Of the vault.
    Vault(vault::Emitted),
    /// Of the distributor.
    Distributor(distributor::Emitted),
    /// Of the breaker.
    Breaker(breaker::Emitted),
    /// Of the sample exchange.
    Perps(perps::Emitted),
    /// Of the timelock.
    Timelock(timelock::Emitted),
}

impl TryFrom<&Event> for Any {
    type Error = EventError;

    fn try_from(event: &Event) -> Result<Self, EventError> {
        type Read = fn(&Event) -> Result<Any, EventError>;
        let tables: [Read; 6] = [
            |event| common::Emitted::try_from(event).map(Self::Common),
            |event| vault::Emitted::try_from(event).map(Self::Vault),
            |event| distributor::Emitted::try_from(event).map(Self::Distributor),
            |event| breaker::Emitted::try_from(event).map(Self::Breaker),
            |event| perps::Emitted::try_from(event).map(Self::Perps),
            |event| timelock::Emitted::try_from(event).map(Self::Timelock),
        ];
        let listed = |read: &Result<_, _>| !matches!(read, Err(EventError::UnknownEvent { .. }));
        let found = tables.iter().map(|read| read(event)).find(listed);
        found.unwrap_or_else(|| {
            Err(EventError::UnknownEvent {
                event: event.ty.clone(),
            })
        })
    }
}

/// Reads the events of our contracts among others; one of ours that is not
/// listed, or cannot be read, is an error.
pub fn ours(events: &[Event]) -> Result<Vec<Any>, EventError> {
    let ours = |event: &&Event| {
        let name = bare_name(event);
        name.starts_with("backstop_") || name.starts_with("perps_")
    };
    events.iter().filter(ours).map(Any::try_from).collect()
}

/// An event's name without what the chain puts before it.
pub fn bare_name(event: &Event) -> &str {
    event.ty.strip_prefix("wasm-").unwrap_or(&event.ty)
}

/// Refuses an event of another name.
pub fn named_so(event: &Event, expected: &'static str) -> Result<(), EventError> {
    if bare_name(event) == expected {
        return Ok(());
    }
    Err(EventError::AnotherEvent {
        event: event.ty.clone(),
        expected,
    })
}

/// Reads one attribute of an event.
pub fn attribute<T: Attribute>(event: &Event, key: &'static str) -> Result<T, EventError> {
    let found = event.attributes.iter().find(|attribute| attribute.key == key);
    let Some(found) = found else {
        let event = event.ty.clone();
        return Err(EventError::Missing { event, key });
    };
    T::read(&found.value).ok_or_else(|| EventError::Unreadable {
        event: event.ty.clone(),
        key,
        value: found.value.clone(),
        expected: std::any::type_name::<T>(),
    })
}

/// The events of one kind among others, read; an unreadable one is an error.
pub fn all_of<T>(events: &[Event]) -> Result<Vec<T>, EventError>
where
    T: for<'a> TryFrom<&'a Event, Error = EventError>,
{
    let read = events.iter().map(T::try_from);
    let ours = read.filter(|read| !matches!(read, Err(EventError::AnotherEvent { .. })));
    ours.collect()
}

/// Every event of every contract: its name and its attributes' keys.
pub fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    [
        common::table(),
        vault::table(),
        distributor::table(),
        breaker::table(),
        perps::table(),
        timelock::table(),
    ]
    .concat()
}

#[cfg(test)]
mod tests;
