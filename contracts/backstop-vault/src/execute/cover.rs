//! Shortfalls. The handler stores nothing: it reads the market's record raw,
//! which no source can fail, and pokes the breaker by a sub-message with a gas
//! limit; the reply loads, decides, writes and pays. So a breaker that burns
//! gas, panics or is gone cannot take a claim down.

use backstop_core::cover::{Decision, Outcome, Permission, Shortfall, decide, held};
use backstop_types::breaker::{Action, MarketFacts, OracleBreaker, parse_poke_reply};
use backstop_types::events::vault::{ShortfallAnswered, ShortfallRepeated};
use backstop_types::vault::{
    AnsweredShortfall, Claim, ClaimStatus, CoverReason, CoverResponse, Held, Loss, Pool,
};
use backstop_types::{Assets, Price, input};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, CosmosMsg, DepsMut, Env, Event, MessageInfo, Reply, Response, StdResult, Storage, WasmMsg,
    from_json, to_json_binary,
};

use crate::answers::{as_answered, as_decided};
use crate::error::ContractError;
use crate::state::{
    CLAIMS, CONFIG, LOSSES, PAUSES, POLICIES, POOL, POOL_BUCKET, RESERVES, SHORTFALLS, load_active,
    pool_facts,
};

/// Replies to the poke for a shortfall, with a [`Request`] as payload.
pub const REPLY_ID: u64 = 1;

/// A shortfall on its way through the breaker.
#[cw_serde]
pub struct Request {
    /// Who asks.
    pub policyholder: Addr,
    /// Its number of it.
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
    if amount.is_zero() {
        return Err(input::InputError::bounds("amount", amount, "at least 1").into());
    }
    load_active(deps.storage, &info.sender, &market)?;
    let params = CONFIG.load(deps.storage)?.params;

    let breaker = OracleBreaker(params.breaker);
    let market_before = breaker.record(&deps.querier, &market).ok().flatten();
    let poke = breaker.poke_submsg(&market, Action::Payout, params.poke_gas, REPLY_ID)?;
    let request = Request {
        policyholder: info.sender,
        shortfall,
        market,
        amount,
        price,
        market_before,
    };
    Ok(Response::new().add_submessage(poke.with_payload(to_json_binary(&request)?)))
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
    let key = (&request.policyholder, request.shortfall);
    if let Some(answered) = SHORTFALLS.may_load(deps.storage, key)? {
        // Sent once more while the breaker was asked.
        return repeat(deps.storage, request.policyholder, request.shortfall, &answered);
    }
    let config = CONFIG.load(deps.storage)?;
    let mut pool = POOL.load(deps.storage)?;
    let mut policy = POLICIES.load(deps.storage, (&request.policyholder, &request.market))?;
    let payouts = PAUSES.load(deps.storage)?.payouts;
    let poked = parse_poke_reply(reply);

    let decision = decide(&Shortfall {
        amount: request.amount,
        price: request.price,
        terms: &policy.terms,
        buckets: &policy.buckets,
        pool: pool_facts(&config, &pool, POOL_BUCKET.load(deps.storage)?),
        permission: Permission::of(poked.as_ref()),
        payouts_paused: payouts.active(env.block.time),
        now: env.block.time,
    })?;

    let claim = match decision.outcome {
        Outcome::Nothing => None,
        _ => {
            let paused_before = payouts.total(env.block.time);
            let breaker = config.params.breaker.clone();
            let held = held(breaker, request.market_before.as_ref(), poked.as_ref());
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
                paused_before,
                assets_before: pool.assets,
                pool_refilled: decision.pool.refilled,
                deductible_refilled: decision.policy.deductible.refilled,
                status: status(&decision, held),
            };
            Some(book(deps.storage, &mut pool, &record)?)
        }
    };
    if claim.is_some() || !decision.deductible.is_zero() {
        policy.buckets = decision.policy;
        POLICIES.save(deps.storage, (&request.policyholder, &request.market), &policy)?;
        POOL_BUCKET.save(deps.storage, &decision.pool)?;
        POOL.save(deps.storage, &pool)?;
        let answered = AnsweredShortfall {
            claim,
            deductible: decision.deductible,
        };
        SHORTFALLS.save(deps.storage, key, &answered)?;
    }
    let payment = (!decision.paid.is_zero())
        .then(|| config.asset.send(&request.policyholder, decision.paid.0))
        .transpose()?;
    let proof = poked.is_none().then(|| depth_proof(&env)).transpose()?;
    let response = as_decided(claim, &decision);
    Ok(Response::new()
        .add_messages(proof)
        .add_messages(payment)
        .add_event(event(&request, &response, decision.reason, &pool)?)
        .set_data(to_json_binary(&response)?))
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
