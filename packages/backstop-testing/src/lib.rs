//! A whole backstop in memory, for tests and replays: the five shipped
//! contracts on cw-multi-test, oracles that speak the real interfaces, and the
//! invariants, checked after every message.
//!
//! Begin with [`World::builder`].

// Here a panic is a failed test; contracts and core may not.
#![allow(clippy::disallowed_methods)]

pub mod always_allow;
mod broken_distributor;
mod builder;
mod codes;
mod emitted;
mod hand_over;
pub mod invariants;
pub mod mock_band;
pub mod mock_mars;
pub mod mock_mode;
pub mod mock_modules;
pub mod mock_pyth;
pub mod mock_stride;
pub mod mock_tunnel;
mod prices;
mod wiring;
mod world;

pub use builder::{DEFAULT_WINDOW, Seed, SourceSpec, WorldBuilder, default_params, default_terms};
pub use codes::Codes;
pub use emitted::{emitted, read_all, read_of};
pub use prices::{PythPrice, pyth_price};
pub use world::{Spent, World, cause};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
