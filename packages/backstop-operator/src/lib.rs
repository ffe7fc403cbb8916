//! What an operator runs beside a deployed backstop: [`snapshot`] reads it whole and
//! [`screen`] shows it; [`keeper`] sends what anybody may send and somebody has to.
//!
//! The snapshot is the one source of the terminal, of the JSON and of the keeper's
//! metrics and decisions, so that none of them says something else than the others.

pub mod addresses;
pub mod chain;
pub mod config;
pub mod error;
pub mod health;
pub mod keeper;
pub mod log;
mod memory;
pub mod metrics;
pub mod round;
pub mod screen;
pub mod serve;
pub mod snapshot;
pub mod status;
pub mod task;
pub mod tasks;

pub use addresses::Addresses;
pub use error::{Error, Result};
pub use snapshot::Snapshot;
