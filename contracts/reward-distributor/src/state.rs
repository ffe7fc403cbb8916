//! What is stored. The hot path of a stake change reads and writes two values,
//! the ledger and the staker's account, whatever the number of denoms; names
//! and histories of denoms lie apart. What a stake change, a claim or a funding
//! writes is encoded by [`codec`](crate::codec), and the rest is JSON.

use backstop_core::rewards::{Account, Ledger, Turn};
use backstop_types::vault::BackstopVault;
use backstop_types::{Denom, Seconds, Shares, UncheckedDenom};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Deps, Order, StdResult, Storage, Uint128, Uint256};
use cw_storage_plus::{Item, Map};

use crate::compact::{CompactItem, CompactMap};
use crate::error::ContractError;
use crate::funding::{Funding, Stop};

/// How many denoms can be listed over the contract's life. What is owed in a
/// denom stays payable for ever, so a place is never given to another one.
pub const MAX_DENOMS: usize = 8;

/// The vault that is served.
pub const VAULT: Item<Addr> = Item::new("vault");
/// The clock and the denoms' flows.
pub const LEDGER: CompactItem<Ledger> = CompactItem::new("ledger");
/// Stakers' shares and rewards.
pub const ACCOUNTS: CompactMap<&Addr, Account> = CompactMap::new("accounts");
/// Denoms by their place in the ledger.
pub const DENOMS: Map<u8, DenomRecord> = Map::new("denoms");
/// A denom's place by its key.
pub const SLOTS: Map<&str, u8> = Map::new("slots");
/// By how much a denom's rate changes at a point of the grid that lies ahead.
pub const AHEAD: CompactMap<(u8, u64), Turn> = CompactMap::new("ahead");
/// Fundings by denom and number, from 1.
pub const FUNDINGS: CompactMap<(u8, u64), Funding> = CompactMap::new("fundings");
/// Which fundings' streams were stopped.
pub const STOPS: CompactMap<(u8, u64), Stop> = CompactMap::new("stops");
/// Base units that stops refunded, by denom: over time more than there can be at
/// once.
pub const REFUNDED: Map<u8, Uint256> = Map::new("refunded");

/// What only the owner changes about a denom.
#[cw_serde]
pub struct DenomRecord {
    /// Which.
    pub denom: Denom,
    /// Whether it can be funded.
    pub listed: bool,
    /// The lowest rate of a funding in base units a week.
    pub min_rate: Uint128,
}

/// The place of `denom` in the ledger.
pub fn slot(storage: &dyn Storage, denom: &Denom) -> Result<u8, ContractError> {
    SLOTS
        .may_load(storage, &denom.key())?
        .ok_or_else(|| ContractError::UnknownDenom { denom: denom.clone() })
}

/// The place of the denom that a message names.
pub fn slot_of(deps: Deps, field: &str, denom: &UncheckedDenom) -> Result<u8, ContractError> {
    slot(deps.storage, &denom.lookup(deps.api, field)?)
}

/// All denoms by place: at most [`MAX_DENOMS`].
pub fn denoms(storage: &dyn Storage) -> StdResult<Vec<(u8, DenomRecord)>> {
    DENOMS.range(storage, None, None, Order::Ascending).collect()
}

/// How many fundings there were of the denom at `slot`, and the base units of
/// them all that were not refunded.
pub fn kept(storage: &dyn Storage, slot: u8) -> StdResult<(u64, Uint128)> {
    let last = FUNDINGS
        .range_of(storage, slot, None, None, Order::Descending)
        .next();
    Ok(last
        .transpose()?
        .map_or((0, Uint128::zero()), |(number, funding)| (number, funding.total)))
}

/// The funding of this number in the denom at `slot`.
pub fn funding(storage: &dyn Storage, slot: u8, number: u64) -> Result<Funding, ContractError> {
    FUNDINGS
        .may_load(storage, (slot, number))?
        .ok_or(ContractError::UnknownFunding { number })
}

/// The funding of this number, whose stream must not be over at `staked`.
pub fn running(
    storage: &dyn Storage,
    slot: u8,
    number: u64,
    staked: Seconds,
) -> Result<Funding, ContractError> {
    let funding = funding(storage, slot, number)?;
    let stopped = STOPS.may_load(storage, (slot, number))?.is_some();
    if stopped || funding.stream()?.ended(staked) {
        return Err(ContractError::StreamOver { number });
    }
    Ok(funding)
}

/// Base units that stops refunded of the denom at `slot`.
pub fn refunded(storage: &dyn Storage, slot: u8) -> StdResult<Uint256> {
    Ok(REFUNDED.may_load(storage, slot)?.unwrap_or_default())
}

/// Books a refund of the denom at `slot`. The last funding's total falls, so that
/// the next funding finds it where it looks anyway.
pub fn refund(storage: &mut dyn Storage, slot: u8, amount: Uint128) -> Result<(), ContractError> {
    let all = refunded(storage, slot)?.checked_add(amount.into())?;
    REFUNDED.save(storage, slot, &all)?;
    let (number, total) = kept(storage, slot)?;
    let mut last = funding(storage, slot, number)?;
    last.total = total.checked_sub(amount)?;
    FUNDINGS.save(storage, (slot, number), &last)?;
    Ok(())
}

/// Stores `account`, or forgets it if there is nothing in it.
pub fn save_account(storage: &mut dyn Storage, staker: &Addr, account: &Account) -> StdResult<()> {
    if account.is_empty() {
        ACCOUNTS.remove(storage, staker);
        return Ok(());
    }
    ACCOUNTS.save(storage, staker, account)
}

/// A staker's active shares as the vault has them now.
pub fn vault_shares(deps: Deps, staker: &Addr) -> Result<Shares, ContractError> {
    let vault = BackstopVault(VAULT.load(deps.storage)?);
    Ok(vault.stake(&deps.querier, staker)?.active)
}
