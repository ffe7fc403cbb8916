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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub trip: Option<u64>,
    /// The market's trips by then.
    pub trips: u64,
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
    pub held: Held,
    pub phase: Phase,
    /// It was held, and its price was found to stand before its time.
    pub stood: bool,
    /// By what a held one's price was judged.
    pub judged: Option<(Band, First)>,
    /// When nothing of it waited any more.
    pub ended: Option<u64>,
}

/// What is known of the time since a claim was filed that was held without a
/// trip.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    /// The last clean reading before the next trip, or so far: when, and its
    /// band.
    pub clean: Option<(u64, Band)>,
    /// The next trip: when it began, and the bands that ended it.
    pub trip: Option<(u64, Option<Band>)>,
    /// The band of a poke now that allows.
    pub poked: Option<Band>,
}

/// What came first after a claim was held, and ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// A clean reading, of a claim that was held without a trip.
    Reading,
    /// A trip: that in which it was held, or the next.
    Trip,
    /// A poke that allows.
    Poke,
}

/// How it stands with what a held claim waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It goes on; the claim's latest date counts from this time.
    Open(u64),
    /// It ended in this band.
    Ended(Band, First),
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

/// Time since filing in which no pause stopped the clock.
fn elapsed(claim: &Claim, pauses: &Pauses, now: u64) -> u64 {
    now - claim.filed_at - pauses.within(claim.filed_at, now)
}

/// Whether the claim's delay is over.
fn delay_over(claim: &Claim, elapsed: u64) -> bool {
    elapsed >= claim.delay * SECOND
}

/// The prices at which a held claim stands, when what it waited for ended in
/// `ended`.
fn span(held: &Held, ended: Band) -> Band {
    match (held.at_filing, held.last_clean) {
        (Some(at_filing), _) => at_filing,
        (None, None) => ended,
        (None, Some(before)) => Band {
            low: before.low.min(ended.low),
            high: before.high.max(ended.high),
        },
    }
}

/// How it stands with a claim that was held without a trip, by what came first.
pub fn without_trip(filed_at: u64, since: &Since) -> Ending {
    let well = since.clean.filter(|(at, _)| *at > filed_at);
    match (well, since.trip, since.poked) {
        (Some((_, band)), _, _) => Ending::Ended(band, First::Reading),
        (None, Some((_, Some(band))), _) => Ending::Ended(band, First::Trip),
        (None, Some((began_at, None)), _) => Ending::Open(began_at),
        (None, None, Some(band)) => Ending::Ended(band, First::Poke),
        (None, None, None) => Ending::Open(filed_at),
    }
}

/// Whether the price lies in the band, both ends included.
pub fn inside(price: Option<Price>, band: Band) -> bool {
    price.is_some_and(|price| band.low <= price && price <= band.high)
}

impl Ledger {
    /// The claim's earliest payment, if no further pause comes.
    pub fn payable_at(&self, number: u64, now: u64) -> u64 {
        let claim = self.claim(number);
        self.clock(claim, now) + claim.delay * SECOND
    }

    /// The claim's latest date, likewise.
    pub fn latest(&self, number: u64, now: u64) -> u64 {
        let claim = self.claim(number);
        self.clock(claim, now) + (self.patience() + GRACE) * SECOND
    }

    /// Its latest date if that counts from `start`, a later trip's beginning. All
    /// pauses since its filing move it, also those before `start`: how long they
    /// were by then nobody has written down.
    pub fn latest_from(&self, number: u64, start: u64, now: u64) -> u64 {
        self.latest(number, now) + (start - self.claim(number).filed_at)
    }

    /// A claim's filing, moved by the pauses that are known, the present one to its end;
    /// of one that has ended by those before its end.
    fn clock(&self, claim: &Claim, now: u64) -> u64 {
        let known = self.payouts.until(now).unwrap_or(now);
        let start = claim.filed_at;
        start + self.payouts.within(start, claim.ended.unwrap_or(known))
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

    /// What settling a pending claim now comes to, by how it stands with what
    /// it waits for.
    pub fn ruling(&self, number: u64, ending: Ending, now: u64) -> Ruling {
        let claim = self.claim(number);
        let stopped = self.payouts.until(now).is_some();
        let over = delay_over(claim, elapsed(claim, &self.payouts, now));
        if claim.phase == Phase::Held {
            match ending {
                Ending::Open(start) if !stopped && now > self.latest_from(number, start, now) => {
                    return Ruling::LapseByTime;
                }
                Ending::Open(_) => return Ruling::WaitForTrip,
                Ending::Ended(band, _) if !inside(claim.price, span(&claim.held, band)) => {
                    return Ruling::LapseByPrice;
                }
                Ending::Ended(..) if stopped || !over => return Ruling::Stand,
                Ending::Ended(..) => {}
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
    pub fn pay(&mut self, number: u64, now: u64) -> u128 {
        let claim = &mut self.claims[number as usize - 1];
        claim.ended = Some(now);
        let pot = std::mem::take(&mut claim.pot);
        claim.paid += pot;
        claim.phase = Phase::Paid;
        pot
    }

    /// A held claim's price is judged.
    pub fn judge(&mut self, number: u64, band: Band, first: First) {
        let claim = &mut self.claims[number as usize - 1];
        if claim.phase == Phase::Held {
            claim.judged = Some((span(&claim.held, band), first));
        }
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
        claim.ended = Some(now);
        self.losses[number as usize - 1].from_pot += pot;
        self.came_back.push(number);

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
