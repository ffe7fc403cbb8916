//! Shortfalls. The handler stores nothing: it reads the market's record raw,
//! which no source can fail, and pokes the breaker by a sub-message with a gas
//! limit; the reply loads, decides, writes and pays. So a breaker that burns
//! gas, panics or is gone cannot take a claim down.

use backstop_core::cover::{Decision, Outcome, Permission, decide, held};
use backstop_core::math::MathError;
use backstop_types::breaker::{Action, MarketFacts, OracleBreaker, VerdictFacts, parse_poke_reply};
use backstop_types::events::vault::{ShortfallAnswered, ShortfallRepeated};
use backstop_types::vault::{
    AnsweredShortfall, Claim, ClaimStatus, CoverReason, CoverResponse, Held, Loss, Pool,
};
use backstop_types::{Assets, Price, Unauthorized, depth_proof, input};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, DepsMut, Env, Event, MessageInfo, Reply, Response, Storage, Timestamp, from_json, to_json_binary,
};

use crate::answers::{as_answered, as_decided, may_ask, without_premium};
use crate::books::Books;
use crate::error::ContractError;
use crate::state::{
    CLAIMS, CONFIG, LOSSES, OPEN_CLAIMS, POLICIES, POOL, POOL_BUCKET, RESERVES, SHORTFALLS, STAKES,
    load_active,
};

/// Replies to the poke for a shortfall, with a [`Request`] as payload.
pub const REPLY_ID: u64 = 1;

/// A shortfall on its way through the breaker.
#[cw_serde]
pub struct Request {
    /// Who asks.
    pub policyholder: Addr,
    /// The sender's number of the shortfall.
    pub shortfall: u64,
    /// On which market.
    pub market: String,
    /// How much.
    pub amount: Assets,
    /// At which price.
    pub price: Option<Price>,
    /// What the breaker's record said before the poke, if it could be read.
    pub market_before: Option<MarketFacts>,
}

/// `CoverShortfall`.
pub fn ask(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    shortfall: u64,
    market: String,
    amount: Assets,
    price: Option<Price>,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    if let Some(answered) = SHORTFALLS.may_load(deps.storage, (&info.sender, shortfall))? {
        return repeat(deps.storage, info.sender, shortfall, &answered);
    }
    input::market_name("market", &market)?;
    may_ask(amount)?;
    let policy = load_active(deps.storage, &info.sender, &market)?;
    let params = CONFIG.load(deps.storage)?.params;

    let mut request = Request {
        policyholder: info.sender,
        shortfall,
        market,
        amount,
        price,
        market_before: None,
    };
    if !policy.in_force(env.block.time) {
        return unpaid(deps.storage, &request);
    }
    let breaker = OracleBreaker(params.breaker);
    request.market_before = breaker.record(&deps.querier, &request.market).ok().flatten();
    let poke = breaker.poke_submsg(&request.market, Action::Payout, params.poke_gas, REPLY_ID)?;
    Ok(Response::new().add_submessage(poke.with_payload(to_json_binary(&request)?)))
}

/// A policy whose premium is not paid for now covers nothing: an answer that
/// stores nothing and touches no bucket, so that the shortfall may be sent again.
fn unpaid(storage: &dyn Storage, request: &Request) -> Result<Response, ContractError> {
    let response = without_premium(request.amount);
    let reason = Some(CoverReason::PremiumUnpaid);
    Ok(Response::new()
        .add_event(event(request, &response, reason, &POOL.load(storage)?)?)
        .set_data(to_json_binary(&response)?))
}

/// `ProveDepth`: that it arrives is all.
pub fn prove_depth(env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let permitted = info.sender == env.contract.address;
    Unauthorized::unless(permitted, &info.sender, "this contract")?;
    Ok(Response::new())
}

/// The reply to the poke: decides, writes and pays.
pub fn answer(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let request: Request = from_json(&reply.payload)?;
    let key = (&request.policyholder, request.shortfall);
    if let Some(answered) = SHORTFALLS.may_load(deps.storage, key)? {
        // Sent once more while the breaker was asked.
        return repeat(deps.storage, request.policyholder, request.shortfall, &answered);
    }
    let poked = parse_poke_reply(reply);
    let policy = (&request.policyholder, request.market.as_str());
    let mut books = Books::load(deps.storage, POLICIES.load(deps.storage, policy)?)?;
    let permission = Permission::of(poked.as_ref());
    let decision = decide(&books.shortfall(request.amount, request.price, permission, env.block.time))?;
    let claim = match decision.outcome {
        Outcome::Nothing => None,
        _ => {
            let claim = opened(&books, &request, &decision, poked.as_ref(), env.block.time)?;
            Some(book(deps.storage, &mut books.pool, &claim)?)
        }
    };
    if claim.is_some() || !decision.deductible.is_zero() {
        store(deps.storage, &mut books, &request, &decision, claim)?;
    }
    let asset = books.config.asset;
    let payment = asset.pay(&request.policyholder, decision.paid.0)?;
    let proof = poked.is_none().then(|| depth_proof(&env)).transpose()?;
    let response = as_decided(claim, &decision);
    Ok(Response::new()
        .add_messages(proof)
        .add_messages(payment)
        .add_event(event(&request, &response, decision.reason(), &books.pool)?)
        .set_data(to_json_binary(&response)?))
}

/// The claim that a grant opens.
fn opened(
    books: &Books,
    request: &Request,
    decision: &Decision,
    poked: Option<&VerdictFacts>,
    now: Timestamp,
) -> Result<Claim, MathError> {
    let breaker = books.config.params.breaker.clone();
    let held = held(breaker, request.market_before.as_ref(), poked);
    Ok(Claim {
        policyholder: request.policyholder.clone(),
        market: request.market.clone(),
        filed_at: now,
        price: request.price,
        asked: request.amount,
        deductible: decision.deductible,
        granted: decision.granted()?,
        paid: decision.paid,
        pot: decision.pending,
        delay: books.policy.terms.delay,
        paused_before: books.payouts.total(now),
        assets_before: books.pool.assets,
        pool_refilled: decision.pool.refilled,
        deductible_refilled: decision.policy.deductible.refilled,
        status: status(decision, held),
        bound: decision.bound.map(Into::into),
        waits: decision.waits.map(Into::into),
        was_held: None,
        judged: None,
        stood_at: None,
        ended_at: None,
        paid_later: None,
        declined_by: None,
    })
}

/// Stores what the decision leaves, and that the shortfall was answered so.
fn store(
    storage: &mut dyn Storage,
    books: &mut Books,
    request: &Request,
    decision: &Decision,
    claim: Option<u64>,
) -> Result<(), ContractError> {
    books.policy.buckets = decision.policy;
    let policy = (&request.policyholder, request.market.as_str());
    POLICIES.save(storage, policy, &books.policy)?;
    POOL_BUCKET.save(storage, &decision.pool)?;
    POOL.save(storage, &books.pool)?;
    let answered = AnsweredShortfall {
        claim,
        deductible: decision.deductible,
    };
    let shortfall = (&request.policyholder, request.shortfall);
    Ok(SHORTFALLS.save(storage, shortfall, &answered)?)
}

fn status(decision: &Decision, held: Held) -> ClaimStatus {
    match decision.outcome {
        Outcome::Held => ClaimStatus::Held(held),
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
        came_back: None,
    };
    pool.losses = pool.losses.saturating_add(1);
    pool.assets = pool.assets.checked_sub(claim.granted)?;
    if !claim.pot.is_zero() {
        pool.pending = pool.pending.saturating_add(1);
        let mut reserves = RESERVES.load(storage)?;
        reserves.pots = reserves.pots.checked_add(claim.pot)?;
        RESERVES.save(storage, &reserves)?;
        OPEN_CLAIMS.save(storage, pool.losses, &())?;
    }
    STAKES.add_checkpoint(storage, pool.losses)?;
    LOSSES.save(storage, pool.losses, &loss)?;
    CLAIMS.save(storage, pool.losses, claim)?;
    Ok(pool.losses)
}

fn repeat(
    storage: &dyn Storage,
    policyholder: Addr,
    shortfall: u64,
    answered: &AnsweredShortfall,
) -> Result<Response, ContractError> {
    let response = as_answered(storage, answered)?;
    let event = ShortfallRepeated {
        policyholder,
        shortfall,
        claim: answered.claim,
    };
    Ok(Response::new()
        .add_event(event)
        .set_data(to_json_binary(&response)?))
}

fn event(
    request: &Request,
    response: &CoverResponse,
    reason: Option<CoverReason>,
    pool: &Pool,
) -> Result<Event, ContractError> {
    Ok(ShortfallAnswered {
        policyholder: request.policyholder.clone(),
        shortfall: request.shortfall,
        market: request.market.clone(),
        claim: response.claim,
        asked: request.amount,
        deductible: response.deductible,
        paid: response.paid,
        pending: response.pending,
        uncovered: response.uncovered,
        reason,
        price: request.price,
        total_assets: pool.assets,
        total_shares: pool.shares()?,
    }
    .into())
}
