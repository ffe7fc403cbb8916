//! What cover costs, how a policy's premium stands, and what accounts may take.

use backstop_core::premium::{self, Sale};
use backstop_types::Assets;
use backstop_types::vault::{Config, CreditResponse, PremiumQuote, PremiumState};
use cosmwasm_std::{Decimal, Deps, Env, Timestamp};

use super::account;
use crate::error::ContractError;
use crate::premiums::{asked, price, rate, utilisation};
use crate::state::{CONFIG, CREDITS, Policy, load_active};

/// The same price as the message's.
pub fn quote(
    deps: Deps,
    env: &Env,
    policyholder: &str,
    market: &str,
    amount: Option<Assets>,
) -> Result<PremiumQuote, ContractError> {
    let policyholder = account(deps, "policyholder", policyholder)?;
    let policy = load_active(deps.storage, &policyholder, market)?;
    let multiplier = asked(&policy, &policyholder, market)?;
    let utilisation = utilisation(deps.storage)?;
    let price = price(&CONFIG.load(deps.storage)?, utilisation, &policy, multiplier)?;
    let pay = |amount| premium::pay(&policy.premium, amount, &price, env.block.time);
    let sale = amount.map(pay).transpose()?;
    Ok(PremiumQuote {
        utilisation,
        rate: price.rate,
        yearly: price.yearly()?,
        purchase: match sale {
            Some(Sale::Sold(_, purchase)) => Some(purchase),
            _ => None,
        },
        least: match pay(Assets::ZERO)? {
            Sale::TooLittle(least) => Some(least),
            Sale::Full | Sale::Sold(..) => None,
        },
    })
}

/// How a policy's premium stands.
pub fn state(
    config: &Config,
    utilisation: Option<Decimal>,
    policy: &Policy,
    now: Timestamp,
) -> Result<PremiumState, ContractError> {
    let ledger = policy.premium;
    let earned = premium::earned(&ledger, now)?;
    let paid = (!ledger.is_unused()).then_some(ledger);
    let asked = policy.terms.premium;
    Ok(PremiumState {
        in_force: policy.closed_at.is_none() && policy.in_force(now),
        from: paid.map(|ledger| ledger.from),
        until: paid.map(|ledger| ledger.until),
        unearned: ledger.unearned.checked_sub(earned)?,
        unsent: premium::unsent(&ledger, now)?,
        rate: asked
            .map(|multiplier| rate(config, utilisation, multiplier))
            .transpose()?,
    })
}

/// What an account may take.
pub fn credit(deps: Deps, account: &str) -> Result<CreditResponse, ContractError> {
    let account = super::account(deps, "account", account)?;
    let amount = CREDITS.may_load(deps.storage, &account)?.unwrap_or_default();
    Ok(CreditResponse { account, amount })
}
