//! The distributor as exact fractions see it: each stream by itself, each second
//! shared out. It knows neither index nor rate nor turns.

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::WEEK;

pub const STAKERS: usize = 4;

pub fn fraction(numerator: u128, denominator: u128) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

/// When a stream runs, in weeks: its length, and how many points of the grid
/// after the next one it begins, or now.
#[derive(Debug, Clone, Copy)]
pub struct When {
    pub weeks: u64,
    pub start: Option<u64>,
}

/// A stream: base units a second, and its ends in staked time.
struct Line {
    rate: BigRational,
    from: u64,
    until: u64,
    /// What was funded, and can be stopped; nothing of a returned one.
    funding: Option<u64>,
}

/// One denom.
#[derive(Default)]
pub struct Purse {
    lines: Vec<Line>,
    /// Fractions of refunds, for the next second.
    loose: BigRational,
    /// Since the last settlement, by the whole record.
    unsettled: [BigRational; STAKERS],
    /// Settled, less what was paid.
    owed: [BigRational; STAKERS],
    pub funded: u128,
    pub refunded: u128,
    pub paid: u128,
    fundings: u64,
}

/// All denoms, and the stakes as recorded and as the vault has them.
pub struct Model {
    staked: u64,
    pub recorded: [u128; STAKERS],
    pub active: [u128; STAKERS],
    pub ever_staked: [bool; STAKERS],
    pub purses: Vec<Purse>,
}

impl Model {
    pub fn new(denoms: usize) -> Self {
        Self {
            staked: 0,
            recorded: [0; STAKERS],
            active: [0; STAKERS],
            ever_staked: [false; STAKERS],
            purses: (0..denoms).map(|_| Purse::default()).collect(),
        }
    }

    fn total(&self) -> u128 {
        self.recorded.iter().sum()
    }

    pub fn wait(&mut self, seconds: u64) {
        let total = self.total();
        if total == 0 {
            return;
        }
        let now = self.staked + seconds;
        for purse in &mut self.purses {
            let mut released = BigRational::zero();
            if seconds > 0 {
                released += std::mem::take(&mut purse.loose);
            }
            for line in &purse.lines {
                let ran = line.until.min(now).saturating_sub(self.staked.max(line.from));
                released += &line.rate * fraction(ran.into(), 1);
            }
            for (unsettled, recorded) in purse.unsettled.iter_mut().zip(self.recorded) {
                *unsettled += &released * fraction(recorded, total);
            }
        }
        self.staked = now;
    }

    fn begin(&mut self, denom: usize, amount: BigRational, when: When, funding: Option<u64>) {
        let next = self.staked.div_ceil(WEEK) + when.start.unwrap_or(0);
        let from = when.start.map_or(self.staked, |_| next * WEEK);
        let until = (next + when.weeks) * WEEK;
        self.purses[denom].lines.push(Line {
            rate: amount / fraction(u128::from(until - from), 1),
            from,
            until,
            funding,
        });
    }

    pub fn fund(&mut self, denom: usize, amount: u128, when: When) {
        let purse = &mut self.purses[denom];
        purse.funded += amount;
        purse.fundings += 1;
        let number = purse.fundings;
        self.begin(denom, fraction(amount, 1), when, Some(number));
    }

    /// The weeks from the next point of the grid to the end of a funding's
    /// stream, if it is not over.
    pub fn weeks_left(&self, denom: usize, number: u64) -> Option<u64> {
        let line = self.running(denom, number)?;
        Some(line.until / WEEK - self.staked.div_ceil(WEEK))
    }

    fn running(&self, denom: usize, number: u64) -> Option<&Line> {
        let lines = self.purses[denom].lines.iter();
        let mut funded = lines.filter(|line| line.funding == Some(number));
        funded.next().filter(|line| line.until > self.staked)
    }

    /// What was refunded must be what the stream has left, less one unit at
    /// the most; the difference is released with the next second.
    pub fn stop(&mut self, denom: usize, number: u64, refund: u128) {
        let staked = self.staked;
        let line = self.running(denom, number).expect("a stream to stop");
        let left = &line.rate * fraction(u128::from(line.until - line.from.max(staked)), 1);
        let rest = left - fraction(refund, 1);
        assert!(
            !rest.is_negative() && rest <= fraction(1, 1),
            "{rest} is kept back"
        );
        let purse = &mut self.purses[denom];
        purse.lines.retain(|line| line.funding != Some(number));
        purse.refunded += refund;
        purse.loose += rest;
    }

    /// A stake changes, and the distributor is told.
    pub fn tell(&mut self, who: usize, after: u128) {
        let real = std::mem::replace(&mut self.active[who], after);
        self.settle(who, real, after);
    }

    /// The record is brought in line with the vault.
    pub fn sync(&mut self, who: usize) {
        self.settle(who, self.active[who], self.active[who]);
    }

    fn settle(&mut self, who: usize, real: u128, after: u128) {
        let recorded = std::mem::replace(&mut self.recorded[who], after);
        self.ever_staked[who] |= after > 0;
        for denom in 0..self.purses.len() {
            let purse = &mut self.purses[denom];
            let all = std::mem::take(&mut purse.unsettled[who]);
            if recorded == 0 {
                continue;
            }
            let earned = &all * fraction(recorded.min(real), recorded);
            let returned = all - &earned;
            purse.owed[who] += earned;
            if !returned.is_zero() {
                let when = When {
                    weeks: 1,
                    start: None,
                };
                self.begin(denom, returned, when, None);
            }
        }
    }

    /// What a claim would pay, as a fraction.
    pub fn due(&self, who: usize, denom: usize) -> BigRational {
        let purse = &self.purses[denom];
        let mut due = purse.owed[who].clone();
        if self.recorded[who] > 0 {
            let real = self.recorded[who].min(self.active[who]);
            due += &purse.unsettled[who] * fraction(real, self.recorded[who]);
        }
        due
    }

    pub fn pay(&mut self, who: usize, denom: usize, amount: u128) {
        let purse = &mut self.purses[denom];
        purse.owed[who] -= fraction(amount, 1);
        purse.paid += amount;
    }

    /// What was funded and is neither paid nor refunded.
    pub fn left(&self, denom: usize) -> u128 {
        let purse = &self.purses[denom];
        purse.funded - purse.paid - purse.refunded
    }

    /// How many stakers ever had shares.
    pub fn holders(&self) -> u128 {
        self.ever_staked.iter().filter(|staked| **staked).count() as u128
    }
}

/// Whether a figure in whole base units is `exact` rounded down, but for 2⁻⁴⁰ of
/// a unit that the carry is ahead or behind.
pub fn is_floor_of(amount: u128, exact: &BigRational) -> bool {
    let tolerance = fraction(1, 1 << 40);
    let least = (exact - &tolerance).floor();
    let most = (exact + &tolerance).floor();
    (least.to_integer()..=most.to_integer()).contains(&amount.into())
}
