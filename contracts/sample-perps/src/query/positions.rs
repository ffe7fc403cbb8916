//! Positions, and what they are worth at a price.

use backstop_core::perps::{Side, margin};
use backstop_types::{Price, input, paging};
use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{PositionResponse, PositionsResponse};
use crate::state::{self, ADL_QUEUE, POSITIONS, POSITIONS_BY_OWNER};

/// One position.
pub fn position(deps: Deps, position: u64, price: Option<Price>) -> Result<PositionResponse, ContractError> {
    let record = state::position(deps.storage, position)?;
    let maintenance = record.terms.maintenance_margin;
    let value = price.map(|price| margin::valuation(&record.exposure, price, maintenance));
    Ok(PositionResponse {
        position,
        record,
        value: value.transpose()?,
    })
}

/// Positions by number: an owner's, or all.
pub fn positions(
    deps: Deps,
    owner: Option<String>,
    price: Option<Price>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<PositionsResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let read = |number| position(deps, number, price);
    let positions = match owner {
        Some(owner) => {
            let owner = input::address(deps.api, "owner", &owner)?;
            let numbers = POSITIONS_BY_OWNER
                .prefix(&owner)
                .keys(deps.storage, start, None, Order::Ascending);
            paging::rows(numbers, limit, read)
        }
        None => {
            let numbers = POSITIONS.keys(deps.storage, start, None, Order::Ascending);
            paging::rows(numbers, limit, read)
        }
    };
    Ok(PositionsResponse {
        positions: positions?,
    })
}

/// The front of a side's queue for deleveraging.
pub fn queue(
    deps: Deps,
    side: Side,
    price: Option<Price>,
    limit: Option<u32>,
) -> Result<PositionsResponse, ContractError> {
    let all = ADL_QUEUE
        .sub_prefix(side.key())
        .keys(deps.storage, None, None, Order::Ascending);
    let positions = paging::rows(all, limit, |(_, number)| position(deps, number, price))?;
    Ok(PositionsResponse { positions })
}
