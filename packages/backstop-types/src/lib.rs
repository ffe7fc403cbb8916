//! What the backstop's contracts say to each other and to the world: messages,
//! responses, events, units and storage keys, with small helpers to call them.
//!
//! The crate has no entry points, so a derivatives contract can depend on it
//! without pulling a contract in. Start at [`vault::BackstopVault`].

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::disallowed_methods
    )
)]

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

pub mod breaker;
pub mod denom;
pub mod distributor;
pub mod events;
pub mod guardian;
pub mod input;
pub mod keys;
pub mod names;
pub mod reply;
mod rows;
mod side;
pub mod units;
pub mod vault;
pub mod version;

pub use denom::{Denom, UncheckedDenom};
pub use input::InputError;
pub use names::{Named, Open};
pub use side::Side;
pub use units::{Assets, Bps, Nanos, Price, Seconds, Shares};
