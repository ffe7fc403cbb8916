//! The handlers, a file per group of messages.

pub mod admin;
pub mod apply;
pub mod submit;
