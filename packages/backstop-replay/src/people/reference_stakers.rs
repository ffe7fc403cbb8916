//! Three stakers with the same deposit and one rule each, so that a report can
//! say what leaving early, staying, and coming late did: the same money at the
//! same prices, whoever else is in the pool.

use backstop_types::breaker::MarketState;
use backstop_types::events::EventError;

use super::chain::{Chain, Person};
use super::pool;

/// What each puts in, in whole units of the asset.
const WHOLE: u128 = 1_000;
/// The most that a simulated account may spare, in base units.
const MOST: u128 = 100_000_000_000_000_000;

/// When a witness comes and goes.
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

/// One of the three.
pub struct Witness {
    /// Its rule.
    pub rule: Rule,
    /// The account.
    pub person: Person,
    /// What it put in; nothing if it never came.
    pub put_in: u128,
    /// When it came, in seconds since the epoch.
    pub came: Option<u64>,
    /// When it began to leave, before the end of the replay.
    pub left: Option<u64>,
    /// What it got for its shares in the end.
    pub withdrew: u128,
    /// What came back to it on losses.
    pub took_back: u128,
    /// When its ticket can be withdrawn.
    ready: Option<u64>,
}

/// All three.
pub struct Witnesses {
    /// Early leaver, stayer, late depositor.
    pub all: [Witness; 3],
    deposit: u128,
    half_way: u64,
    unbonding: u64,
}

impl Witnesses {
    /// Before the first block of a replay of `blocks` blocks.
    pub fn new(chain: &mut Chain, decimals: u32, blocks: u64) -> Self {
        let mut index = 0;
        let all = [Rule::EarlyLeaver, Rule::Stayer, Rule::LateDepositor].map(|rule| {
            index += 1;
            Witness {
                rule,
                person: chain.person("witness", index - 1),
                put_in: 0,
                came: None,
                left: None,
                withdrew: 0,
                took_back: 0,
                ready: None,
            }
        });
        let one = 10_u128.checked_pow(decimals).unwrap_or(1);
        Self {
            all,
            deposit: one.saturating_mul(WHOLE).min(MOST),
            half_way: blocks / 2,
            unbonding: pool::unbonding_period(chain),
        }
    }

    /// Those who are there from the start.
    pub fn settle_in(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let deposit = self.deposit;
        self.all[..2]
            .iter_mut()
            .try_for_each(|witness| witness.deposit(chain, deposit))
    }

    /// What they do in this block.
    pub fn act(&mut self, chain: &mut Chain, block: u64) -> Result<(), EventError> {
        let calm = chain.state.is_none_or(|state| state == MarketState::Normal);
        let trouble = !calm || !chain.tally.answered.is_empty();
        let loss = chain.tally.answered.iter().any(|answer| answer.claim.is_some());
        let late = block >= self.half_way;
        let deposit = self.deposit;
        for witness in &mut self.all {
            match witness.rule {
                Rule::EarlyLeaver if witness.left.is_none() && (trouble || late) => {
                    witness.leave(chain, self.unbonding)?;
                }
                Rule::EarlyLeaver if witness.ready.is_some_and(|ready| ready <= chain.now()) => {
                    witness.withdraw(chain)?;
                }
                Rule::LateDepositor if witness.came.is_none() && loss => witness.deposit(chain, deposit)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Opens tickets for all that is left.
    pub fn unbond(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        for witness in &mut self.all {
            if !pool::stake(chain, &witness.person).active.is_zero() {
                pool::unbond(chain, &witness.person, None)?;
            }
        }
        Ok(())
    }

    /// Withdraws, and takes what came back on losses, once the tickets are ready.
    pub fn withdraw(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        for witness in &mut self.all {
            witness.withdraw(chain)?;
            let before = chain.world.balance(&witness.person.addr);
            pool::take_back(chain, &witness.person)?;
            witness.took_back = chain.world.balance(&witness.person.addr) - before;
        }
        Ok(())
    }
}

impl Witness {
    fn deposit(&mut self, chain: &mut Chain, amount: u128) -> Result<(), EventError> {
        self.came = Some(chain.now());
        if pool::deposit(chain, &self.person, amount)?.ok() {
            self.put_in = amount;
        }
        Ok(())
    }

    fn leave(&mut self, chain: &mut Chain, unbonding: u64) -> Result<(), EventError> {
        self.left = Some(chain.now());
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
        self.withdrew += chain.world.balance(&self.person.addr) - before;
        Ok(())
    }
}
