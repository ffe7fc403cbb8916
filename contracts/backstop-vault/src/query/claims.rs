//! Claims, the losses that they are, and what came back.

use backstop_core::cover::GRACE;
use backstop_core::shares;
use backstop_types::Seconds;
use backstop_types::paging::{self, Scan};
use backstop_types::vault::{
    Claim, ClaimResponse, ClaimsResponse, Config, Loss, LossResponse, LossesResponse, Pause, StakerLoss,
    StakerLossesResponse,
};
use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;

use super::account;
use crate::error::ContractError;
use crate::state::{CLAIMS, CONFIG, LOSSES, PAUSES, load_claim, load_loss, part, patience};

pub fn claim(deps: Deps, claim: u64) -> Result<ClaimResponse, ContractError> {
    let record = load_claim(deps.storage, claim)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    Ok(dated(&CONFIG.load(deps.storage)?, &payouts, claim, record))
}

pub fn claims(
    deps: Deps,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ClaimsResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let start = start_after.map(Bound::exclusive);
    let rows = CLAIMS.range(deps.storage, start, None, Order::Ascending);
    paging::rows(rows, limit, |(claim, record)| {
        Ok(dated(&config, &payouts, claim, record))
    })
    .map(|claims| ClaimsResponse { claims })
}

fn dated(config: &Config, payouts: &Pause, claim: u64, record: Claim) -> ClaimResponse {
    // Pauses that are known, the present one to its end, have moved the dates.
    let paused = payouts.total(payouts.until).saturating_sub(record.paused_before);
    let after = |wait: Seconds| paused.after(wait.after(record.filed_at));
    ClaimResponse {
        claim,
        payable_at: after(record.delay),
        latest: after(patience(config).saturating_add(GRACE)),
        record,
    }
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
