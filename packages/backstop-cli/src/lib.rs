//! The `backstop` program: replays crashes through the shipped contracts and
//! says what happened to everybody. A [`command`] is one file; `main` only reads
//! the command line and turns what came of it into an exit code.

pub mod args;
pub mod backtest;
pub mod command;
pub mod error;
pub mod exit;
pub mod infer;
mod progress;
pub mod report;
pub mod seeds;
pub mod shipped;
mod threads;
