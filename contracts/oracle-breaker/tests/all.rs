//! All tests of the contract, as one program: it links once.

mod admin;
mod attack;
mod bad_input;
mod bounds;
mod explain;
mod guardian;
mod helper;
mod markets;
mod poke;
mod pyth;
mod query;
mod report;
mod support;
