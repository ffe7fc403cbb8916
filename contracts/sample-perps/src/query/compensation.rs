//! What a trader may take: credits, and what came back for haircuts.

use backstop_types::{input, paging};
use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{CompensationResponse, HaircutResponse};
use crate::state::{CREDITS, HAIRCUTS, ROUNDS};

/// A trader's credit, and its haircuts by shortfall and round.
pub fn compensation(
    deps: Deps,
    trader: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<CompensationResponse, ContractError> {
    let trader = input::address(deps.api, "trader", trader)?;
    let credit = CREDITS.may_load(deps.storage, &trader)?.unwrap_or_default();
    let start = start_after.map(|shortfall| Bound::exclusive((shortfall, u32::MAX)));
    let all = HAIRCUTS
        .sub_prefix(&trader)
        .range(deps.storage, start, None, Order::Ascending);
    paging::rows(all, limit, |((shortfall, round), haircut)| {
        let of = ROUNDS.load(deps.storage, (shortfall, round))?;
        let due = of.due(&haircut)?;
        Ok(HaircutResponse {
            shortfall,
            round,
            haircut,
            of,
            due,
        })
    })
    .map(|haircuts| CompensationResponse { credit, haircuts })
}
