//! The timelock: it owns vault, distributor and breaker for the DAO. What raises
//! stakers' risk waits in it until everyone who disagrees could have left; the rest
//! goes through at once.
//!
//! What a change does to the risk is `backstop-core`'s
//! [`timelock`](backstop_core::timelock) to say. The handlers read what is now, keep
//! the queue, and pass messages on. Who may call what stands beside the dispatch in
//! [`contract`].

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

pub mod contract;
pub mod error;
mod execute;
mod migrate;
mod passing;
mod present;
mod query;
pub mod state;

pub use error::ContractError;
pub use migrate::{NAME, VERSION};
