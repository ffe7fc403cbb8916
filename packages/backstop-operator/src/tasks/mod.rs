//! What each task decides: a pure function of what was read, the settings and the block's
//! time. Nothing here asks a chain but [`perps::look`], and nothing sends.

mod action;
pub mod advance;
pub mod changes;
pub mod perps;
pub mod poke;
pub mod premium;
pub mod settle;
pub mod tickets;

pub use action::Action;
