//! The backstop's arithmetic and decisions as pure functions: no storage, no
//! queries, no clock of their own. The contracts and the simulator call the
//! same ones, so they cannot drift apart.

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

pub mod breaker;
pub mod cover;
pub mod exits;
pub mod limits;
pub mod math;
pub mod perps;
pub mod premium;
pub mod rewards;
pub mod shares;
pub mod timelock;
