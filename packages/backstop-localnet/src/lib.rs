//! A wasmd network of one or several validators on this machine, on loopback
//! only: made, started, stopped, broken on purpose and asked how it is.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod accounts;
pub mod cli;
mod config;
mod contracts;
mod crash;
mod error;
mod genesis;
mod network;
mod owned;
mod page;
mod play;
mod ports;
mod process;
mod record;
mod rpc;
mod runtime;
mod serve;
mod settings;
mod up;
mod wasmd;

pub use accounts::{MNEMONIC, NAMES, TestAccount};
pub use contracts::{Localnet, deploy};
pub use crash::Crash;
pub use error::{Error, Result};
pub use network::Network;
pub use owned::Owned;
pub use page::PageConfig;
pub use play::Play;
pub use ports::free_base_port;
pub use settings::{BASE_PORT, Coin, Funded, MAX_VALIDATORS, STAKE, Settings};
pub use up::{Before, up};

/// The README's example is compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
