//! What can be asked of the breaker.

use cosmwasm_schema::cw_serde;
use cw_ownable::Action as OwnershipAction;

use super::{config::MarketConfig, source::Source, state::Action, update::MarketParamsUpdate};
use crate::{Patch, Price};

/// The most markets that one poke can name.
pub const MAX_POKED: usize = 8;
/// The most reports that one message can carry.
pub const MAX_REPORTS: usize = 16;

/// Sets the breaker up, without markets.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Who may change it; the DAO.
    pub owner: String,
    /// Who may trip a market for 72 hours, if anyone.
    pub guardian: Option<String>,
}

/// What can be asked of the breaker. No message takes coins.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Reads the sources of these markets, records what they say, and answers
    /// with a [`super::PokeResponse`] in the data. Open to anyone, sends no
    /// messages, and is a success also when it denies: a transaction that
    /// reverts would erase its own trip.
    Poke {
        /// Which, 1 to 8 and different.
        markets: Vec<String>,
        /// What for; [`Action::Open`], the strictest, by default.
        action: Option<Action>,
    },
    /// A registered reporter: prices of markets that have it as a source.
    Report {
        /// Which, 1 to 16 and of different markets.
        reports: Vec<Report>,
    },
    /// Owner: a new market.
    AddMarket {
        /// Its name, such as `ATOM/USD`: 1 to 32 of `A-Z a-z 0-9 / . - _`.
        market: String,
        /// How it is watched.
        config: MarketConfig<String>,
    },
    /// Owner: changes how a market is watched; what is absent stays. State, trips
    /// and reference stay, too.
    UpdateMarket {
        /// Its name.
        market: String,
        /// The parameters that change.
        params: Option<MarketParamsUpdate>,
        /// Sources, each added, or put in the place of the one of its name; at
        /// least one if any. One goes by [`ExecuteMsg::RemoveSource`].
        sources: Option<Vec<Source<String>>>,
    },
    /// Owner: drops a source while the others can make up the quorum.
    RemoveSource {
        /// The market.
        market: String,
        /// The source's name.
        source: String,
    },
    /// Guardian: trips a market for at least 72 hours; not again within 14 days
    /// of their end.
    Trip {
        /// The market.
        market: String,
        /// Why, in 1 to 256 bytes.
        reason: String,
    },
    /// Owner: in a trip, moves the reference to the median on which the live
    /// sources agree now, ends the cooldown, the latch and the guardian's time,
    /// and begins the recovery.
    Reseed {
        /// The market.
        market: String,
        /// The number of the trip that is open: a vote that another trip has
        /// overtaken changes nothing.
        trip: u64,
    },
    /// Owner: another guardian, or none.
    SetGuardian {
        /// Its address.
        guardian: Patch<String>,
    },
    /// Ownership in two steps: transfer, then accept.
    UpdateOwnership(OwnershipAction),
}

/// One market's price, as a reporter sees it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The market.
    pub market: String,
    /// The price, not zero.
    pub price: Price,
    /// How far off it may be either way; zero by default.
    pub confidence: Option<Price>,
    /// When the price was, in seconds since the epoch; later than in the
    /// reporter's last report of the market.
    pub publish_time: u64,
}

/// Migrates to the code's version; the breaker needs nothing to be told.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}
