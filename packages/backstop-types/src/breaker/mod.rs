//! The breaker's interface: prices in, a state and a verdict out, and
//! [`OracleBreaker`] to ask from a contract.
//!
//! A contract that is about to act on a price sends `Poke` as a sub-message
//! ([`OracleBreaker::poke_submsg`]) and reads verdict and band in the reply
//! ([`parse_poke_reply`]); whatever is not a readable allow is a deny. One that
//! only wants to look queries [`OracleBreaker::verdict`].

mod config;
mod explain;
mod facts;
mod fault;
mod gate;
mod msg;
mod params;
mod query;
mod reading;
mod sent;
mod source;
mod state;
mod update;

pub use config::MarketConfig;
pub use explain::{ExplainResponse, HistoryResponse, Need, TransitionItem, TripItem, TripsResponse};
pub use facts::{MarketFacts, PokeFacts, TripFacts, VerdictFacts};
pub use fault::{Fault, Faults, Finding, Layer};
pub use gate::{Gate, Leave, gated};
pub use msg::{ExecuteMsg, InstantiateMsg, MAX_POKED, MAX_REPORTS, MigrateMsg, Report};
pub use params::{ActionMatrix, MarketParams};
pub use query::{
    Config, MarketResponse, MarketsResponse, PokeResponse, QueryMsg, ReadingResponse, TripExit, Verdict,
};
pub use reading::{Observation, SourceReading, Unreadable};
pub use source::{MAX_MEMBERS, MAX_SOURCES, Source, SourceKind, Transport};
pub use state::{
    Action, Band, Confirmation, LastReading, Level, MarketRecord, MarketState, Recovery, Reference, Said,
    Streak, Track, Transition, Trip, TripCause, TripEnd, TripWatch, Watch,
};
pub use update::{ActionMatrixUpdate, MarketParamsUpdate};

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, CosmosMsg, Empty, QuerierWrapper, Reply, StdResult, SubMsg, from_json};
use cw_storage_plus::Map;

use crate::keys;
use crate::reply::reply_data;
use crate::sent::to_contract;
use sent::{AskBreaker, ToBreaker};

/// An oracle breaker to call and to read.
#[cw_serde]
pub struct OracleBreaker(pub Addr);

/// A page of markets that is empty.
#[cw_serde]
struct EmptyPage {
    markets: Vec<Empty>,
}

impl OracleBreaker {
    /// The breaker's address.
    pub fn addr(&self) -> &Addr {
        &self.0
    }

    /// A message to the breaker with no funds.
    pub fn call(&self, msg: &ExecuteMsg) -> StdResult<CosmosMsg> {
        to_contract(&self.0, msg)
    }

    /// A poke of up to [`MAX_POKED`] markets; no action is judged as
    /// [`Action::Open`], the strictest.
    pub fn poke(&self, markets: Vec<String>, action: Option<Action>) -> StdResult<CosmosMsg> {
        to_contract(&self.0, &ToBreaker::Poke { markets, action })
    }

    /// A poke of one market as a sub-message that replies always and spends at
    /// most `gas_limit`; read the reply with [`parse_poke_reply`].
    pub fn poke_submsg(
        &self,
        market: impl Into<String>,
        action: Action,
        gas_limit: u64,
        reply_id: u64,
    ) -> StdResult<SubMsg> {
        let poke = self.poke(vec![market.into()], Some(action))?;
        Ok(SubMsg::reply_always(poke, reply_id).with_gas_limit(gas_limit))
    }

    /// What a poke would answer now, without recording it. The query asks the
    /// live sources, and one that burns all gas takes it down: a contract that
    /// must not fail pokes by sub-message instead.
    pub fn verdict(
        &self,
        querier: &QuerierWrapper,
        market: impl Into<String>,
        action: Action,
    ) -> StdResult<VerdictFacts> {
        let query = AskBreaker::Verdict {
            market: market.into(),
            action,
        };
        querier.query_wasm_smart(&self.0, &query)
    }

    /// Whether the address is a contract that answers as a breaker.
    pub fn answers(&self, querier: &QuerierWrapper) -> bool {
        // An empty page: what a market is need not be understood to ask.
        let query = AskBreaker::Markets { limit: 0 };
        querier.query_wasm_smart::<EmptyPage>(&self.0, &query).is_ok()
    }

    /// What a market's stored state tells, by a raw query: no source can fail it.
    pub fn record(&self, querier: &QuerierWrapper, market: &str) -> StdResult<Option<MarketFacts>> {
        Map::<&str, MarketFacts>::new(keys::MARKETS).query(querier, self.0.clone(), market)
    }

    /// What a trip tells, by a raw query.
    pub fn trip(&self, querier: &QuerierWrapper, market: &str, number: u64) -> StdResult<Option<TripFacts>> {
        Map::<(&str, u64), TripFacts>::new(keys::TRIPS).query(querier, self.0.clone(), (market, number))
    }
}

/// Reads the reply to [`OracleBreaker::poke_submsg`] of one market. None is a
/// deny: the breaker failed, ran out of gas, or answered nothing that can be
/// read.
pub fn parse_poke_reply(reply: Reply) -> Option<VerdictFacts> {
    let answer: PokeFacts = from_json(reply_data(reply).ok()??).ok()?;
    answer.verdicts.into_iter().next()
}
