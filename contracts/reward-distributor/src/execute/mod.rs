//! The handlers, a file per group of messages.

pub mod admin;
pub mod claim;
pub mod fund;
pub mod stake;
pub mod stop;
