//! One adapter a kind of source: it speaks that source's real interface and
//! turns whatever comes back into an observation. No adapter fails: a source
//! that answers badly has said something, too.
//!
//! Inside, an adapter is a function `read` whose error is why the source is
//! unreadable. What they share stands once: how to ask (`ask`), numbers
//! (`number`), times (`time`). A provider without a confidence has zero.
//!
//! Another kind is a variant of [`SourceKind`] with its check, an adapter here,
//! and a line in `feed`.

mod ask;
mod band_reference;
mod band_tunnel;
mod composite;
mod connect;
mod injective;
mod mars;
mod number;
mod osmosis_twap;
mod proto;
mod pyth;
mod quoted;
mod reporters;
mod slinky;
mod stride_rate;
mod time;

pub use ask::MAX_ANSWER;
pub(crate) use composite::check;

use backstop_core::breaker::Observed;
use backstop_types::breaker::{MarketConfig, Observation, Source, SourceKind, Unreadable};
use cosmwasm_std::{Addr, BlockInfo, Deps, Env, QuerierWrapper};

use self::osmosis_twap::Pool;
use self::reporters::Group;

/// What every source of a market says now, in the order of the config.
pub fn observe_all<'a>(
    deps: Deps,
    env: &Env,
    market: &str,
    config: &'a MarketConfig<Addr>,
) -> Vec<Observed<'a>> {
    let observed = |source: &'a Source<Addr>| Observed {
        source: &source.name,
        lineage: &source.lineage,
        limits: source.into(),
        observation: observe(deps, env, market, config, source)
            .unwrap_or_else(|why| Observation::Unreadable { why }),
    };
    config.sources.iter().map(observed).collect()
}

/// What one source says now.
fn observe(
    deps: Deps,
    env: &Env,
    market: &str,
    config: &MarketConfig<Addr>,
    source: &Source<Addr>,
) -> Result<Observation, Unreadable> {
    match &source.kind {
        SourceKind::Reporters { members, quorum } => {
            let group = Group {
                market,
                source: &source.name,
                members,
                quorum: *quorum,
                max_age: source.max_age.unwrap_or(config.params.max_age),
            };
            reporters::read(deps.storage, &env.block, &group)
        }
        SourceKind::Composite {
            market,
            rate,
            rate_max_age,
        } => composite::read(deps, env, config, market, rate, *rate_max_age),
        kind => feed(&deps.querier, &env.block, kind),
    }
}

/// What a feed outside of this contract says now. What reads storage is no feed,
/// and the config refuses it as a composite's rate.
fn feed(
    querier: &QuerierWrapper,
    block: &BlockInfo,
    kind: &SourceKind<Addr>,
) -> Result<Observation, Unreadable> {
    match kind {
        SourceKind::Pyth { contract, price_id } => pyth::read(querier, contract, price_id),
        SourceKind::BandReference {
            contract,
            base,
            quote,
        } => band_reference::read(querier, contract, base, quote),
        SourceKind::BandTunnel { contract, signal_id } => band_tunnel::read(querier, contract, signal_id),
        SourceKind::Slinky {
            base,
            quote,
            transport,
        } => slinky::read(querier, base, quote, *transport),
        SourceKind::Connect {
            base,
            quote,
            transport,
        } => connect::read(querier, base, quote, *transport),
        SourceKind::OsmosisTwap {
            pool_id,
            base,
            quote,
            window,
            exponent,
            transport,
        } => {
            let pool = Pool {
                id: *pool_id,
                base,
                quote,
                window: *window,
                exponent: *exponent,
                transport: *transport,
            };
            osmosis_twap::read(querier, block, &pool)
        }
        SourceKind::Mars {
            contract,
            denom,
            exponent,
        } => mars::read(querier, contract, denom, *exponent),
        SourceKind::StrideRate { contract, denom } => stride_rate::read(querier, contract, denom),
        SourceKind::Injective {
            oracle_type,
            base,
            quote,
        } => injective::read(querier, *oracle_type, base, quote),
        SourceKind::Reporters { .. } | SourceKind::Composite { .. } => Err(Unreadable::Nested),
    }
}
