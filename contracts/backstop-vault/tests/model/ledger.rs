//! The model's books of stakers: assets, shares, tickets, and who bore what.
//! Its own arithmetic, by the rules that the README states.

use std::collections::BTreeMap;

use super::bucket::Bucket;
use super::claims::Claim;
use super::cover::{Answered, Policy};
use super::exact::{Exact, SECOND, portion, ratio, whole};
use super::premium::{ACCOUNTS, Tariff};

/// How many stakers, and how many policyholders.
pub const STAKERS: usize = 4;
pub const HOLDERS: usize = 3;

/// A staker by place.
pub type Who = usize;

#[derive(Clone, Copy)]
pub struct Ticket {
    pub shares: u128,
    /// Nanoseconds of the chain's clock.
    pub opened_at: u64,
    /// Seconds.
    pub delay: u64,
    /// Whether others may withdraw it.
    pub auto: bool,
}

#[derive(Default)]
pub struct Staker {
    pub active: u128,
    pub tickets: BTreeMap<u64, Ticket>,
    /// What the distributor was told last.
    pub recorded: u128,
    pub hook_failures: u64,
    /// How many of `Ledger::came_back` have been looked at.
    pub looked_at: usize,
}

/// A loss and its cohort, by place.
pub struct Loss {
    pub granted: u128,
    pub stakes: [u128; STAKERS],
    pub from_pot: u128,
    pub repaid: u128,
    pub taken: [u128; STAKERS],
}

/// The parameters that the rules depend on.
#[derive(Clone)]
pub struct Tuning {
    pub unbonding: u64,
    pub notice: u64,
    /// Bps of the assets.
    pub fraction: u64,
    pub min_ticket: u128,
    pub max_tickets: usize,
    /// Of the hook and of the poke.
    pub gas: [u64; 2],
}

/// The guardian's pauses of one thing, each from when to when.
#[derive(Default)]
pub struct Pauses(pub Vec<(u64, u64)>);

pub struct Ledger {
    pub assets: u128,
    pub stakers: [Staker; STAKERS],
    pub tickets: u64,
    pub losses: Vec<Loss>,
    /// On which loss money came back, each time anew.
    pub came_back: Vec<u64>,
    pub claims: Vec<Claim>,
    pub policies: [Option<Policy>; HOLDERS],
    /// What each policyholder's shortfalls were answered, by number from one.
    pub shortfalls: [Vec<Answered>; HOLDERS],
    /// Of the pool's fraction.
    pub pool: Bucket,
    pub tariff: Tariff,
    /// Of the treasury's part, less than a unit that is still to come.
    pub treasury_left: Exact,
    /// What each account may take.
    pub credits: [u128; ACCOUNTS],
    pub tuning: Tuning,
    /// Nanoseconds.
    pub window: u64,
    pub deposits: Pauses,
    pub payouts: Pauses,
}

impl Staker {
    pub fn queued(&self) -> u128 {
        self.tickets.values().map(|ticket| ticket.shares).sum()
    }

    pub fn shares(&self) -> u128 {
        self.active + self.queued()
    }
}

impl Loss {
    pub fn recovered(&self) -> u128 {
        self.from_pot + self.repaid
    }

    pub fn stake(&self) -> u128 {
        self.stakes.iter().sum()
    }

    pub fn due(&self, who: Who) -> u128 {
        portion(self.recovered(), self.stakes[who], self.stake()) - self.taken[who]
    }

    /// What nobody has taken yet.
    pub fn left(&self) -> u128 {
        self.recovered() - self.taken.iter().sum::<u128>()
    }
}

impl Pauses {
    pub fn until(&self, now: u64) -> Option<u64> {
        let last = self
            .0
            .last()
            .filter(|(since, until)| (*since..*until).contains(&now));
        last.map(|(_, until)| *until)
    }

    /// At most 72 hours, and not again within 14 days of the last end.
    pub fn may(&self, now: u64) -> bool {
        const REST: u64 = 14 * 86_400 * SECOND;
        self.0.last().is_none_or(|(_, until)| until + REST <= now)
    }

    /// How much of the time from `start` to `end` was paused.
    pub fn within(&self, start: u64, end: u64) -> u64 {
        let part = |(since, until): &(u64, u64)| (*until).min(end).saturating_sub((*since).max(start));
        self.0.iter().map(part).sum()
    }
}

/// When a ticket is ready: after the period at its opening or the present one,
/// whichever is shorter, to the nanosecond.
pub fn ready_at(ticket: &Ticket, tuning: &Tuning) -> u64 {
    ticket.opened_at + ticket.delay.min(tuning.unbonding) * SECOND
}

impl Ledger {
    /// Empty books, the window in seconds, `now` in nanoseconds.
    pub fn new(window: u64, tuning: Tuning, tariff: Tariff, now: u64) -> Self {
        Self {
            assets: 0,
            stakers: Default::default(),
            tickets: 0,
            losses: vec![],
            came_back: vec![],
            claims: vec![],
            policies: Default::default(),
            shortfalls: Default::default(),
            pool: Bucket::empty(now),
            tariff,
            treasury_left: whole(0),
            credits: [0; ACCOUNTS],
            tuning,
            window: window * SECOND,
            deposits: Pauses::default(),
            payouts: Pauses::default(),
        }
    }

    pub fn active(&self) -> u128 {
        self.stakers.iter().map(|staker| staker.active).sum()
    }

    pub fn shares(&self) -> u128 {
        self.stakers.iter().map(Staker::shares).sum()
    }

    pub fn fraction(&self) -> Exact {
        ratio(self.tuning.fraction.into(), 10_000)
    }

    pub fn minted(&self, amount: u128) -> u128 {
        match self.shares() {
            0 => amount,
            shares => portion(amount, shares, self.assets),
        }
    }

    pub fn worth(&self, shares: u128) -> u128 {
        portion(shares, self.assets, self.shares())
    }

    pub fn deposit(&mut self, who: Who, amount: u128) {
        let shares = self.minted(amount);
        self.assets += amount;
        self.stakers[who].active += shares;
        self.stakers[who].recorded = self.stakers[who].active;
    }

    pub fn may_unbond(&self, who: Who, shares: u128) -> bool {
        let staker = &self.stakers[who];
        let room = staker.tickets.len() < self.tuning.max_tickets && shares >= self.tuning.min_ticket;
        shares > 0 && (shares == staker.active || (shares < staker.active && room))
    }

    pub fn unbond(&mut self, who: Who, shares: u128, auto: bool, told: bool, now: u64) {
        self.tickets += 1;
        let staker = &mut self.stakers[who];
        staker.active -= shares;
        let ticket = Ticket {
            shares,
            opened_at: now,
            delay: self.tuning.unbonding,
            auto,
        };
        staker.tickets.insert(self.tickets, ticket);
        if told {
            staker.recorded = staker.active;
        } else {
            staker.hook_failures += 1;
        }
    }

    pub fn cancel(&mut self, who: Who, number: u64) {
        let staker = &mut self.stakers[who];
        staker.active += staker.tickets.remove(&number).unwrap().shares;
        staker.recorded = staker.active;
    }

    /// A staker's tickets that are ready, the oldest first.
    pub fn ready(&self, who: Who, now: u64) -> Vec<u64> {
        let tickets = self.stakers[who].tickets.iter();
        let ready = tickets.filter(|(_, ticket)| ready_at(ticket, &self.tuning) <= now);
        ready.map(|(number, _)| *number).collect()
    }

    /// What these tickets are paid: rounded down on the sum.
    pub fn payment(&self, who: Who, numbers: &[u64]) -> u128 {
        let shares = numbers
            .iter()
            .map(|number| self.stakers[who].tickets[number].shares);
        self.worth(shares.sum())
    }

    pub fn withdraw(&mut self, who: Who, numbers: &[u64]) {
        self.assets -= self.payment(who, numbers);
        let tickets = &mut self.stakers[who].tickets;
        tickets.retain(|number, _| !numbers.contains(number));
    }

    /// What a staker can take back of these losses.
    pub fn due(&self, who: Who, numbers: &[u64]) -> u128 {
        numbers.iter().map(|number| self.loss(*number).due(who)).sum()
    }

    pub fn take_back(&mut self, who: Who, numbers: &[u64]) {
        for number in numbers {
            let due = self.loss(*number).due(who);
            self.losses[*number as usize - 1].taken[who] += due;
        }
    }

    /// Where money came back that a staker has not looked at, of each loss the last
    /// time only: the place, and the loss.
    pub fn unseen(&self, who: Who) -> Vec<(usize, u64)> {
        let last = |place: usize, loss: u64| !self.came_back[place + 1..].contains(&loss);
        let all = self.came_back.iter().copied().enumerate();
        let unseen = all.skip(self.stakers[who].looked_at);
        unseen.filter(|(place, loss)| last(*place, *loss)).collect()
    }

    /// Some of what was paid on a loss comes back.
    pub fn repay(&mut self, number: u64, amount: u128) {
        self.losses[number as usize - 1].repaid += amount;
        self.came_back.push(number);
    }

    pub fn loss(&self, number: u64) -> &Loss {
        &self.losses[number as usize - 1]
    }

    /// What is left to repay.
    pub fn to_repay(&self, number: u64) -> u128 {
        self.claims[number as usize - 1].paid - self.loss(number).repaid
    }
}
