//! Premiums: bought by the policyholder, held until they are earned, and then sent
//! to the stakers by the distributor, less the treasury's part.

use backstop_core::premium::{self, Sale};
use backstop_core::shares;
use backstop_types::distributor::{RewardDistributor, StreamTerms};
use backstop_types::events::vault::{PremiumPaid, PremiumSent};
use backstop_types::input::{self, InputError};
use backstop_types::vault::{Config, PremiumPurchase};
use backstop_types::{Assets, Bps, Seconds};
use cosmwasm_std::{Addr, Decimal, DepsMut, Env, MessageInfo, Response, Storage, Uint128};

use super::credit;
use crate::error::ContractError;
use crate::premiums::{asked, price, utilisation};
use crate::state::{CONFIG, POLICIES, RESERVES, load_active};

/// `PayPremium` with a native asset.
pub fn pay_native(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    market: String,
    max_rate: Bps,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let amount = Assets(config.asset.paid(&info)?);
    pay(deps, &env, &config, info.sender, amount, &market, max_rate)
}

/// Buys time for `amount`, which must be in the vault already, and sends back what
/// would be for too far ahead.
pub fn pay(
    deps: DepsMut,
    env: &Env,
    config: &Config,
    policyholder: Addr,
    amount: Assets,
    market: &str,
    max_rate: Bps,
) -> Result<Response, ContractError> {
    input::market_name("market", market)?;
    let mut policy = load_active(deps.storage, &policyholder, market)?;
    let multiplier = asked(&policy, &policyholder, market)?;
    let price = price(config, utilisation(deps.storage)?, &policy, multiplier)?;
    if price.rate > max_rate.decimal() {
        return Err(ContractError::PremiumRate {
            rate: price.rate,
            max_rate: max_rate.decimal(),
        });
    }
    let (ledger, bought) = match premium::pay(&policy.premium, amount, &price, env.block.time)? {
        Sale::Sold(ledger, bought) => (ledger, bought),
        Sale::Full => {
            return Err(ContractError::PremiumPaidAhead {
                until: Seconds::clock(policy.premium.until),
            });
        }
        Sale::TooLittle(least) => {
            let bound =
                format!("at least {least}, which buys a day of cover, or one moment of cover in force");
            return Err(InputError::bounds("amount", amount, bound).into());
        }
    };
    policy.premium = ledger;
    POLICIES.save(deps.storage, (&policyholder, market), &policy)?;
    hold(deps.storage, bought.kept)?;
    let back = config.asset.pay(&policyholder, bought.returned.0)?;
    let event = paid(policyholder, market, &bought, price.rate);
    Ok(Response::new().add_messages(back).add_event(event))
}

/// Premiums and credits are below 2¹²⁸ together, so that one can always become the
/// other and no close of a policy fails for it.
fn hold(storage: &mut dyn Storage, amount: Assets) -> Result<(), ContractError> {
    let mut reserves = RESERVES.load(storage)?;
    let held = reserves.premiums.checked_add(reserves.credits)?;
    let most = Assets(Uint128::MAX).saturating_sub(held);
    if amount > most {
        let bound = format!("at most {most}, so that premiums and credits stay below 2^128 together");
        return Err(InputError::bounds("amount", amount, bound).into());
    }
    reserves.premiums = reserves.premiums.checked_add(amount)?;
    Ok(RESERVES.save(storage, &reserves)?)
}

fn paid(policyholder: Addr, market: &str, bought: &PremiumPurchase, rate: Decimal) -> PremiumPaid {
    PremiumPaid {
        policyholder,
        market: market.to_string(),
        amount: bought.kept,
        returned: bought.returned,
        rate,
        from: Seconds::clock(bought.from),
        until: Seconds::clock(bought.until),
    }
}

/// `SendPremium`: closed policies too have earned until they were closed.
pub fn send(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    policyholder: String,
    market: String,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    input::market_name("market", &market)?;
    let policyholder = input::address(deps.api, "policyholder", &policyholder)?;
    let config = CONFIG.load(deps.storage)?;
    let distributor = config.distributor.ok_or(ContractError::DistributorMissing {})?;
    let key = (&policyholder, market.as_str());
    let mut policy = POLICIES
        .may_load(deps.storage, key)?
        .ok_or_else(|| ContractError::not_found("policy", format!("of {policyholder} on {market}")))?;
    let (ledger, amount) = premium::send(&policy.premium, env.block.time)?;
    if amount.is_zero() {
        return Err(ContractError::NothingEarned { policyholder, market });
    }
    policy.premium = ledger;
    POLICIES.save(deps.storage, key, &policy)?;

    let mut reserves = RESERVES.load(deps.storage)?;
    let mut part = Assets::ZERO;
    if config.params.treasury.is_some() {
        (part, reserves.treasury_left) =
            shares::part(amount, config.params.treasury_part, reserves.treasury_left)?;
    }
    let stakers = amount.checked_sub(part)?;
    reserves.premiums = reserves.premiums.checked_sub(stakers)?;
    RESERVES.save(deps.storage, &reserves)?;
    let credited = match &config.params.treasury {
        Some(treasury) => credit::from_premiums(deps.storage, treasury, part, &policyholder, &market)?,
        None => None,
    };
    // Of a unit or two all can be the treasury's, and the stakers' has been sent before.
    let fund = (!stakers.is_zero())
        .then(|| RewardDistributor(distributor).fund(&config.asset, stakers.0, StreamTerms::seven_days()))
        .transpose()?;
    Ok(Response::new()
        .add_messages(fund)
        .add_event(PremiumSent {
            policyholder,
            market,
            stakers,
            treasury: part,
        })
        .add_events(credited))
}
