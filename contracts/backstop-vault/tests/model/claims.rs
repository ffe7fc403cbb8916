//! Claims and what becomes of them. Each rule about time or price stands in a
//! function of its own.

use backstop_types::Price;
use backstop_types::breaker::{Band, TripCause};

use super::exact::{Exact, SECOND, ceil, portion, ratio, whole};
use super::ledger::{Ledger, Loss, Pauses, STAKERS};

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Paid,
    Delayed,
    Held,
    Declined,
    LapsedByPrice,
    LapsedByTime,
}

/// What was known of the breaker when a claim was held.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hold {
    pub trip: Option<u64>,
    pub cause: Option<TripCause>,
    pub last_clean: Option<Band>,
    pub at_filing: Option<Band>,
    /// It gave no answer.
    pub silent: bool,
}

pub struct Claim {
    pub holder: usize,
    pub filed_at: u64,
    pub price: Option<Price>,
    pub asked: u128,
    pub deductible: u128,
    pub granted: u128,
    pub paid: u128,
    pub pot: u128,
    /// Seconds.
    pub delay: u64,
    pub assets_before: u128,
    pub pool_refilled: Exact,
    pub deductible_refilled: Exact,
    pub hold: Hold,
    pub phase: Phase,
    /// It was held, and its price was found to stand before its time.
    pub stood: bool,
}

/// What settling a claim comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    Pay,
    Stand,
    LapseByPrice,
    LapseByTime,
    WaitForDelay,
    WaitForPause,
    WaitForTrip,
}

/// Days after unbonding period and notice when a held claim lapses.
const GRACE: u64 = 30 * 86_400;

/// By how much the vault may be off where a pause stopped a claim's clock: it
/// counts pauses by the clock's seconds, whose parts of a second it cannot see.
fn slack(pauses: &Pauses, filed_at: u64) -> u64 {
    let touched = pauses.0.iter().filter(|(_, until)| *until > filed_at).count();
    if touched == 0 {
        0
    } else {
        SECOND * (touched as u64 + 1)
    }
}

/// Time since filing in which no pause stopped the clock: at least and at most.
fn elapsed(claim: &Claim, pauses: &Pauses, now: u64) -> [u64; 2] {
    let exact = now - claim.filed_at - pauses.within(claim.filed_at, now);
    let slack = slack(pauses, claim.filed_at);
    [exact.saturating_sub(slack), exact + slack]
}

/// Whether the claim's delay is over.
fn delay_over(claim: &Claim, elapsed: u64) -> bool {
    elapsed >= claim.delay * SECOND
}

/// Whether the time of a held claim whose trip goes on has run out: more than
/// unbonding period, notice and grace, in whole seconds.
fn expired(elapsed: u64, patience: u64) -> bool {
    elapsed / SECOND > patience + GRACE
}

/// The prices at which a held claim stands, when its trip ended in `ended`.
fn span(hold: &Hold, ended: Band) -> Band {
    match (hold.cause, hold.at_filing, hold.last_clean) {
        (Some(TripCause::Guardian), Some(at_filing), _) => at_filing,
        (Some(TripCause::Guardian), None, _) | (_, _, None) => ended,
        (_, _, Some(before)) => Band {
            low: before.low.min(ended.low),
            high: before.high.max(ended.high),
        },
    }
}

/// Whether the price lies in the band, both ends included.
pub fn inside(price: Option<Price>, band: Band) -> bool {
    price.is_some_and(|price| band.low <= price && price <= band.high)
}

impl Ledger {
    /// The claim's earliest payment, if no further pause comes, and by how much
    /// the vault's may differ.
    pub fn payable_at(&self, number: u64, now: u64) -> (u64, u64) {
        let claim = self.claim(number);
        let end = self.payouts.until(now).unwrap_or(now);
        let held = self.payouts.within(claim.filed_at, end);
        let slack = slack(&self.payouts, claim.filed_at);
        (claim.filed_at + claim.delay * SECOND + held, slack)
    }

    /// The claim's last day without an end of its trip, likewise.
    pub fn latest(&self, number: u64, now: u64) -> u64 {
        let claim = self.claim(number);
        let end = self.payouts.until(now).unwrap_or(now);
        let held = self.payouts.within(claim.filed_at, end);
        claim.filed_at + (self.patience() + GRACE) * SECOND + held
    }

    fn patience(&self) -> u64 {
        self.tuning.unbonding + self.tuning.notice
    }

    pub fn claim(&self, number: u64) -> &Claim {
        &self.claims[number as usize - 1]
    }

    pub fn pending(&self) -> Vec<u64> {
        let claims = (1..).zip(&self.claims);
        let pending = claims.filter(|(_, claim)| matches!(claim.phase, Phase::Held | Phase::Delayed));
        pending.map(|(number, _)| number).collect()
    }

    /// What settling a pending claim now may come to: one thing, or two within
    /// the vault's slack. `ended` is the band that ended what it waits for.
    pub fn rulings(&self, number: u64, ended: Option<Band>, now: u64) -> [Ruling; 2] {
        let claim = self.claim(number);
        let stopped = self.payouts.until(now).is_some();
        elapsed(claim, &self.payouts, now).map(|elapsed| self.ruling(claim, elapsed, stopped, ended))
    }

    fn ruling(&self, claim: &Claim, elapsed: u64, stopped: bool, ended: Option<Band>) -> Ruling {
        let over = delay_over(claim, elapsed);
        if claim.phase == Phase::Held {
            match ended {
                None if expired(elapsed, self.patience()) && !stopped => return Ruling::LapseByTime,
                None => return Ruling::WaitForTrip,
                Some(band) if !inside(claim.price, span(&claim.hold, band)) => return Ruling::LapseByPrice,
                Some(_) if stopped || !over => return Ruling::Stand,
                Some(_) => {}
            }
        }
        match (stopped, over) {
            (true, _) => Ruling::WaitForPause,
            (false, false) => Ruling::WaitForDelay,
            (false, true) => Ruling::Pay,
        }
    }

    /// Books a loss with its claim: the cohort is everybody who holds shares.
    pub fn book(&mut self, claim: Claim) {
        let stakes: Vec<u128> = self.stakers.iter().map(|staker| staker.shares()).collect();
        self.losses.push(Loss {
            granted: claim.granted,
            stakes: stakes.try_into().unwrap(),
            from_pot: 0,
            repaid: 0,
            taken: [0; STAKERS],
        });
        self.assets -= claim.granted;
        self.claims.push(claim);
    }

    /// What is paid now.
    pub fn pay(&mut self, number: u64) -> u128 {
        let claim = &mut self.claims[number as usize - 1];
        let pot = std::mem::take(&mut claim.pot);
        claim.paid += pot;
        claim.phase = Phase::Paid;
        pot
    }

    pub fn stand(&mut self, number: u64) {
        let claim = &mut self.claims[number as usize - 1];
        claim.phase = Phase::Delayed;
        claim.stood = true;
    }

    /// The pot goes back to the cohort; of the buckets the pool's and the
    /// deductible give back what of it they still count. Whether that is some
    /// of the deductible.
    pub fn give_back(&mut self, number: u64, phase: Phase, now: u64) -> bool {
        const ONE: u128 = 1_000_000_000_000_000_000;
        let claim = &mut self.claims[number as usize - 1];
        let pot = std::mem::take(&mut claim.pot);
        claim.phase = phase;
        self.losses[number as usize - 1].from_pot += pot;

        let step = ratio(1, ONE * u128::from(self.window));
        let parts = portion(pot, ONE * u128::from(self.window), claim.assets_before);
        let (holder, pool_since) = (claim.holder, claim.pool_refilled.clone());
        let deductible = ceil(&(ratio(claim.deductible, claim.granted) * whole(pot)));
        let since = claim.deductible_refilled.clone();
        self.refill(now);
        self.pool.restore(step * whole(parts), &pool_since);
        let policy = self.policies[holder].as_mut().unwrap();
        policy.deductible.restore(whole(deductible), &since);
        deductible > 0
    }

    /// All claims' pots, and all that came back and nobody took.
    pub fn reserves(&self) -> [u128; 2] {
        let pots = self.claims.iter().map(|claim| claim.pot).sum();
        [pots, self.losses.iter().map(Loss::left).sum()]
    }
}
