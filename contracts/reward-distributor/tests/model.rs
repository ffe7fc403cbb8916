//! Random histories of the shipped distributor and the shipped vault, against
//! the model in exact fractions: every figure after every step, the sums, and
//! at the end everything drained. The world's invariants run after every
//! message too.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::brittle::{self, Mode};
use crate::support::broken;
use crate::support::model::{Model, STAKERS, When, is_floor_of};
use crate::support::steps::{ASSET, DENOMS, Step, TOKEN, step};
use crate::support::{WEEK, emitted, listing};
use backstop_testing::World;
use backstop_types::distributor::*;
use backstop_types::events::distributor::StreamStopped;
use backstop_types::vault::{self, BackstopVault};
use backstop_types::{Denom, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, Uint128, Uint256};
use cw_multi_test::Executor;
use proptest::prelude::*;

/// The contracts and the model side by side.
struct Run {
    world: World,
    model: Model,
    stakers: Vec<Addr>,
    funder: Addr,
    denoms: Vec<Denom>,
    listed: [bool; DENOMS],
    token_works: bool,
    broken: u64,
}

impl Run {
    fn new(cw20: bool) -> Self {
        let builder = World::builder();
        let builder = if cw20 {
            builder.cw20_asset()
        } else {
            builder.native_asset()
        };
        let mut world = builder.breaker_off().without_policy().build();
        let stakers = (0..STAKERS).map(|n| world.addr(&format!("staker{n}"))).collect();
        let funder = world.addr("funder");
        world.mint_native(&funder, "ureward", 1 << 100);
        let owner = world.owner.clone();
        let token = brittle::deploy(&mut world.app, &owner, &funder);
        let reward = Denom::Native("ureward".to_string());
        let denoms = vec![world.asset.clone(), reward, Denom::Cw20(token)];
        let broken = world.app.store_code(broken::contract());
        let mut run = Self {
            world,
            model: Model::new(DENOMS),
            stakers,
            funder,
            denoms,
            listed: [false; DENOMS],
            token_works: true,
            broken,
        };
        (0..DENOMS).for_each(|denom| run.list(denom));
        run
    }

    fn name(&self, denom: usize) -> UncheckedDenom {
        self.denoms[denom].clone().into()
    }

    fn tell(&mut self, sender: &Addr, msg: ExecuteMsg) -> cw_multi_test::AppResponse {
        let distributor = self.world.distributor.clone();
        self.world.execute(sender, &distributor, &msg, &[]).unwrap()
    }

    fn list(&mut self, denom: usize) {
        let owner = self.world.owner.clone();
        self.tell(&owner, ExecuteMsg::ListDenom(listing(self.name(denom), 1)));
        self.listed[denom] = true;
    }

    fn fund(&mut self, sender: &Addr, denom: usize, amount: u128, terms: StreamTerms) -> bool {
        let distributor = RewardDistributor(self.world.distributor.clone());
        let fund = distributor
            .fund(&self.denoms[denom], Uint128::new(amount), terms)
            .unwrap();
        let done = self.world.send(sender, fund);
        // Both are tried, and only what the model expects passes.
        let may = self.listed[denom] || *sender == self.world.vault;
        assert_eq!(done.is_ok(), may, "{done:?}");
        may
    }

    fn migrate(&mut self, code: u64) {
        let (owner, distributor) = (self.world.owner.clone(), self.world.distributor.clone());
        let app = &mut self.world.app;
        app.migrate_contract(owner, distributor, &MigrateMsg {}, code)
            .unwrap();
    }

    /// Unbonds while every message to the distributor fails.
    fn unbond_untold(&mut self, who: usize, shares: u128) -> bool {
        let (staker, vault) = (self.stakers[who].clone(), self.world.vault.clone());
        let unbond = vault::ExecuteMsg::Unbond {
            shares: Some(Shares::new(shares)),
            auto_withdraw: None,
        };
        self.migrate(self.broken);
        let done = self.world.app.execute_contract(staker, vault, &unbond, &[]);
        self.migrate(self.world.codes.distributor);
        self.world.look();
        done.is_ok()
    }

    fn balance(&self, who: &Addr, denom: usize) -> u128 {
        let denom = &self.denoms[denom];
        denom.balance(&self.world.querier(), who).unwrap().u128()
    }

    fn pending(&self, who: usize) -> Vec<u128> {
        let distributor = RewardDistributor(self.world.distributor.clone());
        let rewards = distributor
            .pending_rewards(&self.world.querier(), &self.stakers[who])
            .unwrap();
        rewards.iter().map(|reward| reward.amount.u128()).collect()
    }

    fn claim(&mut self, who: usize, denoms: [bool; DENOMS], receiver: usize, restake: bool) {
        let chosen: Vec<_> = (0..DENOMS).filter(|denom| denoms[*denom]).collect();
        let restake = restake && denoms[ASSET];
        if chosen.is_empty() {
            return;
        }
        let (due, to) = (self.pending(who), self.stakers[receiver].clone());
        let before: Vec<_> = (0..DENOMS).map(|denom| self.balance(&to, denom)).collect();
        let msg = ExecuteMsg::Claim {
            denoms: Some(chosen.iter().map(|denom| self.name(*denom)).collect()),
            receiver: Some(to.to_string()),
            restake: Some(restake),
        };
        self.tell(&self.stakers[who].clone(), msg);

        self.model.sync(who);
        for denom in chosen {
            let gained = self.balance(&to, denom) - before[denom];
            if denom == TOKEN && !self.token_works {
                assert_eq!(gained, 0);
                continue;
            }
            self.model.pay(who, denom, due[denom]);
            if denom == ASSET && restake {
                assert_eq!(gained, 0);
                if due[denom] > 0 {
                    self.model
                        .tell(receiver, self.model.active[receiver] + due[denom]);
                }
            } else {
                assert_eq!(gained, due[denom]);
            }
        }
    }

    fn stop(&mut self, denom: usize, number: u64) {
        let owner = self.world.owner.clone();
        let distributor = self.world.distributor.clone();
        let msg = ExecuteMsg::Stop {
            denom: self.name(denom),
            number,
        };
        let history = self.fundings(denom);
        let premium = history
            .get(number as usize - 1)
            .is_some_and(|funding| funding.funder == self.world.vault);
        let running = self.model.weeks_left(denom, number).is_some();
        let before = self.balance(&self.funder, denom);
        let done = self.world.execute(&owner, &distributor, &msg, &[]);
        let may = running && !premium && (denom != TOKEN || self.token_works);
        assert_eq!(done.is_ok(), may, "{done:?}");
        if let Ok(done) = done {
            let refund = self.balance(&self.funder, denom) - before;
            assert_eq!(emitted::<StreamStopped>(&done)[0].refunded.u128(), refund);
            self.model.stop(denom, number, refund);
        }
    }

    fn fundings(&self, denom: usize) -> Vec<FundingResponse> {
        let query = QueryMsg::Fundings {
            denom: self.name(denom),
            start_after: None,
            limit: Some(30),
        };
        let answer: FundingsResponse = self.world.query(&self.world.distributor, &query).unwrap();
        answer.fundings
    }

    fn part(&self, who: usize, percent: u128) -> Option<u128> {
        Some((self.model.active[who] * percent).div_ceil(100)).filter(|shares| *shares > 0)
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Wait(seconds) => {
                self.world.advance(Seconds(seconds));
                self.model.wait(seconds);
            }
            Step::Deposit { who, amount } => {
                let staker = self.stakers[who].clone();
                self.world.deposit(&staker, amount).unwrap();
                self.model.tell(who, self.model.active[who] + amount);
            }
            Step::Unbond { who, percent } => {
                let Some(shares) = self.part(who, percent) else {
                    return;
                };
                let staker = self.stakers[who].clone();
                // The most tickets that a staker can have.
                if self.world.unbond(&staker, shares).is_ok() {
                    self.model.tell(who, self.model.active[who] - shares);
                }
            }
            Step::UnbondUntold { who, percent } => {
                let Some(shares) = self.part(who, percent) else {
                    return;
                };
                if self.unbond_untold(who, shares) {
                    self.model.active[who] -= shares;
                }
            }
            Step::Claim {
                who,
                denoms,
                receiver,
                restake,
            } => self.claim(who, denoms, receiver, restake),
            Step::Sync { who } => {
                let staker = self.stakers[who].to_string();
                self.tell(&self.funder.clone(), ExecuteMsg::Sync { staker });
                self.model.sync(who);
            }
            Step::Advance { denom, limit } => {
                let (denom, limit) = (self.name(denom), Some(limit));
                self.tell(&self.funder.clone(), ExecuteMsg::Advance { denom, limit });
            }
            _ => self.take_money(step),
        }
    }

    fn take_money(&mut self, step: &Step) {
        match *step {
            Step::Fund { denom, amount, when } => {
                let start = when.start.map(|start| match start {
                    0 => Start::NextWeek {},
                    start => Start::Week(self.clock().staked.0.div_ceil(WEEK) + start),
                });
                let weeks = when.weeks as u32;
                if self.fund(&self.funder.clone(), denom, amount, StreamTerms { weeks, start }) {
                    self.model.fund(denom, amount, when);
                }
            }
            Step::Extend {
                denom,
                number,
                amount,
                weeks,
            } => {
                let Some(left) = self.model.weeks_left(denom, number) else {
                    return;
                };
                let terms = StreamTerms {
                    weeks: weeks as u32,
                    start: Some(Start::After(number)),
                };
                if left + weeks <= 52 && self.fund(&self.funder.clone(), denom, amount, terms) {
                    let start = Some(left);
                    self.model.fund(denom, amount, When { weeks, start });
                }
            }
            Step::Premium { amount } => {
                let vault = self.world.vault.clone();
                self.world.mint(&vault, Uint128::new(amount));
                if self.fund(&vault, ASSET, amount, StreamTerms::seven_days()) {
                    let start = Some(0);
                    self.model.fund(ASSET, amount, When { weeks: 1, start });
                }
            }
            Step::Stop { denom, number } => self.stop(denom, number),
            Step::Delist { denom } if self.listed[denom] => {
                let owner = self.world.owner.clone();
                let denom_name = self.name(denom);
                self.tell(&owner, ExecuteMsg::DelistDenom { denom: denom_name });
                self.listed[denom] = false;
            }
            Step::List { denom } => self.list(denom),
            Step::Break(broken) => {
                let mode = if broken { Mode::Refuses {} } else { Mode::Works {} };
                let Denom::Cw20(token) = self.denoms[TOKEN].clone() else {
                    panic!("a token");
                };
                self.world.app.wasm_sudo(token, &mode).unwrap();
                self.token_works = !broken;
            }
            _ => {}
        }
    }

    fn clock(&self) -> ClockResponse {
        self.world
            .query(&self.world.distributor, &QueryMsg::Clock {})
            .unwrap()
    }

    /// Every figure is the model's, and everything funded is accounted for.
    fn check(&self) {
        let vault = BackstopVault(self.world.vault.clone());
        for who in 0..STAKERS {
            let staker = &self.stakers[who];
            let active = vault.stake(&self.world.querier(), staker).unwrap().active;
            assert_eq!(active.u128(), self.model.active[who]);
            for (denom, due) in self.pending(who).into_iter().enumerate() {
                let exact = self.model.due(who, denom);
                assert!(
                    is_floor_of(due, &exact),
                    "staker {who}, denom {denom}: {due} for {exact}"
                );
            }
        }
        let (start_after, limit) = (None, None);
        let query = QueryMsg::Denoms { start_after, limit };
        let denoms: DenomsResponse = self.world.query(&self.world.distributor, &query).unwrap();
        for (denom, row) in denoms.denoms.iter().enumerate() {
            let purse = &self.model.purses[denom];
            assert_eq!(
                (row.funded, row.refunded),
                (purse.funded.into(), purse.refunded.into())
            );
            let kept = Uint256::from(row.released + row.unreleased);
            assert_eq!(kept + row.refunded, row.funded);
            let there = self.balance(&self.world.distributor, denom);
            assert_eq!(there, self.model.left(denom));
            let owed: u128 = (0..STAKERS).map(|who| self.pending(who)[denom]).sum();
            assert!(owed <= there, "{owed} owed of {there} there");
        }
        self.check_drift();
    }

    /// The query names exactly those whose record differs.
    fn check_drift(&self) {
        let query = QueryMsg::Drift {
            start_after: None,
            limit: Some(30),
        };
        let answer: DriftResponse = self.world.query(&self.world.distributor, &query).unwrap();
        let found = answer.drifts.len();
        let differ = (0..STAKERS).filter(|who| self.model.active[*who] != self.model.recorded[*who]);
        assert_eq!((found, answer.next), (differ.count(), None));
        assert!(answer.drifts.iter().all(|drift| drift.hook_failures > 0));
    }

    /// All streams run out and everybody claims: what is left is less than a
    /// unit for each who ever had shares.
    fn drain(&mut self) {
        self.take(&Step::Break(false));
        for who in 0..STAKERS {
            self.take(&Step::Sync { who });
        }
        self.take(&Step::Deposit { who: 0, amount: 1 });
        self.take(&Step::Wait(60 * WEEK));
        for who in 0..STAKERS {
            self.claim(who, [true; DENOMS], who, false);
        }
        self.check();
        for denom in 0..DENOMS {
            let left = self.model.left(denom);
            assert!(left <= self.model.holders(), "{left} of denom {denom} left");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 400, ..ProptestConfig::default() })]
    #[test]
    fn every_history_is_what_exact_fractions_say(
        cw20: bool, steps in prop::collection::vec(step(), 1..90),
    ) {
        let mut run = Run::new(cw20);
        for step in &steps {
            run.take(step);
            run.check();
        }
        run.drain();
    }
}
