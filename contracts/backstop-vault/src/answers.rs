//! What is answered alike by a message and by a query: to a shortfall, and to a
//! deposit.

use backstop_core::cover::Decision;
use backstop_core::shares;
use backstop_types::vault::{AnsweredShortfall, Config, CoverReason, CoverResponse, Pool};
use backstop_types::{Assets, InputError, Shares};
use cosmwasm_std::{Addr, Storage};

use crate::error::ContractError;
use crate::state::CLAIMS;

/// Refuses a shortfall of nothing.
pub fn may_ask(amount: Assets) -> Result<(), InputError> {
    match amount.is_zero() {
        true => Err(InputError::bounds("amount", amount, "at least 1")),
        false => Ok(()),
    }
}

/// The answer of a decision.
pub fn as_decided(claim: Option<u64>, decision: &Decision) -> CoverResponse {
    CoverResponse {
        claim,
        paid: decision.paid,
        pending: decision.pending,
        deductible: decision.deductible,
        uncovered: decision.uncovered,
        reason: decision.reason().map(Into::into),
    }
}

/// The answer while the policy's premium is not paid.
pub fn without_premium(amount: Assets) -> CoverResponse {
    CoverResponse {
        claim: None,
        paid: Assets::ZERO,
        pending: Assets::ZERO,
        deductible: Assets::ZERO,
        uncovered: amount,
        reason: Some(CoverReason::PremiumUnpaid.into()),
    }
}

/// The answer to a shortfall that was answered before: its record as it stands.
pub fn as_answered(
    storage: &dyn Storage,
    answered: &AnsweredShortfall,
) -> Result<CoverResponse, ContractError> {
    let mut response = CoverResponse {
        claim: answered.claim,
        paid: Assets::ZERO,
        pending: Assets::ZERO,
        deductible: answered.deductible,
        uncovered: Assets::ZERO,
        reason: Some(CoverReason::AnsweredBefore.into()),
    };
    if let Some(number) = answered.claim {
        let claim = CLAIMS.load(storage, number)?;
        let covered = claim.deductible.checked_add(claim.paid)?.checked_add(claim.pot)?;
        response.paid = claim.paid;
        response.pending = claim.pot;
        response.uncovered = claim.asked.checked_sub(covered)?;
    }
    Ok(response)
}

/// Refuses a receiver that could never use its shares: none of the contracts that
/// belong to the vault can unbond.
pub fn may_receive(config: &Config, vault: &Addr, receiver: &Addr) -> Result<(), InputError> {
    let is = |contract: Option<&Addr>| contract == Some(receiver);
    let useless = receiver == vault
        || is(config.distributor.as_ref())
        || is(Some(&config.params.breaker))
        || is(config.asset.contract());
    if useless {
        let bound = "neither the vault nor its distributor, breaker or asset, which can never unbond";
        return Err(InputError::bounds("receiver", receiver, bound));
    }
    Ok(())
}

/// The shares for a deposit of `amount`, or the largest deposit where they do
/// not fit: active and unbonding shares are summed everywhere.
pub fn shares_for(pool: &Pool, amount: Assets) -> Result<Shares, ContractError> {
    let total = pool.shares()?;
    let minted = shares::for_deposit(amount, pool.assets, total);
    if let Some(minted) = minted.ok().filter(|minted| total.checked_add(*minted).is_ok()) {
        return Ok(minted);
    }
    let most = shares::most_deposit(pool.assets, total)?;
    let bound = format!("at most {most}, so that all shares together stay below 2^128");
    Err(InputError::bounds("amount", amount, bound).into())
}
