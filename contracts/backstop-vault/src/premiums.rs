//! What a policy's premium is now, for messages and queries alike.

use backstop_core::premium::{self, Price};
use backstop_core::shares;
use backstop_types::Bps;
use backstop_types::vault::Config;
use cosmwasm_std::{Addr, Decimal, Storage};

use crate::error::ContractError;
use crate::state::{LIMITS, POOL, Policy};

/// The limits of all active policies over the active shares' assets; none while
/// there are none of these.
pub fn utilisation(storage: &dyn Storage) -> Result<Option<Decimal>, ContractError> {
    let pool = POOL.load(storage)?;
    let active = shares::worth(pool.active, pool.assets, pool.shares()?)?;
    Ok(premium::utilisation(LIMITS.load(storage)?, active)?)
}

/// The policy's multiplier, or why it takes no premium.
pub fn asked(policy: &Policy, policyholder: &Addr, market: &str) -> Result<Bps, ContractError> {
    policy.terms.premium.ok_or_else(|| ContractError::NoPremium {
        policyholder: policyholder.clone(),
        market: market.to_string(),
    })
}

/// A yearly rate, the policy's multiplier included.
pub fn rate(
    config: &Config,
    utilisation: Option<Decimal>,
    multiplier: Bps,
) -> Result<Decimal, ContractError> {
    let rate = premium::rate(&config.params.premium, utilisation)?;
    Ok(premium::with_multiplier(rate, multiplier)?)
}

/// What the policy's time costs at this utilisation.
pub fn price(
    config: &Config,
    utilisation: Option<Decimal>,
    policy: &Policy,
    multiplier: Bps,
) -> Result<Price, ContractError> {
    Ok(Price {
        limit: policy.terms.limit,
        rate: rate(config, utilisation, multiplier)?,
    })
}
