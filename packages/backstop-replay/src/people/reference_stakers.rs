//! Three stakers with the same deposit and one rule each, so that a report can
//! say what leaving early, staying, and coming late did: the same money at the
//! same prices, whoever else is in the pool.

use backstop_types::Assets;
use backstop_types::breaker::MarketState;
use backstop_types::events::EventError;
use cosmwasm_std::{Timestamp, Uint128};

use super::pool;
use crate::chain::{Chain, Person};

/// What each puts in, in whole units of the asset.
const WHOLE: u128 = 1_000;
/// A part in so many of what the others stake: the most, so that the pool stays theirs.
const PART: u128 = 10;

/// When a reference staker comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// There from the start; unbonds all at the first sign of trouble: the market
    /// is not normal, or a shortfall was asked for. Half-way through if there is
    /// none until then. Withdraws as soon as it can.
    EarlyLeaver,
    /// There from the start to the end.
    Stayer,
    /// Comes once the first loss is booked; never if there is none.
    LateDepositor,
}

impl Rule {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::EarlyLeaver => "early leaver",
            Self::Stayer => "stayer",
            Self::LateDepositor => "late depositor",
        }
    }
}

/// What came of one's stay in the pool.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    /// When it comes and goes.
    pub rule: Rule,
    /// What it put in; nothing if it never came.
    pub put_in: Assets,
    /// When it came.
    pub came: Option<Timestamp>,
    /// When it began to leave, before the end of the replay.
    pub left: Option<Timestamp>,
    /// What it got for its shares in the end.
    pub withdrew: Assets,
    /// What came back to it on losses.
    pub took_back: Assets,
    /// What premium and emissions brought it.
    pub earned: Assets,
}

/// One of the three.
struct ReferenceStaker {
    stay: Stay,
    person: Person,
    /// When its ticket can be withdrawn, in seconds since the epoch.
    ready: Option<u64>,
}

/// All three.
pub struct ReferenceStakers {
    /// Early leaver, stayer, late depositor.
    all: [ReferenceStaker; 3],
    deposit: u128,
    half_way: u64,
    unbonding: u64,
}

impl ReferenceStakers {
    /// Before the first block of a replay of `blocks` blocks; the others will stake so much.
    pub fn new(chain: &mut Chain, decimals: u32, blocks: u64, others: Assets) -> Self {
        let mut index = 0;
        let all = [Rule::EarlyLeaver, Rule::Stayer, Rule::LateDepositor].map(|rule| {
            index += 1;
            ReferenceStaker {
                person: chain.person("reference", index - 1),
                stay: Stay {
                    rule,
                    put_in: Assets::ZERO,
                    came: None,
                    left: None,
                    withdrew: Assets::ZERO,
                    took_back: Assets::ZERO,
                    earned: Assets::ZERO,
                },
                ready: None,
            }
        });
        let one = 10_u128.checked_pow(decimals).unwrap_or(1);
        Self {
            all,
            deposit: one.saturating_mul(WHOLE).min(others.u128() / PART),
            half_way: blocks / 2,
            unbonding: pool::unbonding_period(chain),
        }
    }

    /// What came of each one's stay: early leaver, stayer, late depositor.
    pub fn stays(&self) -> [Stay; 3] {
        self.all.each_ref().map(|one| one.stay)
    }

    /// Those who are there from the start.
    pub fn settle_in(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let deposit = self.deposit;
        self.all[..2]
            .iter_mut()
            .try_for_each(|staker| staker.deposit(chain, deposit))
    }

    /// What they do in this block.
    pub fn act(&mut self, chain: &mut Chain, block: u64) -> Result<(), EventError> {
        let calm = chain.state.is_none_or(|state| state == MarketState::Normal);
        let trouble = !calm || !chain.tally.answered.is_empty();
        let loss = chain.tally.answered.iter().any(|answer| answer.claim.is_some());
        let late = block >= self.half_way;
        let deposit = self.deposit;
        for staker in &mut self.all {
            match staker.stay.rule {
                Rule::EarlyLeaver if staker.stay.left.is_none() && (trouble || late) => {
                    staker.leave(chain, self.unbonding)?;
                }
                Rule::EarlyLeaver if staker.ready.is_some_and(|ready| ready <= chain.now()) => {
                    staker.withdraw(chain)?;
                }
                Rule::LateDepositor if staker.stay.came.is_none() && loss => {
                    staker.deposit(chain, deposit)?
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Opens tickets for all that is left.
    pub fn unbond(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        for staker in &mut self.all {
            if !pool::stake(chain, &staker.person).active.is_zero() {
                pool::unbond(chain, &staker.person, None)?;
            }
        }
        Ok(())
    }

    /// Withdraws, and takes what came back on losses and what was earned, once the
    /// tickets are ready.
    pub fn withdraw(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        for staker in &mut self.all {
            staker.withdraw(chain)?;
            let before = chain.world.balance(&staker.person.addr);
            pool::take_back(chain, &staker.person)?;
            let after = chain.world.balance(&staker.person.addr);
            staker.stay.took_back = Assets::new(after - before);
            pool::earned(chain, &staker.person)?;
            staker.stay.earned = Assets::new(chain.world.balance(&staker.person.addr) - after);
        }
        Ok(())
    }
}

impl ReferenceStaker {
    fn deposit(&mut self, chain: &mut Chain, amount: u128) -> Result<(), EventError> {
        self.stay.came = Some(chain.time());
        if pool::deposit(chain, &self.person, amount)?.ok() {
            self.stay.put_in = Assets::new(amount);
        }
        Ok(())
    }

    fn leave(&mut self, chain: &mut Chain, unbonding: u64) -> Result<(), EventError> {
        self.stay.left = Some(chain.time());
        self.ready = Some(chain.now().saturating_add(unbonding));
        pool::unbond(chain, &self.person, None).map(drop)
    }

    /// Withdraws what is ready, if there is anything.
    fn withdraw(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        self.ready = None;
        if pool::stake(chain, &self.person).queued.is_zero() {
            return Ok(());
        }
        let before = chain.world.balance(&self.person.addr);
        pool::withdraw(chain, &self.person)?;
        self.stay.withdrew.0 += Uint128::new(chain.world.balance(&self.person.addr) - before);
        Ok(())
    }
}
