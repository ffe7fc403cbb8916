//! Serving an exchange of the sample-perps kind: orders, liquidations and shortfalls are open
//! to anyone, paid for, and done by nobody else.

mod decide;
mod look;

use std::collections::BTreeMap;

use backstop_types::Assets;
use backstop_types::breaker::{Action as Wanted, VerdictFacts};
use cosmwasm_std::Timestamp;
use sample_perps::msg::{OrderResponse, PositionResponse, ShortfallResponse};

pub use decide::decide;
pub use look::look;

/// What was read of an exchange.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    /// Its address.
    pub exchange: String,
    /// The block's time.
    pub now: Timestamp,
    /// The block.
    pub height: u64,
    /// What the breaker says to each action that somebody waits for. One that it does not
    /// answer is missing, which is a denial.
    pub verdicts: BTreeMap<Wanted, VerdictFacts>,
    /// Orders, the oldest first.
    pub orders: Vec<OrderResponse>,
    /// Positions with their values at the breaker's median.
    pub positions: Vec<PositionResponse>,
    /// The newest shortfalls, by number.
    pub shortfalls: Vec<ShortfallResponse>,
    /// What the vault has paid on the claims of these, by claim, and whether it is pending.
    pub claims: BTreeMap<u64, (Assets, bool)>,
    /// Where the next look at positions begins.
    pub next: Cursor,
}

/// The position after which the next look begins, so that each is looked at in turn.
pub type Cursor = Option<u64>;
