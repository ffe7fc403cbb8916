//! Policies: the cover that the owner grants, changes and closes. Closing is
//! the brake in an emergency, and touches no claim that was filed.

use backstop_core::premium;
use backstop_types::breaker::OracleBreaker;
use backstop_types::events::PolicyChange;
use backstop_types::events::vault::PolicyChanged;
use backstop_types::input::{self, InputError, within};
use backstop_types::patch::not_empty;
use backstop_types::vault::{PolicyTerms, PolicyTermsUpdate};
use backstop_types::{Assets, Bps, Change, Seconds};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, Timestamp};

use super::credit;
use crate::error::ContractError;
use crate::state::{CONFIG, LIMITS, POLICIES, Policy, load_active};

/// Bounds of a policy's delay.
const DELAY: (Seconds, Seconds) = (Seconds::HOUR, Seconds::days(30));
/// Bounds of the premium's multiplier.
const MULTIPLIER: (Bps, Bps) = (Bps(1), Bps(100_000));

/// `AddPolicy`: a first one, or a closed one again. Its buckets go on as they
/// were, so that closing and adding refills nothing.
pub fn add(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    policyholder: String,
    market: String,
    terms: PolicyTerms,
) -> Result<Response, ContractError> {
    let policyholder = guard(&deps, &info, &policyholder, &market)?;
    check(&deps, &market, &terms)?;
    let window = CONFIG.load(deps.storage)?.window;
    let stored = POLICIES.may_load(deps.storage, (&policyholder, &market))?;
    let policy = match stored {
        Some(Policy { closed_at: None, .. }) => {
            return Err(ContractError::PolicyActive { policyholder, market });
        }
        Some(closed) => Policy {
            since: env.block.time,
            ..under(&closed, terms, window, env.block.time)
        },
        None => Policy {
            terms,
            since: env.block.time,
            closed_at: None,
            buckets: Default::default(),
            premium: Default::default(),
        },
    };
    relimit(deps.storage, Assets::ZERO, terms.limit)?;
    POLICIES.save(deps.storage, (&policyholder, &market), &policy)?;
    Ok(Response::new().add_event(changed(
        policyholder,
        market,
        PolicyChange::Added,
        &terms,
        info.sender,
    )))
}

/// `ChangePolicy`.
pub fn change(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    policyholder: String,
    market: String,
    update: PolicyTermsUpdate,
) -> Result<Response, ContractError> {
    let policyholder = guard(&deps, &info, &policyholder, &market)?;
    let old = load_active(deps.storage, &policyholder, &market)?;
    let terms = not_empty("update", update)?.apply(old.terms);
    check(&deps, &market, &terms)?;
    let window = CONFIG.load(deps.storage)?.window;
    let rebooked = premium::change(&old.premium, &old.terms, &terms, env.block.time)?;
    let mut policy = under(&old, terms, window, env.block.time);
    policy.premium = rebooked.ledger;
    relimit(deps.storage, old.terms.limit, terms.limit)?;
    let refund = rebooked.refund;
    let credited = credit::from_premiums(deps.storage, &policyholder, refund, &policyholder, &market)?;
    POLICIES.save(deps.storage, (&policyholder, &market), &policy)?;
    Ok(Response::new()
        .add_event(changed(
            policyholder,
            market,
            PolicyChange::Changed,
            &terms,
            info.sender,
        ))
        .add_events(credited))
}

/// An old policy under new terms. The time until now refills at the old rates.
fn under(old: &Policy, terms: PolicyTerms, window: Seconds, now: Timestamp) -> Policy {
    Policy {
        terms,
        since: old.since,
        closed_at: None,
        buckets: old.buckets.refill(&old.terms, window, now).retain(&terms, window),
        premium: old.premium,
    }
}

/// Keeps the sum of the active policies' limits.
fn relimit(storage: &mut dyn Storage, old: Assets, new: Assets) -> Result<(), ContractError> {
    let others = LIMITS.load(storage)?.checked_sub(old.wide())?;
    Ok(LIMITS.save(storage, &others.checked_add(new.wide())?)?)
}

/// `ClosePolicy`.
pub fn close(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    policyholder: Option<String>,
    market: String,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    input::market_name("market", &market)?;
    let policyholder = match policyholder {
        Some(address) => input::address(deps.api, "policyholder", &address)?,
        None => info.sender.clone(),
    };
    if policyholder != info.sender {
        cw_ownable::assert_owner(deps.storage, &info.sender)?;
    }
    let mut policy = load_active(deps.storage, &policyholder, &market)?;
    policy.closed_at = Some(env.block.time);
    let rebooked = premium::close(&policy.premium, env.block.time)?;
    policy.premium = rebooked.ledger;
    relimit(deps.storage, policy.terms.limit, Assets::ZERO)?;
    let refund = rebooked.refund;
    let credited = credit::from_premiums(deps.storage, &policyholder, refund, &policyholder, &market)?;
    POLICIES.save(deps.storage, (&policyholder, &market), &policy)?;
    Ok(Response::new()
        .add_event(changed(
            policyholder,
            market,
            PolicyChange::Closed,
            &policy.terms,
            info.sender,
        ))
        .add_events(credited))
}

fn guard(
    deps: &DepsMut,
    info: &MessageInfo,
    policyholder: &str,
    market: &str,
) -> Result<Addr, ContractError> {
    input::no_funds(info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    input::market_name("market", market)?;
    Ok(input::address(deps.api, "policyholder", policyholder)?)
}

/// Terms within their bounds, on a market that the breaker has if they need its
/// prices.
fn check(deps: &DepsMut, market: &str, terms: &PolicyTerms) -> Result<(), ContractError> {
    validate(terms)?;
    if terms.priced {
        let breaker = OracleBreaker(CONFIG.load(deps.storage)?.params.breaker);
        if breaker.record(&deps.querier, market)?.is_none() {
            let bound = "a market of the breaker, since the policy has prices";
            return Err(InputError::bounds("market", market, bound).into());
        }
    }
    Ok(())
}

/// The bounds of [`PolicyTerms`].
fn validate(terms: &PolicyTerms) -> Result<(), InputError> {
    within(
        "limit",
        terms.limit,
        Assets::ONE,
        Assets(cosmwasm_std::Uint128::MAX),
    )?;
    within("minimum", terms.minimum, Assets::ONE, terms.limit)?;
    within("instant", terms.instant, Assets::ZERO, terms.limit)?;
    within("delay", terms.delay, DELAY.0, DELAY.1)?;
    if let Some(multiplier) = terms.premium {
        within("premium", multiplier, MULTIPLIER.0, MULTIPLIER.1)?;
    }
    if !terms.priced && !terms.instant.is_zero() {
        let bound = "0 where the policy has no prices: such cover is always delayed";
        return Err(InputError::bounds("instant", terms.instant, bound));
    }
    Ok(())
}

fn changed(
    policyholder: Addr,
    market: String,
    change: PolicyChange,
    terms: &PolicyTerms,
    by: Addr,
) -> PolicyChanged {
    PolicyChanged {
        policyholder,
        market,
        change,
        limit: terms.limit,
        deductible: terms.deductible,
        instant: terms.instant,
        by,
        premium: terms.premium,
    }
}
