//! What is stored. The record is hot: every poke reads and most write it. The
//! config stands apart, so that the record stays small.

use backstop_types::Price;
use backstop_types::breaker::{Config, MarketConfig, MarketRecord, Transition, Trip};
use backstop_types::keys;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage};
use cw_storage_plus::{Item, Map};

use crate::error::ContractError;

/// Who may do what.
pub const CONFIG: Item<Config> = Item::new("config");
/// How each market is watched.
pub const MARKET_CONFIGS: Map<&str, MarketConfig<Addr>> = Map::new("market_configs");
/// Each market's state; consumers read it raw.
pub const RECORDS: Map<&str, MarketRecord> = Map::new(keys::MARKETS);
/// Each trip by market and number; consumers read it raw. Never removed.
pub const TRIPS: Map<(&str, u64), Trip> = Map::new(keys::TRIPS);
/// Each market's last transitions, by market and place in a ring.
pub const HISTORY: Map<(&str, u64), Transition> = Map::new("history");
/// The last report by market, source and member.
pub const REPORTS: Map<(&str, &str, &Addr), StoredReport> = Map::new("reports");

/// What a member of a group of reporters said last.
#[cw_serde]
#[derive(Copy)]
pub struct StoredReport {
    /// The price, above zero.
    pub price: Price,
    /// How far off it may be either way.
    pub confidence: Price,
    /// When it was, in seconds since the epoch.
    pub publish_time: u64,
}

/// A market's config, or that there is no such market.
pub fn market_config(storage: &dyn Storage, market: &str) -> Result<MarketConfig<Addr>, ContractError> {
    backstop_types::input::market_name("market", market)?;
    let unknown = || ContractError::UnknownMarket {
        market: market.to_string(),
    };
    MARKET_CONFIGS.may_load(storage, market)?.ok_or_else(unknown)
}

/// A market's state, or that there is no such market.
pub fn market_record(storage: &dyn Storage, market: &str) -> Result<MarketRecord, ContractError> {
    market_config(storage, market)?;
    Ok(record(storage, market)?)
}

/// The state of a market that has a config.
pub fn record(storage: &dyn Storage, market: &str) -> StdResult<MarketRecord> {
    RECORDS.load(storage, market)
}
