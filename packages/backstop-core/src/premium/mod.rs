//! Premiums: what cover costs, what a payment buys, and what of it is earned, paid
//! back or moved when the terms change. Nobody is asked and nothing is stored
//! here. Every rounding leaves the fraction with the stakers: rates and what is
//! earned round up, bought time and what is paid back round down.

mod curve;
mod ledger;

#[cfg(test)]
mod properties;

pub use curve::{Price, rate, utilisation, with_multiplier};
pub use ledger::{AHEAD, Rebooked, Sale, WAIT, change, close, earned, in_force, pay, send, unsent};
