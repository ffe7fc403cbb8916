//! Those whose capital the pool is. Each deposits once, unbonds half now and
//! then, perhaps leaves altogether after a loss, withdraws as soon as a ticket
//! is ready, and takes what comes back.

use backstop_testing::invariants::Violation;
use backstop_types::events::EventError;
use backstop_types::vault::Stake;
use backstop_types::{Assets, Seconds};
use backstop_vault::state::{LOSSES, TICKETS};
use cosmwasm_std::Order;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::pool;
use crate::chain::{Chain, Person};
use crate::error::ReplayError;
use crate::random::{Stream, waiting};
use crate::scenario::tables::{self, Scenario};

/// All stakers.
pub struct Stakers {
    table: tables::Stakers,
    stakers: Vec<Staker>,
    unbonding: u64,
    /// What had come back on losses when they last looked.
    recovered: u128,
}

struct Staker {
    person: Person,
    rng: ChaCha8Rng,
    amount: u128,
    arrives: u64,
    came: bool,
    unbonds: u64,
    nervous: bool,
    /// When each ticket is ready.
    tickets: Vec<u64>,
    /// When this staker takes what came back.
    takes_back: u64,
}

impl Stakers {
    /// The scenario's stakers, before any has deposited.
    pub fn new(chain: &mut Chain, scenario: &Scenario, seed: u64) -> Self {
        let table = scenario.stakers.clone();
        let unbonding = pool::unbonding_period(chain);
        let start = scenario.time.start.0;
        let stakers = (0..table.count).map(|index| {
            let mut rng = Stream::Staker(index).rng(seed);
            let amount = table.deposit.sample(&mut rng) as u128;
            let arrives = start + (rng.random::<f64>() * table.arrive_within as f64) as u64;
            Staker {
                person: chain.person("staker", index),
                amount,
                arrives,
                came: false,
                unbonds: arrives.saturating_add(waiting(&mut rng, table.unbonds_per_day)),
                nervous: rng.random::<f64>() * 10_000.0 < table.panic_share_bps as f64,
                tickets: vec![],
                takes_back: u64::MAX,
                rng,
            }
        });
        Self {
            stakers: stakers.collect(),
            table,
            unbonding,
            recovered: 0,
        }
    }

    /// Those who are there from the start deposit, before the first block.
    pub fn settle_in(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        if self.table.arrive_within > 0 {
            return Ok(());
        }
        self.stakers
            .iter_mut()
            .try_for_each(|staker| staker.deposit(chain))
    }

    /// What those who are not there yet will deposit.
    pub fn to_come(&self) -> Assets {
        let to_come = self.stakers.iter().filter(|staker| !staker.came);
        Assets::new(to_come.map(|staker| staker.amount).sum())
    }

    /// What they do in this block.
    pub fn act(&mut self, chain: &mut Chain) -> Result<(), ReplayError> {
        let now = chain.now();
        let fallen = chain.share_price()? < 1.0 - self.table.panic_after_bps as f64 / 10_000.0;
        let news = self.came_back(chain);
        for staker in &mut self.stakers {
            if !staker.came && staker.arrives <= now {
                staker.deposit(chain)?;
            }
            if news {
                staker.takes_back = now + (staker.rng.random::<f64>() * 86_400.0) as u64;
            }
            if fallen && staker.nervous && staker.came {
                staker.nervous = false;
                let active = staker.stake(chain).active.u128();
                staker.unbond(chain, active, self.unbonding)?;
            }
            if staker.came && staker.unbonds <= now {
                staker.unbonds = now.saturating_add(waiting(&mut staker.rng, self.table.unbonds_per_day));
                let half = staker.stake(chain).active.u128() / 2;
                staker.unbond(chain, half, self.unbonding)?;
            }
            if staker.tickets.iter().any(|ready| *ready <= now) {
                staker.withdraw(chain)?;
            }
            if staker.takes_back <= now {
                staker.takes_back = u64::MAX;
                pool::take_back(chain, &staker.person)?;
            }
        }
        Ok(())
    }

    /// Whether anything has come back on a loss since the last look.
    fn came_back(&mut self, chain: &Chain) -> bool {
        let settled = chain
            .tally
            .settled
            .values()
            .map(|(count, _)| u128::from(*count))
            .sum();
        let news = settled > self.recovered;
        self.recovered = settled;
        if !news {
            return false;
        }
        let storage = chain.world.app.contract_storage(&chain.world.vault);
        LOSSES
            .range(&*storage, None, None, Order::Descending)
            .flatten()
            .any(|(_, loss)| loss.from_pot.u128() + loss.repaid.u128() > loss.taken.u128())
    }

    /// Everybody leaves, which nothing may stop. A staker who cannot is a
    /// broken invariant.
    pub fn leave(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        for staker in &mut self.stakers {
            let active = staker.stake(chain).active.u128();
            staker.unbond(chain, active, self.unbonding)?;
        }
        chain.world.advance(Seconds(self.unbonding + 1));
        for staker in &mut self.stakers {
            while !staker.stake(chain).queued.is_zero() && staker.withdraw(chain)? {}
            let left = staker.stake(chain);
            if left != Stake::default() {
                let what = format!("{} could not leave with {left:?}", staker.person.addr);
                chain.world.violations.push(Violation::new(8, what));
            }
        }
        Ok(())
    }
}

impl Staker {
    fn deposit(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        self.came = true;
        pool::deposit(chain, &self.person, self.amount).map(drop)
    }

    fn unbond(&mut self, chain: &mut Chain, shares: u128, unbonding: u64) -> Result<(), EventError> {
        if shares > 0 && pool::unbond(chain, &self.person, Some(shares))?.ok() {
            self.tickets.push(chain.now().saturating_add(unbonding));
        }
        Ok(())
    }

    /// Whether it went through.
    fn withdraw(&mut self, chain: &mut Chain) -> Result<bool, EventError> {
        let now = chain.now();
        let sent = pool::withdraw(chain, &self.person)?;
        let storage = chain.world.app.contract_storage(&chain.world.vault);
        let left = TICKETS
            .prefix(&self.person.addr)
            .keys(&*storage, None, None, Order::Ascending)
            .count();
        drop(storage);
        self.tickets.retain(|ready| *ready > now);
        if left > self.tickets.len() {
            // More were ready than one message pays.
            self.tickets.push(now);
        }
        Ok(sent.ok())
    }

    fn stake(&self, chain: &Chain) -> Stake {
        pool::stake(chain, &self.person)
    }
}
