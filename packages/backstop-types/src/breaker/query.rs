//! What can be read from the breaker, and the answers.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Timestamp};

use super::{
    config::MarketConfig,
    fault::{Fault, Faults, Finding},
    reading::SourceReading,
    state::{Action, Band, MarketRecord, MarketState, Reference, TripCause},
};
use crate::Price;

/// What can be read from the breaker.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What a poke would answer now: live sources and stored state together.
    #[returns(Verdict)]
    Verdict {
        /// The market.
        market: String,
        /// What for; [`Action::Open`], the strictest, by default.
        action: Option<Action>,
    },
    /// What every source says now, and what follows from it.
    #[returns(ReadingResponse)]
    Reading {
        /// The market.
        market: String,
    },
    /// A market's config and state, and what would end its trip. Asks no
    /// source.
    #[returns(MarketResponse)]
    Market {
        /// The market.
        market: String,
    },
    /// Markets by name.
    #[returns(MarketsResponse)]
    Markets {
        /// The last one of the page before.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// A market's trips by number.
    #[returns(super::TripsResponse)]
    Trips {
        /// The market.
        market: String,
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// One trip of a market.
    #[returns(super::TripItem)]
    Trip {
        /// The market.
        market: String,
        /// The trip's number, from 1.
        number: u64,
    },
    /// Why a market is as it is, with what evidence, what must become true for
    /// it to be normal, and when that could be.
    #[returns(super::ExplainResponse)]
    Explain {
        /// The market.
        market: String,
    },
    /// A market's last 32 transitions with the readings at that time, the newest
    /// first.
    #[returns(super::HistoryResponse)]
    History {
        /// The market.
        market: String,
        /// The last one of the page before.
        start_before: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Who may do what.
    #[returns(Config)]
    Config {},
    /// Who owns it, and who is about to.
    #[returns(cw_ownable::Ownership<Addr>)]
    Ownership {},
}

/// The answer in the data of a poke.
#[cw_serde]
pub struct PokeResponse {
    /// One for each market, in the order asked.
    pub verdicts: Vec<Verdict>,
}

/// May this action go ahead on this market now.
#[cw_serde]
pub struct Verdict {
    /// The market.
    pub market: String,
    /// What was asked for.
    pub action: Action,
    /// The market's state after this reading.
    pub state: MarketState,
    /// Whether the action may go ahead.
    pub allowed: bool,
    /// What this reading lacks, and what keeps the state from Normal, by bit.
    /// Never empty on a deny.
    pub reasons: Vec<Fault>,
    /// The same as a number, for contracts.
    pub faults: Faults,
    /// The median; none unless a quorum agrees now.
    pub median: Option<Price>,
    /// What the good sources support; none unless a quorum agrees now.
    pub band: Option<Band>,
    /// The number of the trip that is open now.
    pub trip: Option<u64>,
    /// What began it.
    pub trip_cause: Option<TripCause>,
    /// The band of the last clean reading, or of the last one before the trip.
    pub last_clean: Option<Band>,
    /// While a jump is confirmed: who takes risk off sells at the low and buys
    /// at the high of median and reference. None otherwise.
    pub reduce_between: Option<Band>,
    /// When most of the lineages that count had published, in seconds since the
    /// epoch: an order from before it is filled at what it could not know. None
    /// unless a quorum agrees now, and where most have no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<u64>,
}

/// What every source says, and what follows from it.
#[cw_serde]
pub struct ReadingResponse {
    /// The block's time.
    pub at: Timestamp,
    /// Each source, in the order of the config.
    pub sources: Vec<SourceReading>,
    /// How many lineages are left.
    pub lineages: u32,
    /// What is wrong with the market, and what it is near to.
    pub findings: Vec<Finding>,
    /// All faults together.
    pub faults: Faults,
    /// The median; none unless a quorum agrees.
    pub median: Option<Price>,
    /// What the good sources support; none unless a quorum agrees.
    pub band: Option<Band>,
    /// What the median is compared with.
    pub reference: Option<Reference>,
    /// In a trip: what keeps this reading from counting as clean under the
    /// tighter thresholds, time and news aside.
    pub unclean: Vec<Finding>,
}

/// A market's config and state.
#[cw_serde]
pub struct MarketResponse {
    /// Its name.
    pub market: String,
    /// How it is watched.
    pub config: MarketConfig<Addr>,
    /// Its state at the last poke.
    pub record: MarketRecord,
    /// Why it is not Normal, by bit.
    pub reasons: Vec<Fault>,
    /// In a trip: what would end it.
    pub exit: Option<TripExit>,
}

/// What would end a trip: the cooldown over, the guardian's time over, and so
/// many clean readings so far apart.
#[cw_serde]
#[derive(Copy)]
pub struct TripExit {
    /// The earliest end, if every reading from now on is clean and pokes come
    /// in time; none where it takes the owner's reseed first.
    pub earliest_recovery: Option<Timestamp>,
    /// Whether the market is latched, so that only the owner's reseed begins a
    /// recovery.
    pub reseed: bool,
    /// The end of the cooldown; none if no fault was found in the trip.
    pub cooldown_until: Option<Timestamp>,
    /// Until when the guardian's trip lasts at least, if that is to come.
    pub guardian_until: Option<Timestamp>,
    /// Clean readings to go, after the one that begins the recovery.
    pub readings_left: u32,
}

/// A page of markets.
#[cw_serde]
pub struct MarketsResponse {
    /// By name.
    pub markets: Vec<MarketResponse>,
}

/// Who may do what, ownership aside.
#[cw_serde]
pub struct Config {
    /// Who may trip a market.
    pub guardian: Option<Addr>,
}
