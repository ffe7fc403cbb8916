//! What the vault stores. Keys that others read raw come from
//! `backstop_types::keys`; every key of the contract is in this file.

use backstop_core::cover::{PolicyBuckets, PoolFacts};
use backstop_core::{premium, shares};
use backstop_types::vault::{
    AnsweredShortfall, Bucket, Claim, Config, Loss, Pause, PolicyTerms, Pool, PremiumLedger, Reserves, Stake,
    Ticket,
};
use backstop_types::{Assets, Seconds, Shares, keys};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Storage, Timestamp, Uint256};
use cw_storage_plus::{Item, Map, SnapshotMap, Strategy};

use crate::error::ContractError;

/// What it is and how it is tuned.
pub const CONFIG: Item<Config> = Item::new("config");
/// Totals: hot, and small.
pub const POOL: Item<Pool> = Item::new(keys::POOL);
/// What grants have used of the pool's fraction, in 10⁻¹⁸, times W. Apart from
/// the totals, so that deposits and exits do not carry it.
pub const POOL_BUCKET: Item<Bucket> = Item::new("pool_bucket");
/// What is set aside beside the assets.
pub const RESERVES: Item<Reserves> = Item::new("reserves");
/// What the guardian has paused.
pub const PAUSES: Item<Pauses> = Item::new("pauses");
/// The pauses of payouts before the last one, by the nanosecond in which each began,
/// for the timelines of claims: the guardian adds one in 14 days at most.
pub const PAST_PAUSES: Map<u64, Pause> = Map::new("past_pauses");

/// Stakers' shares. The height of a snapshot is the number of losses so far,
/// with a checkpoint at each: a stake that changes after loss *n* stores its
/// old value once, and the stake at *n* is exact even within a block. Check
/// 1 ≤ *n* ≤ `Pool::losses` before reading one.
pub const STAKES: SnapshotMap<&Addr, Stake> = SnapshotMap::new(
    keys::STAKES,
    "stakes__checkpoints",
    "stakes__changelog",
    Strategy::Selected,
);
/// Tickets by staker and number.
pub const TICKETS: Map<(&Addr, u64), Ticket> = Map::new("tickets");

/// Policies by policyholder and market. Never removed, so that closing one and
/// adding it again refills no bucket.
pub const POLICIES: Map<(&Addr, &str), Policy> = Map::new(keys::POLICIES);
/// Claims by number.
pub const CLAIMS: Map<u64, Claim> = Map::new(keys::CLAIMS);
/// The numbers of the claims that are pending.
pub const OPEN_CLAIMS: Map<u64, ()> = Map::new("open_claims");
/// Shortfalls that were answered with something, by policyholder and its number
/// of them: at most one a claim, and one a shortfall that was borne as the
/// deductible. Never removed, so that none is granted twice.
pub const SHORTFALLS: Map<(&Addr, u64), AnsweredShortfall> = Map::new(keys::SHORTFALLS);
/// Losses by number, the same as their claims'.
pub const LOSSES: Map<u64, Loss> = Map::new("losses");
/// The limits of all active policies together. Two limits may not fit in 128 bits.
pub const LIMITS: Item<Uint256> = Item::new("limits");
/// What accounts may take by `WithdrawCredit`: refunds of premiums, and the
/// treasury's parts. Set aside, so that closing a policy pays nobody.
pub const CREDITS: Map<&Addr, Assets> = Map::new("credits");
/// What a staker has taken of what came back on a loss.
pub const TAKEN: Map<(&Addr, u64), Assets> = Map::new("taken");
/// The log of losses on which money came back, in the order in which it last
/// did: at most one entry a loss, so it grows with the losses and with nothing
/// else. A number that was used is never used again.
pub const CAME_BACK: Map<u64, u64> = Map::new("came_back");
/// The last entry of that log that a staker has looked at.
pub const LOOKED_AT: Map<&Addr, u64> = Map::new("looked_at");

/// How often the distributor could not be told of a staker's unbonding. Only
/// such a failure writes here: to remove what was mended, every deposit would
/// have to look.
pub const HOOK_FAILURES: Map<&Addr, u64> = Map::new(keys::HOOK_FAILURES);

/// The guardian's two pauses.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Pauses {
    /// New deposits.
    pub deposits: Pause,
    /// Payments to policyholders.
    pub payouts: Pause,
}

/// One policy.
#[cw_serde]
#[derive(Copy)]
pub struct Policy {
    /// The cover.
    pub terms: PolicyTerms,
    /// When it was granted last.
    #[serde(default)]
    pub since: Timestamp,
    /// When it was closed, if it was.
    pub closed_at: Option<Timestamp>,
    /// What of it is used.
    pub buckets: PolicyBuckets,
    /// What was paid for it.
    #[serde(default, skip_serializing_if = "PremiumLedger::is_unused")]
    pub premium: PremiumLedger,
}

impl Policy {
    /// Whether it covers now, as far as its premium goes.
    pub fn in_force(&self, now: Timestamp) -> bool {
        premium::in_force(&self.terms, &self.premium, now)
    }
}

/// The pool as a grant finds it, its bucket as stored.
pub fn pool_facts(config: &Config, pool: &Pool, bucket: Bucket) -> PoolFacts {
    PoolFacts {
        assets: pool.assets,
        bucket,
        fraction: config.params.pool_fraction,
        window: config.window,
    }
}

/// Unbonding period plus notice: how long a staker who disagrees with a change
/// has to leave, and part of a pending claim's latest date.
pub fn patience(config: &Config) -> Seconds {
    config
        .params
        .unbonding_period
        .saturating_add(config.params.notice)
}

/// The policy, or why it covers nothing.
pub fn load_active(
    storage: &dyn Storage,
    policyholder: &Addr,
    market: &str,
) -> Result<Policy, ContractError> {
    let policy = POLICIES
        .may_load(storage, (policyholder, market))?
        .ok_or_else(|| ContractError::not_found("policy", format!("of {policyholder} on {market}")))?;
    match policy.closed_at {
        None => Ok(policy),
        Some(closed_at) => Err(ContractError::PolicyClosed {
            policyholder: policyholder.clone(),
            market: market.to_string(),
            closed_at: closed_at.seconds(),
        }),
    }
}

/// A staker's part of a loss.
pub struct Part {
    /// Shares when it was booked, active and unbonding.
    pub stake: Shares,
    /// Of what came back so far.
    pub recovered: Assets,
    /// Taken so far.
    pub taken: Assets,
    /// What can be taken now.
    pub due: Assets,
}

/// What `staker` bore of a booked loss and what of it is due.
pub fn part(storage: &dyn Storage, staker: &Addr, number: u64, loss: &Loss) -> Result<Part, ContractError> {
    let stake: Stake = STAKES
        .may_load_at_height(storage, staker, number)?
        .unwrap_or_default();
    let stake = stake.total()?;
    let taken = TAKEN.may_load(storage, (staker, number))?.unwrap_or_default();
    let recovered = shares::due(loss.recovered()?, stake, loss.stake, Assets::ZERO)?;
    Ok(Part {
        stake,
        recovered,
        taken,
        due: recovered.saturating_sub(taken),
    })
}

/// A claim, or that there is none of this number.
pub fn load_claim(storage: &dyn Storage, number: u64) -> Result<Claim, ContractError> {
    CLAIMS
        .may_load(storage, number)?
        .ok_or_else(|| ContractError::not_found("claim", number))
}

/// A booked loss. An unbooked number would read today's stakes.
pub fn load_loss(storage: &dyn Storage, number: u64) -> Result<Loss, ContractError> {
    LOSSES
        .may_load(storage, number)?
        .ok_or_else(|| ContractError::not_found("loss", number))
}
