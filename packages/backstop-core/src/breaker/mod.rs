//! Whether a market's price can be relied on, and for what.
//!
//! Three pure steps. [`assess()`] turns what the sources say into one reading: it
//! drops the sources that have a fault, takes the median of one value a
//! lineage, and looks for faults of the market as a whole. [`advance`] moves
//! the market's stored state by that reading. [`verdict()`] says whether an
//! action may go ahead in the state and on the reading. The contract's `Poke`
//! stores what its `Verdict` query throws away; both are the same call.
//!
//! Another fault is a bit in [`backstop_types::breaker::Fault`] and a function
//! in one of the lists of checks: `sources::OWN` for a source by itself,
//! `sources::PEERS` for one against the others, `market::CHECKS` for the
//! market. Nothing else changes.

mod assess;
mod lineage;
mod machine;
mod market;
mod matrix;
mod ratio;
mod sources;
mod trip;
mod verdict;

#[cfg(test)]
mod properties;

pub use assess::{Assessment, Observed, assess, tightened};
pub use machine::{Advance, TripChange, advance, guardian_trip, remap, reseed};
pub use matrix::{ALLOWED, allows};
pub use trip::{exit, guardian_ready_at};
pub use verdict::verdict;
