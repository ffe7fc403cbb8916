//! Before the breaker is asked: the deductible comes off first, then the policy's
//! and the pool's buckets say how much can be granted.

use backstop_types::vault::{Bucket, CoverReason, PolicyTerms};
use backstop_types::{Assets, Seconds};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Timestamp};

use crate::limits::{FractionLimit, PolicyLimits};
use crate::math::MathError;

/// A policy's three buckets.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct PolicyBuckets {
    /// Grants against the limit.
    pub limit: Bucket,
    /// Shortfalls borne against the deductible.
    pub deductible: Bucket,
    /// Payments at once against the instant amount.
    pub instant: Bucket,
}

impl PolicyBuckets {
    /// All three at `now`, under the terms that were in force until now. Do
    /// this before the terms change, and [`Self::retain`] afterwards.
    pub fn refill(&self, terms: &PolicyTerms, window: Seconds, now: Timestamp) -> Self {
        let limits = PolicyLimits::of(terms, window);
        Self {
            limit: limits.cover.refill(self.limit, now),
            deductible: limits.deductible.refill(self.deductible, now),
            instant: limits.instant.refill(self.instant, now),
        }
    }

    /// The buckets under new terms: of the deductible no more is worn down
    /// than there is, so that a lowered one is borne again in the next window.
    /// Limit and instant amount keep all that is used: lowering one and raising
    /// it again must not empty its bucket.
    pub fn retain(&self, terms: &PolicyTerms, window: Seconds) -> Self {
        let limits = PolicyLimits::of(terms, window);
        Self {
            deductible: limits.deductible.cap(self.deductible),
            ..*self
        }
    }
}

/// The pool as a grant finds it.
#[derive(Debug, Clone, Copy)]
pub struct PoolFacts {
    /// The assets A before the grant.
    pub assets: Assets,
    /// The pool's bucket.
    pub bucket: Bucket,
    /// The fraction F.
    pub fraction: Decimal,
    /// The window W.
    pub window: Seconds,
}

impl PoolFacts {
    /// The pool's limit.
    pub fn limit(&self) -> FractionLimit {
        FractionLimit {
            fraction: self.fraction,
            window: self.window,
        }
    }
}

/// How an amount is split before any verdict; the three sum to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Borne by the policyholder.
    pub deductible: Assets,
    /// What can be granted.
    pub grant: Assets,
    /// What cannot.
    pub uncovered: Assets,
    /// Why not: the limit that has least left, or the policy's minimum.
    pub reason: Option<CoverReason>,
    /// The other limit, where it has too little left, too.
    pub also: Option<CoverReason>,
}

/// Splits `amount` by deductible and limits, with buckets refilled to now. A
/// grant that would not reach the policy's minimum is none, and then nothing
/// is deducted either.
pub fn fill(
    amount: Assets,
    terms: &PolicyTerms,
    buckets: &PolicyBuckets,
    pool: &PoolFacts,
) -> Result<Fill, MathError> {
    let limits = PolicyLimits::of(terms, pool.window);
    let deductible = limits.deductible.room_up(buckets.deductible)?.min(amount);
    let rest = amount.saturating_sub(deductible);
    if rest.is_zero() {
        return Ok(Fill {
            deductible,
            grant: Assets::ZERO,
            uncovered: Assets::ZERO,
            reason: None,
            also: None,
        });
    }

    let policy_room = limits.cover.room(buckets.limit)?;
    let pool_room = pool.limit().room(pool.bucket, pool.assets)?;
    let grant = rest.min(policy_room).min(pool_room);
    let by_policy = (policy_room < rest).then_some(CoverReason::PolicyLimit);
    let by_pool = if pool_room >= rest {
        None
    } else if pool.limit().room(Bucket::default(), pool.assets)? < rest {
        Some(CoverReason::Assets)
    } else {
        Some(CoverReason::PoolLimit)
    };
    let (reason, also) = match by_policy {
        Some(_) if policy_room <= pool_room => (by_policy, by_pool),
        _ if by_pool.is_some() => (by_pool, by_policy),
        _ => (by_policy, None),
    };
    if grant < terms.minimum {
        // Of what is itself too little no limit is the reason: waiting does not help.
        let too_little = rest < terms.minimum;
        return Ok(Fill {
            deductible: Assets::ZERO,
            grant: Assets::ZERO,
            uncovered: amount,
            reason: if too_little {
                Some(CoverReason::BelowMinimum)
            } else {
                reason
            },
            also: also.filter(|_| !too_little),
        });
    }
    Ok(Fill {
        deductible,
        grant,
        uncovered: rest.saturating_sub(grant),
        reason,
        also,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Uint256;
    use proptest::prelude::*;

    const WINDOW: Seconds = Seconds(86_400);

    fn terms(limit: u128, deductible: u128, minimum: u128) -> PolicyTerms {
        PolicyTerms {
            limit: limit.into(),
            deductible: deductible.into(),
            instant: Assets::ZERO,
            minimum: minimum.into(),
            delay: Seconds::HOUR,
            priced: true,
            premium: None,
        }
    }

    fn pool(assets: u128) -> PoolFacts {
        PoolFacts {
            assets: assets.into(),
            bucket: Bucket::default(),
            fraction: Decimal::percent(50),
            window: WINDOW,
        }
    }

    fn filled(amount: u128, terms: PolicyTerms, assets: u128) -> (u128, u128, u128, Option<CoverReason>) {
        let fill = fill(amount.into(), &terms, &PolicyBuckets::default(), &pool(assets)).unwrap();
        (
            fill.deductible.u128(),
            fill.grant.u128(),
            fill.uncovered.u128(),
            fill.reason,
        )
    }

    /// Each of the three used in part.
    fn used(part: u128) -> PolicyBuckets {
        let bucket = |used: u128| Bucket {
            used: Uint256::from(used) * Uint256::from(WINDOW.nanos().0),
            ..Bucket::default()
        };
        PolicyBuckets {
            limit: bucket(part),
            deductible: bucket(part + 1),
            instant: bucket(part + 2),
        }
    }

    #[test]
    fn each_bucket_refills_by_its_own_limit() {
        let mut terms = terms(86_400, 2 * 86_400, 1);
        terms.instant = (3 * 86_400).into();
        let now = Timestamp::from_seconds(10);
        let refilled = used(100).refill(&terms, WINDOW, now);
        let left = |bucket: Bucket| bucket.used / Uint256::from(WINDOW.nanos().0);
        assert_eq!(left(refilled.limit), Uint256::from(90_u128));
        assert_eq!(left(refilled.deductible), Uint256::from(81_u128));
        assert_eq!(left(refilled.instant), Uint256::from(72_u128));
    }

    #[test]
    fn a_lowered_deductible_is_worn_down_by_no_more_than_it_is_and_the_rest_is_kept() {
        let before = used(100);
        let after = before.retain(&terms(1, 50, 1), WINDOW);
        let full = Uint256::from(50_u128) * Uint256::from(WINDOW.nanos().0);
        assert_eq!(after.deductible.used, full);
        assert_eq!((after.limit, after.instant), (before.limit, before.instant));
        assert_eq!(before.retain(&terms(1, 101, 1), WINDOW), before);
    }

    #[test]
    fn the_deductible_comes_off_before_the_limits() {
        assert_eq!(
            filled(700, terms(500, 100, 1), 2_000),
            (100, 500, 100, Some(CoverReason::PolicyLimit))
        );
        assert_eq!(
            filled(700, terms(900, 100, 1), 1_000),
            (100, 500, 100, Some(CoverReason::Assets))
        );
        assert_eq!(filled(600, terms(500, 100, 1), 2_000), (100, 500, 0, None));
        assert_eq!(filled(60, terms(500, 100, 1), 2_000), (60, 0, 0, None));
    }

    #[test]
    fn what_the_pools_fraction_could_hold_at_its_fullest_is_told_from_what_it_never_can() {
        let mut pool = PoolFacts {
            assets: 1_000.into(),
            bucket: Bucket::default(),
            fraction: Decimal::percent(50),
            window: WINDOW,
        };
        pool.bucket = pool.limit().take(pool.bucket, 1.into(), pool.assets).unwrap();
        let reason = |amount: u128| {
            let buckets = PolicyBuckets::default();
            fill(amount.into(), &terms(5_000, 0, 1), &buckets, &pool)
                .unwrap()
                .reason
        };
        assert_eq!(reason(499), None);
        assert_eq!(reason(500), Some(CoverReason::PoolLimit));
        assert_eq!(reason(501), Some(CoverReason::Assets));
    }

    #[test]
    fn a_grant_below_the_minimum_is_none_and_deducts_nothing() {
        assert_eq!(
            filled(120, terms(500, 100, 50), 2_000),
            (0, 0, 120, Some(CoverReason::BelowMinimum))
        );
        assert_eq!(filled(150, terms(500, 100, 50), 2_000), (100, 50, 0, None));
        assert_eq!(
            filled(150, terms(500, 100, 50), 2),
            (0, 0, 150, Some(CoverReason::Assets))
        );
        assert_eq!(
            filled(5, terms(500, 0, 1), 0),
            (0, 0, 5, Some(CoverReason::Assets))
        );
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_amount(
            amount in 1u128.., limit in 1u128.., deductible: u128, minimum in 1u128.., assets: u128,
        ) {
            let (deductible, grant, uncovered, reason) = filled(amount, terms(limit, deductible, minimum), assets);
            prop_assert_eq!(deductible + grant + uncovered, amount);
            prop_assert_eq!(uncovered > 0, reason.is_some());
            prop_assert!(grant == 0 || grant >= minimum);
            prop_assert!(grant <= assets / 2 && grant <= limit);
        }

        #[test]
        fn the_deductible_is_borne_once_however_a_shortfall_is_split(
            parts in prop::collection::vec(1u64..=300, 1..20), deductible in 0u128..=1_000,
        ) {
            let terms = terms(u128::MAX >> 1, deductible, 1);
            let bears = PolicyLimits::of(&terms, WINDOW).deductible;
            let whole: u64 = parts.iter().sum();
            let mut buckets = PolicyBuckets::default();
            let mut borne = 0;
            for part in parts {
                let fill = fill(Assets::new(part.into()), &terms, &buckets, &pool(u128::MAX >> 1)).unwrap();
                buckets.deductible = bears.take(buckets.deductible, fill.deductible).unwrap();
                borne += fill.deductible.u128();
            }
            prop_assert_eq!(borne, deductible.min(whole.into()));
        }
    }
}
