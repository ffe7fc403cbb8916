//! Reads. Every list is paged, and the answers that depend on time are those
//! of the present block.

use backstop_core::cover::{GRACE, PolicyBuckets, Shortfall, decide};
use backstop_core::limits::AmountLimit;
use backstop_core::shares;
use backstop_types::breaker::{Action, OracleBreaker};
use backstop_types::distributor::{RewardDistributor, StakerResponse};
use backstop_types::input;
use backstop_types::vault::*;
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{Addr, Binary, Deps, Env, Order, StdError, StdResult, Timestamp, to_json_binary};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::execute::cover::{respond, verdict};
use crate::execute::exit::ready_at;
use crate::execute::policy::load_active;
use crate::execute::recovery;
use crate::execute::stake::shares_for;
use crate::state::*;

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Pool {} => to_json_binary(&pool(deps, &env)?),
        QueryMsg::Pauses {} => to_json_binary(&pauses(deps, &env)?),
        QueryMsg::Stake { staker } => to_json_binary(&stake(deps, &staker)?),
        QueryMsg::Stakes { start_after, limit } => to_json_binary(&stakes(deps, start_after, limit)?),
        QueryMsg::Tickets {
            staker,
            start_after,
            limit,
        } => to_json_binary(&tickets(deps, &staker, start_after, limit)?),
        QueryMsg::PreviewDeposit { assets } => {
            let pool = POOL.load(deps.storage)?;
            to_json_binary(&shares_for(&pool, assets).map_err(text)?)
        }
        QueryMsg::PreviewWithdraw { shares } => {
            let pool = POOL.load(deps.storage)?;
            to_json_binary(&shares::worth(shares, pool.assets, pool.shares()?).map_err(text)?)
        }
        QueryMsg::Policy { policyholder, market } => {
            to_json_binary(&policy(deps, &env, &policyholder, &market)?)
        }
        QueryMsg::Policies { start_after, limit } => {
            to_json_binary(&policies(deps, &env, start_after, limit)?)
        }
        QueryMsg::QuoteCover {
            policyholder,
            market,
            amount,
            price,
        } => to_json_binary(&quote(deps, &env, &policyholder, &market, amount, price)?),
        QueryMsg::Claim { claim } => to_json_binary(&one_claim(deps, claim)?),
        QueryMsg::Claims { start_after, limit } => to_json_binary(&claims(deps, start_after, limit)?),
        QueryMsg::Loss { loss } => {
            let record = LOSSES.load(deps.storage, loss)?;
            to_json_binary(&LossResponse { loss, record })
        }
        QueryMsg::Losses { start_after, limit } => to_json_binary(&losses(deps, start_after, limit)?),
        QueryMsg::Recoveries {
            staker,
            start_after,
            limit,
        } => to_json_binary(&recoveries(deps, &staker, start_after, limit)?),
        QueryMsg::HookFailures { start_after, limit } => {
            to_json_binary(&hook_failures(deps, start_after, limit)?)
        }
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }
}

/// A typed error on its way out of a query.
fn text(error: impl ToString) -> StdError {
    StdError::generic_err(error.to_string())
}

fn account(deps: Deps, field: &str, address: &str) -> StdResult<Addr> {
    input::address(deps.api, field, address).map_err(text)
}

fn pool(deps: Deps, env: &Env) -> StdResult<PoolResponse> {
    let config = CONFIG.load(deps.storage)?;
    let pool = POOL.load(deps.storage)?;
    let reserves = RESERVES.load(deps.storage)?;
    let shares = pool.shares()?;
    let granted = GRANTED.load(deps.storage)?;
    let limit = pool_facts(&config, &pool, granted).limit();
    let room = limit
        .room(limit.refill(granted, env.block.time), pool.assets)
        .map_err(text)?;
    Ok(PoolResponse {
        assets: pool.assets,
        shares,
        active: pool.active,
        queued: pool.queued,
        share_price: shares::price(pool.assets, shares),
        losses: pool.losses,
        pending_claims: pool.pending,
        pots: reserves.pots,
        recoveries: reserves.recoveries,
        room,
    })
}

fn pauses(deps: Deps, env: &Env) -> StdResult<PausesResponse> {
    let pauses = PAUSES.load(deps.storage)?;
    let until = |pause: Pause| pause.active(env.block.time).then_some(pause.until);
    Ok(PausesResponse {
        deposits_until: until(pauses.deposits),
        payouts_until: until(pauses.payouts),
    })
}

fn stake(deps: Deps, staker: &str) -> StdResult<StakeResponse> {
    let staker = account(deps, "staker", staker)?;
    let stake = STAKES.may_load(deps.storage, &staker)?.unwrap_or_default();
    valued(&POOL.load(deps.storage)?, staker, stake)
}

fn valued(pool: &Pool, staker: Addr, stake: Stake) -> StdResult<StakeResponse> {
    let assets = shares::worth(stake.total()?, pool.assets, pool.shares()?).map_err(text)?;
    Ok(StakeResponse {
        staker,
        stake: stake.into(),
        assets,
    })
}

fn stakes(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<StakesResponse> {
    let pool = POOL.load(deps.storage)?;
    let after = start_after
        .map(|after| account(deps, "start_after", &after))
        .transpose()?;
    let stakes = STAKES
        .range(
            deps.storage,
            after.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| {
            let (staker, stake) = row?;
            valued(&pool, staker, stake)
        })
        .collect::<StdResult<_>>()?;
    Ok(StakesResponse { stakes })
}

fn tickets(
    deps: Deps,
    staker: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<TicketsResponse> {
    let staker = account(deps, "staker", staker)?;
    let period = CONFIG.load(deps.storage)?.params.unbonding_period;
    let pool = POOL.load(deps.storage)?;
    let total = pool.shares()?;
    let tickets = TICKETS
        .prefix(&staker)
        .range(
            deps.storage,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| {
            let (number, ticket) = row?;
            Ok(TicketResponse {
                ticket: number,
                shares: ticket.shares,
                assets: shares::worth(ticket.shares, pool.assets, total).map_err(text)?,
                opened_at: ticket.opened_at,
                ready_at: ready_at(&ticket, period),
            })
        })
        .collect::<StdResult<_>>()?;
    Ok(TicketsResponse { tickets })
}

fn policy(deps: Deps, env: &Env, policyholder: &str, market: &str) -> StdResult<PolicyResponse> {
    let policyholder = account(deps, "policyholder", policyholder)?;
    let policy = POLICIES.load(deps.storage, (&policyholder, market))?;
    let window = CONFIG.load(deps.storage)?.window;
    rooms(window, env.block.time, policyholder, market.to_string(), &policy)
}

fn rooms(
    window: Seconds,
    now: Timestamp,
    policyholder: Addr,
    market: String,
    policy: &Policy,
) -> StdResult<PolicyResponse> {
    let Policy {
        terms,
        closed_at,
        buckets,
    } = *policy;
    let PolicyBuckets {
        limit,
        deductible,
        instant,
    } = buckets.refill(&terms, window, now);
    let rule = |limit: Assets| AmountLimit { limit, window };
    Ok(PolicyResponse {
        policyholder,
        market,
        terms,
        closed_at,
        room: rule(terms.limit).room(limit).map_err(text)?,
        deductible_left: rule(terms.deductible).room_up(deductible).map_err(text)?,
        instant_left: rule(terms.instant).room(instant).map_err(text)?,
    })
}

fn policies(
    deps: Deps,
    env: &Env,
    start_after: Option<(String, String)>,
    limit: Option<u32>,
) -> StdResult<PoliciesResponse> {
    let window = CONFIG.load(deps.storage)?.window;
    let after = start_after
        .map(|(policyholder, market)| {
            Ok::<_, StdError>((account(deps, "start_after", &policyholder)?, market))
        })
        .transpose()?;
    let bound = after
        .as_ref()
        .map(|(policyholder, market)| Bound::exclusive((policyholder, market.as_str())));
    let policies = POLICIES
        .range(deps.storage, bound, None, Order::Ascending)
        .take(input::page(limit))
        .map(|row| {
            let ((policyholder, market), policy) = row?;
            rooms(window, env.block.time, policyholder, market, &policy)
        })
        .collect::<StdResult<_>>()?;
    Ok(PoliciesResponse { policies })
}

/// The same decision as the message's, on the breaker's present verdict.
fn quote(
    deps: Deps,
    env: &Env,
    policyholder: &str,
    market: &str,
    amount: Assets,
    price: Option<Price>,
) -> StdResult<CoverResponse> {
    let policyholder = account(deps, "policyholder", policyholder)?;
    let policy = load_active(deps.storage, &policyholder, market).map_err(text)?;
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
        pool: pool_facts(&config, &pool, GRANTED.load(deps.storage)?),
        verdict: verdict(asked.as_ref()),
        payouts_held: payouts.active(env.block.time),
        now: env.block.time,
    })
    .map_err(text)?;
    let granted = decision.granted().map_err(text)?;
    let next = (!granted.is_zero()).then(|| pool.losses.saturating_add(1));
    Ok(respond(next, &decision))
}

fn dated(config: &Config, payouts: &Pause, claim: u64, record: Claim) -> ClaimResponse {
    // Holds that are known, the present one to its end, have moved the dates.
    let held = payouts.total(payouts.until).saturating_sub(record.held_before);
    let after = |wait: Seconds| held.after(wait.after(record.filed_at));
    ClaimResponse {
        claim,
        payable_at: after(record.delay),
        latest: after(patience(config).saturating_add(GRACE)),
        record,
    }
}

fn one_claim(deps: Deps, claim: u64) -> StdResult<ClaimResponse> {
    let record = CLAIMS.load(deps.storage, claim)?;
    Ok(dated(
        &CONFIG.load(deps.storage)?,
        &PAUSES.load(deps.storage)?.payouts,
        claim,
        record,
    ))
}

fn claims(deps: Deps, start_after: Option<u64>, limit: Option<u32>) -> StdResult<ClaimsResponse> {
    let config = CONFIG.load(deps.storage)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let claims = CLAIMS
        .range(
            deps.storage,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| row.map(|(claim, record)| dated(&config, &payouts, claim, record)))
        .collect::<StdResult<_>>()?;
    Ok(ClaimsResponse { claims })
}

fn losses(deps: Deps, start_after: Option<u64>, limit: Option<u32>) -> StdResult<LossesResponse> {
    let losses = LOSSES
        .range(
            deps.storage,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| row.map(|(loss, record)| LossResponse { loss, record }))
        .collect::<StdResult<_>>()?;
    Ok(LossesResponse { losses })
}

fn recoveries(
    deps: Deps,
    staker: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<RecoveriesResponse> {
    let staker = account(deps, "staker", staker)?;
    let recoveries = LOSSES
        .range(
            deps.storage,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(input::page(limit))
        .map(|row| {
            let (number, loss) = row.map_err(ContractError::from)?;
            let part = recovery::part(deps.storage, &staker, number, &loss)?;
            Ok(RecoveryResponse {
                loss: number,
                stake: part.stake,
                borne: shares::borne(loss.granted, part.stake, loss.stake)?,
                taken: part.taken,
                due: part.due,
            })
        })
        .collect::<Result<_, ContractError>>()
        .map_err(text)?;
    Ok(RecoveriesResponse { recoveries })
}

fn hook_failures(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> StdResult<HookFailuresResponse> {
    let after = start_after
        .map(|after| account(deps, "start_after", &after))
        .transpose()?;
    // A distributor that does not answer may differ in all of them.
    let distributor = CONFIG.load(deps.storage)?.distributor.map(RewardDistributor);
    let differs = |staker: &Addr| {
        let asked = distributor
            .as_ref()
            .map(|distributor| distributor.staker(&deps.querier, staker));
        let mended = |known: StakerResponse| known.recorded == known.active;
        !asked.is_some_and(|answer| answer.is_ok_and(mended))
    };
    let failures = HOOK_FAILURES
        .range(
            deps.storage,
            after.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .filter(|row| row.as_ref().map_or(true, |(staker, _)| differs(staker)))
        .take(input::page(limit))
        .map(|row| row.map(|(staker, failures)| HookFailure { staker, failures }))
        .collect::<StdResult<_>>()?;
    Ok(HookFailuresResponse { failures })
}
