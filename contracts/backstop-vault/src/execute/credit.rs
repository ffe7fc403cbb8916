//! Credits: what the vault owes an account that did not ask for it at the moment,
//! refunds of premiums and the treasury's parts. Whoever it belongs to takes it, so
//! that no account which cannot be paid stops the close of a policy.

use backstop_types::events::vault::{CreditWithdrawn, Credited};
use backstop_types::{Assets, input};
use cosmwasm_std::{Addr, DepsMut, MessageInfo, Response, Storage};

use crate::error::ContractError;
use crate::state::{CONFIG, CREDITS, RESERVES};

/// Moves `amount` of the premiums held to `account`'s credit; nothing if there is
/// none.
pub fn from_premiums(
    storage: &mut dyn Storage,
    account: &Addr,
    amount: Assets,
    policyholder: &Addr,
    market: &str,
) -> Result<Option<Credited>, ContractError> {
    if amount.is_zero() {
        return Ok(None);
    }
    let mut reserves = RESERVES.load(storage)?;
    reserves.premiums = reserves.premiums.checked_sub(amount)?;
    reserves.credits = reserves.credits.checked_add(amount)?;
    RESERVES.save(storage, &reserves)?;
    let before = CREDITS.may_load(storage, account)?.unwrap_or_default();
    CREDITS.save(storage, account, &before.checked_add(amount)?)?;
    Ok(Some(Credited {
        account: account.clone(),
        amount,
        policyholder: policyholder.clone(),
        market: market.to_string(),
    }))
}

/// `WithdrawCredit`.
pub fn withdraw(deps: DepsMut, info: MessageInfo) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let account = info.sender;
    let Some(amount) = CREDITS.may_load(deps.storage, &account)? else {
        return Err(ContractError::NoCredit { account });
    };
    CREDITS.remove(deps.storage, &account);
    let mut reserves = RESERVES.load(deps.storage)?;
    reserves.credits = reserves.credits.checked_sub(amount)?;
    RESERVES.save(deps.storage, &reserves)?;
    let payment = CONFIG.load(deps.storage)?.asset.send(&account, amount.0)?;
    Ok(Response::new()
        .add_message(payment)
        .add_event(CreditWithdrawn { account, amount }))
}
