//! Pending claims: settled by anyone when their time has come, or declined by
//! the owner, who can never pay one against the rules.

use backstop_core::cover::{
    Ending, NextTrip, Permission, Ruling, Since, Wait, by_trip, clock, rule, unpaid_deductible, without_trip,
};
use backstop_core::limits::PolicyLimits;
use backstop_types::breaker::{Action, OracleBreaker, parse_poke_reply};
use backstop_types::events::ClaimOutcome;
use backstop_types::events::vault::ClaimSettled;
use backstop_types::input::{self, MAX_TEXT};
use backstop_types::vault::{Claim, ClaimStatus, Held, LapseReason};
use backstop_types::{Assets, Seconds, depth_proof};
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, Storage, Timestamp};

use super::recovery;
use crate::error::ContractError;
use crate::state::{
    CLAIMS, CONFIG, LOSSES, OPEN_CLAIMS, PAUSES, POLICIES, POOL, POOL_BUCKET, RESERVES, load_claim, patience,
    pool_facts,
};

/// Replies to the poke for a claim held without a trip, with the claim's
/// number as payload.
pub const REPLY_ID: u64 = 2;

/// `SettleClaim`.
pub fn settle(deps: DepsMut, env: Env, info: MessageInfo, claim: u64) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let record = load_pending(deps.storage, claim)?;
    match &record.status {
        ClaimStatus::Held(Held {
            breaker, trip: None, ..
        }) => {
            // It was held without a trip: what the breaker says now may end it.
            let gas = CONFIG.load(deps.storage)?.params.poke_gas;
            let poke =
                OracleBreaker(breaker.clone()).poke_submsg(&record.market, Action::Payout, gas, REPLY_ID)?;
            Ok(Response::new().add_submessage(poke.with_payload(Binary::from(claim.to_be_bytes()))))
        }
        ClaimStatus::Held(Held {
            breaker,
            trip: Some(trip),
            ..
        }) => {
            let breaker = OracleBreaker(breaker.clone());
            let ending = ending(deps.as_ref(), &breaker, &record, *trip);
            conclude(deps, &env, claim, record, ending)
        }
        _ => {
            let since = record.filed_at;
            conclude(deps, &env, claim, record, Ending::Open { since })
        }
    }
}

/// The reply to the poke of a claim that was held without a trip.
pub fn poked(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let number: [u8; 8] = reply.payload.as_slice().try_into().unwrap_or_default();
    let claim = u64::from_be_bytes(number);
    let record = load_pending(deps.storage, claim)?;
    let answer = parse_poke_reply(reply);
    let allowed = match Permission::of(answer.as_ref()) {
        Permission::Allowed(band) => Some(band),
        Permission::Denied | Permission::Unanswered => None,
    };
    let since = since(deps.as_ref(), &record);
    let ending = without_trip(record.filed_at, &since, allowed);
    let proof = answer.is_none().then(|| depth_proof(&env)).transpose()?;
    Ok(conclude(deps, &env, claim, record, ending)?.add_messages(proof))
}

/// How a trip stands. One that cannot be read has not ended.
fn ending(deps: Deps, breaker: &OracleBreaker, claim: &Claim, number: u64) -> Ending {
    let record = breaker.trip(&deps.querier, &claim.market, number).ok().flatten();
    let since = claim.filed_at;
    record
        .and_then(|trip| trip.end)
        .map_or(Ending::Open { since }, |end| by_trip(number, end.band))
}

/// What the breaker's records, read raw, say of the time since a claim was filed
/// that was held without a trip.
fn since(deps: Deps, claim: &Claim) -> Since {
    let ClaimStatus::Held(held) = &claim.status else {
        return Since::default();
    };
    let breaker = OracleBreaker(held.breaker.clone());
    let number = held.trips.saturating_add(1);
    let next = breaker.trip(&deps.querier, &claim.market, number).ok().flatten();
    if let Some(trip) = next.filter(|trip| trip.began_at >= claim.filed_at) {
        return Since {
            clean: trip.last_clean.zip(trip.last_clean_at),
            trip: Some(NextTrip {
                number,
                began_at: trip.began_at,
                ended: trip.end.map(|end| end.band),
            }),
        };
    }
    let record = breaker.record(&deps.querier, &claim.market).ok().flatten();
    Since {
        clean: record.and_then(|record| record.last_clean.zip(record.last_clean_at)),
        trip: None,
    }
}

fn conclude(
    deps: DepsMut,
    env: &Env,
    claim: u64,
    mut record: Claim,
    ending: Ending,
) -> Result<Response, ContractError> {
    let now = env.block.time;
    let config = CONFIG.load(deps.storage)?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let clock = clock(record.filed_at, record.paused_before, &payouts, now);
    let ruling = rule(&record, clock, patience(&config), ending);
    if let (Ending::Ended(end), ClaimStatus::Held(held)) = (ending, &record.status) {
        record.judged = Some(end.judged(held));
    }
    match ruling {
        Ruling::Pay => pay(deps, now, claim, record),
        Ruling::Stand => stand(deps, now, claim, record),
        Ruling::Lapse(reason) => {
            let status = ClaimStatus::Lapsed { reason };
            give_back(deps, now, claim, record, status, Some(reason))
        }
        Ruling::Wait(Wait::Delay(left)) => Err(ContractError::delayed(claim, left)),
        Ruling::Wait(Wait::PayoutsPaused) => Err(ContractError::NotSettleable {
            claim,
            waits_for: format!(
                "the end of the guardian's pause in {} s",
                Seconds::left(now, payouts.until)
            ),
        }),
        Ruling::Wait(Wait::Trip) => Err(ContractError::NotSettleable {
            claim,
            waits_for: format!("the end of the trip of {}", record.market),
        }),
    }
}

/// Makes a held claim whose price stands a delayed one.
fn stand(deps: DepsMut, now: Timestamp, claim: u64, mut record: Claim) -> Result<Response, ContractError> {
    turn(&mut record, ClaimStatus::Delayed {});
    record.stood_at = Some(now);
    CLAIMS.save(deps.storage, claim, &record)?;
    let event = settled(claim, &record, ClaimOutcome::Stands, record.pot, None);
    Ok(Response::new().add_event(event))
}

fn settled(
    claim: u64,
    record: &Claim,
    outcome: ClaimOutcome,
    amount: Assets,
    reason: Option<LapseReason>,
) -> ClaimSettled {
    let span = record.judged.map(|judged| judged.span);
    ClaimSettled {
        claim,
        policyholder: record.policyholder.clone(),
        market: record.market.clone(),
        outcome,
        amount,
        reason,
        span_low: span.map(|span| span.low),
        span_high: span.map(|span| span.high),
    }
}

/// Pays the pot to the policyholder.
fn pay(deps: DepsMut, now: Timestamp, claim: u64, mut record: Claim) -> Result<Response, ContractError> {
    let pot = close(deps.storage, now, claim, &mut record, ClaimStatus::Paid {})?;
    record.paid = record.paid.checked_add(pot)?;
    record.paid_later = Some(pot);
    CLAIMS.save(deps.storage, claim, &record)?;
    let payment = CONFIG
        .load(deps.storage)?
        .asset
        .send(&record.policyholder, pot.0)?;
    let event = settled(claim, &record, ClaimOutcome::Paid, pot, None);
    Ok(Response::new().add_message(payment).add_event(event))
}

/// Another status; why it was held is kept.
fn turn(record: &mut Claim, status: ClaimStatus) {
    if let ClaimStatus::Held(held) = std::mem::replace(&mut record.status, status) {
        record.was_held = Some(held);
    }
}

/// Ends the claim, and takes the pot out of what is set aside for claims.
fn close(
    storage: &mut dyn Storage,
    now: Timestamp,
    claim: u64,
    record: &mut Claim,
    status: ClaimStatus,
) -> Result<Assets, ContractError> {
    OPEN_CLAIMS.remove(storage, claim);
    turn(record, status);
    record.ended_at = Some(now);
    let pot = std::mem::take(&mut record.pot);
    RESERVES.update(storage, |mut reserves| -> Result<_, ContractError> {
        reserves.pots = reserves.pots.checked_sub(pot)?;
        Ok(reserves)
    })?;
    POOL.update(storage, |mut pool| -> Result<_, ContractError> {
        pool.pending = pool.pending.saturating_sub(1);
        Ok(pool)
    })?;
    Ok(pot)
}

/// Returns the pot to those who bore the loss, and to the buckets what is left
/// of it there: the deductible and the pool's, never the policy's.
fn give_back(
    deps: DepsMut,
    now: Timestamp,
    claim: u64,
    mut record: Claim,
    status: ClaimStatus,
    lapsed: Option<LapseReason>,
) -> Result<Response, ContractError> {
    restore_buckets(deps.storage, now, &record)?;
    let pot = close(deps.storage, now, claim, &mut record, status)?;
    CLAIMS.save(deps.storage, claim, &record)?;
    let mut loss = LOSSES.load(deps.storage, claim)?;
    loss.from_pot = loss.from_pot.checked_add(pot)?;
    recovery::came_back(deps.storage, claim, loss)?;
    RESERVES.update(deps.storage, |mut reserves| -> Result<_, ContractError> {
        reserves.recoveries = reserves.recoveries.checked_add(pot)?;
        Ok(reserves)
    })?;
    let outcome = lapsed.map_or(ClaimOutcome::Declined, |_| ClaimOutcome::Lapsed);
    let event = settled(claim, &record, outcome, pot, lapsed);
    Ok(Response::new().add_event(event))
}

fn restore_buckets(storage: &mut dyn Storage, now: Timestamp, record: &Claim) -> Result<(), ContractError> {
    let config = CONFIG.load(storage)?;
    let granted = POOL_BUCKET.load(storage)?;
    let limit = pool_facts(&config, &POOL.load(storage)?, granted).limit();
    let granted = limit.refill(granted, now);
    let granted = limit.restore(granted, record.pot, record.assets_before, record.pool_refilled)?;
    POOL_BUCKET.save(storage, &granted)?;

    let key = (&record.policyholder, record.market.as_str());
    let mut policy = POLICIES.load(storage, key)?;
    policy.buckets = policy.buckets.refill(&policy.terms, config.window, now);
    policy.buckets.deductible = PolicyLimits::of(&policy.terms, config.window)
        .deductible
        .restore(
            policy.buckets.deductible,
            unpaid_deductible(record)?,
            record.deductible_refilled,
        )?;
    Ok(POLICIES.save(storage, key, &policy)?)
}

/// `DeclineClaim`.
pub fn decline(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    claim: u64,
    reason: String,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    input::short("reason", &reason, MAX_TEXT)?;
    let mut record = load_pending(deps.storage, claim)?;
    record.declined_by = Some(info.sender);
    let status = ClaimStatus::Declined { reason };
    give_back(deps, env.block.time, claim, record, status, None)
}

fn load_pending(storage: &dyn Storage, claim: u64) -> Result<Claim, ContractError> {
    let record = load_claim(storage, claim)?;
    if record.status.is_pending() {
        return Ok(record);
    }
    let status = record.status.name();
    Err(ContractError::NotPending { claim, status })
}
