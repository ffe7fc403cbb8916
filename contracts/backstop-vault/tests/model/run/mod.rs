//! The shipped contracts and the model's books side by side: each step is taken
//! in both, and they must agree.

mod checks;
mod cover;
mod drain;
mod market;
mod powers;
mod premium;
mod rewards;
mod settle;
mod stakes;
mod votes;

use backstop_testing::World;
use backstop_types::vault::{ExecuteMsg, PolicyTerms, PremiumCurve};
use backstop_types::{Bps, Denom, Seconds};
use cosmwasm_std::{Addr, Decimal, Uint128};
use cw_multi_test::AppResponse;

use super::broken;
use super::exact::SECOND;
use super::ledger::{HOLDERS, Ledger, STAKERS, Tuning, Who};
use super::premium::{ACCOUNTS, Tariff};
use super::states::{Counts, State};
use super::steps::{DAY, Setup, Step, Terms, Tune};
use super::votes::Waiting;
use crate::support::{self, Desk};

pub struct Run {
    desk: Desk,
    book: Ledger,
    pub seen: Counts,
    stakers: Vec<Addr>,
    holders: Vec<Addr>,
    treasury: Addr,
    funder: Addr,
    /// The asset, and a coin.
    denoms: [Denom; 2],
    /// The code that fails at everything.
    broken: u64,
    distributor_broken: bool,
    breaker_dead: bool,
    /// What the sources say, in millionths, and what they said before they
    /// last jumped.
    price: u64,
    former: u64,
    start: u64,
    donated: u128,
    /// Steps checked.
    checks: usize,
    /// Rewards by denom: funded, less refunded and paid.
    rewards: [u128; 2],
    /// What each policyholder was paid.
    received: [u128; HOLDERS],
    /// What each paid for cover, less what was sent back.
    premiums: [u128; HOLDERS],
    /// What each account took of its credit.
    refunded: [u128; ACCOUNTS],
    /// The vault's owner, in some lives.
    timelock: Option<Addr>,
    /// How many were submitted to it, and those that wait.
    votes: u64,
    waiting: Vec<Waiting>,
}

/// Of the hook and of the poke.
const GAS: [u64; 2] = [2_000_000, 5_000_000];

/// What the world funds an account with.
const POCKET: u128 = 1_000_000_000_000_000_000;

/// The vault's parameters at the beginning, in the model's terms.
fn tuning() -> Tuning {
    Tuning {
        unbonding: 7 * 86_400,
        notice: 3 * 86_400,
        // The desk's own.
        fraction: 9_000,
        min_ticket: 1,
        max_tickets: 8,
        gas: GAS,
    }
}

fn curve(tariff: &Tariff) -> PremiumCurve {
    PremiumCurve {
        kink: Bps(tariff.kink),
        base: Bps(tariff.base),
        at_kink: Bps(tariff.at_kink),
        most: Bps(tariff.most),
    }
}

fn desk(cw20: bool, window: u64, tariff: &Tariff) -> Desk {
    let builder = World::builder().without_policy().window(Seconds(window));
    let builder = if cw20 { builder.cw20_asset() } else { builder };
    let builder = builder.vault_params(|params| {
        let tuning = tuning();
        params.unbonding_period = Seconds(tuning.unbonding);
        params.max_tickets = tuning.max_tickets as u32;
        [params.hook_gas, params.poke_gas] = tuning.gas;
        params.premium = curve(tariff);
    });
    // The books are the vault's: trips are to end by readings, which a latch and a
    // leap forbid until the owner's reseed.
    let builder = builder.market_params(|params| {
        params.latch_trips = None;
        params.max_leap = Bps(9_900);
        params.max_growth = Bps(9_000);
        params.drift_window = None;
    });
    Desk::of(builder, support::terms())
}

impl Run {
    pub fn new(cw20: bool, setup: &Setup) -> Self {
        // Who the treasury is, is set when the world has its addresses.
        let tariff = Tariff {
            treasury: false,
            part: 0,
            ..setup.tariff
        };
        let mut desk = desk(cw20, setup.window, &tariff);
        let names = (0..HOLDERS).map(|n| format!("holder{n}"));
        let holders = names.map(|name| desk.w.addr(&name)).collect();
        let stakers = (0..STAKERS).map(|n| desk.w.addr(&format!("staker{n}"))).collect();
        let funder = desk.w.addr("funder");
        desk.w.mint_native(&funder, "ureward", POCKET);
        let treasury = desk.w.addr("treasury");
        let broken = desk.w.app.store_code(broken::contract());
        let now = desk.w.app.block_info().time.nanos();
        let denoms = [desk.w.asset.clone(), Denom::Native("ureward".to_string())];
        let mut run = Self {
            book: Ledger::new(setup.window, tuning(), tariff, now),
            desk,
            seen: Counts::default(),
            stakers,
            holders,
            treasury,
            funder,
            denoms,
            broken,
            distributor_broken: false,
            breaker_dead: false,
            price: 10_000_000,
            former: 10_000_000,
            start: now,
            donated: 0,
            checks: 0,
            rewards: [0; 2],
            received: [0; HOLDERS],
            premiums: [0; HOLDERS],
            refunded: [0; ACCOUNTS],
            timelock: None,
            votes: 0,
            waiting: vec![],
        };
        run.begin(setup);
        run
    }

    /// The first policies, deposits and listings.
    fn begin(&mut self, setup: &Setup) {
        // The desk's own policyholder would take up more than all of the pool.
        let close = ExecuteMsg::ClosePolicy {
            policyholder: Some(self.desk.holder.to_string()),
            market: support::MARKET.to_string(),
        };
        self.desk.as_owner(&close).unwrap();
        self.list_rewards();
        self.tune(Tune::Tariff(setup.tariff));
        for (holder, terms) in setup.terms.into_iter().enumerate() {
            self.terms(holder, terms, true);
        }
        for (who, amount) in setup.deposits.into_iter().enumerate() {
            self.deposit(who, who, amount, None);
        }
        if setup.timelock {
            self.own_by_timelock();
        }
        self.check();
    }

    pub fn take(&mut self, step: Step) {
        let months = |run: &Self| (run.now() - run.start) / (30 * DAY);
        let before = months(self);
        match step {
            Step::Wait(nanos) => self.wait(nanos),
            Step::Price { .. }
            | Step::GuardianTrip
            | Step::EndTrip { .. }
            | Step::Breaker { .. }
            | Step::Distributor { .. } => self.take_market(step),
            Step::Deposit { .. }
            | Step::Unbond { .. }
            | Step::Cancel { .. }
            | Step::Withdraw { .. }
            | Step::Leave { .. }
            | Step::TakeBack { .. } => self.take_stakes(step),
            Step::Shortfall { .. } | Step::Silence { .. } | Step::Repeat { .. } => self.take_cover(step),
            Step::Settle { .. } | Step::Expire { .. } | Step::Decline { .. } | Step::Recover { .. } => {
                self.take_claims(step)
            }
            Step::Pause { .. }
            | Step::Resume { .. }
            | Step::Tune(_)
            | Step::Terms { .. }
            | Step::Close { .. }
            | Step::HandOver { .. }
            | Step::ApplyVote { .. }
            | Step::Trespass { .. } => self.take_powers(step),
            Step::PayPremium { .. } | Step::SendPremium { .. } | Step::TakeCredit { .. } => {
                self.take_premiums(step)
            }
            Step::Donate(_)
            | Step::Fund { .. }
            | Step::Stop { .. }
            | Step::Claim { .. }
            | Step::Sync { .. } => self.take_rewards(step),
        }
        self.seen.saw_if(months(self) > before, State::MonthPassed);
        self.check();
    }

    /// Nanoseconds of the chain's clock.
    fn now(&self) -> u64 {
        self.desk.w.app.block_info().time.nanos()
    }

    fn wait(&mut self, nanos: u64) {
        self.seen
            .saw_if(nanos > 0 && nanos < SECOND, State::SubSecondBlock);
        self.desk.w.app.update_block(|block| {
            block.time = block.time.plus_nanos(nanos);
            block.height += (nanos / (6 * SECOND)).max(1);
        });
    }

    /// Waits until `time`, or not if it has passed.
    fn wait_until(&mut self, time: u64) {
        let now = self.now();
        if time > now {
            self.wait(time - now);
        }
    }

    /// Sends the vault a message that must pass if `may`, and fail otherwise.
    fn tell(&mut self, sender: &Addr, msg: &ExecuteMsg, may: bool) -> Option<AppResponse> {
        let done = self.desk.execute(sender, msg, &[]);
        assert_eq!(done.is_ok(), may, "{msg:?} at {}: {done:?}", self.now());
        done.ok()
    }

    fn owner(&self) -> Addr {
        self.desk.w.owner.clone()
    }

    fn balance(&self, who: Who) -> u128 {
        self.desk.balance(&self.stakers[who])
    }

    /// Gives the world's contract other code.
    fn migrate(&mut self, contract: Addr, code: u64) {
        use cw_multi_test::Executor;
        let owner = self.owner();
        let msg = cosmwasm_std::Empty {};
        let app = &mut self.desk.w.app;
        app.migrate_contract(owner, contract, &msg, code).unwrap();
    }
}

/// The terms as the vault takes them.
fn policy_terms(terms: Terms) -> PolicyTerms {
    let instant = if terms.priced {
        terms.limit * terms.instant / 100
    } else {
        0
    };
    PolicyTerms {
        limit: terms.limit.into(),
        deductible: terms.deductible.into(),
        instant: instant.into(),
        minimum: terms.minimum.min(terms.limit).into(),
        delay: Seconds::hours(terms.delay),
        priced: terms.priced,
        premium: terms.premium.map(Bps),
    }
}

/// Bps as the vault takes a fraction.
fn bps(bps: u64) -> Decimal {
    Decimal::bps(bps)
}

/// A price in millionths.
fn price_of(millionths: u64) -> Decimal {
    Decimal::from_atomics(Uint128::from(millionths), 6).unwrap()
}
