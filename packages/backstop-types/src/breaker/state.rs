//! What the breaker stores: one hot record a market, which consumers read raw,
//! and the trips, which are never dropped.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp};

use super::fault::{Faults, Finding};
use crate::{Price, Seconds, named};

named! {
    /// What a consumer wants to do on a market.
    pub enum Action {
        /// Add risk: open or grow a position.
        Open = "open",
        /// Take risk off: close a position, add margin, leave.
        Reduce = "reduce",
        /// Close somebody else's position.
        Liquidate = "liquidate",
        /// Close winners against a loss.
        Deleverage = "deleverage",
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
        /// Tripped too often: only the owner's reseed begins a recovery.
        Latched = "latched",
    }

    /// What began a trip.
    pub enum TripCause {
        /// The market's own faults.
        Faults = "faults",
        /// The guardian.
        Guardian = "guardian",
    }
}

impl MarketState {
    /// How bad it is: normal 0, guarded 1, recovering 2, tripped 3, latched 4.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Guarded => 1,
            Self::Recovering => 2,
            Self::Tripped => 3,
            Self::Latched => 4,
        }
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
    /// What the next median is compared with; none before the first reading.
    pub reference: Option<Reference>,
    /// The newest publish time, in seconds, that was taken from each source,
    /// in the order of the config; in a trip, those of the last counted
    /// reading.
    pub seen: Vec<u64>,
    /// How far the recovery has come, while Recovering.
    pub recovery: Option<Recovery>,
    /// Until when the guardian's last trip lasts or lasted at least.
    pub guardian_until: Option<Timestamp>,
    /// What each source did over its last prices, in the order of the config.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// The last reading that was recorded.
    #[serde(default)]
    pub read: Option<LastReading>,
    /// Where the reference was, up to `drift_window` ago, the older first.
    #[serde(default)]
    pub anchors: Vec<Reference>,
    /// What was seen since the trip that is open began.
    #[serde(default)]
    pub trip: Option<TripWatch>,
    /// The trips that count towards a latch.
    #[serde(default)]
    pub streak: Option<Streak>,
    /// How many transitions there were; the history keeps the last of them.
    #[serde(default)]
    pub transitions: u64,
}

/// What one source did over its last prices.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Track {
    /// The publish time of its last price, in seconds.
    pub at: u64,
    /// Its last price.
    pub price: Price,
    /// How many prices in a row had this value.
    pub ticks: u32,
    /// The median of the other lineages when it first had this value.
    pub others: Option<Price>,
    /// How many changes in a row went to the very value of another lineage.
    #[serde(default, skip_serializing_if = "none")]
    pub echoes: u32,
}

/// Whether there were none: then eight sources need not store it.
fn none(count: &u32) -> bool {
    *count == 0
}

/// A reading as the next one needs it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct LastReading {
    /// The block's time.
    pub at: Timestamp,
    /// The block's height.
    pub height: u64,
    /// The last median on which a quorum agreed.
    pub median: Option<Price>,
}

/// What was seen since a trip began.
#[cw_serde]
#[derive(Eq, Default)]
pub struct TripWatch {
    /// The market faults of all its readings.
    pub faults: Faults,
    /// Whether a quorum was lost for another reason than silence.
    pub lost: bool,
    /// Whether the median moved by more than `max_leap` at once.
    pub leapt: bool,
    /// When a halt of the chain was found last.
    #[serde(default)]
    pub halted_at: Option<Timestamp>,
    /// When the sources last disagreed, or a quorum was lost for another reason
    /// than silence.
    #[serde(default)]
    pub quarrelled_at: Option<Timestamp>,
    /// Whether the trip was counted towards the latch.
    pub counted: bool,
    /// How long the price has been seen to stand at a new level.
    pub level: Option<Level>,
    /// The readings that confirm a jump.
    pub confirmation: Option<Confirmation>,
}

/// For how long readings stood on one side of the reference, beyond what a
/// clean reading may jump.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Level {
    /// Above the reference, or below.
    pub up: bool,
    /// The median of the last reading.
    pub price: Price,
    /// The first reading.
    pub since: Timestamp,
    /// The last one.
    pub at: Timestamp,
    /// For how long the price has to stand there to be admitted; longer does not
    /// count.
    #[serde(default)]
    pub takes: Seconds,
}

/// Readings in a row in which every live lineage was beyond the bound on one
/// side.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Confirmation {
    /// Above the reference, or below.
    pub up: bool,
    /// How many were counted.
    pub readings: u32,
    /// When the last one was counted.
    pub at: Timestamp,
}

/// Trips by faults, each begun within `latch_window` of the one before.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Streak {
    /// How many.
    pub trips: u32,
    /// When the last one began.
    pub at: Timestamp,
}

/// A price that the market's median is compared with. It follows the median at
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

/// A market's way from one state to another, with the reading at that time.
#[cw_serde]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// From.
    pub from: MarketState,
    /// To.
    pub to: MarketState,
    /// What the reading lacked, and what the state still stood on.
    pub faults: Faults,
    /// The number of the trip that was open or had just ended.
    pub trip: Option<u64>,
    /// Who did it where it was not a reading.
    pub by: Option<Addr>,
    /// The median, if a quorum agreed.
    pub median: Option<Price>,
    /// What it was compared with.
    pub reference: Option<Price>,
    /// What was wrong with the market.
    pub findings: Vec<Finding>,
    /// What each source said.
    pub sources: Vec<Said>,
}

/// What one source said, in short.
#[cw_serde]
#[derive(Eq)]
pub struct Said {
    /// Its name.
    pub source: String,
    /// Its price, if it had one above zero.
    pub price: Option<Price>,
    /// When that was, in seconds since the epoch.
    pub publish_time: Option<u64>,
    /// What was wrong with it.
    pub faults: Faults,
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
