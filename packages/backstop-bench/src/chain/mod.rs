//! One real chain on this machine, and what a transaction cost on it.

mod accounts;
mod batch;
mod client;
mod gas;
mod node;
mod receipt;
mod rpc;

pub use accounts::{Account, COINS, address};
pub use batch::Message;
pub use client::Chain;
pub use gas::{Charge, GasLog, Split};
pub use node::Node;
pub use receipt::Receipt;
