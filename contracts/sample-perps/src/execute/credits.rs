//! Traders take what liquidations and deleveraging left them.

use backstop_types::events::perps::CreditWithdrawn;
use backstop_types::input::no_funds;
use cosmwasm_std::{DepsMut, Event, MessageInfo, Response};

use crate::error::ContractError;
use crate::state::{CONFIG, CREDITS, LEDGER};

/// Pays the sender what liquidations and deleveraging left.
pub fn withdraw(deps: DepsMut, info: MessageInfo) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let Some(credit) = CREDITS.may_load(deps.storage, &info.sender)? else {
        return Err(ContractError::NothingDue);
    };
    CREDITS.remove(deps.storage, &info.sender);
    ledger.credits = ledger.credits.checked_sub(credit)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&info.sender, credit.0)?)
        .add_event(Event::from(CreditWithdrawn {
            trader: info.sender,
            amount: credit,
        })))
}
