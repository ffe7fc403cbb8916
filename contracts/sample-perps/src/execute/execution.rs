//! An order's execution: once or not at all. What the price refuses is given back
//! as a credit, and the order is gone: to wait for a better price would be an option
//! that the pool has sold for nothing.

use backstop_types::Assets;
use backstop_types::breaker::Leave;
use backstop_types::events::perps::{OrderRefused, OrderWaits};
use backstop_types::input::no_funds;
use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};

use super::gate::{self, Executing, Request};
use super::order::Done;
use super::{liquidity, position};
use crate::error::ContractError;
use crate::state::{self, CONFIG, LEDGER, Ledger, Order, Wish};

/// Asks the breaker for an order whose time it is.
pub fn ask_to_execute(deps: Deps, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let order = state::order(deps.storage, id)?;
    if env.block.height <= order.height {
        return Err(ContractError::TooEarly { order: id });
    }
    if env.block.time > order.expires_at {
        let at = order.expires_at;
        return Err(ContractError::Expired { order: id, at });
    }
    let executing = Executing {
        keeper: info.sender,
        order: id,
    };
    let request = Request::Execute(order.wish.action(), executing);
    gate::ask(&CONFIG.load(deps.storage)?, &request)
}

/// Executes an order, if the price is from after it; the breaker has allowed it.
pub fn execute(
    deps: DepsMut,
    env: Env,
    executing: Executing,
    leave: Leave,
) -> Result<Response, ContractError> {
    let Executing { keeper, order: id } = executing;
    let order = state::order(deps.storage, id)?;
    if !leave.is_after(order.price_after) || too_many_sunk(deps.as_ref(), &order, leave)? {
        let published = leave.published;
        return Ok(Response::new().add_event(OrderWaits { order: id, published }));
    }
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    state::drop_order(deps.storage, &mut ledger, id, &order)?;
    let done = match &order.wish {
        Wish::Open { .. } => position::open(deps.storage, &env, &config, &mut ledger, &order, leave),
        Wish::Close { .. } => position::close(deps.storage, &config, &mut ledger, &order, leave),
        Wish::CloseAtCeiling { .. } => position::close_at_ceiling(deps.storage, &mut ledger, &order, leave),
        Wish::AddLiquidity { .. } => liquidity::add(
            deps.storage,
            &env,
            &config.params,
            &mut ledger,
            &order,
            Some(leave),
        ),
        Wish::RemoveLiquidity { .. } => liquidity::remove(
            deps.storage,
            &env,
            &config.params,
            &mut ledger,
            &order,
            Some(leave),
        ),
    };
    let done = match done {
        Ok(done) => done,
        Err(refused) if refused.is_of_the_price() => refuse(deps.storage, &mut ledger, id, &order, &refused)?,
        Err(error) => return Err(error),
    };
    LEDGER.save(deps.storage, &ledger)?;
    done.respond(&config, &keeper, order.fee)
}

/// Whether a leaver has to wait for liquidations: what it is paid depends on more
/// sunken positions than are looked at.
fn too_many_sunk(deps: Deps, order: &Order, leave: Leave) -> Result<bool, ContractError> {
    if !matches!(order.wish, Wish::RemoveLiquidity { .. }) {
        return Ok(false);
    }
    let ledger = LEDGER.load(deps.storage)?;
    match liquidity::sure_equity(deps.storage, &ledger, leave) {
        Err(ContractError::Sunken { .. }) => Ok(true),
        Err(error) => Err(error),
        Ok(_) => Ok(false),
    }
}

/// Gives back what the price refused. The fee is paid all the same: else keepers
/// would have to look first.
fn refuse(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    order: &Order,
    refused: &ContractError,
) -> Result<Done, ContractError> {
    let returned = order.wish.paid();
    state::credit(storage, ledger, &order.owner, returned)?;
    Ok(Done {
        paid: (order.owner.clone(), Assets::ZERO),
        event: Event::from(OrderRefused {
            order: id,
            owner: order.owner.clone(),
            returned,
            reason: refused.to_string(),
        }),
    })
}
