//! The breaker: each market as it was last recorded, and as a poke would find it now.

use backstop_chain::Result;
use backstop_chain::paged::{ROWS, pages};
use backstop_types::breaker::{
    Action, Band, Config, ExplainResponse, Fault, Finding, MarketResponse, MarketState, MarketsResponse,
    QueryMsg, TripExit, TripItem, Verdict,
};
use backstop_types::vault::{ClaimResponse, ClaimStatus};
use backstop_types::{Price, Seconds};
use cosmwasm_std::{Timestamp, Uint64};
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::chain::Chain;

/// The breaker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakerState {
    /// Who may trip a market.
    pub guardian: Option<String>,
    /// By name.
    pub markets: Vec<MarketLine>,
}

/// One market.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarketLine {
    /// Its name.
    pub market: String,
    /// Its state at the last poke.
    pub state: MarketState,
    /// Since when.
    pub since: Timestamp,
    /// Trips so far.
    pub trips: u64,
    /// When a reading was last recorded.
    pub read_at: Option<Timestamp>,
    /// When a clean reading last had news.
    pub last_clean_at: Option<Timestamp>,
    /// How old the reference may be before the market is guarded.
    pub max_unread: Seconds,
    /// How far apart clean readings in a trip must be.
    pub recovery_spacing: Seconds,
    /// In a trip: what would end it.
    pub exit: Option<TripExit>,
    /// As a poke would find it now; none where that cannot be asked.
    pub live: Option<LiveState>,
}

/// A market as a poke would find it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveState {
    /// The state that a poke would leave.
    pub state: MarketState,
    /// What is allowed.
    pub allowed: Vec<Action>,
    /// What is wrong with it now, and what it is near to.
    pub findings: Vec<Found>,
    /// What else the state stands on, or a new position is denied for.
    pub reasons: Vec<Fault>,
    /// The median; none unless a quorum agrees.
    pub median: Option<Price>,
    /// What the good sources support; likewise.
    pub band: Option<Band>,
    /// When most lineages had published, in seconds since the epoch.
    pub published: Option<u64>,
    /// When a trip could end at the earliest, if the price came back now.
    pub earliest_end: Option<Timestamp>,
}

/// One fault with its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which.
    pub fault: Fault,
    /// What was measured: seconds, basis points or lineages.
    pub measured: Option<Uint64>,
    /// What it may be.
    pub bound: Option<Uint64>,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        Self {
            fault: finding.fault,
            measured: finding.measured.map(Uint64::new),
            bound: finding.bound.map(Uint64::new),
        }
    }
}

impl BreakerState {
    /// The market of this name.
    pub fn market(&self, name: &str) -> Option<&MarketLine> {
        self.markets.iter().find(|line| line.market == name)
    }
}

impl MarketLine {
    /// The state now, as far as it can be known.
    pub fn state_now(&self) -> MarketState {
        self.live.as_ref().map_or(self.state, |live| live.state)
    }

    /// When its trip could end at the earliest.
    pub fn earliest_end(&self) -> Option<Timestamp> {
        let recorded = || self.exit.and_then(|exit| exit.earliest_recovery);
        self.live
            .as_ref()
            .and_then(|live| live.earliest_end)
            .or_else(recorded)
    }

    fn of(response: MarketResponse) -> Self {
        let MarketResponse {
            market,
            config,
            record,
            exit,
            ..
        } = response;
        Self {
            market,
            state: record.state,
            since: record.since,
            trips: record.trips,
            read_at: record.watch.read.map(|read| read.at),
            last_clean_at: record.last_clean_at,
            max_unread: config.params.max_unread,
            recovery_spacing: config.params.recovery_spacing,
            exit,
            live: None,
        }
    }
}

/// Reads it into the snapshot.
pub(super) async fn read(chain: &impl Chain, snapshot: &mut Snapshot, most: u32) {
    let Some(breaker) = snapshot.addresses.breaker.clone() else {
        return;
    };
    let recorded = async {
        let config: Config = chain.smart(&breaker, &QueryMsg::Config {}).await?;
        let ask = async |start_after| {
            let limit = Some(ROWS);
            let page: MarketsResponse = chain
                .smart(&breaker, &QueryMsg::Markets { start_after, limit })
                .await?;
            Ok(page.markets)
        };
        let (markets, after) = pages(most, None, |row: &MarketResponse| row.market.clone(), ask).await?;
        Ok((config, markets, after))
    };
    let Some((config, markets, after)) = snapshot.keep("breaker", recorded.await) else {
        return;
    };
    snapshot.stopped("markets", after);
    let mut lines = Vec::with_capacity(markets.len());
    for response in markets {
        let mut line = MarketLine::of(response);
        // A source that burns all gas takes a question down; the record stays readable.
        let live = live(chain, &breaker, &line.market).await;
        line.live = snapshot.keep(&format!("market {}", line.market), live);
        lines.push(line);
    }
    snapshot.breaker = Some(BreakerState {
        guardian: config.guardian.map(Into::into),
        markets: lines,
    });
}

async fn live(chain: &impl Chain, breaker: &str, market: &str) -> Result<LiveState> {
    let market = market.to_string();
    let explain = QueryMsg::Explain {
        market: market.clone(),
    };
    let explained: ExplainResponse = chain.smart(breaker, &explain).await?;
    let verdict: Verdict = chain
        .smart(breaker, &QueryMsg::Verdict { market, action: None })
        .await?;
    let found = |fault: &Fault| explained.findings.iter().any(|finding| finding.fault == *fault);
    Ok(LiveState {
        state: explained.state,
        allowed: explained.allowed.clone(),
        reasons: verdict
            .reasons
            .iter()
            .copied()
            .filter(|fault| !found(fault))
            .collect(),
        findings: explained.findings.iter().copied().map(Found::from).collect(),
        median: verdict.median,
        band: verdict.band,
        published: verdict.published,
        earliest_end: explained.earliest_recovery,
    })
}

/// The trip that ends a held claim's wait: its own, or the next one after a filing without
/// a trip. None too where there was none yet.
pub(super) async fn trip(chain: &impl Chain, claim: &ClaimResponse) -> Option<TripItem> {
    let ClaimStatus::Held(held) = &claim.record.status else {
        return None;
    };
    let number = held.trip.unwrap_or_else(|| held.trips.saturating_add(1));
    let question = QueryMsg::Trip {
        market: claim.record.market.clone(),
        number,
    };
    chain.smart(held.breaker.as_str(), &question).await.ok()
}

/// A fault in words.
pub fn fault_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreadable => "no price could be read from a source",
        Fault::NonPositive => "a price is zero or negative",
        Fault::Stale => "a price is too old",
        Fault::Future => "a price is from the future",
        Fault::Uncertain => "a price's confidence is too wide",
        Fault::Outlier => "a price is far from the others",
        Fault::OutOfBounds => "a price is out of the market's bounds",
        Fault::Frozen => "a source repeats one price while the others move",
        Fault::Pinned => "a price is at its provider's floor or cap",
        Fault::Shared => "a source copies another one",
        Fault::Quorum => "too few sources are left",
        Fault::Disagreement => "the sources disagree",
        Fault::Jump => "the price jumped",
        Fault::Drift => "the price drifted too far",
        Fault::Halt => "the chain stood still",
        Fault::Dependency => "a market that it reads is unwell",
        Fault::NearDisagreement => "the sources nearly disagree",
        Fault::NearJump => "the price nearly jumped",
        Fault::NearDrift => "the price nearly drifted too far",
        Fault::Unread => "it was not poked for long",
        Fault::Guardian => "the guardian tripped it",
    }
}
