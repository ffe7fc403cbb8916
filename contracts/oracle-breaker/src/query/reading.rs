//! What the live sources say now, and what a poke would make of it.

use backstop_core::breaker::{advance, assess, tightened, verdict as judged};
use backstop_types::breaker::{Action, ReadingResponse, Verdict};
use cosmwasm_std::{Deps, Env};

use crate::adapters::observe_all;
use crate::error::ContractError;
use crate::state;

/// What a poke would answer now.
pub fn verdict(
    deps: Deps,
    env: &Env,
    market: &str,
    action: Option<Action>,
) -> Result<Verdict, ContractError> {
    let config = state::market_config(deps.storage, market)?;
    let record = state::record(deps.storage, market)?;
    let observed = observe_all(deps, market, &config);
    let after = advance(&record, &observed, &config.params, env.block.time);
    Ok(judged(market, action.unwrap_or(Action::Open), &after))
}

/// What every source says now, and what follows from it.
pub fn reading(deps: Deps, env: &Env, market: &str) -> Result<ReadingResponse, ContractError> {
    let config = state::market_config(deps.storage, market)?;
    let record = state::record(deps.storage, market)?;
    let observed = observe_all(deps, market, &config);
    let (reference, at) = (record.watch.reference, env.block.time);

    let reading = assess(&observed, reference, &config.params, at);
    let unclean = match record.open_trip {
        Some(_) => {
            let tight = assess(&observed, reference, &tightened(&config.params), at);
            if tight.faulty() { tight.findings } else { vec![] }
        }
        None => vec![],
    };
    let (median, band) = reading.agreed.unzip();
    Ok(ReadingResponse {
        at,
        sources: reading.sources,
        lineages: reading.lineages,
        findings: reading.findings,
        faults: reading.faults,
        median,
        band,
        reference,
        unclean,
    })
}
