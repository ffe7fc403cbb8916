//! What the breaker emits.

use cosmwasm_std::Addr;

use super::MarketChange;
use crate::Price;
use crate::breaker::{Action, Faults, MarketState};

crate::events! {
    /// A market was poked.
    Poked => "backstop_poke" {
        market: String, action: Action, state: MarketState, allowed: bool,
        /// The faults' names with commas between.
        reasons: Faults, median: Option<Price>,
    }
    /// A market went from one state to another.
    StateChanged => "backstop_market_state" {
        market: String, from: MarketState, to: MarketState,
        /// The faults' names with commas between.
        reasons: Faults,
        /// The number of the trip that is open or has just ended.
        trip: Option<u64>,
        /// Who did it where it was not a reading.
        by: Option<Addr>,
        /// What each source said, and each fault's measure and bound.
        evidence: String,
    }
    /// A reporter reported.
    Reported => "backstop_report" {
        reporter: Addr, market: String, source: String, price: Price, publish_time: u64,
    }
    /// A market was added, or its config changed.
    MarketConfigured => "backstop_market" { market: String, change: MarketChange, sources: u32 }
    /// A reference was moved by the owner.
    Reseeded => "backstop_reseed" { market: String, from: Option<Price>, to: Price }
    /// Another guardian was named.
    GuardianChanged => "backstop_guardian" { old: Option<Addr>, new: Option<Addr> }
}
