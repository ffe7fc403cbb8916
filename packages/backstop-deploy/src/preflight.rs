//! What must hold before the first transaction.

use std::collections::BTreeMap;

use backstop_chain::wasmd;
use backstop_types::UncheckedDenom;
use cosmwasm_std::Uint128;

use crate::chain::{Ask, Chain};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::state::State;
use crate::step::{Smoke, Step};

/// The chain, and that contracts may rely on it.
pub(crate) async fn chain<A: Ask>(chain: &A, config: &Config, wasmd_version: Option<&str>) -> Result<()> {
    chain.reach(&config.chain_id).await?;
    let said = chain.wasmd_version().await?;
    let version = said.as_deref().or(wasmd_version).unwrap_or_default();
    wasmd::check(version)?;
    // Nobody could put a timelock right whose owner is mistaken.
    if !chain.knows(&config.owner).await? {
        let bound = "an account or contract that the chain knows; if it is right, send it one unit first";
        return Err(Error::field("owner", &config.owner, bound));
    }
    Ok(())
}

/// That the key has what is left to be paid, by the gas that steps usually take.
pub(crate) async fn funds<C: Chain>(chain: &C, config: &Config, state: &State, plan: &[Step]) -> Result<()> {
    for (denom, needs) in needed(config, state, plan)? {
        let has = chain.balance(chain.address(), &denom).await?;
        if has < needs {
            return Err(Error::Funds {
                account: chain.address().to_string(),
                denom,
                has,
                needs,
            });
        }
    }
    Ok(())
}

fn needed(config: &Config, state: &State, plan: &[Step]) -> Result<BTreeMap<String, u128>> {
    let mut needed: BTreeMap<String, u128> = BTreeMap::new();
    let mut add = |denom: &str, amount: Uint128| {
        let sum = needed.entry(denom.to_string()).or_default();
        *sum = sum.saturating_add(amount.u128());
    };
    let price = config.gas_price()?;
    for step in plan.iter().filter(|step| state.done(step).is_none()) {
        let gas = Uint128::from(step.usual_gas()).checked_mul_ceil(config.gas_adjustment);
        let gas = gas
            .ok()
            .and_then(|gas| u64::try_from(gas.u128()).ok())
            .unwrap_or(u64::MAX);
        add(&price.denom, price.fee(gas)?.amount);
        let smoke = config.smoke.as_ref();
        let paid = match step {
            Step::Smoke(Smoke::Deposit) => smoke.map(|smoke| (&config.asset, smoke.deposit)),
            Step::Smoke(Smoke::Fund) => {
                let fund = smoke.and_then(|smoke| smoke.fund.as_ref());
                fund.map(|fund| (&fund.denom, fund.amount))
            }
            _ => None,
        };
        if let Some((UncheckedDenom::Native(denom), amount)) = paid {
            add(denom, amount);
        }
    }
    needed.retain(|_, amount| *amount > 0);
    Ok(needed)
}
