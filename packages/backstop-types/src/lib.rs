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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod own_readme {}

mod apart;
pub mod attribute;
pub mod breaker;
pub mod denom;
mod depth;
pub mod distributor;
pub mod events;
pub mod guardian;
pub mod input;
pub mod keys;
pub mod names;
pub mod paging;
pub mod patch;
pub mod reply;
mod rows;
mod sent;
mod side;
pub mod timelock;
mod unauthorized;
pub mod units;
pub mod vault;
pub mod version;

pub use denom::{Denom, UncheckedDenom};
pub use depth::depth_proof;
pub use input::InputError;
pub use names::{Named, Open};
pub use patch::{Change, Patch};
pub use side::Side;
pub use unauthorized::Unauthorized;
pub use units::{Assets, Bps, Nanos, Price, Seconds, Shares};
