//! From what the sources say to one reading. Source faults come first and drop
//! their source; the market is judged by what is left.

use backstop_types::breaker::{
    Band, Fault, Faults, Finding, Layer, MarketParams, Observation, Reference, SourceReading,
};
use backstop_types::{Bps, Price};
use cosmwasm_std::Timestamp;

use super::lineage::{self, Good};
use super::market::{self, MarketContext};
use super::sources::{self, OwnContext, PeerContext};

/// What one source said.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed<'a> {
    /// The source's name.
    pub source: &'a str,
    /// Its lineage.
    pub lineage: &'a str,
    /// What it said.
    pub observation: Observation,
}

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

/// Reads a market: `observed` in any order, the `reference` that the median is
/// held against, if there is one yet.
pub fn assess(
    observed: &[Observed],
    reference: Option<Reference>,
    params: &MarketParams,
    now: Timestamp,
) -> Assessment {
    let sources = faults_of_sources(observed, params, now);
    let good: Vec<Option<Good>> = sources.iter().map(good).collect();
    let values = lineage::values(good.iter().flatten());
    let median = lineage::middle(values.clone());
    let context = MarketContext {
        values: &values,
        median,
        reference,
        params,
        now,
    };
    let findings: Vec<Finding> = market::CHECKS
        .iter()
        .filter_map(|check| check(&context))
        .collect();

    let of_sources = sources.iter().flat_map(|source| &source.findings);
    let faults = Faults::of(of_sources.chain(&findings).map(|finding| finding.fault));
    let disputed = faults.has(Fault::Quorum) || faults.has(Fault::Disagreement);
    let agreed = median
        .zip(lineage::band(good.iter().flatten()))
        .filter(|_| !disputed);
    Assessment {
        published: good
            .iter()
            .map(|good| good.map(|good| good.publish_time))
            .collect(),
        lineages: u32::try_from(values.len()).unwrap_or(u32::MAX),
        sources,
        findings,
        faults,
        agreed,
    }
}

/// The parameters that a clean reading in a trip must keep. The bound of an
/// outlier stays at most half of that of a disagreement: else who is within the
/// one and beyond the other could keep a trip open for ever.
pub fn tightened(params: &MarketParams) -> MarketParams {
    let tight = |bound: Bps| {
        let scaled = u64::from(bound.0).saturating_mul(u64::from(params.recovery_tightness.0));
        let part = scaled.checked_div(u64::from(Bps::ONE.0)).unwrap_or_default();
        Bps(u32::try_from(part).unwrap_or(u32::MAX).max(1))
    };
    MarketParams {
        max_confidence: tight(params.max_confidence),
        max_outlier: tight(params.max_outlier),
        max_disagreement: tight(params.max_disagreement),
        max_jump: tight(params.max_jump),
        ..*params
    }
}

fn faults_of_sources(observed: &[Observed], params: &MarketParams, now: Timestamp) -> Vec<SourceReading> {
    let mut sources: Vec<SourceReading> = observed
        .iter()
        .map(|seen| {
            let context = OwnContext {
                observation: &seen.observation,
                params,
                now,
            };
            SourceReading {
                source: seen.source.to_string(),
                lineage: seen.lineage.to_string(),
                observation: seen.observation,
                findings: sources::OWN.iter().filter_map(|check| check(&context)).collect(),
            }
        })
        .collect();
    for (i, finding) in faults_among_peers(&sources, params) {
        if let Some(source) = sources.get_mut(i) {
            source.findings.push(finding);
        }
    }
    sources
}

fn faults_among_peers(sources: &[SourceReading], params: &MarketParams) -> Vec<(usize, Finding)> {
    let places: Vec<(usize, Good)> = sources
        .iter()
        .enumerate()
        .filter_map(|(i, source)| Some((i, good(source)?)))
        .collect();
    let peers: Vec<Good> = places.iter().map(|(_, good)| *good).collect();
    let context = PeerContext { good: &peers, params };
    let found = sources::PEERS.iter().flat_map(|check| check(&context));
    found
        .filter_map(|(i, finding)| Some((places.get(i)?.0, finding)))
        .collect()
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
