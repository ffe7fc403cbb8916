//! The pool at one moment, read from the contracts: what it is worth, what is
//! set aside, what waits to leave, and how full its limits are.

use backstop_core::limits::{AmountLimit, FractionLimit, PolicyLimits};
use backstop_types::vault::Bucket;
use backstop_vault::state::{CONFIG, POLICIES, POOL, POOL_BUCKET, RESERVES};
use cosmwasm_std::{Timestamp, Uint256};

use super::chain::Chain;

/// In base units, but for the parts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Levels {
    /// What the shares are worth together.
    pub assets: u128,
    /// Assets per share.
    pub share_price: f64,
    /// Granted and not yet paid, declined or lapsed.
    pub pots: u128,
    /// Came back on losses and not yet taken.
    pub recoveries: u128,
    /// What the shares in unbonding tickets are worth.
    pub queued: u128,
    /// What was paid to policyholders so far.
    pub paid: u128,
    /// How much of the policy's limit is used, from 0 to 1.
    pub limit_used: f64,
    /// The same of its deductible: how much of it is worn down.
    pub deductible_used: f64,
    /// The same of its instant amount.
    pub instant_used: f64,
    /// The same of the pool's fraction.
    pub fraction_used: f64,
    /// Profit that deleveraging took so far.
    pub deleveraged: u128,
    /// What of it came back so far.
    pub compensated: u128,
}

impl Levels {
    /// How things stand now. What cannot be read stays at zero.
    pub fn now(chain: &Chain) -> Self {
        let mut levels = Self {
            share_price: chain.share_price(),
            deleveraged: chain.tally.adl.taken,
            compensated: chain.tally.adl.compensated,
            paid: chain.tally.paid(),
            ..Self::default()
        };
        let storage = chain.world.app.contract_storage(&chain.world.vault);
        if let (Ok(pool), Ok(reserves)) = (POOL.load(&*storage), RESERVES.load(&*storage)) {
            levels.assets = pool.assets.u128();
            levels.pots = reserves.pots.u128();
            levels.recoveries = reserves.recoveries.u128();
            levels.queued = (pool.queued.u128() as f64 * levels.share_price) as u128;
        }
        let now = Timestamp::from_seconds(chain.now());
        let key = (&chain.world.perps, chain.world.market.as_str());
        let policy = POLICIES.may_load(&*storage, key).ok().flatten();
        if let (Ok(config), Some(policy)) = (CONFIG.load(&*storage), policy) {
            let (window, buckets) = (config.window, policy.buckets);
            let limits = PolicyLimits::of(&policy.terms, window);
            let part = |limit: AmountLimit, bucket| used(limit.refill(bucket, now), limit.full());
            levels.limit_used = part(limits.cover, buckets.limit);
            levels.deductible_used = part(limits.deductible, buckets.deductible);
            levels.instant_used = part(limits.instant, buckets.instant);
            let fraction = config.params.pool_fraction;
            let granted = POOL_BUCKET.load(&*storage).unwrap_or_default();
            let rule = FractionLimit { fraction, window };
            levels.fraction_used = used(rule.refill(granted, now), rule.full());
        }
        levels
    }
}

/// How full a bucket is; a bucket of nothing is empty.
fn used(bucket: Bucket, full: Uint256) -> f64 {
    if full.is_zero() {
        return 0.0;
    }
    let number = |value: Uint256| value.to_string().parse::<f64>().unwrap_or_default();
    (number(bucket.used) / number(full)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_as_full_as_what_is_used_of_it() {
        let bucket = |used: u64| Bucket {
            used: used.into(),
            ..Bucket::default()
        };
        assert_eq!(used(bucket(30), 40_u64.into()), 0.75);
        assert_eq!(used(bucket(50), 40_u64.into()), 1.0);
        assert_eq!(used(bucket(0), Uint256::zero()), 0.0);
    }
}
