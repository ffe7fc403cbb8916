//! When a shortfall of an amount would be granted whole, if nothing else happens
//! until then: the buckets refill, the premium runs, and a pause ends.

use backstop_types::Assets;
use backstop_types::vault::{CoverReason, Pause, PremiumLedger};
use cosmwasm_std::Timestamp;

use super::answer::{Permission, Shortfall};
use crate::limits::PolicyLimits;
use crate::math::MathError;

/// From when on a shortfall would be granted and paid whole; none where time alone
/// does not bring it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// All but the deductible of that time would be granted, and more than before.
    pub granted_at: Option<Timestamp>,
    /// All but the deductible of that time would be paid at once, and more than before.
    pub paid_at: Option<Timestamp>,
}

/// Looks ahead of a shortfall, with the breaker's answer and the price as they are
/// now. A policy with a premium covers in the paid time only.
///
/// The deductible refills too: it only takes from what is to be granted. So once
/// the limits suffice they do from then on, and the earliest moment is found by
/// halving. What is below the minimum by then, or wholly the deductible's, stays so.
pub fn ahead(shortfall: &Shortfall, premium: &PremiumLedger, payouts: &Pause) -> Result<Ahead, MathError> {
    let mut ahead = Ahead {
        granted_at: None,
        paid_at: None,
    };
    let (begin, end) = match shortfall.terms.premium {
        Some(_) => (shortfall.now.max(premium.from), premium.until),
        None => (shortfall.now, Timestamp::from_nanos(u64::MAX)),
    };
    if !shortfall.price_stands() {
        return Ok(ahead);
    }
    ahead.granted_at = earliest(shortfall, false, begin, end)?;
    let allowed = matches!(shortfall.permission, Permission::Allowed(_));
    if let Some(granted_at) = ahead.granted_at.filter(|_| allowed && shortfall.terms.priced) {
        ahead.paid_at = earliest(shortfall, true, granted_at.max(payouts.until), end)?;
    }
    Ok(ahead)
}

/// The first moment from `begin` on, and before `end`, at which something is granted
/// and the limits suffice; found by halving, since they never cease to.
fn earliest(
    shortfall: &Shortfall,
    at_once: bool,
    begin: Timestamp,
    end: Timestamp,
) -> Result<Option<Timestamp>, MathError> {
    let (mut before, mut first) = (begin.nanos(), begin.nanos());
    if whole(shortfall, at_once, first)?.is_none() {
        first = u64::MAX;
        while before.midpoint(first) > before {
            let middle = before.midpoint(first);
            match whole(shortfall, at_once, middle)? {
                Some(_) => first = middle,
                None => before = middle,
            }
        }
    }
    // What only the deductible has taken over by then is nothing to wait for.
    let least = match first == begin.nanos() {
        true => Assets::ONE,
        false => gained(shortfall, at_once, begin)?.checked_add(Assets::ONE)?,
    };
    let grant = whole(shortfall, at_once, first)?;
    let found = grant.is_some_and(|grant| grant >= least) && first < end.nanos();
    Ok(found.then_some(Timestamp::from_nanos(first)))
}

/// What is granted at a moment, or paid at once of it.
fn gained(shortfall: &Shortfall, at_once: bool, at: Timestamp) -> Result<Assets, MathError> {
    let (policy, pool, fill) = shortfall.filled(at)?;
    let instant = PolicyLimits::of(shortfall.terms, pool.window).instant;
    Ok(match at_once {
        true => fill.grant.min(instant.room(policy.instant)?),
        false => fill.grant,
    })
}

/// What is granted at a moment, unless a limit takes from the amount then, or, where
/// all of it is to be paid `at_once`, the instant bucket does.
fn whole(shortfall: &Shortfall, at_once: bool, nanos: u64) -> Result<Option<Assets>, MathError> {
    let (policy, pool, fill) = shortfall.filled(Timestamp::from_nanos(nanos))?;
    let instant = PolicyLimits::of(shortfall.terms, pool.window).instant;
    let limited = matches!(
        fill.reason,
        Some(CoverReason::PolicyLimit | CoverReason::PoolLimit | CoverReason::Assets)
    );
    let whole = !limited && (!at_once || fill.grant <= instant.room(policy.instant)?);
    Ok(whole.then_some(fill.grant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cover::{Outcome, PolicyBuckets, PoolFacts, decide};
    use backstop_types::breaker::Band;
    use backstop_types::vault::{Bucket, PolicyTerms};
    use backstop_types::{Price, Seconds};
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;

    const NOW: u64 = 1_000_000_000_000_000;

    fn price() -> Price {
        Price(Decimal::one())
    }

    fn used(part: u64, after: u64) -> Bucket {
        let scaled = cosmwasm_std::Uint256::from(part) * Seconds::DAY.nanos().wide();
        Bucket {
            used: scaled,
            at: Timestamp::from_nanos(NOW - after),
            ..Bucket::default()
        }
    }

    #[derive(Debug)]
    struct Case {
        amount: u64,
        terms: PolicyTerms,
        buckets: PolicyBuckets,
        pool: PoolFacts,
        premium: Option<(u64, u64)>,
        paused: Option<u64>,
    }

    fn case() -> impl Strategy<Value = Case> {
        let terms = (1u64..1_000, 0u64..300, 0u64..=100, 1u64..200);
        let of_terms = terms.prop_map(|(limit, deductible, instant, minimum)| PolicyTerms {
            limit: u128::from(limit).into(),
            deductible: u128::from(deductible).into(),
            instant: u128::from(limit * instant / 100).into(),
            minimum: u128::from(minimum.min(limit)).into(),
            delay: Seconds::HOUR,
            priced: true,
            premium: None,
        });
        let bucket = |most: u64| (0..most, 0u64..90_000_000_000_000).prop_map(|(used_, at)| used(used_, at));
        let buckets = (bucket(2_000), bucket(400), bucket(1_000));
        let pool = (1u128..4_000, 1u64..=90, 0u64..100);
        let day = 86_400_000_000_000u64;
        let premium = prop::option::weighted(0.3, (0..2 * day, 1..4 * day));
        let paused = prop::option::weighted(0.3, 1..3 * day);
        (1u64..1_500, of_terms, buckets, pool, premium, paused).prop_map(
            |(amount, mut terms, (limit, deductible, instant), (assets, percent, taken), premium, paused)| {
                terms.premium = premium.map(|_| backstop_types::Bps(10_000));
                let fraction = Decimal::percent(percent);
                let mut bucket = Bucket {
                    at: Timestamp::from_nanos(NOW),
                    ..Bucket::default()
                };
                bucket.used = cosmwasm_std::Uint256::from(Decimal::percent(percent * taken / 100).atomics())
                    * Seconds::DAY.nanos().wide();
                Case {
                    amount,
                    terms,
                    buckets: PolicyBuckets {
                        limit,
                        deductible,
                        instant,
                    },
                    pool: PoolFacts {
                        assets: assets.into(),
                        bucket,
                        fraction,
                        window: Seconds::DAY,
                    },
                    premium,
                    paused,
                }
            },
        )
    }

    #[test]
    fn the_times_ahead_are_the_first_at_which_the_decision_is_whole() {
        let (mut counts, mut runner) = ([0u32; 6], proptest::test_runner::TestRunner::deterministic());
        for _ in 0..4_000 {
            let case = case().new_tree(&mut runner).unwrap().current();
            let premium = case
                .premium
                .map_or_else(PremiumLedger::default, |(from, time)| PremiumLedger {
                    from: Timestamp::from_nanos(NOW + from),
                    until: Timestamp::from_nanos(NOW + from + time),
                    ..PremiumLedger::default()
                });
            let payouts = case.paused.map_or_else(Pause::default, |time| Pause {
                since: Timestamp::from_nanos(NOW - 5),
                until: Timestamp::from_nanos(NOW + time),
                ..Pause::default()
            });
            let at = |nanos: u64| {
                let band = Band {
                    low: price(),
                    high: price(),
                };
                let now = Timestamp::from_nanos(nanos);
                Shortfall {
                    amount: u128::from(case.amount).into(),
                    price: Some(price()),
                    terms: &case.terms,
                    buckets: &case.buckets,
                    pool: case.pool,
                    permission: Permission::Allowed(band),
                    payouts_paused: payouts.active(now),
                    now,
                }
            };
            let covers =
                |nanos| crate::premium::in_force(&case.terms, &premium, Timestamp::from_nanos(nanos));
            let granted = |nanos| {
                let decision = decide(&at(nanos)).unwrap();
                covers(nanos) && decision.uncovered.is_zero() && decision.outcome != Outcome::Nothing
            };
            let paid = |nanos| {
                let decision = decide(&at(nanos)).unwrap();
                granted(nanos) && decision.outcome == Outcome::Paid && decision.pending == Assets::ZERO
            };
            let ahead = ahead(&at(NOW), &premium, &payouts).unwrap();
            let looks = (0..60).map(|step| NOW + step * 7_200_000_000_000);
            let begin = NOW.max(premium.from.nanos());
            let settled = ahead.granted_at.map_or(begin, |at| at.nanos());
            let settled = settled.max(payouts.until.nanos());
            // Without the premium and the pause, which are over by then.
            let grants = |nanos: u64| {
                let decision = decide(&at(nanos)).unwrap();
                decision.granted().unwrap().u128()
            };
            let pays = |nanos: u64| {
                let shortfall = Shortfall {
                    payouts_paused: false,
                    ..at(nanos)
                };
                decide(&shortfall).unwrap().paid.u128()
            };
            for (found, holds, gains, begin, place) in [
                (
                    ahead.granted_at,
                    &granted as &dyn Fn(u64) -> bool,
                    &grants as &dyn Fn(u64) -> u128,
                    begin,
                    0,
                ),
                (ahead.paid_at, &paid, &pays, settled, 2),
            ] {
                let more = |at: u64| gains(at) > gains(begin);
                match found.map(|at| at.nanos()) {
                    Some(first) => {
                        assert!(holds(first), "{case:?} {ahead:?}");
                        assert!(first == begin || more(first), "{case:?} {ahead:?}");
                        assert!(first == NOW || !holds(first - 1), "{case:?} {ahead:?}");
                        assert!(
                            looks.clone().all(|at| at >= first || !holds(at)),
                            "{case:?} {ahead:?}"
                        );
                        counts[place] += 1;
                        counts[4] += u32::from(first > NOW);
                    }
                    None => {
                        let in_vain = |at| at <= begin || !more(at);
                        assert!(
                            looks.clone().all(|at| !holds(at) || in_vain(at)),
                            "{case:?} {ahead:?}"
                        );
                        counts[place + 1] += 1;
                        counts[5] += u32::from(looks.clone().any(holds));
                    }
                }
            }
        }
        assert!(
            counts[..5].iter().all(|count| *count > 200) && counts[5] > 0,
            "{counts:?}"
        );
    }
}
