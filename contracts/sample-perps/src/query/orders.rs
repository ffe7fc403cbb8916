//! Orders, and the settlement that was announced.

use backstop_types::{input, paging};
use cosmwasm_std::{Deps, Order as Scan};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::msg::{OrderResponse, OrdersResponse};
use crate::state::{self, ORDERS, ORDERS_BY_OWNER};

/// One order.
pub fn order(deps: Deps, order: u64) -> Result<OrderResponse, ContractError> {
    let record = state::order(deps.storage, order)?;
    Ok(OrderResponse { order, record })
}

/// Orders by number: a sender's, or all.
pub fn orders(
    deps: Deps,
    owner: Option<String>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<OrdersResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let read = |number| order(deps, number);
    let orders = match owner {
        Some(owner) => {
            let owner = input::address(deps.api, "owner", &owner)?;
            let numbers = ORDERS_BY_OWNER
                .prefix(&owner)
                .keys(deps.storage, start, None, Scan::Ascending);
            paging::rows(numbers, limit, read)
        }
        None => {
            let numbers = ORDERS.keys(deps.storage, start, None, Scan::Ascending);
            paging::rows(numbers, limit, read)
        }
    };
    Ok(OrdersResponse { orders: orders? })
}
