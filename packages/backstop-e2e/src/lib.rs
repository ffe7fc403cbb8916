//! What tests on a real chain share: a network with accounts and stored codes
//! ([`Stage`]), and the contracts on it, wired ([`Backstop`]).
//!
//! A test begins with [`Stage::open`], which is none where no wasmd or no built
//! contracts are named by the environment; `scripts/test` names both.

mod accounts;
mod backstop;
mod codes;
mod coins;
mod custody;
mod exchange;
mod stage;

pub use accounts::{LOADERS, MNEMONIC, index, loaders};
pub use backstop::{Asset, Backstop, MARKET, Setup, call, call_with};
pub use coins::{ASSET, FEES, REWARD};
pub use exchange::lost;
pub use stage::Stage;
