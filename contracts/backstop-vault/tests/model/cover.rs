//! Policies, and what a shortfall is answered.

use backstop_types::Price;
use backstop_types::breaker::Band;
use backstop_types::vault::{CoverReason, PolicyTerms};

use super::bucket::Bucket;
use super::claims::{Claim, Held, Phase, inside};
use super::exact::{Exact, ceil, floor, ratio, whole};
use super::ledger::Ledger;
use super::premium::Premium;

pub struct Policy {
    pub terms: PolicyTerms,
    pub closed: bool,
    pub limit: Bucket,
    pub deductible: Bucket,
    pub instant: Bucket,
    pub premium: Premium,
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
    /// The policyholder's number of it.
    pub number: u64,
    pub amount: u128,
    pub price: Option<Price>,
    pub saying: Saying,
    pub held: Held,
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

/// What a shortfall of some number was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    Claim(u64),
    /// All of it was borne by the policyholder.
    Deductible(u128),
    /// It may be sent again.
    Nothing,
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
        let empty = || Bucket::empty(now);
        Self {
            terms,
            closed: false,
            limit: empty(),
            deductible: empty(),
            instant: empty(),
            premium: Premium::default(),
        }
    }

    fn refill(&mut self, window: u64, now: u64) {
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
        self.pool.refill(&fraction, window, now);
        for policy in self.policies.iter_mut().flatten() {
            policy.refill(window, now);
        }
    }

    /// What the pool can grant now.
    pub fn pool_room(&self) -> u128 {
        floor(&(self.pool.room(&self.fraction()) * whole(self.assets)))
    }

    /// A policy's other terms: of the deductible no more is worn down than
    /// there is, and of a premium some may go back. A closed policy's has ended.
    pub fn set_terms(&mut self, holder: usize, terms: PolicyTerms, now: u64) -> u128 {
        self.refill(now);
        let active = self.policies[holder]
            .as_ref()
            .is_some_and(|policy| !policy.closed);
        let back = if active {
            self.retitle_premium(holder, &terms, now)
        } else {
            0
        };
        match &mut self.policies[holder] {
            None => self.policies[holder] = Some(Policy::new(terms, now)),
            Some(policy) => {
                policy.terms = terms;
                policy.closed = false;
                policy.deductible.cap(&whole(terms.deductible.u128()));
            }
        }
        back
    }

    /// What an active policy's shortfall is answered. Refill first.
    pub fn answer(&self, ask: &Ask) -> Parts {
        if !self.in_force(ask.holder, ask.now) {
            return nothing(ask, CoverReason::PremiumUnpaid);
        }
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
            let too_little = rest < policy.terms.minimum.u128();
            let reason = short.filter(|_| !too_little);
            return nothing(ask, reason.unwrap_or(CoverReason::BelowMinimum));
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

    /// All that binds an answer: what leaves some uncovered, what makes some wait,
    /// and the deductible.
    pub fn binds(&self, ask: &Ask, parts: &Parts) -> Vec<CoverReason> {
        let policy = self.policies[ask.holder].as_ref().unwrap();
        let rest = ask.amount - policy.to_bear().min(ask.amount);
        if parts.reason == Some(CoverReason::PremiumUnpaid) {
            return vec![CoverReason::PremiumUnpaid];
        }
        let (limit, pool) = (policy.room(), self.pool_room());
        let fullest = floor(&(self.fraction() * whole(self.assets)));
        let way = self.way(policy, ask);
        let by_pool = match rest > fullest {
            true => CoverReason::Assets,
            false => CoverReason::PoolLimit,
        };
        let mut limits = vec![];
        if rest > limit {
            limits.push((limit, 0, CoverReason::PolicyLimit));
        }
        if rest > pool {
            limits.push((pool, 1, by_pool));
        }
        limits.sort_by_key(|(room, place, _)| (*room, *place));
        let uncovered = match way {
            _ if parts.uncovered == 0 => vec![],
            _ if rest > 0 && rest < policy.terms.minimum.u128() => vec![CoverReason::BelowMinimum],
            _ if !limits.is_empty() => limits.into_iter().map(|(_, _, reason)| reason).collect(),
            Way::Nothing(reason) => vec![reason],
            _ => panic!("uncovered for no reason: {ask:?}"),
        };
        // What its price leaves out is refused, whatever a limit would have left.
        let refused = match way {
            Way::Nothing(reason) if rest.min(limit).min(pool) >= policy.terms.minimum.u128() => Some(reason),
            Way::Nothing(reason) if rest == 0 => Some(reason),
            _ => None,
        };
        let waits = (parts.pending > 0).then_some(match way {
            Way::Held(reason) | Way::Delayed(reason) => reason,
            _ => CoverReason::InstantLimit,
        });
        let borne = (parts.deductible > 0).then_some(CoverReason::Deductible);
        let uncovered = refused.map_or(uncovered, |reason| vec![reason]);
        uncovered.into_iter().chain(waits).chain(borne).collect()
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
                Way::Delayed(CoverReason::PayoutsPaused)
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
            let answered = match parts.deductible {
                0 => Answered::Nothing,
                deductible => Answered::Deductible(deductible),
            };
            return self.note(ask, answered);
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
            held: ask.held,
            phase: match (parts.held, parts.pending) {
                (true, _) => Phase::Held,
                (false, 0) => Phase::Paid,
                (false, _) => Phase::Delayed,
            },
            stood: false,
            judged: None,
            ended: (parts.pending == 0).then_some(ask.now),
        };
        self.book(claim);
        self.note(ask, Answered::Claim(self.claims.len() as u64));
    }

    /// A shortfall's number is the place of its answer, from one.
    fn note(&mut self, ask: &Ask, answered: Answered) {
        let shortfalls = &mut self.shortfalls[ask.holder];
        match shortfalls.get_mut(ask.number as usize - 1) {
            Some(before) => *before = answered,
            None => shortfalls.push(answered),
        }
    }

    /// The number that no shortfall of the policyholder's has had.
    pub fn next_shortfall(&self, holder: usize) -> u64 {
        self.shortfalls[holder].len() as u64 + 1
    }

    pub fn answered(&self, holder: usize, number: u64) -> Answered {
        self.shortfalls[holder][number as usize - 1]
    }

    /// The answer to a number that was answered before: what has become of it,
    /// and its claim; none if it was answered with nothing.
    pub fn repeated(&self, holder: usize, number: u64) -> Option<(Parts, Option<u64>)> {
        let reason = Some(CoverReason::AnsweredBefore);
        match self.answered(holder, number) {
            Answered::Nothing => None,
            Answered::Deductible(deductible) => {
                let parts = Parts {
                    deductible,
                    paid: 0,
                    pending: 0,
                    uncovered: 0,
                    reason,
                    held: false,
                };
                Some((parts, None))
            }
            Answered::Claim(number) => {
                let claim = self.claim(number);
                let parts = Parts {
                    deductible: claim.deductible,
                    paid: claim.paid,
                    pending: claim.pot,
                    uncovered: claim.asked - claim.deductible - claim.paid - claim.pot,
                    reason,
                    held: false,
                };
                Some((parts, Some(number)))
            }
        }
    }

    /// The part of the assets that a grant is, rounded up to the 10¹⁸th part of
    /// a nanosecond of the window, as the README says.
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
