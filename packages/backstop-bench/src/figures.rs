//! What is measured: an operation, and one at two sizes.

use serde::Serialize;

use crate::chain::{Receipt, Split};

/// One operation.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// What it is.
    pub name: String,
    /// Gas of the whole transaction.
    pub gas: u64,
    /// Of that, the chain's fixed price: transaction, contract starts, storage.
    pub fixed_gas: u64,
    /// The peer's operation that it is set beside.
    pub peer: Option<String>,
    /// What that cost in the same run.
    pub peer_gas: Option<u64>,
    /// `gas / peer_gas`.
    pub ratio: Option<f64>,
    /// What it was charged for.
    #[serde(skip)]
    pub split: Split,
}

/// One operation at two sizes.
#[derive(Debug, Clone, Serialize)]
pub struct Growth {
    /// What it is.
    pub name: String,
    /// Gas at the small size.
    pub small: u64,
    /// Gas at the large size.
    pub large: u64,
    /// `large / small`.
    pub ratio: f64,
}

impl Operation {
    /// As a receipt has it.
    pub fn new(name: &str, receipt: &Receipt) -> Self {
        Self {
            name: name.to_string(),
            gas: receipt.gas,
            fixed_gas: receipt.split.fixed(),
            peer: None,
            peer_gas: None,
            ratio: None,
            split: receipt.split.clone(),
        }
    }

    /// Sets it beside a peer's.
    pub fn set_beside(&mut self, peer: &str, gas: u64) {
        self.peer = Some(peer.to_string());
        self.peer_gas = Some(gas);
        self.ratio = Some(ratio(self.gas, gas));
    }
}

impl Growth {
    /// The two figures of an operation.
    pub fn new(name: &str, small: u64, large: u64) -> Self {
        Self {
            name: name.to_string(),
            small,
            large,
            ratio: ratio(large, small),
        }
    }
}

/// To four decimals.
fn ratio(one: u64, other: u64) -> f64 {
    let ratio = one as f64 / other.max(1) as f64;
    (ratio * 10_000.0).round() / 10_000.0
}
