//! What other contracts read of the breaker, and nothing else, in forms that
//! grow: fields that a later breaker adds are passed over, names and faults that
//! it adds are kept. So neither side has to be upgraded first.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;

use super::fault::Faults;
use super::state::{Band, MarketState, TripCause, TripEnd};
use crate::{Open, Price};

/// Of a [`super::PokeResponse`], what a contract acts on.
#[cw_serde]
pub struct PokeFacts {
    /// One for each market, in the order asked.
    pub verdicts: Vec<VerdictFacts>,
}

/// Of a [`super::Verdict`], what a contract acts on.
#[cw_serde]
pub struct VerdictFacts {
    /// Whether the action may go ahead.
    pub allowed: bool,
    /// The market's state after this reading.
    pub state: Open<MarketState>,
    /// What this reading lacks, and what keeps the state from Normal.
    pub faults: Faults,
    /// The median; none unless a quorum agrees now.
    pub median: Option<Price>,
    /// What the good sources support; none unless a quorum agrees now.
    pub band: Option<Band>,
    /// The number of the trip that is open now.
    pub trip: Option<u64>,
    /// What began it.
    pub trip_cause: Option<Open<TripCause>>,
    /// The band of the last clean reading, or of the last one before the trip.
    pub last_clean: Option<Band>,
    /// While a jump is confirmed: who takes risk off sells at the low and buys
    /// at the high. None otherwise.
    #[serde(default)]
    pub reduce_between: Option<Band>,
    /// When most of the lineages that count had published, in seconds since the
    /// epoch. None unless a quorum agrees now, and where most have no time.
    #[serde(default)]
    pub published: Option<u64>,
}

/// Of a [`super::MarketRecord`], what a contract reads raw.
#[cw_serde]
pub struct MarketFacts {
    /// Trips so far: the number of the last one.
    pub trips: u64,
    /// What began the trip that is open now, if one is.
    pub open_trip: Option<Open<TripCause>>,
    /// The band of the last clean reading before now, or before the trip that
    /// is open now.
    pub last_clean: Option<Band>,
    /// When that reading was.
    pub last_clean_at: Option<Timestamp>,
}

/// Of a [`super::Trip`], what a contract reads raw.
#[cw_serde]
pub struct TripFacts {
    /// When it began.
    pub began_at: Timestamp,
    /// The band of the last clean reading before it.
    pub last_clean: Option<Band>,
    /// When that reading was.
    pub last_clean_at: Option<Timestamp>,
    /// How it ended, if it did.
    pub end: Option<TripEnd>,
}

impl MarketFacts {
    /// The number of the trip that is open now.
    pub fn trip(&self) -> Option<u64> {
        self.open_trip.as_ref().map(|_| self.trips)
    }
}
