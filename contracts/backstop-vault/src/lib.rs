//! The backstop pool: stakers' capital, their shares, the policies that it
//! covers, the claims that it grants, and what comes back on its losses.
//!
//! Handlers read as a story: check the sender and the funds, load, decide by a
//! pure function of `backstop-core`, store, respond. Who may call what stands
//! beside the dispatch in [`contract`].

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

mod answers;
mod books;
pub mod contract;
pub mod error;
mod execute;
pub mod migrate;
mod premiums;
mod query;
pub mod state;

pub use error::ContractError;
