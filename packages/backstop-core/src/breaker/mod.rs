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
//! in one of the lists of checks: `source_faults::OWN` for a source by itself,
//! `source_faults::DEAD` and `PEERS` for one against the others,
//! `market_faults::CHECKS` for the market. Nothing else changes.

mod assess;
mod block;
mod bounds;
mod confirm;
mod explain;
mod machine;
mod market_faults;
mod median;
mod news;
mod observed;
mod ratio;
mod reference;
mod remap;
mod source_faults;
mod tracks;
mod trip;
mod verdict;

#[cfg(test)]
mod properties;

pub use assess::{Assessment, agreeing, assess, tightened};
pub use block::Block;
pub use explain::needs;
pub use machine::{Advance, Relief, TripChange, advance, guardian_trip, reseed};
pub use median::middle;
pub use observed::{Observed, SourceLimits};
pub use remap::remap;
pub use trip::{exit, guardian_ready_at, unclean};
pub use verdict::verdict;
