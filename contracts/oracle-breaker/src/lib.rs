//! The oracle breaker: several sources a market, one reading of them, a state
//! that goes up fast and comes back slowly, and a verdict on what may be done.
//!
//! Every decision is a pure function of [`backstop_core::breaker`]; this crate
//! reads the sources ([`adapters`]), stores the record, and answers. Who may
//! call what stands beside the dispatch in [`contract`].

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

pub mod adapters;
pub mod contract;
pub mod error;
mod evidence;
mod execute;
mod history;
mod migrate;
mod query;
pub mod state;

pub use error::ContractError;
