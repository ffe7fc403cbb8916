//! Denoms: what was funded in each, and what became of it.

use backstop_core::rewards::{Flow, RateChange, per_second, released};
use backstop_types::distributor::{DenomResponse, DenomsResponse};
use backstop_types::{UncheckedDenom, paging};
use cosmwasm_std::{Deps, Env, Order, Uint128, Uint256};
use cw_storage_plus::Bound;

use super::{ahead, flow};
use crate::error::ContractError;
use crate::ledger;
use crate::state::{DENOMS, DenomRecord, kept, refunded, slot_of};

/// A page of denoms after `start_after`, with their places.
pub fn page(
    deps: Deps,
    start_after: Option<UncheckedDenom>,
    limit: Option<u32>,
) -> Result<Vec<(u8, DenomRecord)>, ContractError> {
    let after = start_after
        .map(|denom| slot_of(deps, "start_after", &denom))
        .transpose()?;
    let all = DENOMS.range(deps.storage, after.map(Bound::exclusive), None, Order::Ascending);
    paging::rows(all, limit, Ok)
}

pub fn denoms(
    deps: Deps,
    env: Env,
    start_after: Option<UncheckedDenom>,
    limit: Option<u32>,
) -> Result<DenomsResponse, ContractError> {
    let ledger = ledger::as_of(deps.storage, env.block.time)?;
    let mut denoms = Vec::new();
    for (slot, record) in page(deps, start_after, limit)? {
        let flow = flow(&ledger, slot);
        let ahead = ahead(deps, &ledger, slot)?;
        let sums = (kept(deps.storage, slot)?.1, refunded(deps.storage, slot)?);
        denoms.push(denom(record, sums, flow, &ahead)?);
    }
    Ok(DenomsResponse { denoms })
}

fn denom(
    record: DenomRecord,
    (kept, refunded): (Uint128, Uint256),
    flow: Flow,
    ahead: &[RateChange],
) -> Result<DenomResponse, ContractError> {
    let released = released(kept, flow.unreleased(ahead)?)?;
    Ok(DenomResponse {
        denom: record.denom,
        listed: record.listed,
        min_rate: record.min_rate,
        rate: per_second(flow.rate),
        index: flow.index,
        funded: refunded.checked_add(kept.into())?,
        released,
        unreleased: kept.checked_sub(released)?,
        refunded,
    })
}
