//! Policies, and what a shortfall is answered.

use backstop_types::Price;
use backstop_types::breaker::Band;
use backstop_types::vault::{CoverReason, PolicyTerms};

use super::bucket::Bucket;
use super::claims::{Claim, Hold, Phase, inside};
use super::exact::{Exact, SECOND, ceil, floor, ratio, whole};
use super::ledger::Ledger;

pub struct Policy {
    pub terms: PolicyTerms,
    pub closed: bool,
    pub limit: Bucket,
    pub deductible: Bucket,
    pub instant: Bucket,
}

/// What the breaker says of a payout.
#[derive(Debug, Clone, Copy)]
pub enum Saying {
    Allow(Band),
    Deny,
    Silence,
}

/// A shortfall with all that its answer depends on beside the books.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub holder: usize,
    pub amount: u128,
    pub price: Option<Price>,
    pub saying: Saying,
    pub hold: Hold,
    pub now: u64,
}

/// The parts of an answer; they sum to what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    pub deductible: u128,
    pub paid: u128,
    pub pending: u128,
    pub uncovered: u128,
    pub reason: Option<CoverReason>,
    pub held: bool,
}

/// What becomes of a grant, and why.
enum Way {
    AtOnce,
    Delayed(CoverReason),
    Held(CoverReason),
    Nothing(CoverReason),
}

impl Policy {
    pub fn new(terms: PolicyTerms, now: u64) -> Self {
        let empty = || Bucket::empty(now / SECOND);
        Self {
            terms,
            closed: false,
            limit: empty(),
            deductible: empty(),
            instant: empty(),
        }
    }

    fn refill(&mut self, window: u64, now: u64) {
        let now = now / SECOND;
        self.limit.refill(&whole(self.terms.limit.u128()), window, now);
        let deductible = whole(self.terms.deductible.u128());
        self.deductible.refill(&deductible, window, now);
        self.instant
            .refill(&whole(self.terms.instant.u128()), window, now);
    }

    pub fn room(&self) -> u128 {
        floor(&self.limit.room(&whole(self.terms.limit.u128())))
    }

    pub fn to_bear(&self) -> u128 {
        ceil(&self.deductible.room(&whole(self.terms.deductible.u128())))
    }

    pub fn instant_room(&self) -> u128 {
        floor(&self.instant.room(&whole(self.terms.instant.u128())))
    }
}

impl Ledger {
    /// Brings every bucket to now. The time until now refills under the limits
    /// in force, so do this before one changes.
    pub fn refill(&mut self, now: u64) {
        let (fraction, window) = (self.fraction(), self.window);
        self.pool.refill(&fraction, window, now / SECOND);
        for policy in self.policies.iter_mut().flatten() {
            policy.refill(window, now);
        }
    }

    /// What the pool can grant now.
    pub fn pool_room(&self) -> u128 {
        floor(&(self.pool.room(&self.fraction()) * whole(self.assets)))
    }

    /// A policy's other terms: of the deductible no more is worn down than
    /// there is.
    pub fn set_terms(&mut self, holder: usize, terms: PolicyTerms, now: u64) {
        self.refill(now);
        match &mut self.policies[holder] {
            None => self.policies[holder] = Some(Policy::new(terms, now)),
            Some(policy) => {
                policy.terms = terms;
                policy.closed = false;
                policy.deductible.cap(&whole(terms.deductible.u128()));
            }
        }
    }

    /// What an active policy's shortfall is answered. Refill first.
    pub fn answer(&self, ask: &Ask) -> Parts {
        let policy = self.policies[ask.holder].as_ref().unwrap();
        let deductible = policy.to_bear().min(ask.amount);
        let rest = ask.amount - deductible;
        let (limit, pool) = (policy.room(), self.pool_room());
        let grant = rest.min(limit).min(pool);
        let short = match grant < rest {
            true if limit <= pool => Some(CoverReason::PolicyLimit),
            true => Some(CoverReason::PoolLimit),
            false => None,
        };
        if rest > 0 && grant < policy.terms.minimum.u128() {
            return nothing(ask, short.unwrap_or(CoverReason::BelowMinimum));
        }
        let way = self.way(policy, ask);
        let paid = match way {
            Way::Nothing(reason) => return nothing(ask, reason),
            Way::AtOnce => grant.min(policy.instant_room()),
            _ => 0,
        };
        let waits = match way {
            Way::Delayed(reason) | Way::Held(reason) if grant > 0 => Some(reason),
            Way::AtOnce if paid < grant => Some(CoverReason::InstantLimit),
            _ => None,
        };
        let held = grant > 0 && matches!(way, Way::Held(_));
        Parts {
            deductible,
            paid,
            pending: grant - paid,
            uncovered: rest - grant,
            reason: if held { waits } else { short.or(waits) },
            held,
        }
    }

    fn way(&self, policy: &Policy, ask: &Ask) -> Way {
        if !policy.terms.priced {
            return Way::Delayed(CoverReason::Unpriced);
        }
        if ask.price.is_none() {
            return Way::Nothing(CoverReason::PriceMissing);
        }
        match ask.saying {
            Saying::Silence => Way::Held(CoverReason::BreakerUnavailable),
            Saying::Deny => Way::Held(CoverReason::BreakerDenied),
            Saying::Allow(band) if !inside(ask.price, band) => Way::Nothing(CoverReason::PriceOutsideBand),
            Saying::Allow(_) if self.payouts.until(ask.now).is_some() => {
                Way::Delayed(CoverReason::PayoutsHeld)
            }
            Saying::Allow(_) => Way::AtOnce,
        }
    }

    /// Books an answer: the buckets, and the claim if something was granted.
    pub fn grant(&mut self, ask: &Ask, parts: &Parts) {
        let grant = parts.paid + parts.pending;
        let share = self.share(grant);
        let policy = self.policies[ask.holder].as_mut().unwrap();
        policy.deductible.take(whole(parts.deductible));
        policy.limit.take(whole(grant));
        policy.instant.take(whole(parts.paid));
        self.pool.take(share);
        if grant == 0 {
            return;
        }
        let claim = Claim {
            holder: ask.holder,
            filed_at: ask.now,
            price: ask.price,
            asked: ask.amount,
            deductible: parts.deductible,
            granted: grant,
            paid: parts.paid,
            pot: parts.pending,
            delay: policy.terms.delay.0,
            assets_before: self.assets,
            pool_refilled: self.pool.refilled.clone(),
            deductible_refilled: policy.deductible.refilled.clone(),
            hold: ask.hold,
            phase: match (parts.held, parts.pending) {
                (true, _) => Phase::Held,
                (false, 0) => Phase::Paid,
                (false, _) => Phase::Delayed,
            },
            stood: false,
        };
        self.book(claim);
    }

    /// The part of the assets that a grant is, rounded up to the 10¹⁸th part of
    /// a second of the window, as the README says.
    fn share(&self, grant: u128) -> Exact {
        const ONE: u128 = 1_000_000_000_000_000_000;
        if grant == 0 {
            return whole(0);
        }
        let steps = ONE * u128::from(self.window);
        ratio(ceil(&(ratio(grant, self.assets) * whole(steps))), steps)
    }
}

fn nothing(ask: &Ask, reason: CoverReason) -> Parts {
    Parts {
        deductible: 0,
        paid: 0,
        pending: 0,
        uncovered: ask.amount,
        reason: Some(reason),
        held: false,
    }
}
