//! The ledger as exact fractions see it: each stream by itself, each second
//! shared out.

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::{STAKERS, Step};
use crate::rewards::WEEK;

/// One stream of the model: a rate in base units a second, and its ends.
struct Line {
    rate: BigRational,
    from: u64,
    until: u64,
    /// A funding's, which can be stopped.
    funded: bool,
}

/// All streams and stakers.
#[derive(Default)]
pub struct Model {
    lines: Vec<Line>,
    staked: u64,
    recorded: [u128; STAKERS],
    vault: [u128; STAKERS],
    /// Fractions of refunds, for the next second.
    loose: BigRational,
    /// Since the last settlement, by the whole record.
    pub unsettled: [BigRational; STAKERS],
    pub earned: [BigRational; STAKERS],
}

pub fn fraction(numerator: u128, denominator: u128) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

impl Model {
    fn begin(&mut self, amount: BigRational, weeks: u32, start: Option<u64>, funded: bool) {
        let next = self.staked.div_ceil(WEEK.0) + start.unwrap_or(0);
        let from = start.map_or(self.staked, |_| next * WEEK.0);
        let until = (next + u64::from(weeks)) * WEEK.0;
        let length = fraction(u128::from(until - from), 1);
        self.lines.push(Line {
            rate: amount / length,
            from,
            until,
            funded,
        });
    }

    /// What was refunded must be what the line has left, less one unit at the
    /// most; the difference is released with the next second.
    fn stop(&mut self, number: usize, refund: u128) {
        let staked = self.staked;
        let mut funded = self.lines.iter_mut().filter(|line| line.funded);
        let Some(line) = funded.nth(number).filter(|line| line.until > staked) else {
            assert_eq!(refund, 0);
            return;
        };
        let left = &line.rate * fraction(u128::from(line.until - line.from.max(staked)), 1);
        line.until = staked;
        let rest = left - fraction(refund, 1);
        assert!(
            !rest.is_negative() && rest <= fraction(1, 1),
            "{rest} is kept back"
        );
        self.loose += rest;
    }

    fn wait(&mut self, seconds: u64) {
        let total: u128 = self.recorded.iter().sum();
        if total == 0 || seconds == 0 {
            return;
        }
        let now = self.staked + seconds;
        let mut released = std::mem::take(&mut self.loose);
        for line in &self.lines {
            let ran = line.until.min(now).saturating_sub(self.staked.max(line.from));
            released += &line.rate * fraction(ran.into(), 1);
        }
        for who in 0..STAKERS {
            self.unsettled[who] += &released * fraction(self.recorded[who], total);
        }
        self.staked = now;
    }

    fn settle(&mut self, who: usize, real: u128, after: u128) {
        let all = std::mem::take(&mut self.unsettled[who]);
        let recorded = std::mem::replace(&mut self.recorded[who], after);
        if recorded == 0 {
            return;
        }
        let paid = &all * fraction(recorded.min(real), recorded);
        let returned = all - &paid;
        self.earned[who] += paid;
        if !returned.is_zero() {
            self.begin(returned, 1, None, false);
        }
    }

    /// Takes a step; what a stop refunded is the ledger's word.
    pub fn take(&mut self, step: &Step, refund: u128) {
        match *step {
            Step::Wait { seconds } => self.wait(seconds),
            Step::Fund { amount, weeks, start } => self.begin(fraction(amount, 1), weeks, start, true),
            Step::Stop { number } => self.stop(number, refund),
            Step::Stake { who, shares } => {
                let before = std::mem::replace(&mut self.vault[who], shares);
                self.settle(who, before, shares);
            }
            Step::Untold { who, percent } => self.vault[who] = self.vault[who] * percent / 100,
            Step::Sync { who } => self.settle(who, self.vault[who], self.vault[who]),
            Step::Poke | Step::Advance { .. } => {}
        }
    }
}
