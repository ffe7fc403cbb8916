//! Rewards of one vault's active shares: streams of several denoms, claimed by
//! those who were staked while they ran.
//!
//! All arithmetic is `backstop-core`'s [`rewards`](backstop_core::rewards). The
//! handlers keep its ledger, the stakers' accounts and the rate changes that
//! lie ahead. Who may call what stands beside the dispatch in [`contract`].

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

pub mod codec;
mod compact;
pub mod contract;
pub mod error;
mod execute;
pub mod funding;
pub mod ledger;
mod migrate;
mod query;
pub mod state;

pub use error::ContractError;
