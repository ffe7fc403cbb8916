//! Policies with what is left of their buckets, and what a shortfall would be
//! answered.

use backstop_core::cover::{Permission, Shortfall, decide};
use backstop_core::limits::PolicyLimits;
use backstop_types::breaker::{Action, OracleBreaker};
use backstop_types::vault::{CoverResponse, PoliciesResponse, PolicyResponse};
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{Addr, Deps, Env, Order, Timestamp};
use cw_storage_plus::Bound;

use super::{account, page};
use crate::answers::{as_answered, as_decided};
use crate::error::ContractError;
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
    let window = CONFIG.load(deps.storage)?.window;
    rooms(window, env.block.time, policyholder, market.to_string(), &policy)
}

pub fn policies(
    deps: Deps,
    env: &Env,
    start_after: Option<(String, String)>,
    limit: Option<u32>,
) -> Result<PoliciesResponse, ContractError> {
    let window = CONFIG.load(deps.storage)?.window;
    let after = start_after
        .map(|(policyholder, market)| Ok((account(deps, "start_after", &policyholder)?, market)))
        .transpose()
        .map_err(|error: backstop_types::InputError| ContractError::from(error))?;
    let start = after
        .as_ref()
        .map(|(policyholder, market)| Bound::exclusive((policyholder, market.as_str())));
    let rows = POLICIES.range(deps.storage, start, None, Order::Ascending);
    let policies = page(rows, limit, |(policyholder, market), policy| {
        rooms(window, env.block.time, policyholder, market, &policy)
    })?;
    Ok(PoliciesResponse { policies })
}

fn rooms(
    window: Seconds,
    now: Timestamp,
    policyholder: Addr,
    market: String,
    policy: &Policy,
) -> Result<PolicyResponse, ContractError> {
    let terms = policy.terms;
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
