//! A small perpetuals exchange: the reference integration of the backstop. Read
//! `execute/gate.rs`, `execute/breaker_answer.rs`, `execute/liquidate.rs` and
//! `execute/shortfall.rs` for the integration; the README walks through them line by
//! line.

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

mod claim;
pub mod contract;
pub mod error;
mod execute;
pub mod invariants;
mod migrate;
pub mod msg;
pub mod params;
pub mod query;
pub mod state;

pub use error::ContractError;
pub use params::{Params, ParamsUpdate};
