//! Handlers, a file for each group of messages.

pub mod admin;
pub mod guardian;
pub mod markets;
pub mod poke;
pub mod report;
