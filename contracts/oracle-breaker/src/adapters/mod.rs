//! One adapter a kind of source: it speaks that source's real interface and
//! turns whatever comes back into an observation. No adapter fails: a source
//! that answers badly has said something, too.
//!
//! Another kind is a variant of [`SourceKind`] with its check, an adapter here,
//! and a line in `observe`.

pub mod pyth;
pub mod reporter;

use backstop_core::breaker::Observed;
use backstop_types::breaker::{MarketConfig, Observation, Source, SourceKind};
use cosmwasm_std::{Addr, Deps};

/// What every source of a market says now, in the order of the config.
pub fn observe_all<'a>(deps: Deps, market: &str, config: &'a MarketConfig<Addr>) -> Vec<Observed<'a>> {
    let observed = |source: &'a Source<Addr>| Observed {
        source: &source.name,
        lineage: &source.lineage,
        observation: observe(deps, market, source),
    };
    config.sources.iter().map(observed).collect()
}

/// What one source says now.
fn observe(deps: Deps, market: &str, source: &Source<Addr>) -> Observation {
    match &source.kind {
        SourceKind::Pyth { contract, price_id } => pyth::observe(&deps.querier, contract, price_id),
        SourceKind::Reporter { .. } => reporter::observe(deps.storage, market, &source.name),
    }
}
