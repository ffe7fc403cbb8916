//! Policies with what is left of their buckets, and what a shortfall would be
//! answered.

use backstop_core::cover::{Permission, Shortfall, decide};
use backstop_core::limits::PolicyLimits;
use backstop_types::breaker::{Action, OracleBreaker};
use backstop_types::vault::{Config, CoverResponse, PoliciesResponse, PolicyResponse};
use backstop_types::{Assets, Price, paging};
use cosmwasm_std::{Addr, Decimal, Deps, Env, Order, Timestamp};
use cw_storage_plus::Bound;

use super::{account, premiums};
use crate::answers::{as_answered, as_decided, without_premium};
use crate::error::ContractError;
use crate::premiums::utilisation;
use crate::state::{
    CONFIG, PAUSES, POLICIES, POOL, POOL_BUCKET, Policy, SHORTFALLS, load_active, pool_facts,
};

pub fn policy(
    deps: Deps,
    env: &Env,
    policyholder: &str,
    market: &str,
) -> Result<PolicyResponse, ContractError> {
    let policyholder = account(deps, "policyholder", policyholder)?;
    let policy = POLICIES.load(deps.storage, (&policyholder, market))?;
    let facts = Facts::load(deps, env)?;
    rooms(&facts, policyholder, market.to_string(), &policy)
}

pub fn policies(
    deps: Deps,
    env: &Env,
    start_after: Option<(String, String)>,
    limit: Option<u32>,
) -> Result<PoliciesResponse, ContractError> {
    let facts = Facts::load(deps, env)?;
    let after = start_after
        .map(|(policyholder, market)| Ok((account(deps, "start_after", &policyholder)?, market)))
        .transpose()
        .map_err(|error: backstop_types::InputError| ContractError::from(error))?;
    let start = after
        .as_ref()
        .map(|(policyholder, market)| Bound::exclusive((policyholder, market.as_str())));
    let rows = POLICIES.range(deps.storage, start, None, Order::Ascending);
    let policies = paging::rows(rows, limit, |((policyholder, market), policy)| {
        rooms(&facts, policyholder, market, &policy)
    })?;
    Ok(PoliciesResponse { policies })
}

/// What every policy's answer depends on.
struct Facts {
    config: Config,
    utilisation: Option<Decimal>,
    now: Timestamp,
}

impl Facts {
    fn load(deps: Deps, env: &Env) -> Result<Self, ContractError> {
        Ok(Self {
            config: CONFIG.load(deps.storage)?,
            utilisation: utilisation(deps.storage)?,
            now: env.block.time,
        })
    }
}

fn rooms(
    facts: &Facts,
    policyholder: Addr,
    market: String,
    policy: &Policy,
) -> Result<PolicyResponse, ContractError> {
    let (terms, window, now) = (policy.terms, facts.config.window, facts.now);
    let buckets = policy.buckets.refill(&terms, window, now);
    let limits = PolicyLimits::of(&terms, window);
    Ok(PolicyResponse {
        policyholder,
        market,
        terms,
        closed_at: policy.closed_at,
        room: limits.cover.room(buckets.limit)?,
        deductible_left: limits.deductible.room_up(buckets.deductible)?,
        instant_left: limits.instant.room(buckets.instant)?,
        premium: Some(premiums::state(&facts.config, facts.utilisation, policy, now)?),
    })
}

/// The record of a shortfall that was answered before.
pub fn answered(
    deps: Deps,
    policyholder: &Addr,
    shortfall: Option<u64>,
) -> Result<Option<CoverResponse>, ContractError> {
    let record = match shortfall {
        Some(number) => SHORTFALLS.may_load(deps.storage, (policyholder, number))?,
        None => None,
    };
    record
        .map(|answered| as_answered(deps.storage, &answered))
        .transpose()
}

/// The same decision as the message's, on the breaker's present verdict.
pub fn quote(
    deps: Deps,
    env: &Env,
    policyholder: &Addr,
    market: &str,
    amount: Assets,
    price: Option<Price>,
) -> Result<CoverResponse, ContractError> {
    let policy = load_active(deps.storage, policyholder, market)?;
    if !policy.in_force(env.block.time) {
        return Ok(without_premium(amount));
    }
    let config = CONFIG.load(deps.storage)?;
    let pool = POOL.load(deps.storage)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let breaker = OracleBreaker(config.params.breaker.clone());
    let asked = breaker.verdict(&deps.querier, market, Action::Payout).ok();
    let decision = decide(&Shortfall {
        amount,
        price,
        terms: &policy.terms,
        buckets: &policy.buckets,
        pool: pool_facts(&config, &pool, POOL_BUCKET.load(deps.storage)?),
        permission: Permission::of(asked.as_ref()),
        payouts_paused: payouts.active(env.block.time),
        now: env.block.time,
    })?;
    let next = (!decision.granted()?.is_zero()).then(|| pool.losses.saturating_add(1));
    Ok(as_decided(next, &decision))
}
