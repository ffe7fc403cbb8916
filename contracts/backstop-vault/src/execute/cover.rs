//! Shortfalls. The handler stores nothing: it reads the market's record raw,
//! which no source can fail, and pokes the breaker by a sub-message with a gas
//! limit; the reply loads, decides, writes and pays. So a breaker that burns
//! gas, panics or is gone cannot take a claim down.

use backstop_core::cover::{Decision, Outcome, Shortfall, Verdict, decide};
use backstop_types::breaker::{
    Action, Band, Faults, Layer, OracleBreaker, TripCause, Verdict as Answer, parse_poke_reply,
};
use backstop_types::events::vault::ShortfallAnswered;
use backstop_types::vault::{Claim, ClaimStatus, Config, CoverResponse, Hold, Loss, Pool};
use backstop_types::{Assets, Price, input};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, CosmosMsg, DepsMut, Env, Event, MessageInfo, QuerierWrapper, Reply, Response, StdResult, Storage,
    WasmMsg, from_json, to_json_binary,
};

use super::policy::load_active;
use crate::error::ContractError;
use crate::state::{CLAIMS, CONFIG, GRANTED, LOSSES, PAUSES, POLICIES, POOL, RESERVES, pool_facts};

/// Replies to the poke for a shortfall, with a [`Request`] as payload.
pub const REPLY_ID: u64 = 1;

/// A shortfall on its way through the breaker.
#[cw_serde]
pub struct Request {
    /// Who asks.
    pub policyholder: Addr,
    /// On which market.
    pub market: String,
    /// How much.
    pub amount: Assets,
    /// At which price.
    pub price: Option<Price>,
    /// What the breaker's record said before the poke.
    pub known: Known,
}

/// What is known of a market apart from the poke's answer.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Known {
    /// The trip that is open.
    pub trip: Option<u64>,
    /// Trips so far.
    pub trips: u64,
    /// Who began it.
    pub cause: Option<TripCause>,
    /// The last clean band.
    pub last_clean: Option<Band>,
}

/// `CoverShortfall`.
pub fn ask(
    deps: DepsMut,
    info: MessageInfo,
    market: String,
    amount: Assets,
    price: Option<Price>,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    input::market_name("market", &market)?;
    if amount.is_zero() {
        return Err(input::InputError::bounds("amount", amount, "at least 1").into());
    }
    load_active(deps.storage, &info.sender, &market)?;
    let params = CONFIG.load(deps.storage)?.params;

    let breaker = OracleBreaker(params.breaker);
    let known = known(&breaker, &deps.querier, &market);
    let poke = breaker.poke_submsg(&market, Action::Payout, params.poke_gas, REPLY_ID)?;
    let request = Request {
        policyholder: info.sender,
        market,
        amount,
        price,
        known,
    };
    Ok(Response::new().add_submessage(poke.with_payload(to_json_binary(&request)?)))
}

/// The market's record; nothing is known of one that cannot be read.
pub fn known(breaker: &OracleBreaker, querier: &QuerierWrapper, market: &str) -> Known {
    let record = breaker.record(querier, market).ok().flatten();
    record.map_or_else(Known::default, |record| Known {
        trip: record.trip(),
        trips: record.trips,
        cause: record.open_trip,
        last_clean: record.last_clean,
    })
}

/// Follows a poke, or a notice to the distributor, that brought no answer. If
/// whoever began the call has nested it so deep that no further message is
/// possible, then it was that, and not the other contract, which failed: this
/// message fails too, and with it the whole call.
pub fn depth_proof(env: &Env) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: to_json_binary(&ToSelf::ProveDepth {})?,
        funds: vec![],
    }
    .into())
}

/// The one message that the vault sends itself, of all that it understands: to
/// encode them all would cost the chain 20 kB of code.
#[cw_serde]
enum ToSelf {
    ProveDepth {},
}

/// `ProveDepth`: that it arrives is all.
pub fn prove_depth(env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    if info.sender != env.contract.address {
        return Err(ContractError::Unauthorized {
            sender: info.sender,
            role: "this contract",
        });
    }
    Ok(Response::new())
}

/// The reply to the poke: decides, writes and pays.
pub fn answer(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let request: Request = from_json(&reply.payload)?;
    let config = CONFIG.load(deps.storage)?;
    let mut pool = POOL.load(deps.storage)?;
    let mut policy = POLICIES.load(deps.storage, (&request.policyholder, &request.market))?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let poked = parse_poke_reply(reply).and_then(|poked| poked.verdicts.into_iter().next());

    let decision = decide(&Shortfall {
        amount: request.amount,
        price: request.price,
        terms: &policy.terms,
        buckets: &policy.buckets,
        pool: pool_facts(&config, &pool, GRANTED.load(deps.storage)?),
        verdict: verdict(poked.as_ref()),
        payouts_held: payouts.active(env.block.time),
        now: env.block.time,
    })?;

    let claim = match decision.outcome {
        Outcome::Nothing => None,
        _ => {
            let held_before = payouts.total(env.block.time);
            let hold = hold(&config, &request.known, poked.as_ref());
            let record = Claim {
                policyholder: request.policyholder.clone(),
                market: request.market.clone(),
                filed_at: env.block.time,
                price: request.price,
                asked: request.amount,
                deductible: decision.deductible,
                granted: decision.granted()?,
                paid: decision.paid,
                pot: decision.pending,
                delay: policy.terms.delay,
                held_before,
                assets_before: pool.assets,
                pool_refilled: decision.pool.refilled,
                deductible_refilled: decision.policy.deductible.refilled,
                status: status(&decision, hold),
            };
            Some(book(deps.storage, &mut pool, &record)?)
        }
    };
    if claim.is_some() || !decision.deductible.is_zero() {
        policy.buckets = decision.policy;
        POLICIES.save(deps.storage, (&request.policyholder, &request.market), &policy)?;
        GRANTED.save(deps.storage, &decision.pool)?;
        POOL.save(deps.storage, &pool)?;
    }
    let payment = (!decision.paid.is_zero())
        .then(|| config.asset.send(&request.policyholder, decision.paid.0))
        .transpose()?;
    let proof = poked.is_none().then(|| depth_proof(&env)).transpose()?;
    let response = respond(claim, &decision);
    Ok(Response::new()
        .add_messages(proof)
        .add_messages(payment)
        .add_event(event(&request, &response, &pool)?)
        .set_data(to_json_binary(&response)?))
}

/// What the breaker's answer means here. An allowance without a band supports
/// no price.
pub fn verdict(answer: Option<&Answer>) -> Verdict {
    match answer {
        None => Verdict::Unavailable,
        Some(Answer {
            allowed: true,
            band: Some(band),
            ..
        }) => Verdict::Allow(*band),
        Some(_) => Verdict::Deny,
    }
}

/// What a held claim waits for. The poke's answer is newer than the record.
fn hold(config: &Config, known: &Known, poked: Option<&Answer>) -> Hold {
    let now = poked.map_or(*known, |answer| Known {
        trip: answer.trip,
        trips: answer.trip.unwrap_or(known.trips),
        cause: answer.trip_cause,
        last_clean: answer.last_clean.or(known.last_clean),
    });
    // A guardian's trip says nothing about prices: the band at filing does. But
    // where a market fault was found in it, at filing or before, the market
    // would have tripped without the guardian, and the claim is judged likewise.
    let sound = |answer: &&Answer| {
        let faults = Faults::of(answer.reasons.iter().copied());
        answer.trip_cause == Some(TripCause::Guardian) && !faults.any(Layer::Market)
    };
    Hold {
        breaker: config.params.breaker.clone(),
        trip: now.trip,
        trips: now.trips,
        cause: now.cause,
        last_clean: now.last_clean,
        at_filing: poked.filter(sound).and_then(|answer| answer.band),
    }
}

fn status(decision: &Decision, hold: Hold) -> ClaimStatus {
    match decision.outcome {
        Outcome::Held => ClaimStatus::Held(hold),
        Outcome::Delayed => ClaimStatus::Delayed {},
        Outcome::Paid | Outcome::Nothing => ClaimStatus::Paid {},
    }
}

/// Books the loss: the grant leaves the assets, the cohort is fixed, and the
/// claim gets the loss's number.
fn book(storage: &mut dyn Storage, pool: &mut Pool, claim: &Claim) -> Result<u64, ContractError> {
    let loss = Loss {
        booked_at: claim.filed_at,
        stake: pool.shares()?,
        granted: claim.granted,
        from_pot: Assets::ZERO,
        repaid: Assets::ZERO,
        taken: Assets::ZERO,
    };
    pool.losses = pool.losses.saturating_add(1);
    pool.assets = pool.assets.checked_sub(claim.granted)?;
    if !claim.pot.is_zero() {
        pool.pending = pool.pending.saturating_add(1);
        let mut reserves = RESERVES.load(storage)?;
        reserves.pots = reserves.pots.checked_add(claim.pot)?;
        RESERVES.save(storage, &reserves)?;
    }
    crate::state::STAKES.add_checkpoint(storage, pool.losses)?;
    LOSSES.save(storage, pool.losses, &loss)?;
    CLAIMS.save(storage, pool.losses, claim)?;
    Ok(pool.losses)
}

/// The answer to the policyholder.
pub fn respond(claim: Option<u64>, decision: &Decision) -> CoverResponse {
    CoverResponse {
        claim,
        paid: decision.paid,
        pending: decision.pending,
        deductible: decision.deductible,
        uncovered: decision.uncovered,
        reason: decision.reason,
    }
}

fn event(request: &Request, response: &CoverResponse, pool: &Pool) -> Result<Event, ContractError> {
    Ok(ShortfallAnswered {
        policyholder: request.policyholder.clone(),
        market: request.market.clone(),
        claim: response.claim,
        asked: request.amount,
        deductible: response.deductible,
        paid: response.paid,
        pending: response.pending,
        uncovered: response.uncovered,
        reason: response.reason.map(String::from),
        price: request.price,
        total_assets: pool.assets,
        total_shares: pool.shares()?,
    }
    .into())
}
