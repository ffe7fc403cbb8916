//! A client for chains with `x/wasm`: questions by several RPC addresses, a key,
//! and transactions that are never sent twice.
//!
//! Everything goes by the RPC address alone, also simulation and accounts, so
//! that an operator has to open one port.

mod committed;
pub mod error;
pub mod journal;
pub mod key;
pub mod message;
pub mod nodes;
pub mod paged;
pub mod price;
pub mod question;
pub mod sender;
pub mod sign;
pub mod wasmd;
mod words;

pub use committed::{Committed, attribute};
pub use error::{Error, Result};
pub use journal::{Journal, Outcome};
pub use key::Key;
pub use message::Message;
pub use nodes::Nodes;
pub use price::GasPrice;
pub use sender::{Sender, Settings};
pub use sign::SignMode;
