//! From what the sources say to one reading. Source faults come first and drop
//! their source; the market is judged by what is left.

use backstop_types::breaker::{
    Band, Fault, Faults, Finding, Layer, MarketParams, Observation, SourceReading, Track, Unreadable, Watch,
};
use backstop_types::{Bps, Price};

use super::block::Block;
use super::market_faults::{self, MarketContext};
use super::median::{self, Good};
use super::observed::Observed;
use super::source_faults::{self, OwnContext, PeerContext};
use super::tracks;

/// What a composite says whose market is unwell.
const DEPENDENCY: Observation = Observation::Unreadable {
    why: Unreadable::Dependency,
};

/// A reading of a market.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Each source with its faults, in the order given.
    pub sources: Vec<SourceReading>,
    /// The publish time of each source that has no fault, in the order given.
    pub published: Vec<Option<u64>>,
    /// How many lineages are left.
    pub lineages: u32,
    /// What is wrong with the market, and what it is near to.
    pub findings: Vec<Finding>,
    /// The faults of sources and market together.
    pub faults: Faults,
    /// The median and the band, if a quorum agrees.
    pub agreed: Option<(Price, Band)>,
    /// One value a lineage over the sources with a time whose word counts, outliers
    /// among them, in ascending order.
    pub live: Vec<Price>,
    /// What each source did over its last prices, this one among them.
    pub tracks: Vec<Track>,
}

impl Assessment {
    /// Whether the market has a fault, which trips it.
    pub fn faulty(&self) -> bool {
        self.faults.any(Layer::Market)
    }

    /// The median and the band, if there is no market fault.
    pub fn sound(&self) -> Option<(Price, Band)> {
        if self.faulty() { None } else { self.agreed }
    }
}

/// Reads a market: `observed` in the order of its config, `watch` what the
/// readings before have left.
pub fn assess(observed: &[Observed], watch: &Watch, params: &MarketParams, block: Block) -> Assessment {
    let mut sources = by_themselves(observed, params, block);
    let tracks = tracks::advance(&watch.tracks, observed.len(), &places(&sources));
    let compare = |checks: &[source_faults::PeerCheck], sources: &mut [SourceReading]| {
        let context = PeerContext {
            places: &places(sources),
            observed,
            tracks: &tracks,
            params,
        };
        let found: Vec<_> = checks.iter().flat_map(|check| check(&context)).collect();
        for (i, finding) in found {
            if let Some(source) = sources.get_mut(i) {
                source.findings.push(finding);
            }
        }
    };
    compare(&source_faults::DEAD, &mut sources);
    // A price without a time cannot show that its feed still lives.
    let live = places(&sources);
    let timed = live.iter().map(|(_, good)| good);
    let live = median::values(timed.filter(|good| good.publish_time.is_some()));
    compare(&source_faults::PEERS, &mut sources);

    let good: Vec<Option<Good>> = sources.iter().map(good).collect();
    let values = median::values(good.iter().flatten());
    let median = median::middle(values.clone());
    let context = MarketContext {
        values: &values,
        median,
        watch,
        depends_on_unwell: observed.iter().any(|seen| seen.observation == DEPENDENCY),
        params,
        block,
    };
    let findings: Vec<Finding> = market_faults::CHECKS
        .iter()
        .filter_map(|check| check(&context))
        .collect();

    let of_sources = sources.iter().flat_map(|source| &source.findings);
    let faults = Faults::of(of_sources.chain(&findings).map(|finding| finding.fault));
    let disputed = faults.has(Fault::Quorum) || faults.has(Fault::Disagreement);
    let agreed = median
        .zip(median::band(good.iter().flatten()))
        .filter(|_| !disputed);
    Assessment {
        published: good
            .iter()
            .map(|good| good.and_then(|good| good.publish_time))
            .collect(),
        lineages: u32::try_from(values.len()).unwrap_or(u32::MAX),
        sources,
        findings,
        faults,
        agreed,
        live,
        tracks,
    }
}

/// The parameters that a clean reading in a trip must keep. The bound of an
/// outlier stays at most half of that of a disagreement: else who is within the
/// one and beyond the other could keep a trip open for ever.
pub fn tightened(params: &MarketParams) -> MarketParams {
    MarketParams {
        max_jump: tight(params.max_jump, params),
        ..agreeing(params)
    }
}

/// The parameters under which the sources agree closely, wherever the price is:
/// those of a clean reading but for the jump.
pub fn agreeing(params: &MarketParams) -> MarketParams {
    MarketParams {
        max_confidence: tight(params.max_confidence, params),
        max_outlier: tight(params.max_outlier, params),
        max_disagreement: tight(params.max_disagreement, params),
        ..*params
    }
}

fn tight(bound: Bps, params: &MarketParams) -> Bps {
    let scaled = u64::from(bound.0).saturating_mul(u64::from(params.recovery_tightness.0));
    let part = scaled.checked_div(u64::from(Bps::ONE.0)).unwrap_or_default();
    Bps(u32::try_from(part).unwrap_or(u32::MAX).max(1))
}

/// Each source with its own faults.
fn by_themselves(observed: &[Observed], params: &MarketParams, block: Block) -> Vec<SourceReading> {
    let read = |seen: &Observed| {
        let context = OwnContext {
            observation: &seen.observation,
            limits: seen.limits,
            params,
            now: block.time,
        };
        let own = source_faults::OWN.iter();
        SourceReading {
            source: seen.source.to_string(),
            lineage: seen.lineage.to_string(),
            observation: seen.observation,
            findings: own.filter_map(|check| check(&context)).collect(),
        }
    };
    observed.iter().map(read).collect()
}

/// The sources that have no fault so far, with their position.
fn places(sources: &[SourceReading]) -> Vec<(usize, Good<'_>)> {
    let place = |(i, source)| Some((i, good(source)?));
    sources.iter().enumerate().filter_map(place).collect()
}

/// The source's price, if it has no fault so far.
fn good(source: &SourceReading) -> Option<Good<'_>> {
    match source.observation {
        Observation::Priced {
            price,
            confidence,
            publish_time,
        } if source.findings.is_empty() => Some(Good {
            lineage: &source.lineage,
            price,
            confidence,
            publish_time,
        }),
        _ => None,
    }
}
