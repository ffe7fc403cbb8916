//! 5, staker by staker: what each has earned is its part of every second of
//! every stream, by the shares on record in that second. It is counted here from
//! the fundings and stops alone, without the distributor's rates, turns and
//! index, and held against what the distributor would pay: so nobody is paid at
//! others' expense, even where all sums are right.
//!
//! Amounts are in 2⁻¹²⁸ base units and every remainder is carried, as the
//! distributor does, so the two differ by less than 2⁻⁴⁰ of a unit where there
//! are fewer than 2⁸⁷ shares. Nothing is done unless a record, a stake or a
//! funding changed.

use std::collections::BTreeMap;

use backstop_core::rewards::{Account, SCALE, WEEK};
use cosmwasm_std::{Uint128, Uint256, Uint512};
use reward_distributor::state::{Funding, Stop};

/// What every staker is due by the fundings, as of the last look.
#[derive(Default)]
pub struct Entitlements {
    /// Seconds with somebody on record.
    staked: u64,
    at: u64,
    total: u128,
    people: BTreeMap<Vec<u8>, Person>,
    purses: Vec<Purse>,
}

#[derive(Default)]
struct Person {
    /// Shares that the distributor has on record.
    recorded: u128,
    /// Shares that the vault had at the last look.
    active: u128,
    /// By denom: what a share had earned at the last settlement, and what is
    /// due of before it.
    earned: Vec<(Uint256, Uint256)>,
}

/// One denom.
#[derive(Default)]
struct Purse {
    lines: Vec<Line>,
    /// Released, and not yet divisible; and fractions of refunds, for the next
    /// second.
    carry: Uint256,
    loose: Uint256,
    /// What one share has earned, modulo 2²⁵⁶.
    each: Uint256,
    fundings: u64,
}

/// A stream.
struct Line {
    funding: Option<u64>,
    amount: Uint256,
    from: u64,
    until: u64,
    /// Released so far.
    out: Uint256,
}

impl Line {
    /// What is released up to `staked`, rounded down.
    fn by(&self, staked: u64) -> Uint256 {
        let ran = staked.clamp(self.from, self.until) - self.from;
        let length = Uint512::from(self.until - self.from);
        let part = self.amount.full_mul(Uint256::from(ran)) / length;
        Uint256::try_from(part).unwrap_or(Uint256::MAX)
    }
}

impl Entitlements {
    /// Of a distributor without streams so far, whose clock shows `staked`.
    pub fn new(staked: u64, now: u64) -> Self {
        Self {
            staked,
            at: now,
            ..Self::default()
        }
    }

    /// Everybody who was ever on record or had shares.
    pub fn stakers(&self) -> Vec<Vec<u8>> {
        self.people.keys().cloned().collect()
    }

    /// The shares that a staker is paid for now.
    pub fn real(&self, staker: &[u8]) -> u128 {
        let person = self.people.get(staker);
        person.map_or(0, |person| person.recorded.min(person.active))
    }

    /// Makes room for so many denoms.
    pub fn denoms(&mut self, count: usize) {
        self.purses
            .resize_with(self.purses.len().max(count), Purse::default);
    }

    /// How many fundings of a denom were seen.
    pub fn fundings(&self, slot: usize) -> u64 {
        self.purses.get(slot).map_or(0, |purse| purse.fundings)
    }

    /// Moves to `now`, in seconds, under the records and streams of the last
    /// look.
    pub fn advance(&mut self, now: u64) {
        let seconds = now.saturating_sub(self.at);
        self.at = self.at.max(now);
        if self.total == 0 || seconds == 0 {
            return;
        }
        self.staked += seconds;
        let total = Uint256::from(self.total);
        for purse in &mut self.purses {
            purse.carry += std::mem::take(&mut purse.loose);
            for line in &mut purse.lines {
                let out = line.by(self.staked);
                purse.carry += out - line.out;
                line.out = out;
            }
            purse.lines.retain(|line| line.until > self.staked);
            purse.each = purse.each.wrapping_add(purse.carry / total);
            purse.carry = purse.carry % total;
        }
    }

    /// A staker's record changed: what its shares earned is settled with the
    /// smaller of record and vault, and the rest becomes a stream again.
    pub fn record(&mut self, staker: &[u8], account: Option<&Account>) {
        let person = self.people.entry(staker.to_vec()).or_default();
        person.earned.resize_with(self.purses.len(), Default::default);
        let paid = Uint256::from(person.recorded.min(person.active));
        let phantom = Uint256::from(person.recorded) - paid;
        for (purse, (since, due)) in self.purses.iter_mut().zip(&mut person.earned) {
            let each = purse.each.wrapping_sub(*since);
            *since = purse.each;
            *due += each * paid;
            let amount = each * phantom;
            if !amount.is_zero() {
                let until = (self.staked.div_ceil(WEEK.0) + 1) * WEEK.0;
                purse.begin(None, amount, self.staked, until);
            }
        }
        let after = account.map_or(0, |account| account.shares.u128());
        self.total = self.total - person.recorded + after;
        person.recorded = after;
    }

    /// A staker's shares in the vault changed.
    pub fn stake(&mut self, staker: &[u8], active: u128) {
        self.people.entry(staker.to_vec()).or_default().active = active;
    }

    /// A stream was stopped; what of its end is refused.
    pub fn stop(&mut self, slot: usize, number: u64, stop: &Stop) -> Option<String> {
        let purse = self.purses.get_mut(slot)?;
        let place = purse.lines.iter().position(|line| line.funding == Some(number));
        let Some(place) = place else {
            return Some(format!("stream {number} was stopped and was over"));
        };
        let line = purse.lines.swap_remove(place);
        let (left, refund) = (line.amount - line.out, Uint256::from(stop.refunded) * SCALE);
        purse.loose += left.saturating_sub(refund);
        // One unit at the most is kept back, also of a stream that was just funded:
        // what its length does not divide is released at once.
        let right = refund <= left && left - refund <= SCALE;
        (!right).then(|| format!("stopping stream {number} refunded {}", stop.refunded))
    }

    /// A stream was funded; what of its ends is refused.
    pub fn fund(&mut self, slot: usize, number: u64, funding: &Funding) -> Option<String> {
        let staked = self.staked;
        let purse = self.purses.get_mut(slot)?;
        purse.fundings = number;
        let (from, until) = (funding.from.0, funding.week * WEEK.0);
        let begins = from == staked || (from > staked && from.is_multiple_of(WEEK.0));
        if !begins || until <= from {
            return Some(format!(
                "at {staked} a stream was funded from {from} until {until}"
            ));
        }
        let amount = Uint256::from(funding.amount) * SCALE;
        purse.begin(Some(number), amount, from, until);
        None
    }

    /// What a staker's record says it would be paid, `claimable`, against what
    /// it is due; how many whole units it must have been paid since the last
    /// look, or what is wrong.
    pub fn hold(&mut self, staker: &[u8], slot: usize, claimable: Uint256) -> Result<u128, String> {
        let (Some(person), Some(purse)) = (self.people.get_mut(staker), self.purses.get(slot)) else {
            return Ok(0);
        };
        let slots = self.purses.len();
        person.earned.resize_with(slots, Default::default);
        let real = Uint256::from(person.recorded.min(person.active));
        let (since, owed) = &mut person.earned[slot];
        let due = *owed + purse.each.wrapping_sub(*since) * real;
        let tolerance = (SCALE >> 40) + Uint256::from(self.total);
        if claimable > due + tolerance {
            return Err(format!("has {} too much", units(claimable - due)));
        }
        let fell = due.saturating_sub(claimable);
        if fell <= tolerance {
            return Ok(0);
        }
        let paid = (fell + tolerance) / SCALE;
        let missing = paid * SCALE;
        *owed = owed.saturating_sub(missing);
        if fell.abs_diff(missing) > tolerance {
            return Err(format!("has {} too little", units(fell)));
        }
        Ok(Uint128::try_from(paid).unwrap_or(Uint128::MAX).u128())
    }
}

impl Purse {
    fn begin(&mut self, funding: Option<u64>, amount: Uint256, from: u64, until: u64) {
        self.lines.push(Line {
            funding,
            amount,
            from,
            until,
            out: Uint256::zero(),
        });
    }
}

/// Base units with three decimals.
fn units(amount: Uint256) -> String {
    let thousandths = amount / (SCALE / Uint256::from(1_000_u128));
    let thousand = Uint256::from(1_000_u128);
    format!(
        "{}.{:0>3}",
        thousandths / thousand,
        (thousandths % thousand).to_string()
    )
}
