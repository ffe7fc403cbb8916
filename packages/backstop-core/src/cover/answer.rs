//! The last step: the breaker's verdict and the price decide whether what can
//! be granted is paid, delayed, held, or not covered.

use backstop_types::breaker::{Band, VerdictFacts};
use backstop_types::vault::{Bucket, CoverReason, PolicyTerms};
use backstop_types::{Assets, Price};
use cosmwasm_std::Timestamp;

use super::limits_and_deductible::{Fill, PolicyBuckets, PoolFacts, fill};
use crate::limits::PolicyLimits;
use crate::math::MathError;

/// What the breaker said about payouts when it was poked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// They may go on, at prices in the band.
    Allowed(Band),
    /// They may not.
    Denied,
    /// It gave no readable answer: they may not.
    Unanswered,
}

impl Permission {
    /// What an answer means here. An allowance without a band supports no price.
    pub fn of(answer: Option<&VerdictFacts>) -> Self {
        match answer {
            None => Self::Unanswered,
            Some(VerdictFacts {
                allowed: true,
                band: Some(band),
                ..
            }) => Self::Allowed(*band),
            Some(_) => Self::Denied,
        }
    }
}

/// What becomes of the grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is granted, and no claim is opened.
    Nothing,
    /// All of it is paid now.
    Paid,
    /// What is not paid now waits for the policy's delay.
    Delayed,
    /// All of it waits for the breaker.
    Held,
}

/// The whole answer, and the buckets after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Borne by the policyholder.
    pub deductible: Assets,
    /// Paid now.
    pub paid: Assets,
    /// Granted and waiting.
    pub pending: Assets,
    /// Not covered.
    pub uncovered: Assets,
    /// Why something is uncovered.
    pub bound: Option<CoverReason>,
    /// The other limit that leaves something uncovered.
    pub also: Option<CoverReason>,
    /// Why something is pending.
    pub waits: Option<CoverReason>,
    /// What becomes of the grant.
    pub outcome: Outcome,
    /// The policy's buckets afterwards.
    pub policy: PolicyBuckets,
    /// The pool's bucket afterwards.
    pub pool: Bucket,
}

impl Decision {
    /// What leaves the assets.
    pub fn granted(&self) -> Result<Assets, MathError> {
        Ok(self.paid.checked_add(self.pending)?)
    }

    /// The one reason that is answered: why it is held, else why something is
    /// uncovered, else why something is pending. Of the pool's fraction it does
    /// not say whether it could ever be enough.
    pub fn reason(&self) -> Option<CoverReason> {
        let reason = match self.outcome {
            Outcome::Held => self.waits,
            _ => self.bound.or(self.waits),
        };
        match reason {
            Some(CoverReason::Assets) => Some(CoverReason::PoolLimit),
            other => other,
        }
    }

    /// All that keeps a part of the amount from being paid now: what leaves some of
    /// it uncovered, then what makes some wait, then the deductible.
    pub fn binds(&self) -> Vec<CoverReason> {
        let borne = (!self.deductible.is_zero()).then_some(CoverReason::Deductible);
        let bound = self.bound.into_iter().chain(self.also);
        bound.chain(self.waits).chain(borne).collect()
    }
}

/// How the permission turns a grant into money, before the buckets are touched.
struct Judged {
    paid: Assets,
    outcome: Outcome,
    reason: Option<CoverReason>,
}

/// A shortfall and all that its answer depends on.
#[derive(Debug, Clone, Copy)]
pub struct Shortfall<'a> {
    /// What is missing.
    pub amount: Assets,
    /// The price that the policyholder names.
    pub price: Option<Price>,
    /// Its policy.
    pub terms: &'a PolicyTerms,
    /// The policy's buckets as stored.
    pub buckets: &'a PolicyBuckets,
    /// The pool, its bucket as stored.
    pub pool: PoolFacts,
    /// What the breaker said.
    pub permission: Permission,
    /// Whether the guardian has paused payouts.
    pub payouts_paused: bool,
    /// The block's time.
    pub now: Timestamp,
}

impl Shortfall<'_> {
    /// The buckets at `at`, and how limits and deductible split the amount then.
    pub(super) fn filled(&self, at: Timestamp) -> Result<(PolicyBuckets, PoolFacts, Fill), MathError> {
        let mut pool = self.pool;
        let policy = self.buckets.refill(self.terms, pool.window, at);
        pool.bucket = pool.limit().refill(pool.bucket, at);
        let fill = fill(self.amount, self.terms, &policy, &pool)?;
        Ok((policy, pool, fill))
    }

    /// Whether the grant does not fail by its price: none is asked for, or one is
    /// named, and no band of a verdict that allows leaves it out.
    pub(super) fn price_stands(&self) -> bool {
        let stands = |price| !matches!(self.permission, Permission::Allowed(band) if !band.contains(price));
        !self.terms.priced || self.price.is_some_and(stands)
    }
}

/// Answers a shortfall.
///
/// A claim that ends in nothing touches no bucket. One that lies wholly in the
/// deductible grants nothing and wears it down, also while the breaker denies:
/// the deductible is borne once however a shortfall is split.
pub fn decide(shortfall: &Shortfall) -> Result<Decision, MathError> {
    let Shortfall {
        amount,
        price,
        terms,
        permission,
        payouts_paused,
        now,
        ..
    } = *shortfall;
    let (mut policy, mut pool, fill) = shortfall.filled(now)?;
    if fill.uncovered == amount {
        let also = fill.also;
        return Ok(Decision {
            also,
            ..nothing(amount, fill.reason, policy, pool.bucket)
        });
    }
    let limits = PolicyLimits::of(terms, pool.window);
    let judged = match judge(
        &fill,
        price,
        terms,
        permission,
        payouts_paused,
        limits.instant.room(policy.instant)?,
    ) {
        Ok(judged) => judged,
        Err(reason) => return Ok(nothing(amount, Some(reason), policy, pool.bucket)),
    };

    policy.deductible = limits.deductible.take(policy.deductible, fill.deductible)?;
    if !fill.grant.is_zero() {
        policy.limit = limits.cover.take(policy.limit, fill.grant)?;
        policy.instant = limits.instant.take(policy.instant, judged.paid)?;
        pool.bucket = pool.limit().take(pool.bucket, fill.grant, pool.assets)?;
    }
    Ok(Decision {
        deductible: fill.deductible,
        paid: judged.paid,
        pending: fill.grant.checked_sub(judged.paid)?,
        uncovered: fill.uncovered,
        bound: fill.reason,
        also: fill.also,
        waits: judged.reason,
        outcome: if fill.grant.is_zero() {
            Outcome::Nothing
        } else {
            judged.outcome
        },
        policy,
        pool: pool.bucket,
    })
}

fn nothing(amount: Assets, bound: Option<CoverReason>, policy: PolicyBuckets, pool: Bucket) -> Decision {
    Decision {
        deductible: Assets::ZERO,
        paid: Assets::ZERO,
        pending: Assets::ZERO,
        uncovered: amount,
        bound,
        also: None,
        waits: None,
        outcome: Outcome::Nothing,
        policy,
        pool,
    }
}

/// Errors with the reason where the claim ends in nothing.
fn judge(
    fill: &Fill,
    price: Option<Price>,
    terms: &PolicyTerms,
    permission: Permission,
    payouts_paused: bool,
    instant_room: Assets,
) -> Result<Judged, CoverReason> {
    let waits = |outcome, reason| {
        // A claim of nothing but its deductible waits for nothing.
        let reason = (!fill.grant.is_zero()).then_some(reason);
        Ok(Judged {
            paid: Assets::ZERO,
            outcome,
            reason,
        })
    };
    if !terms.priced {
        return waits(Outcome::Delayed, CoverReason::Unpriced);
    }
    let price = price.ok_or(CoverReason::PriceMissing)?;
    let band = match permission {
        Permission::Allowed(band) => band,
        Permission::Denied => return waits(Outcome::Held, CoverReason::BreakerDenied),
        Permission::Unanswered => return waits(Outcome::Held, CoverReason::BreakerUnavailable),
    };
    if !band.contains(price) {
        return Err(CoverReason::PriceOutsideBand);
    }
    if payouts_paused {
        return waits(Outcome::Delayed, CoverReason::PayoutsPaused);
    }
    let paid = fill.grant.min(instant_room);
    if paid < fill.grant {
        return Ok(Judged {
            paid,
            outcome: Outcome::Delayed,
            reason: Some(CoverReason::InstantLimit),
        });
    }
    Ok(Judged {
        paid,
        outcome: Outcome::Paid,
        reason: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Seconds;
    use cosmwasm_std::{Decimal, Uint256};
    use proptest::prelude::*;

    fn price(cents: u64) -> Price {
        Price(Decimal::percent(cents))
    }

    fn band() -> Band {
        Band {
            low: price(390),
            high: price(410),
        }
    }

    /// A policy of 500 a window with a deductible of 100 and 200 at once.
    fn terms() -> PolicyTerms {
        PolicyTerms {
            limit: 500.into(),
            deductible: 100.into(),
            instant: 200.into(),
            minimum: 10.into(),
            delay: Seconds::HOUR,
            priced: true,
            premium: None,
        }
    }

    fn pool() -> PoolFacts {
        PoolFacts {
            assets: 10_000.into(),
            bucket: Bucket::default(),
            fraction: Decimal::percent(10),
            window: Seconds::DAY,
        }
    }

    fn answer(
        amount: u128,
        price: Option<Price>,
        terms: PolicyTerms,
        permission: Permission,
        payouts_paused: bool,
    ) -> Decision {
        let now = Timestamp::from_seconds(1);
        decide(&Shortfall {
            amount: amount.into(),
            price,
            terms: &terms,
            buckets: &PolicyBuckets::default(),
            pool: pool(),
            permission,
            payouts_paused,
            now,
        })
        .unwrap()
    }

    fn parts(decision: &Decision) -> [u128; 4] {
        [
            decision.deductible,
            decision.paid,
            decision.pending,
            decision.uncovered,
        ]
        .map(Assets::u128)
    }

    #[test]
    fn an_allowed_claim_in_the_band_is_paid_as_far_as_the_instant_bucket_reaches() {
        let small = answer(250, Some(price(400)), terms(), Permission::Allowed(band()), false);
        assert_eq!(
            (parts(&small), small.outcome, small.reason()),
            ([100, 150, 0, 0], Outcome::Paid, None)
        );

        let large = answer(450, Some(price(390)), terms(), Permission::Allowed(band()), false);
        assert_eq!(parts(&large), [100, 200, 150, 0]);
        assert_eq!(
            (large.outcome, large.reason()),
            (Outcome::Delayed, Some(CoverReason::InstantLimit))
        );

        let excess = answer(900, Some(price(410)), terms(), Permission::Allowed(band()), false);
        assert_eq!(parts(&excess), [100, 200, 300, 300]);
        assert_eq!(excess.reason(), Some(CoverReason::PolicyLimit));
    }

    #[test]
    fn a_claim_outside_the_band_or_without_its_price_gets_nothing_and_touches_no_bucket() {
        for (price, reason) in [
            (Some(price(389)), CoverReason::PriceOutsideBand),
            (Some(price(411)), CoverReason::PriceOutsideBand),
            (None, CoverReason::PriceMissing),
        ] {
            let refused = answer(250, price, terms(), Permission::Allowed(band()), false);
            assert_eq!(
                (parts(&refused), refused.reason()),
                ([0, 0, 0, 250], Some(reason))
            );
            assert_eq!(refused.outcome, Outcome::Nothing);
            let untouched =
                PolicyBuckets::default().refill(&terms(), Seconds::DAY, Timestamp::from_seconds(1));
            assert_eq!(refused.policy, untouched);
        }
    }

    #[test]
    fn a_grant_uses_the_policys_buckets_and_the_pools() {
        let used = |decision: &Decision| {
            let of = |bucket: Bucket| bucket.used / Seconds::DAY.nanos().wide();
            let PolicyBuckets {
                limit,
                deductible,
                instant,
            } = decision.policy;
            [of(limit), of(deductible), of(instant)].map(|wide| wide.to_string())
        };
        let granted = answer(450, Some(price(400)), terms(), Permission::Allowed(band()), false);
        assert_eq!(used(&granted), ["350", "100", "200"]);
        assert!(granted.pool.used > Uint256::zero());
        let borne = answer(60, Some(price(400)), terms(), Permission::Allowed(band()), false);
        assert_eq!(used(&borne), ["0", "60", "0"]);
        assert!(borne.pool.used.is_zero());
    }

    #[test]
    fn a_denied_claim_is_held_whole() {
        for (verdict, reason) in [
            (Permission::Denied, CoverReason::BreakerDenied),
            (Permission::Unanswered, CoverReason::BreakerUnavailable),
        ] {
            let held = answer(900, Some(price(400)), terms(), verdict, false);
            assert_eq!(
                (parts(&held), held.outcome, held.reason()),
                ([100, 0, 500, 300], Outcome::Held, Some(reason))
            );
        }
    }

    #[test]
    fn under_a_hold_or_without_prices_nothing_is_instant() {
        let paused = answer(250, Some(price(400)), terms(), Permission::Allowed(band()), true);
        assert_eq!(
            (parts(&paused), paused.outcome),
            ([100, 0, 150, 0], Outcome::Delayed)
        );

        let unpriced = PolicyTerms {
            priced: false,
            ..terms()
        };
        for verdict in [
            Permission::Allowed(band()),
            Permission::Denied,
            Permission::Unanswered,
        ] {
            let delayed = answer(250, None, unpriced, verdict, false);
            assert_eq!(
                (parts(&delayed), delayed.outcome),
                ([100, 0, 150, 0], Outcome::Delayed)
            );
        }
    }

    #[test]
    fn a_shortfall_in_the_deductible_wears_it_down_unless_its_price_is_wrong() {
        for verdict in [
            Permission::Allowed(band()),
            Permission::Denied,
            Permission::Unanswered,
        ] {
            let borne = answer(60, Some(price(400)), terms(), verdict, false);
            assert_eq!((parts(&borne), borne.outcome), ([60, 0, 0, 0], Outcome::Nothing));
            assert_eq!(
                borne.policy.deductible.used.to_string(),
                (60 * u128::from(Seconds::DAY.nanos().u64())).to_string()
            );
        }
        let mispriced = answer(60, Some(price(389)), terms(), Permission::Allowed(band()), false);
        assert_eq!(parts(&mispriced), [0, 0, 0, 60]);
        assert!(mispriced.policy.deductible.used.is_zero());
    }

    fn verdicts() -> impl Strategy<Value = Permission> {
        prop_oneof![
            Just(Permission::Allowed(band())),
            Just(Permission::Denied),
            Just(Permission::Unanswered)
        ]
    }

    proptest! {
        #[test]
        fn the_answer_sums_to_the_amount_and_no_denied_or_mispriced_claim_is_paid(
            amount in 1u128.., cents in prop::option::of(300u64..500), priced: bool, paused: bool, verdict in verdicts(),
        ) {
            let decision = answer(amount, cents.map(price), PolicyTerms { priced, ..terms() }, verdict, paused);
            prop_assert_eq!(parts(&decision).iter().sum::<u128>(), amount);
            if decision.paid > Assets::ZERO {
                prop_assert!(matches!(verdict, Permission::Allowed(band) if band.contains(price(cents.unwrap()))));
                prop_assert!(priced && !paused && decision.paid <= Assets::new(200));
            }
            let unpaid = decision.pending > Assets::ZERO || decision.uncovered > Assets::ZERO;
            prop_assert_eq!(unpaid, decision.reason().is_some());
            prop_assert_eq!(decision.granted().unwrap().is_zero(), decision.outcome == Outcome::Nothing);
        }
    }
}
