//! The breaker's leave and price, in one query. There is no other source of
//! prices in this contract, and no way around a denial.

use backstop_types::Price;
use backstop_types::breaker::Action;
use cosmwasm_std::Deps;

use crate::error::ContractError;
use crate::state::Config;

/// The median, if the breaker allows the action now.
pub fn permitted(deps: Deps, config: &Config, action: Action) -> Result<Price, ContractError> {
    let verdict = config
        .breaker
        .verdict(&deps.querier, config.market.as_str(), action)?;
    if !verdict.allowed {
        return Err(ContractError::Denied {
            action: action,
            market: config.market.clone(),
            reasons: verdict.faults.to_string(),
        });
    }
    verdict.median.ok_or_else(|| ContractError::NoPrice {
        market: config.market.clone(),
    })
}
