//! What a policyholder is answered, by a message and by a quote.

use backstop_core::cover::Decision;
use backstop_types::Assets;
use backstop_types::vault::{AnsweredShortfall, CoverReason, CoverResponse};
use cosmwasm_std::Storage;

use crate::error::ContractError;
use crate::state::CLAIMS;

/// The answer of a decision.
pub fn as_decided(claim: Option<u64>, decision: &Decision) -> CoverResponse {
    CoverResponse {
        claim,
        paid: decision.paid,
        pending: decision.pending,
        deductible: decision.deductible,
        uncovered: decision.uncovered,
        reason: decision.reason.map(Into::into),
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
