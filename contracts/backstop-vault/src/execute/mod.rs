//! What the vault does, a file per group of messages.

pub mod admin;
pub mod cover;
pub mod exit;
pub mod guardian;
pub mod hook;
pub mod policy;
pub mod recovery;
pub mod settle;
pub mod stake;
