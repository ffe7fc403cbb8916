//! The deleveraged take what the vault has paid for their haircuts since.

use backstop_types::events::perps::CompensationClaimed;
use backstop_types::input::no_funds;
use backstop_types::{Assets, paging};
use cosmwasm_std::{DepsMut, Event, MessageInfo, Order, Response, StdResult};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::state::{CONFIG, HAIRCUTS, LEDGER, ROUNDS};

/// Pays the sender what was booked for its haircuts.
pub fn claim(
    deps: DepsMut,
    info: MessageInfo,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let start = start_after.map(|shortfall| Bound::exclusive((shortfall, u32::MAX)));
    let all = HAIRCUTS
        .sub_prefix(&info.sender)
        .range(deps.storage, start, None, Order::Ascending);
    let haircuts = paging::rows(all, limit, StdResult::Ok)?;
    let mut due = Assets::ZERO;
    for ((shortfall, number), mut haircut) in haircuts {
        let now = ROUNDS.load(deps.storage, (shortfall, number))?.due(&haircut)?;
        due = due.checked_add(now)?;
        haircut.claimed = haircut.claimed.checked_add(now)?;
        let key = (&info.sender, shortfall, number);
        if haircut.claimed == haircut.taken {
            HAIRCUTS.remove(deps.storage, key);
        } else if !now.is_zero() {
            HAIRCUTS.save(deps.storage, key, &haircut)?;
        }
    }
    if due.is_zero() {
        return Err(ContractError::NothingDue);
    }
    ledger.compensation = ledger.compensation.checked_sub(due)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&info.sender, due.0)?)
        .add_event(Event::from(CompensationClaimed {
            trader: info.sender,
            amount: due,
        })))
}
