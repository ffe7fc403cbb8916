//! The vault's claim of a shortfall, read raw from the vault's record.

use backstop_types::vault::ClaimFacts;
use cosmwasm_std::{Deps, Env, StdResult};

use crate::state::{Config, Shortfall};

/// The claim that a shortfall became: by the vault's answer or, where none could
/// be read, by the vault's record of the shortfall's number.
pub fn claim_of(
    deps: Deps,
    env: &Env,
    config: &Config,
    id: u64,
    shortfall: &Shortfall,
) -> StdResult<Option<(u64, ClaimFacts)>> {
    let claim = match &shortfall.answer {
        Some(answer) => answer.cover.claim,
        None => {
            let answered = config.vault.answered(&deps.querier, &env.contract.address, id)?;
            answered.and_then(|answered| answered.claim)
        }
    };
    let Some(claim) = claim else { return Ok(None) };
    let record = config.vault.claim(&deps.querier, claim)?;
    Ok(record.map(|record| (claim, record)))
}
