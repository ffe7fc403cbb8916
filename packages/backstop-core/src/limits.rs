//! Limits as buckets that refill continuously over the vault's window W, so
//! that splitting an event or waiting for a boundary gains nothing: grants over
//! any time *t* stay within limit × (1 + *t*/W). The used part is kept times W,
//! and W and *t* are nanoseconds, so that nothing is ever lost to rounding and
//! a block's time may be any.

use backstop_types::vault::{Bucket, PolicyTerms};
use backstop_types::{Assets, Nanos, Seconds};
use cosmwasm_std::{Decimal, Timestamp, Uint256};

use crate::math::{MathError, mul_div_ceil, mul_div_floor, narrow, narrow_or_max};

/// One, with 18 decimals.
const ONE: u128 = 1_000_000_000_000_000_000;

/// `u' = max(0, u − rate·Δt)`: the bucket at `now`. A clock that stands still
/// or runs back refills nothing.
fn refill(bucket: Bucket, rate: Uint256, now: Timestamp) -> Bucket {
    let elapsed = Nanos::between(bucket.at, now).wide();
    let refilled = rate.saturating_mul(elapsed);
    Bucket {
        used: bucket.used.saturating_sub(refilled),
        refilled: bucket.refilled.saturating_add(refilled),
        at: now.max(bucket.at),
    }
}

/// Takes back out of a refilled bucket what is left of a claim of `part` (times
/// W) that was taken when [`Bucket::refilled`] was `since`. Counting all the
/// refill since then against this claim keeps the bound for the others.
fn restore(bucket: Bucket, part: Uint256, since: Uint256) -> Bucket {
    let left = part.saturating_sub(bucket.refilled.saturating_sub(since));
    Bucket {
        used: bucket.used.saturating_sub(left),
        ..bucket
    }
}

/// At most `limit` assets in a window.
#[derive(Debug, Clone, Copy)]
pub struct AmountLimit {
    /// L, in base units.
    pub limit: Assets,
    /// W.
    pub window: Seconds,
}

impl AmountLimit {
    /// The bucket at `now`: `u' = max(0, u − L·Δt)`.
    pub fn refill(&self, bucket: Bucket, now: Timestamp) -> Bucket {
        refill(bucket, self.limit.wide(), now)
    }

    /// L·W: the bucket when nothing is left.
    pub fn full(&self) -> Uint256 {
        self.limit.wide().saturating_mul(self.window.nanos().wide())
    }

    /// L·W − u'.
    fn left(&self, bucket: Bucket) -> Uint256 {
        self.full().saturating_sub(bucket.used)
    }

    /// What a refilled bucket has left, rounded down: `⌊(L·W − u')/W⌋`.
    pub fn room(&self, bucket: Bucket) -> Result<Assets, MathError> {
        let room = mul_div_floor(self.left(bucket), Uint256::one(), self.window.nanos().wide())?;
        Ok(Assets(narrow(room)?))
    }

    /// The same rounded up, for what is owed to the vault: a deductible.
    pub fn room_up(&self, bucket: Bucket) -> Result<Assets, MathError> {
        let room = mul_div_ceil(self.left(bucket), Uint256::one(), self.window.nanos().wide())?;
        Ok(Assets(narrow(room)?))
    }

    /// The bucket with `amount` more used: `u = u' + g·W`.
    pub fn take(&self, bucket: Bucket, amount: Assets) -> Result<Bucket, MathError> {
        let used = bucket
            .used
            .checked_add(amount.wide().checked_mul(self.window.nanos().wide())?)?;
        Ok(Bucket { used, ..bucket })
    }

    /// A refilled bucket without what is left of an `amount` that was taken
    /// when [`Bucket::refilled`] was `since`.
    pub fn restore(&self, bucket: Bucket, amount: Assets, since: Uint256) -> Result<Bucket, MathError> {
        let part = amount.wide().checked_mul(self.window.nanos().wide())?;
        Ok(restore(bucket, part, since))
    }

    /// The bucket with no more used than this limit allows.
    pub fn cap(&self, bucket: Bucket) -> Bucket {
        Bucket {
            used: bucket.used.min(self.full()),
            ..bucket
        }
    }
}

/// The limits of a policy's terms, each over the window W.
#[derive(Debug, Clone, Copy)]
pub struct PolicyLimits {
    /// What may be granted.
    pub cover: AmountLimit,
    /// What the policyholder bears first.
    pub deductible: AmountLimit,
    /// What may be paid at once.
    pub instant: AmountLimit,
}

impl PolicyLimits {
    /// Of these terms.
    pub fn of(terms: &PolicyTerms, window: Seconds) -> Self {
        let over = |limit| AmountLimit { limit, window };
        Self {
            cover: over(terms.limit),
            deductible: over(terms.deductible),
            instant: over(terms.instant),
        }
    }
}

/// At most the fraction F of the assets in a window, each grant measured by
/// the assets before it.
#[derive(Debug, Clone, Copy)]
pub struct FractionLimit {
    /// F, at most 0.9.
    pub fraction: Decimal,
    /// W.
    pub window: Seconds,
}

impl FractionLimit {
    /// F in 10⁻¹⁸.
    fn rate(&self) -> Uint256 {
        Uint256::from(self.fraction.atomics())
    }

    /// W·10¹⁸.
    fn scale(&self) -> Uint256 {
        self.window.nanos().wide().saturating_mul(Uint256::from(ONE))
    }

    /// F·W: the bucket when nothing is left.
    pub fn full(&self) -> Uint256 {
        self.rate().saturating_mul(self.window.nanos().wide())
    }

    /// The bucket at `now`: `u' = max(0, u − F·Δt)`.
    pub fn refill(&self, bucket: Bucket, now: Timestamp) -> Bucket {
        refill(bucket, self.rate(), now)
    }

    /// What a refilled bucket has left of `assets`, rounded down:
    /// `⌊A·(F·W − u')/(W·10¹⁸)⌋`.
    pub fn room(&self, bucket: Bucket, assets: Assets) -> Result<Assets, MathError> {
        let left = self.full().saturating_sub(bucket.used);
        Ok(Assets(narrow_or_max(mul_div_floor(
            assets.wide(),
            left,
            self.scale(),
        )?)))
    }

    /// What `amount` of `assets` uses, rounded up: `⌈g·10¹⁸·W/A⌉`.
    fn part(&self, amount: Assets, assets: Assets) -> Result<Uint256, MathError> {
        mul_div_ceil(amount.wide(), self.scale(), assets.wide())
    }

    /// The bucket with a grant of `amount` out of `assets` more used.
    pub fn take(&self, bucket: Bucket, amount: Assets, assets: Assets) -> Result<Bucket, MathError> {
        let used = bucket.used.checked_add(self.part(amount, assets)?)?;
        Ok(Bucket { used, ..bucket })
    }

    /// A refilled bucket without what is left of a grant of `amount` out of
    /// `assets` that was taken when [`Bucket::refilled`] was `since`.
    pub fn restore(
        &self,
        bucket: Bucket,
        amount: Assets,
        assets: Assets,
        since: Uint256,
    ) -> Result<Bucket, MathError> {
        // Rounded down, where the taking was rounded up: the pool keeps the
        // difference.
        let part = mul_div_floor(amount.wide(), self.scale(), assets.wide())?;
        Ok(restore(bucket, part, since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WINDOW: u64 = 86_400;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    /// Waits, and asks for amounts.
    fn asks() -> impl Strategy<Value = Vec<(u64, u64)>> {
        prop::collection::vec((0u64..=WINDOW, 1u64..=2_000), 1..40)
    }

    #[test]
    fn what_is_restored_is_free_again_less_what_refilled_since() {
        let rule = AmountLimit {
            limit: Assets::new(100),
            window: Seconds(WINDOW),
        };
        let taken = rule
            .take(rule.refill(Bucket::default(), at(WINDOW)), Assets::new(80))
            .unwrap();
        let half = rule.refill(taken, at(WINDOW + WINDOW / 2));
        assert_eq!(rule.room(half).unwrap(), Assets::new(70));
        // Of 80, 50 have refilled; 30 are left to restore, and no more.
        let back = rule.restore(half, Assets::new(80), taken.refilled).unwrap();
        assert_eq!(rule.room(back).unwrap(), Assets::new(100));
        let other = rule.take(half, Assets::new(40)).unwrap();
        let back = rule.restore(other, Assets::new(80), taken.refilled).unwrap();
        assert_eq!(rule.room(back).unwrap(), Assets::new(60));
    }

    proptest! {
        #[test]
        fn grants_of_a_limit_within_any_time_stay_in_bound(limit in 1u64..=1_000, asks in asks()) {
            let rule = AmountLimit { limit: Assets::new(limit.into()), window: Seconds(WINDOW) };
            let (mut bucket, mut now, mut grants) = (Bucket::default(), 0, vec![]);
            for (wait, ask) in asks {
                now += wait;
                bucket = rule.refill(bucket, at(now));
                let grant = rule.room(bucket).unwrap().min(Assets::new(ask.into()));
                bucket = rule.take(bucket, grant).unwrap();
                grants.push((now, grant.u128()));
            }
            for (i, (start, _)) in grants.iter().enumerate() {
                let mut sum = 0;
                for (time, grant) in &grants[i..] {
                    sum += grant;
                    let bound = u128::from(limit) * u128::from(WINDOW + time - start);
                    prop_assert!(sum * u128::from(WINDOW) <= bound);
                }
            }
        }

        #[test]
        fn grants_of_the_pool_within_any_time_stay_in_bound_also_with_declines(
            percent in 1u64..=90, steps in prop::collection::vec((0u64..=WINDOW, 1u64..=2_000, any::<bool>()), 1..40),
        ) {
            let rule = FractionLimit { fraction: Decimal::percent(percent), window: Seconds(WINDOW) };
            let (mut bucket, mut now, mut assets) = (Bucket::default(), 0, 1_000_000u128);
            // Each grant: when, how much, out of what, declined, and the refill by then.
            let mut grants: Vec<(u64, u128, u128, bool, Uint256)> = vec![];
            for (wait, ask, decline) in steps {
                now += wait;
                bucket = rule.refill(bucket, at(now));
                if decline && let Some(grant) = grants.iter_mut().rev().find(|grant| !grant.3) {
                    grant.3 = true;
                    bucket = rule.restore(bucket, grant.1.into(), grant.2.into(), grant.4).unwrap();
                    continue;
                }
                let ask = Assets::new(u128::from(ask) * 500);
                let grant = rule.room(bucket, assets.into()).unwrap().min(ask).u128();
                bucket = rule.take(bucket, grant.into(), assets.into()).unwrap();
                grants.push((now, grant, assets, false, bucket.refilled));
                assets = assets - grant + 1;
            }
            for (i, (start, ..)) in grants.iter().enumerate() {
                let mut fraction = 0.0;
                for (time, grant, of, declined, _) in &grants[i..] {
                    if !declined {
                        fraction += *grant as f64 / *of as f64;
                    }
                    let bound = percent as f64 / 100.0 * (1.0 + (time - start) as f64 / WINDOW as f64);
                    prop_assert!(fraction <= bound + 1e-9, "{} > {}", fraction, bound);
                }
            }
        }

        #[test]
        fn grants_between_any_two_moments_stay_in_bound(
            limit in 1u64..=1_000_000, asks in prop::collection::vec((0u64..2_500_000_000, 1u64..=2_000_000), 1..60),
        ) {
            let window = 3_600;
            let rule = AmountLimit { limit: Assets::new(limit.into()), window: Seconds(window) };
            let (mut bucket, mut now, mut grants) = (Bucket::default(), 0, vec![]);
            for (wait, ask) in asks {
                now += wait;
                bucket = rule.refill(bucket, Timestamp::from_nanos(now));
                let grant = rule.room(bucket).unwrap().min(Assets::new(ask.into()));
                bucket = rule.take(bucket, grant).unwrap();
                grants.push((now, grant.u128()));
            }
            let window = u128::from(window) * 1_000_000_000;
            for (i, (start, _)) in grants.iter().enumerate() {
                let mut sum = 0;
                for (time, grant) in &grants[i..] {
                    sum += grant;
                    let bound = u128::from(limit) * (window + u128::from(time - start));
                    prop_assert!(sum * window <= bound);
                }
            }
        }

        #[test]
        fn a_bucket_looked_at_every_third_of_a_second_refills_the_same_as_once(
            limit in 1u64..=1_000_000, looks in 1u64..200, gap in 1u64..1_000_000_000,
        ) {
            let rule = AmountLimit { limit: Assets::new(limit.into()), window: Seconds(3_600) };
            let used = rule.take(Bucket::default(), rule.limit).unwrap();
            let once = rule.refill(used, Timestamp::from_nanos(looks * gap));
            let often = (1..=looks).fold(used, |bucket, look| rule.refill(bucket, Timestamp::from_nanos(look * gap)));
            prop_assert_eq!(often, once);
        }

        #[test]
        fn splitting_a_shortfall_gains_nothing(limit in 1u64..=10_000, parts in prop::collection::vec(1u64..=500, 1..30)) {
            let rule = AmountLimit { limit: Assets::new(limit.into()), window: Seconds(WINDOW) };
            let whole: u64 = parts.iter().sum();
            let at_once = rule.room(Bucket::default()).unwrap().min(Assets::new(whole.into()));
            let mut bucket = Bucket::default();
            let mut split = Assets::ZERO;
            for part in parts {
                let grant = rule.room(bucket).unwrap().min(Assets::new(part.into()));
                bucket = rule.take(bucket, grant).unwrap();
                split = split.checked_add(grant).unwrap();
            }
            prop_assert_eq!(split, at_once);
        }

        #[test]
        fn nothing_overflows(limit: u128, amount: u128, window in 3_600u64..=90 * 86_400, wait: u64) {
            let rule = AmountLimit { limit: limit.into(), window: Seconds(window) };
            let bucket = rule.take(Bucket::default(), amount.into()).unwrap();
            let bucket = rule.refill(bucket, Timestamp::from_nanos(wait));
            rule.room_up(bucket).unwrap();
            let rule = FractionLimit { fraction: Decimal::percent(90), window: Seconds(window) };
            let bucket = rule.take(Bucket::default(), amount.into(), amount.max(1).into()).unwrap();
            rule.room(bucket, limit.into()).unwrap();
        }

        #[test]
        fn the_pool_never_gives_its_last_unit(assets: u128) {
            let rule = FractionLimit { fraction: Decimal::percent(90), window: Seconds(WINDOW) };
            let room = rule.room(Bucket::default(), assets.into()).unwrap().u128();
            prop_assert!(assets == 0 || room < assets);
        }
    }

    #[test]
    fn a_limit_refills_whole_in_one_window_and_half_in_half() {
        let rule = AmountLimit {
            limit: 1_000.into(),
            window: Seconds(WINDOW),
        };
        let used = rule.take(Bucket::default(), 1_000.into()).unwrap();
        assert_eq!(rule.room(used).unwrap(), Assets::ZERO);
        assert_eq!(
            rule.room(rule.refill(used, at(WINDOW / 2))).unwrap(),
            Assets::new(500)
        );
        assert_eq!(
            rule.room(rule.refill(used, at(WINDOW))).unwrap(),
            Assets::new(1_000)
        );
    }

    #[test]
    fn a_declined_grant_leaves_the_bucket_as_if_it_had_not_been() {
        let rule = FractionLimit {
            fraction: Decimal::percent(50),
            window: Seconds(WINDOW),
        };
        let used = rule.take(Bucket::default(), 500.into(), 1_000.into()).unwrap();
        let later = rule.refill(used, at(WINDOW / 4));
        let restored = rule
            .restore(later, 500.into(), 1_000.into(), used.refilled)
            .unwrap();
        assert_eq!(restored.used, Uint256::zero());
    }

    #[test]
    fn what_a_grant_uses_of_the_pool_is_rounded_up_and_what_it_gives_back_down() {
        let rule = FractionLimit {
            fraction: Decimal::percent(50),
            window: Seconds(WINDOW),
        };
        // A third of 10¹⁸ × W in nanoseconds is whole, a seventh is not.
        let whole = u128::from(WINDOW) * 1_000_000_000 * ONE;
        for (assets, used, back) in [(3, whole / 3, whole / 3), (7, whole / 7 + 1, whole / 7)] {
            let taken = rule.take(Bucket::default(), 1.into(), assets.into()).unwrap();
            assert_eq!(taken.used, Uint256::from(used));
            let left = rule
                .restore(taken, 1.into(), assets.into(), Uint256::zero())
                .unwrap();
            assert_eq!(left.used, Uint256::from(used - back));
        }
    }

    #[test]
    fn a_lowered_limit_keeps_no_more_used_than_it_holds() {
        let window = Seconds(WINDOW);
        let limit = |limit: u128| AmountLimit {
            limit: limit.into(),
            window,
        };
        let used = limit(1_000).take(Bucket::default(), 1_000.into()).unwrap();
        let capped = limit(100).cap(used);
        assert_eq!(limit(100).room(capped).unwrap(), Assets::ZERO);
        assert_eq!(
            limit(100).room(limit(100).refill(capped, at(WINDOW))).unwrap(),
            Assets::new(100)
        );
    }
}
