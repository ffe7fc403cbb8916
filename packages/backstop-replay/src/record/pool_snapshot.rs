//! The pool at one moment, read from the contracts: what it is worth, what is
//! set aside, what waits to leave, and how full its limits are.

use backstop_core::limits::{AmountLimit, FractionLimit, PolicyLimits};
use backstop_types::Assets;
use backstop_types::vault::Bucket;
use backstop_vault::state::{CONFIG, POLICIES, POOL, POOL_BUCKET, RESERVES};
use cosmwasm_std::{StdResult, Timestamp, Uint256};

use crate::chain::Chain;

/// In base units, but for the parts.
#[derive(Debug, Clone, Copy, Default)]
pub struct PoolSnapshot {
    /// What the shares are worth together.
    pub assets: Assets,
    /// Assets per share.
    pub share_price: f64,
    /// Granted and not yet paid, declined or lapsed.
    pub pots: Assets,
    /// Came back on losses and not yet taken.
    pub recoveries: Assets,
    /// What the shares in unbonding tickets are worth.
    pub queued: Assets,
    /// What was paid to policyholders so far.
    pub paid: Assets,
    /// How much of the policy's limit is used, from 0 to 1.
    pub limit_used: f64,
    /// The same of its deductible: how much of it is worn down.
    pub deductible_used: f64,
    /// The same of its instant amount.
    pub instant_used: f64,
    /// The same of the pool's fraction.
    pub fraction_used: f64,
    /// Profit that deleveraging took so far.
    pub deleveraged: Assets,
    /// What of it came back so far.
    pub compensated: Assets,
}

impl PoolSnapshot {
    /// How things stand now.
    pub(crate) fn now(chain: &Chain) -> StdResult<Self> {
        let storage = chain.world.app.contract_storage(&chain.world.vault);
        let (pool, reserves) = (POOL.load(&*storage)?, RESERVES.load(&*storage)?);
        let share_price = chain.share_price()?;
        let mut snapshot = Self {
            assets: pool.assets,
            share_price,
            pots: reserves.pots,
            recoveries: reserves.recoveries,
            queued: Assets::new((pool.queued.u128() as f64 * share_price) as u128),
            paid: chain.tally.paid(),
            deleveraged: chain.tally.adl.taken,
            compensated: chain.tally.adl.compensated,
            ..Self::default()
        };
        let now = Timestamp::from_seconds(chain.now());
        let key = (&chain.world.perps, chain.world.market.as_str());
        if let Some(policy) = POLICIES.may_load(&*storage, key)? {
            let config = CONFIG.load(&*storage)?;
            let (window, buckets) = (config.window, policy.buckets);
            let limits = PolicyLimits::of(&policy.terms, window);
            let part = |limit: AmountLimit, bucket| used(limit.refill(bucket, now), limit.full());
            snapshot.limit_used = part(limits.cover, buckets.limit);
            snapshot.deductible_used = part(limits.deductible, buckets.deductible);
            snapshot.instant_used = part(limits.instant, buckets.instant);
            let fraction = config.params.pool_fraction;
            // Nothing is stored of a pool that has granted nothing.
            let granted = POOL_BUCKET.may_load(&*storage)?.unwrap_or_default();
            let rule = FractionLimit { fraction, window };
            snapshot.fraction_used = used(rule.refill(granted, now), rule.full());
        }
        Ok(snapshot)
    }
}

/// How full a bucket is; a bucket of nothing is empty.
fn used(bucket: Bucket, full: Uint256) -> f64 {
    if full.is_zero() {
        return 0.0;
    }
    (wide(bucket.used) / wide(full)).min(1.0)
}

/// As the nearest double, or the one beside it.
fn wide(value: Uint256) -> f64 {
    const BYTE: f64 = 256.0;
    let bytes = value.to_be_bytes();
    // The first byte that counts and fifteen more have more digits than a double.
    let start = bytes.iter().position(|byte| *byte > 0).unwrap_or(bytes.len());
    let (head, rest) = bytes[start..].split_at((bytes.len() - start).min(16));
    let head = head
        .iter()
        .fold(0_u128, |whole, byte| (whole << 8) | u128::from(*byte));
    rest.iter().fold(head as f64, |value, _| value * BYTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_number_is_the_double_that_its_digits_spell() {
        let mut value = Uint256::from(7_u8);
        for _ in 0..140 {
            value = value * Uint256::from(3_u8) + Uint256::from(11_u8);
            let spelt: f64 = value.to_string().parse().unwrap();
            assert!((wide(value) / spelt - 1.0).abs() < 1e-15, "{value}");
        }
        assert_eq!(wide(Uint256::zero()), 0.0);
    }

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
