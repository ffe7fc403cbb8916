//! Money that comes in, and money between the pool and the insurance fund. Native
//! and cw20 payments become the same [`Paid`], so that no handler knows which it
//! was.

use backstop_core::perps::liquidation::Settlement;
use backstop_types::{Assets, input};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, MessageInfo, Storage};
use cw20::Cw20ReceiveMsg;

use crate::error::ContractError;
use crate::state::{CONFIG, Ledger};

/// What came in, and who paid it. Zero only where nothing but a fee is due.
#[cw_serde]
pub struct Paid {
    /// Who.
    pub sender: Addr,
    /// How much of the asset.
    pub amount: Assets,
}

/// The coins that came with a message: the native asset, nothing else.
pub fn native(storage: &dyn Storage, info: MessageInfo) -> Result<Paid, ContractError> {
    let asset = CONFIG.load(storage)?.asset;
    let amount = Assets(asset.paid(&info)?);
    Ok(Paid {
        sender: info.sender,
        amount,
    })
}

/// The coins that came with a message to which only a fee is due, which may be zero or
/// come by the token.
pub fn native_fee(storage: &dyn Storage, info: MessageInfo) -> Result<Paid, ContractError> {
    if !info.funds.is_empty() {
        return native(storage, info);
    }
    Ok(Paid {
        sender: info.sender,
        amount: Assets::ZERO,
    })
}

/// The tokens that came by the asset's `Receive`.
pub fn cw20(deps: Deps, info: &MessageInfo, wrapper: &Cw20ReceiveMsg) -> Result<Paid, ContractError> {
    let asset = CONFIG.load(deps.storage)?.asset;
    let amount = Assets(asset.received(info, wrapper.amount)?);
    let sender = input::address(deps.api, "sender", &wrapper.sender)?;
    Ok(Paid { sender, amount })
}

/// Moves a settlement's money between the pool and the insurance fund. The
/// margin has left its side's sums already; trader and keeper are the caller's.
pub fn apply(ledger: &mut Ledger, settled: &Settlement) -> Result<(), ContractError> {
    ledger.cash = ledger
        .cash
        .checked_add(settled.to_pool)?
        .checked_sub(settled.from_pool)?;
    ledger.insurance = ledger
        .insurance
        .checked_add(settled.to_insurance)?
        .checked_sub(settled.from_insurance)?;
    Ok(())
}
