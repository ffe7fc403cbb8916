//! The distributor: what it streams, and until when.

use backstop_chain::paged::{ROWS, pages};
use backstop_chain::{Error, Result};
use backstop_types::distributor::{
    ClockResponse, DenomResponse, DenomsResponse, QueryMsg, RateChangeResponse, ScheduleResponse,
};
use backstop_types::{Denom, Shares, UncheckedDenom};
use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Decimal256, Storage, Timestamp, Uint128};
use reward_distributor::state::LEDGER;
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::chain::Chain;

/// At most 53 changes of a denom's rate lie ahead.
const SCHEDULE_PAGES: u32 = 2;

/// The distributor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DistributorState {
    /// When a message last brought its streams up to date.
    pub advanced_at: Timestamp,
    /// Active shares, which the rewards are for.
    pub shares: Shares,
    /// By denom in the order of listing.
    pub rewards: Vec<RewardLine>,
}

/// One denom's streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RewardLine {
    /// Which.
    pub denom: Denom,
    /// Whether it can be funded.
    pub listed: bool,
    /// Base units a second of staked time, all streams together.
    pub rate: Decimal256,
    /// What the streams have left.
    pub unreleased: Uint128,
    /// When streams begin or end.
    pub changes: Vec<RateChange>,
    /// When the last stream ends, if somebody stays staked; none where nothing streams.
    pub until: Option<Timestamp>,
}

/// A moment at which streams begin or end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// When, if somebody stays staked.
    pub at: Timestamp,
    /// The rate from then on.
    pub rate: Decimal256,
}

/// Reads it into the snapshot.
pub(super) async fn read(chain: &impl Chain, snapshot: &mut Snapshot) {
    let Some(distributor) = snapshot.addresses.distributor.clone() else {
        return;
    };
    let state = streams(chain, &distributor).await;
    snapshot.distributor = snapshot.keep("distributor", state);
}

async fn streams(chain: &impl Chain, distributor: &str) -> Result<DistributorState> {
    let clock: ClockResponse = chain.smart(distributor, &QueryMsg::Clock {}).await?;
    let all = QueryMsg::Denoms {
        start_after: None,
        limit: Some(ROWS),
    };
    // No more than eight can ever be listed.
    let denoms: DenomsResponse = chain.smart(distributor, &all).await?;
    let mut rewards = Vec::with_capacity(denoms.denoms.len());
    for denom in denoms.denoms {
        rewards.push(line(chain, distributor, denom).await?);
    }
    Ok(DistributorState {
        advanced_at: advanced_at(chain, distributor).await?,
        shares: clock.shares,
        rewards,
    })
}

async fn line(chain: &impl Chain, distributor: &str, denom: DenomResponse) -> Result<RewardLine> {
    let unchecked = UncheckedDenom::from(denom.denom.clone());
    let ask = async |start_after| {
        let question = QueryMsg::Schedule {
            denom: unchecked.clone(),
            start_after,
            limit: Some(ROWS),
        };
        let page: ScheduleResponse = chain.smart(distributor, &question).await?;
        Ok(page.changes)
    };
    let (changes, _) = pages(SCHEDULE_PAGES, None, |row: &RateChangeResponse| row.week, ask).await?;
    Ok(RewardLine {
        denom: denom.denom,
        listed: denom.listed,
        rate: denom.rate,
        unreleased: denom.unreleased,
        until: changes.last().map(|change| change.earliest),
        changes: changes
            .into_iter()
            .map(|change| RateChange {
                at: change.earliest,
                rate: change.rate,
            })
            .collect(),
    })
}

/// No question tells it: everything is answered as of now. So it is read from the
/// contract's storage, by the contract's own code.
async fn advanced_at(chain: &impl Chain, distributor: &str) -> Result<Timestamp> {
    let key = LEDGER.as_slice();
    let stored = chain.raw(distributor, key).await?.unwrap_or_default();
    let mut storage = MockStorage::new();
    storage.set(key, &stored);
    let ledger = LEDGER
        .load(&storage)
        .map_err(Error::unreadable("the distributor's ledger"))?;
    Ok(ledger.clock.at)
}
