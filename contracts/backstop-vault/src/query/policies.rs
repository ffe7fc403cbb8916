//! Policies with what is left of their buckets, and what a shortfall would be
//! answered.

use backstop_core::cover::{Ahead, Outcome, Permission, ahead, decide};
use backstop_core::limits::PolicyLimits;
use backstop_types::breaker::{Action, OracleBreaker};
use backstop_types::vault::{
    Config, CoverQuote, CoverReason, CoverResponse, PoliciesResponse, PolicyResponse,
};
use backstop_types::{Assets, Price, paging};
use cosmwasm_std::{Addr, Decimal, Deps, Env, Order, Timestamp};
use cw_storage_plus::Bound;

use super::{account, premiums};
use crate::answers::{as_answered, as_decided, may_ask, without_premium};
use crate::books::Books;
use crate::error::ContractError;
use crate::premiums::utilisation;
use crate::state::{CONFIG, POLICIES, Policy, SHORTFALLS, load_active};

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

/// What a shortfall of this number, or of a new one, would be answered now.
pub fn quote(
    deps: Deps,
    env: &Env,
    policyholder: &str,
    market: &str,
    amount: Assets,
    price: Option<Price>,
    shortfall: Option<u64>,
) -> Result<CoverQuote, ContractError> {
    let policyholder = account(deps, "policyholder", policyholder)?;
    match answered(deps, &policyholder, shortfall)? {
        Some(answer) => Ok(quoted(answer, None, vec![CoverReason::AnsweredBefore], NEVER)),
        None => decided(deps, env, &policyholder, market, amount, price),
    }
}

/// The record of a shortfall that was answered before.
fn answered(
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

/// The same decision as the message's, on the breaker's present verdict. One that
/// does not answer is what it is to the message: the claim would be held.
fn decided(
    deps: Deps,
    env: &Env,
    policyholder: &Addr,
    market: &str,
    amount: Assets,
    price: Option<Price>,
) -> Result<CoverQuote, ContractError> {
    may_ask(amount)?;
    let now = env.block.time;
    let books = Books::load(deps.storage, load_active(deps.storage, policyholder, market)?)?;
    let breaker = OracleBreaker(books.config.params.breaker.clone());
    let verdict = breaker.verdict(&deps.querier, market, Action::Payout).ok();
    let shortfall = books.shortfall(amount, price, Permission::of(verdict.as_ref()), now);
    let ahead = ahead(&shortfall, &books.policy.premium, &books.payouts)?;
    if !books.policy.in_force(now) {
        let answer = without_premium(amount);
        return Ok(quoted(answer, None, vec![CoverReason::PremiumUnpaid], ahead));
    }
    let decision = decide(&shortfall)?;
    let next = (!decision.granted()?.is_zero()).then(|| books.pool.losses.saturating_add(1));
    let answer = as_decided(next, &decision);
    Ok(quoted(answer, Some(decision.outcome), decision.binds(), ahead))
}

/// A shortfall for which no time ahead changes anything.
const NEVER: Ahead = Ahead {
    granted_at: None,
    paid_at: None,
};

fn quoted(
    answer: CoverResponse,
    outcome: Option<Outcome>,
    binds: Vec<CoverReason>,
    ahead: Ahead,
) -> CoverQuote {
    let waiting = |of| match outcome == Some(of) {
        true => answer.pending,
        false => Assets::ZERO,
    };
    CoverQuote {
        delayed: waiting(Outcome::Delayed),
        held: waiting(Outcome::Held),
        claim: answer.claim,
        paid: answer.paid,
        pending: answer.pending,
        deductible: answer.deductible,
        uncovered: answer.uncovered,
        reason: answer.reason,
        binds: binds.into_iter().map(Into::into).collect(),
        granted_at: ahead.granted_at,
        paid_at: ahead.paid_at,
    }
}
