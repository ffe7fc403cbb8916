//! The handlers, a file per group of messages.

pub mod claim;
pub mod fund;
pub mod owner;
pub mod stake;
pub mod stop;
