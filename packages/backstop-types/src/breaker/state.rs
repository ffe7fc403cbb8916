//! What the breaker stores: one hot record a market, which consumers read raw,
//! and the trips, which are never dropped.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;

use super::fault::Faults;
use crate::{Price, named};

named! {
    /// What a consumer wants to do on a market.
    pub enum Action {
        /// Add risk: open or grow a position.
        Open = "open",
        /// Take risk off: close a position, add margin, leave.
        Reduce = "reduce",
        /// Close somebody else's position.
        Liquidate = "liquidate",
        /// Pay a backstop claim.
        Payout = "payout",
    }

    /// A market's state.
    #[derive(Default)]
    pub enum MarketState {
        /// All is well.
        #[default]
        Normal = "normal",
        /// A source is unwell, or the market is near a bound.
        Guarded = "guarded",
        /// A market fault, or the guardian.
        Tripped = "tripped",
        /// The cooldown is over, and clean readings are being counted.
        Recovering = "recovering",
    }

    /// What began a trip.
    pub enum TripCause {
        /// The market's own faults.
        Faults = "faults",
        /// The guardian.
        Guardian = "guardian",
    }
}

/// The conservative low and high that a reading supports, both inclusive.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Band {
    /// No good source supports less.
    pub low: Price,
    /// No good source supports more.
    pub high: Price,
}

impl Band {
    /// Whether the price lies in the band.
    pub fn contains(&self, price: Price) -> bool {
        self.low <= price && price <= self.high
    }

    /// The smallest band that contains both.
    pub fn span(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }
}

/// A market's state as the breaker stores it; the vault reads it raw.
#[cw_serde]
pub struct MarketRecord {
    /// The state at the last poke.
    pub state: MarketState,
    /// Since when.
    pub since: Timestamp,
    /// Trips so far: the number of the last one.
    pub trips: u64,
    /// What began the trip that is open now, if one is.
    pub open_trip: Option<TripCause>,
    /// The band of the last clean reading before now, or before the trip that
    /// is open now.
    pub last_clean: Option<Band>,
    /// When a clean reading last had news.
    #[serde(default)]
    pub last_clean_at: Option<Timestamp>,
    /// What the breaker keeps to judge the next reading; not for consumers.
    #[serde(default)]
    pub watch: Watch,
}

impl MarketRecord {
    /// A market that has not had its first reading.
    pub fn new(now: Timestamp) -> Self {
        Self {
            state: MarketState::Normal,
            since: now,
            trips: 0,
            open_trip: None,
            last_clean: None,
            last_clean_at: None,
            watch: Watch::default(),
        }
    }

    /// The number of the trip that is open now.
    pub fn trip(&self) -> Option<u64> {
        self.open_trip.map(|_| self.trips)
    }
}

/// What the breaker keeps of a market between readings.
#[cw_serde]
#[derive(Default)]
pub struct Watch {
    /// Why the state is not Normal: the faults of the last unwell reading.
    pub faults: Faults,
    /// When a poke last found the market unwell: by any fault or warning
    /// without a trip, by a market fault in one.
    pub unwell_at: Option<Timestamp>,
    /// What the next median is held against; none before the first reading.
    pub reference: Option<Reference>,
    /// The newest publish time, in seconds, that was taken from each source,
    /// in the order of the config; in a trip, those of the last counted
    /// reading.
    pub seen: Vec<u64>,
    /// How far the recovery has come, while Recovering.
    pub recovery: Option<Recovery>,
    /// Until when the guardian's last trip lasts or lasted at least.
    pub guardian_until: Option<Timestamp>,
}

/// A price that the market's median is held against. It follows the median at
/// a limited speed, and no faulty reading moves it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Reference {
    /// The price.
    pub price: Price,
    /// When it last followed a reading.
    pub at: Timestamp,
}

/// The clean readings since a market began to recover.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Recovery {
    /// How many were counted.
    pub clean: u32,
    /// When the last one was counted, or the recovery began.
    pub at: Timestamp,
    /// The span of the bands of all of them, counted or not; none after a
    /// reseed until the first.
    pub band: Option<Band>,
}

/// One trip of a market. Never dropped.
#[cw_serde]
pub struct Trip {
    /// What began it.
    pub cause: TripCause,
    /// When.
    pub began_at: Timestamp,
    /// The band of the last clean reading before it.
    pub last_clean: Option<Band>,
    /// When a clean reading last had news.
    #[serde(default)]
    pub last_clean_at: Option<Timestamp>,
    /// How it ended, if it did.
    pub end: Option<TripEnd>,
    /// The faults of the reading that began it.
    #[serde(default)]
    pub faults: Faults,
}

/// How a trip ended.
#[cw_serde]
#[derive(Copy)]
pub struct TripEnd {
    /// When.
    pub at: Timestamp,
    /// The span of the bands of all clean readings of the recovery that ended
    /// it, counted or not.
    pub band: Band,
}
