//! Claims and the pauses that stopped their clocks, the losses that they are, and what
//! came back.

use backstop_core::cover::GRACE;
use backstop_core::shares;
use backstop_types::guardian::LONGEST;
use backstop_types::paging::{self, Scan};
use backstop_types::vault::{
    Claim, ClaimResponse, ClaimsResponse, Config, Loss, LossResponse, LossesResponse, Pause, StakerLoss,
    StakerLossesResponse,
};
use backstop_types::{Nanos, Seconds};
use cosmwasm_std::{Deps, Order, StdResult, Storage, Timestamp};
use cw_storage_plus::Bound;

use super::account;
use crate::error::ContractError;
use crate::state::{
    CLAIMS, CONFIG, LOSSES, OPEN_CLAIMS, PAST_PAUSES, PAUSES, load_claim, load_loss, part, patience,
};

/// Pauses in one answer, the first.
const MOST_PAUSES: usize = 30;

pub fn claim(deps: Deps, claim: u64) -> Result<ClaimResponse, ContractError> {
    let record = load_claim(deps.storage, claim)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    dated(deps, &CONFIG.load(deps.storage)?, &payouts, claim, record)
}

pub fn claims(
    deps: Deps,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ClaimsResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let all = CLAIMS.keys(deps.storage, start, None, Order::Ascending);
    listed(deps, Box::new(all), limit)
}

/// Those that are pending.
pub fn open_claims(
    deps: Deps,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ClaimsResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let open = OPEN_CLAIMS.keys(deps.storage, start, None, Order::Ascending);
    listed(deps, Box::new(open), limit)
}

/// The claims of these numbers, a page of them.
fn listed(
    deps: Deps,
    numbers: Box<dyn Iterator<Item = StdResult<u64>> + '_>,
    limit: Option<u32>,
) -> Result<ClaimsResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let claims = paging::rows(numbers, limit, |claim| {
        dated(deps, &config, &payouts, claim, load_claim(deps.storage, claim)?)
    })?;
    Ok(ClaimsResponse { claims })
}

fn dated(
    deps: Deps,
    config: &Config,
    payouts: &Pause,
    claim: u64,
    record: Claim,
) -> Result<ClaimResponse, ContractError> {
    let end = record.ended_at.unwrap_or(record.filed_at);
    let paused = match record.status.is_pending() {
        // Pauses that are known, the present one to its end, have moved the dates.
        true => payouts.total(payouts.until).saturating_sub(record.paused_before),
        false => pauses(deps.storage, record.filed_at, end)?
            .iter()
            .map(|pause| Nanos::between(pause.since.max(record.filed_at), pause.until.min(end)))
            .fold(Nanos::default(), Nanos::saturating_add),
    };
    let after = |wait: Seconds| paused.after(wait.after(record.filed_at));
    Ok(ClaimResponse {
        claim,
        payable_at: after(record.delay),
        latest: after(patience(config).saturating_add(GRACE)),
        record,
    })
}

/// The pauses of payouts that stopped a clock between two moments, by time. None is
/// longer than the guardian may make it, so those before need not be walked.
pub(super) fn pauses(storage: &dyn Storage, start: Timestamp, end: Timestamp) -> StdResult<Vec<Pause>> {
    let first = start.nanos().saturating_sub(LONGEST.nanos().u64());
    let range = (Bound::inclusive(first), Bound::exclusive(end.nanos()));
    let past = PAST_PAUSES.range(storage, Some(range.0), Some(range.1), Order::Ascending);
    let last = PAUSES.load(storage)?.payouts;
    past.map(|row| row.map(|(_, pause)| pause))
        .chain([Ok(last)])
        .filter(|row| !matches!(row, Ok(pause) if pause.until <= start || pause.since >= end))
        .take(MOST_PAUSES)
        .collect()
}

pub fn loss(deps: Deps, loss: u64) -> Result<LossResponse, ContractError> {
    with_claim(deps, loss, load_loss(deps.storage, loss)?)
}

pub fn losses(
    deps: Deps,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<LossesResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let rows = LOSSES.range(deps.storage, start, None, Order::Ascending);
    paging::rows(rows, limit, |(loss, record)| with_claim(deps, loss, record))
        .map(|losses| LossesResponse { losses })
}

fn with_claim(deps: Deps, loss: u64, record: Loss) -> Result<LossResponse, ContractError> {
    let claim = CLAIMS.load(deps.storage, loss)?;
    Ok(LossResponse {
        loss,
        paid: claim.paid,
        pot: claim.pot,
        recovered: record.recovered()?,
        record,
    })
}

pub fn staker_losses(
    deps: Deps,
    staker: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<StakerLossesResponse, ContractError> {
    let staker = account(deps, "staker", staker)?;
    let start = start_after.map(Bound::exclusive);
    let rows = LOSSES.range(deps.storage, start, None, Order::Ascending);
    let Scan { rows, next } = paging::scan(rows, limit)?;
    let mut losses = vec![];
    for (number, loss) in rows {
        let part = part(deps.storage, &staker, number, &loss)?;
        if part.stake.is_zero() {
            continue;
        }
        losses.push(StakerLoss {
            loss: number,
            stake: part.stake,
            total: loss.stake,
            borne: shares::borne(loss.granted, part.stake, loss.stake)?,
            recovered: part.recovered,
            taken: part.taken,
            due: part.due,
        });
    }
    Ok(StakerLossesResponse { losses, next })
}
