//! A deployed backstop, read whole at one block: the one source of the screen, of the
//! JSON, of the metrics and of what the keeper decides.
//!
//! A part that cannot be read is absent and named in `problems`, never zero. Amounts are
//! text in base units, times are text in nanoseconds since the epoch.

mod breaker;
mod claim;
mod distributor;
mod look;
mod queue;
mod timelock;
mod vault;

use backstop_chain::nodes::Status;
use cosmwasm_std::Timestamp;
use serde::{Deserialize, Serialize};

pub use breaker::{BreakerState, Found, LiveState, MarketLine, fault_words};
pub use claim::{ClaimLine, Waits, waits};
pub use distributor::{DistributorState, RateChange, RewardLine};
pub use look::look;
pub use queue::{QueueState, TicketLine};
pub use timelock::{ChangeLine, TimelockState};
pub use vault::VaultState;

use crate::addresses::Addresses;

/// The JSON's version: raised where a field is taken away or means something else.
pub const FORMAT: u32 = 1;

/// How much is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Pages of 30 rows of any one list.
    pub pages: u32,
    /// Whether the tickets are read, which takes a question for each staker who leaves.
    pub queue: bool,
    /// The staker after whom the queue is read on.
    pub queue_after: Option<String>,
}

impl Look {
    /// Everything, with so many pages a list.
    pub fn whole(pages: u32) -> Self {
        Self {
            pages,
            queue: true,
            queue_after: None,
        }
    }
}

/// Everything at one block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// See [`FORMAT`].
    pub format: u32,
    /// The chain and its nodes.
    pub chain: ChainState,
    /// Where the contracts are.
    pub addresses: Addresses,
    /// The vault.
    pub vault: Option<VaultState>,
    /// The vault's breaker.
    pub breaker: Option<BreakerState>,
    /// The vault's distributor.
    pub distributor: Option<DistributorState>,
    /// The timelock that owns them.
    pub timelock: Option<TimelockState>,
    /// The tickets of stakers who are leaving, if they were asked for.
    pub queue: Option<QueueState>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Lists that were not read to their end.
    pub stopped: Vec<Stopped>,
}

/// The chain and its nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainState {
    /// Its name.
    pub chain_id: String,
    /// The newest block.
    pub height: u64,
    /// That block's time, to the second.
    pub time: Timestamp,
    /// The node that had it.
    pub rpc: String,
    /// When it was read, by this machine's clock.
    pub read_at: Timestamp,
    /// Every node that was named.
    pub nodes: Vec<NodeLine>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLine {
    /// Its RPC address.
    pub rpc: String,
    /// Its newest block; none if it does not answer.
    pub height: Option<u64>,
    /// That block's time.
    pub time: Option<Timestamp>,
    /// Whether it is still reading older blocks.
    pub catching_up: bool,
    /// Why it does not answer.
    pub error: Option<String>,
}

/// A part that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which.
    pub part: String,
    /// Why.
    pub error: String,
}

/// A list that was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Which.
    pub list: String,
    /// The last row that was read.
    pub after: String,
}

impl NodeLine {
    /// What a node said of itself.
    pub fn of(rpc: String, said: &backstop_chain::Result<Status>) -> Self {
        let status = said.as_ref().ok();
        Self {
            rpc,
            height: status.map(|status| status.height),
            time: status.map(|status| Timestamp::from_seconds(status.time)),
            catching_up: status.is_some_and(|status| status.catching_up),
            error: said.as_ref().err().map(ToString::to_string),
        }
    }

    /// How far its newest block is behind a clock, in seconds.
    pub fn lag(&self, clock: Timestamp) -> Option<u64> {
        self.time
            .map(|time| clock.seconds().saturating_sub(time.seconds()))
    }
}

impl Snapshot {
    /// The newest block's time: what contracts take for now.
    pub fn now(&self) -> Timestamp {
        self.chain.time
    }

    /// Of a chain, before any contract was read.
    pub fn begin(addresses: Addresses, chain: ChainState) -> Self {
        Self {
            format: FORMAT,
            chain,
            addresses,
            vault: None,
            breaker: None,
            distributor: None,
            timelock: None,
            queue: None,
            problems: vec![],
            stopped: vec![],
        }
    }

    /// Keeps a part, or why it could not be read.
    fn keep<T>(&mut self, part: &str, read: backstop_chain::Result<T>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(error) => {
                self.problems.push(Problem {
                    part: part.to_string(),
                    error: error.to_string(),
                });
                None
            }
        }
    }

    /// Notes that a list was not read to its end, if it was not.
    fn stopped<K: ToString>(&mut self, list: &str, after: Option<K>) {
        self.stopped.extend(after.map(|after| Stopped {
            list: list.to_string(),
            after: after.to_string(),
        }));
    }
}
