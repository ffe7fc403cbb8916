//! Premiums by the README's rules: what cover costs, what a payment buys, and what
//! of it is earned, sent, or paid back. Time and money are exact fractions until a
//! rule rounds them.

use backstop_types::vault::PolicyTerms;
use num_traits::ToPrimitive;

use super::exact::{Exact, SECOND, ceil, floor, ratio, whole};
use super::ledger::{HOLDERS, Ledger};

const DAY: u64 = 86_400 * SECOND;
/// From a payment to the beginning of cover that was not paid for.
pub const WAIT: u64 = DAY;
/// How far ahead cover can be paid.
const AHEAD: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;
/// Rates have 18 decimals.
const ONE: u128 = 1_000_000_000_000_000_000;

/// Whose credit, by place: a policyholder's, or after them the treasury's.
pub type Account = usize;
pub const TREASURY: Account = HOLDERS;
pub const ACCOUNTS: usize = HOLDERS + 1;

/// What cover costs, and the treasury's part; all in Bps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tariff {
    pub kink: u32,
    pub base: u32,
    pub at_kink: u32,
    pub most: u32,
    pub treasury: bool,
    pub part: u32,
}

/// One policy's premium. What was paid is earned on a line from `from` to `until`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Premium {
    /// Paid, and not earned at `from`.
    paid: u128,
    /// Nanoseconds; both zero before the first payment.
    pub from: u64,
    pub until: u64,
    /// Earned before `from`, of all payments.
    booked: u128,
    /// Passed on, of all payments.
    sent: u128,
    /// The rate of the last payment, if it is not all earned.
    pub rate: Option<u128>,
}

/// What a payment comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    Sold {
        kept: u128,
        from: u64,
        until: u64,
    },
    /// Paid ahead as far as it can be.
    Full,
    TooLittle,
}

/// A rate rounded up to 18 decimals.
fn up(rate: &Exact) -> Exact {
    ratio(ceil(&(rate * whole(ONE))), ONE)
}

/// The part of `paid` that is earned at a place of a line, rounded up.
fn part_of(paid: u128, past: u64, all: u64) -> u128 {
    ceil(&(whole(paid) * ratio(past.into(), all.into())))
}

impl Premium {
    fn earned_since(&self, now: u64) -> u128 {
        match now {
            now if now >= self.until => self.paid,
            now if now <= self.from => 0,
            now => part_of(self.paid, now - self.from, self.until - self.from),
        }
    }

    pub fn unearned(&self, now: u64) -> u128 {
        self.paid - self.earned_since(now)
    }

    /// Earned and not passed on.
    pub fn unsent(&self, now: u64) -> u128 {
        self.booked + self.earned_since(now) - self.sent
    }

    /// What of it is in the vault.
    pub fn held(&self) -> u128 {
        self.booked + self.paid - self.sent
    }

    pub fn covers(&self, now: u64) -> bool {
        (self.from..self.until).contains(&now)
    }

    /// Begins a new line: what is earned by now is booked.
    fn book(&mut self, now: u64) {
        let earned = self.earned_since(now);
        self.booked += earned;
        self.paid -= earned;
        self.from = self.from.max(now).min(self.until);
    }

    /// What `amount` buys at a yearly price.
    pub fn sale(&self, amount: u128, yearly: &Exact, now: u64) -> Sale {
        let running = now < self.until;
        let (from, paid_until, least) = match running {
            true => (self.from.max(now), self.until, 1),
            false => (now + WAIT, now + WAIT, WAIT),
        };
        let room = now + AHEAD - paid_until;
        if room < least {
            return Sale::Full;
        }
        let year = || whole(YEAR.into());
        let bought = (whole(amount) * year() / yearly).floor().to_integer();
        // More than can be counted is more than there is room for.
        let bought = bought.to_u64().unwrap_or(u64::MAX);
        if bought < least {
            return Sale::TooLittle;
        }
        let kept = match bought <= room {
            true => amount,
            false => ceil(&(yearly * ratio(room.into(), YEAR.into()))),
        };
        let until = paid_until + bought.min(room);
        Sale::Sold { kept, from, until }
    }

    /// All that is not earned goes back.
    fn end(&mut self, now: u64) -> u128 {
        self.book(now);
        (self.from, self.until) = (self.from.min(now), self.until.min(now));
        std::mem::take(&mut self.paid)
    }

    /// Under other terms: what goes back.
    fn retitle(&mut self, old: &PolicyTerms, new: &PolicyTerms, now: u64) -> u128 {
        let weight = |terms: &PolicyTerms| {
            let multiplier = terms.premium?.0;
            Some(terms.limit.u128() * u128::from(multiplier))
        };
        match (weight(old), weight(new)) {
            (None, None) => 0,
            (Some(_), None) => self.end(now),
            (None, Some(_)) => {
                self.book(now);
                (self.from, self.until) = (now, now + WAIT);
                0
            }
            (Some(old), Some(new)) if new > old => {
                let free = self.paid == 0;
                self.book(now);
                if !free {
                    let left = whole((self.until - self.from).into()) * ratio(old, new);
                    self.until = self.from + floor(&left) as u64;
                }
                0
            }
            (Some(old), Some(new)) => {
                self.book(now);
                let back = floor(&(whole(self.paid) * ratio(old - new, old)));
                self.paid -= back;
                back
            }
        }
    }
}

impl Ledger {
    /// The limits of active policies over the active assets; none without any.
    pub fn utilisation(&self) -> Option<Exact> {
        let active = self.worth(self.active());
        let policies = self.policies.iter().flatten().filter(|policy| !policy.closed);
        let limits = policies.map(|policy| policy.terms.limit.u128()).sum();
        (active > 0).then(|| up(&ratio(limits, active)))
    }

    /// The yearly rate at a multiplier in Bps.
    pub fn rate(&self, multiplier: u32) -> Exact {
        let tariff = &self.tariff;
        let bps = |bps: u32| ratio(bps.into(), 10_000);
        let line = |low: u32, high: u32, way: Exact| bps(low) + up(&((bps(high) - bps(low)) * way));
        let kink = bps(tariff.kink);
        let rate = match self.utilisation() {
            Some(used) if used <= kink => line(tariff.base, tariff.at_kink, used / kink),
            Some(used) if used <= whole(1) => {
                let way = (used - &kink) / (whole(1) - kink);
                line(tariff.at_kink, tariff.most, way)
            }
            _ => bps(tariff.most),
        };
        up(&(rate * bps(multiplier)))
    }

    /// A year's price of an active policy that asks a premium, and the rate.
    pub fn price(&self, holder: usize) -> Option<(Exact, Exact)> {
        let policy = self.policies[holder].as_ref().filter(|policy| !policy.closed)?;
        let rate = self.rate(policy.terms.premium?.0);
        Some((whole(policy.terms.limit.u128()) * &rate, rate))
    }

    /// Whether a policy's premium, if it asks one, is paid for now.
    pub fn in_force(&self, holder: usize, now: u64) -> bool {
        let policy = self.policies[holder].as_ref();
        policy.is_some_and(|policy| policy.terms.premium.is_none() || policy.premium.covers(now))
    }

    pub fn buy(&mut self, holder: usize, sale: Sale, rate: &Exact, now: u64) {
        let Sale::Sold { kept, from, until } = sale else {
            return;
        };
        let premium = &mut self.policies[holder].as_mut().unwrap().premium;
        premium.book(now);
        premium.paid += kept;
        (premium.from, premium.until) = (from, until);
        premium.rate = Some(floor(&(rate * whole(ONE))));
    }

    /// Passes on what is earned: to the stakers, and the treasury's part.
    pub fn send_premium(&mut self, holder: usize, now: u64) -> (u128, u128) {
        let premium = &mut self.policies[holder].as_mut().unwrap().premium;
        let earned = premium.unsent(now);
        premium.sent += earned;
        let part;
        (part, self.treasury_left) = self.treasury_part(earned);
        self.credits[TREASURY] += part;
        (earned - part, part)
    }

    /// What of earned premium is the treasury's, and less than a unit that is left.
    pub fn treasury_part(&self, earned: u128) -> (u128, Exact) {
        let left = self.treasury_left.clone();
        if !self.tariff.treasury {
            return (0, left);
        }
        let due = whole(earned) * ratio(self.tariff.part.into(), 10_000) + left;
        let part = floor(&due);
        (part, due - whole(part))
    }

    /// Ends a policy's premium: what goes back becomes its holder's credit.
    pub fn end_premium(&mut self, holder: usize, now: u64) -> u128 {
        let premium = &mut self.policies[holder].as_mut().unwrap().premium;
        let back = premium.end(now);
        self.credits[holder] += back;
        back
    }

    /// The premium of an active policy whose terms change.
    pub fn retitle_premium(&mut self, holder: usize, new: &PolicyTerms, now: u64) -> u128 {
        let policy = self.policies[holder].as_mut().unwrap();
        let old = policy.terms;
        let back = policy.premium.retitle(&old, new, now);
        self.credits[holder] += back;
        back
    }

    pub fn premiums_held(&self) -> u128 {
        let policies = self.policies.iter().flatten();
        policies.map(|policy| policy.premium.held()).sum()
    }
}
