//! Why a market is as it is, with what evidence, and what must become true; and its
//! past: transitions and trips.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;

use super::fault::{Fault, Finding};
use super::reading::SourceReading;
use super::state::{Action, MarketState, Transition, Trip};
use crate::{Bps, Price, Seconds};

/// Why a market is as it is now, live sources and stored state together.
#[cw_serde]
pub struct ExplainResponse {
    /// The market.
    pub market: String,
    /// The block's time.
    pub at: Timestamp,
    /// The state that a poke would leave now.
    pub state: MarketState,
    /// Since when.
    pub since: Timestamp,
    /// The trip that is open.
    pub trip: Option<TripItem>,
    /// What is allowed now.
    pub allowed: Vec<Action>,
    /// What is wrong with the market now, and what it is near to.
    pub findings: Vec<Finding>,
    /// What else the state stands on: faults of the last unwell reading.
    pub standing: Vec<Fault>,
    /// What each source says, and what is wrong with it.
    pub sources: Vec<SourceReading>,
    /// The median; none unless a quorum agrees.
    pub median: Option<Price>,
    /// What it is compared with.
    pub reference: Option<Price>,
    /// What must become true for the market to be normal, all of it; and as
    /// [`Need::Confirmation`] what would allow liquidation before that.
    pub needs: Vec<Need>,
    /// When a trip could end at the earliest, if the price came back now; none
    /// without one, or where it takes the owner's reseed first. At a price that
    /// stays, its level must be admitted first.
    pub earliest_recovery: Option<Timestamp>,
}

/// One thing that must become true.
#[cw_serde]
pub enum Need {
    /// The owner must reseed the market, naming this trip.
    Reseed {
        /// The trip.
        trip: u64,
    },
    /// The guardian's time must pass.
    GuardianTime {
        /// Until when.
        until: Timestamp,
    },
    /// No market fault may be found until the cooldown is over.
    Cooldown {
        /// Until when; each market fault sets it back.
        until: Timestamp,
    },
    /// Nothing may be unwell until the market is no longer guarded.
    Quiet {
        /// Until when; whatever guards the market sets it back.
        until: Timestamp,
    },
    /// More lineages must answer without a fault.
    Lineages {
        /// How many do.
        now: u32,
        /// How many must.
        least: u32,
    },
    /// The lineages must lie closer together.
    Agreement {
        /// Within so much of their median.
        within: Bps,
    },
    /// The median must lie between these.
    Median {
        /// The lowest.
        low: Price,
        /// The highest.
        high: Price,
    },
    /// The markets that composites read must be well.
    Dependency {},
    /// Clean readings must be poked.
    CleanReadings {
        /// How many more, after the one that begins the recovery.
        left: u32,
        /// How far apart at least.
        spacing: Seconds,
    },
    /// For liquidation before that: readings that confirm the jump.
    Confirmation {
        /// How many more.
        left: u32,
        /// How many lineages must agree in each.
        lineages: u32,
        /// How far apart at least.
        spacing: Seconds,
    },
    /// A first reading must be poked.
    FirstReading {},
}

/// One transition with its number.
#[cw_serde]
pub struct TransitionItem {
    /// The number: the market's first is 1.
    pub number: u64,
    /// The transition.
    pub transition: Transition,
}

/// A market's last transitions.
#[cw_serde]
pub struct HistoryResponse {
    /// The newest first.
    pub transitions: Vec<TransitionItem>,
}

/// One trip with its number.
#[cw_serde]
pub struct TripItem {
    /// The number.
    pub number: u64,
    /// The trip.
    pub trip: Trip,
}

/// A page of trips.
#[cw_serde]
pub struct TripsResponse {
    /// By number.
    pub trips: Vec<TripItem>,
}
