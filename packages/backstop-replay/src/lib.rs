//! The replay of a crash: the shipped contracts, driven block by block through a
//! scenario by people who are drawn from a seed, and a typed record of what
//! happened to everybody.
//!
//! [`scenario`] is what is written in a file, [`sources`] what the price sources
//! publish, [`people`] who acts on the [`chain`], [`engine`] what drives them, and
//! [`record`] what is kept of it. A [`change`] is one parameter in place of a scenario's. Nothing here knows how a record is shown.

pub mod chain;
pub mod change;
pub mod engine;
mod error;
pub mod people;
mod random;
pub mod record;
pub mod scenario;
pub mod sources;

pub use engine::{Run, Watched, check, run, run_watched, tuned};
pub use error::ReplayError;
pub use record::{Figures, Record, Setting};
