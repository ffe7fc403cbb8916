//! Random lives of two policies that ask premiums, in the shipped vault and
//! distributor. The world checks its invariants after every message; here it is
//! counted where each unit that was paid has gone.

use crate::support::{Desk, MARKET, owner_sets, terms};
use backstop_testing::World;
use backstop_types::distributor::{self, Listing};
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Nanos, Patch, Seconds, UncheckedDenom};
use cosmwasm_std::{Addr, from_json};
use cw_multi_test::AppResponse;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    /// Nanoseconds.
    Wait(u64),
    Pay(usize, u128),
    Send(usize),
    Add(usize, Terms),
    Change(usize, Terms),
    Close(usize),
    TakeCredit(usize),
    Curve(u32),
    TreasuryPart(u32),
    Deposit(u128),
    Unbond(u128),
    Shortfall(usize, u128),
}

/// Limit and multiplier.
type Terms = (u128, Option<u32>);

fn some_terms() -> impl Strategy<Value = Terms> {
    let limit = prop_oneof![1u128..100, 100_000u128..10_000_000];
    (limit, prop::option::weighted(0.85, 1u32..=100_000))
}

fn step() -> impl Strategy<Value = Step> {
    const DAY: u64 = 86_400_000_000_000;
    let policy = || 0usize..2;
    prop_oneof![
        5 => prop_oneof![1u64..2_000_000_000, 1..DAY, DAY..20 * DAY].prop_map(Step::Wait),
        6 => (policy(), prop_oneof![1u128..100, 100..1_000_000u128]).prop_map(|(p, a)| Step::Pay(p, a)),
        4 => policy().prop_map(Step::Send),
        2 => (policy(), some_terms()).prop_map(|(p, t)| Step::Add(p, t)),
        2 => (policy(), some_terms()).prop_map(|(p, t)| Step::Change(p, t)),
        1 => policy().prop_map(Step::Close),
        1 => (0usize..3).prop_map(Step::TakeCredit),
        1 => (1u32..=100_000).prop_map(Step::Curve),
        1 => (0u32..=5_000).prop_map(Step::TreasuryPart),
        1 => (1u128..5_000_000).prop_map(Step::Deposit),
        1 => (1u128..3_000_000).prop_map(Step::Unbond),
        2 => (policy(), 1u128..2_000).prop_map(|(p, a)| Step::Shortfall(p, a)),
    ]
}

struct Life {
    desk: Desk,
    /// The two policyholders, and the treasury.
    accounts: [Addr; 3],
    /// What the policyholders paid, less what was sent back at once.
    paid: u128,
    withdrawn: u128,
    seen: [u64; 4],
}

const SOLD: usize = 0;
const SENT: usize = 1;
const REFUNDED: usize = 2;
const UNPAID: usize = 3;

fn whole(limit: u128, premium: Option<u32>) -> PolicyTerms {
    PolicyTerms {
        limit: limit.into(),
        instant: limit.into(),
        premium: premium.map(Bps),
        ..terms()
    }
}

impl Life {
    fn new(cw20: bool) -> Self {
        let builder = World::builder().without_policy();
        let builder = if cw20 { builder.cw20_asset() } else { builder };
        let mut desk = Desk::of(builder, whole(1_000_000, Some(10_000)));
        let listing = Listing {
            denom: UncheckedDenom::from(desk.w.asset.clone()),
            min_rate: 1u128.into(),
        };
        let (owner, distributor) = (desk.w.owner.clone(), desk.w.distributor.clone());
        let list = distributor::ExecuteMsg::ListDenom(listing);
        desk.w.execute(&owner, &distributor, &list, &[]).unwrap();
        let accounts = [desk.holder.clone(), desk.staker("other"), desk.staker("treasury")];
        let treasury = accounts[2].to_string();
        desk.update(ParamsUpdate {
            treasury: Some(Patch::Set(treasury)),
            ..Default::default()
        })
        .unwrap();
        let alice = desk.staker("alice");
        desk.deposit(&alice, 2_000_000).unwrap();
        let (paid, withdrawn, seen) = (0, 0, [0; 4]);
        Self {
            desk,
            accounts,
            paid,
            withdrawn,
            seen,
        }
    }

    fn policy(&self, which: usize) -> Option<PolicyResponse> {
        let query = QueryMsg::Policy {
            policyholder: self.accounts[which].to_string(),
            market: MARKET.to_string(),
        };
        self.desk.w.query(&self.desk.w.vault, &query).ok()
    }

    fn in_force(&self, which: usize) -> bool {
        let premium = self.policy(which).and_then(|policy| policy.premium);
        premium.is_some_and(|premium| premium.in_force)
    }

    fn owner_sets(&mut self, which: usize, (limit, premium): Terms, add: bool) {
        let active = self
            .policy(which)
            .is_some_and(|policy| policy.closed_at.is_none());
        let msg = owner_sets(&self.accounts[which], whole(limit, premium), add);
        let credits = self.desk.pool().credits;
        let done = self.desk.as_owner(&msg);
        assert_eq!(done.is_ok(), active != add, "{done:?}");
        self.seen[REFUNDED] += u64::from(self.desk.pool().credits > credits);
    }

    fn pay(&mut self, which: usize, amount: u128) {
        let account = self.accounts[which].clone();
        let quote = QueryMsg::QuotePremium {
            policyholder: account.to_string(),
            market: MARKET.to_string(),
            amount: Some(amount.into()),
        };
        let quote: Result<PremiumQuote, _> = self.desk.w.query(&self.desk.w.vault, &quote);
        let expected = quote.ok().and_then(|quote| quote.purchase);
        let (market, max_rate) = (MARKET.to_string(), Bps(u32::MAX));
        let msg = ExecuteMsg::PayPremium {
            market: market.clone(),
            max_rate,
        };
        let hook = HookMsg::PayPremium { market, max_rate };
        let (before, vault) = (self.desk.balance(&account), self.desk.w.vault.clone());
        let done = self.desk.w.send_asset(&account, &vault, amount, &msg, &hook);
        let spent = before - self.desk.balance(&account);
        assert_eq!(done.is_ok(), expected.is_some(), "{done:?}");
        assert_eq!(spent, expected.map_or(0, |bought| bought.kept.u128()));
        if let Some(bought) = expected {
            let now = self.desk.w.app.block_info().time;
            assert!(Nanos::between(now, bought.until) <= Seconds::days(30).nanos());
            self.seen[SOLD] += 1;
        }
        self.paid += spent;
    }

    fn send(&mut self, which: usize) {
        let msg = ExecuteMsg::SendPremium {
            policyholder: self.accounts[which].to_string(),
            market: MARKET.to_string(),
        };
        let unsent = self.policy(which).and_then(|policy| policy.premium);
        let unsent = unsent.map_or(Assets::ZERO, |premium| premium.unsent);
        let anyone = self.desk.staker("anyone");
        let done = self.desk.execute(&anyone, &msg, &[]);
        assert_eq!(done.is_ok(), !unsent.is_zero(), "{unsent} {done:?}");
        self.seen[SENT] += u64::from(done.is_ok());
    }

    fn close(&mut self, which: usize) {
        let account = self.accounts[which].clone();
        let active = self
            .policy(which)
            .is_some_and(|policy| policy.closed_at.is_none());
        let msg = ExecuteMsg::ClosePolicy {
            policyholder: None,
            market: MARKET.to_string(),
        };
        let done = self.desk.execute(&account, &msg, &[]);
        assert_eq!(done.is_ok(), active, "the brake always works: {done:?}");
    }

    fn take_credit(&mut self, which: usize) {
        let account = self.accounts[which].clone();
        let query = QueryMsg::Credit {
            account: account.to_string(),
        };
        let credit: CreditResponse = self.desk.query(&query);
        let before = self.desk.balance(&account);
        let done = self.desk.execute(&account, &ExecuteMsg::WithdrawCredit {}, &[]);
        assert_eq!(done.is_ok(), !credit.amount.is_zero(), "{done:?}");
        let got = self.desk.balance(&account) - before;
        assert_eq!(got, credit.amount.u128());
        self.withdrawn += got;
    }

    /// An answer in any case, as long as the policy is active.
    fn shortfall(&mut self, which: usize, amount: u128) {
        let account = self.accounts[which].clone();
        let active = self
            .policy(which)
            .is_some_and(|policy| policy.closed_at.is_none());
        let in_force = self.in_force(which);
        self.desk.w.set_price("10");
        let done = self.desk.w.shortfall(&account, amount, Some("10"));
        assert_eq!(done.is_ok(), active, "{done:?}");
        let Ok(AppResponse { data: Some(data), .. }) = done else {
            return;
        };
        let answer: CoverResponse = from_json(data).unwrap();
        let unpaid = answer.reason == Some(CoverReason::PremiumUnpaid.into());
        assert_eq!(unpaid, !in_force, "{answer:?}");
        assert!(!unpaid || answer.uncovered == Assets::new(amount));
        self.seen[UNPAID] += u64::from(unpaid);
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Wait(nanos) => self.desk.w.app.update_block(|block| {
                block.time = block.time.plus_nanos(nanos);
                block.height += 1;
            }),
            Step::Pay(which, amount) => self.pay(which, amount),
            Step::Send(which) => self.send(which),
            Step::Add(which, terms) => self.owner_sets(which, terms, true),
            Step::Change(which, terms) => self.owner_sets(which, terms, false),
            Step::Close(which) => self.close(which),
            Step::TakeCredit(which) => self.take_credit(which),
            Step::Curve(rate) => self.update(|update| {
                update.premium = Some(PremiumCurveUpdate {
                    kink: Some(Bps(rate.min(10_000))),
                    base: Some(Bps(rate.div_ceil(9))),
                    at_kink: Some(Bps(rate.div_ceil(3))),
                    most: Some(Bps(rate)),
                })
            }),
            Step::TreasuryPart(part) => self.update(|update| update.treasury_part = Some(Bps(part))),
            Step::Deposit(amount) => {
                let alice = self.desk.staker("alice");
                self.desk.deposit(&alice, amount).unwrap();
            }
            Step::Unbond(shares) => {
                let alice = self.desk.staker("alice");
                // More than she has, or too many tickets: refused.
                let _ = self.desk.w.unbond(&alice, shares);
            }
            Step::Shortfall(which, amount) => self.shortfall(which, amount),
        }
        self.check();
    }

    fn update(&mut self, change: impl FnOnce(&mut ParamsUpdate)) {
        let mut update = ParamsUpdate::default();
        change(&mut update);
        self.desk.update(update).unwrap();
    }

    /// Paid = to the stakers + taken + credits + held.
    fn check(&self) {
        let pool = self.desk.pool();
        let stakers = self.desk.balance(&self.desk.w.distributor);
        let found = stakers + self.withdrawn + pool.credits.u128() + pool.premiums.u128();
        assert_eq!(self.paid, found);
        let held: u128 = (0..2)
            .filter_map(|which| self.policy(which)?.premium)
            .map(|premium| premium.unearned.u128() + premium.unsent.u128())
            .sum();
        assert_eq!(pool.premiums.u128(), held);
    }

    /// Both policies are closed and everything is taken: nothing is left.
    fn drain(mut self) -> [u64; 4] {
        for which in 0..2 {
            self.close(which);
            self.send(which);
        }
        (0..3).for_each(|which| self.take_credit(which));
        self.check();
        let pool = self.desk.pool();
        assert_eq!((pool.premiums, pool.credits), (Assets::ZERO, Assets::ZERO));
        self.seen
    }
}

#[test]
fn every_unit_that_is_paid_is_the_stakers_the_treasurys_or_paid_back() {
    let mut seen = [0; 4];
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig {
            cases: 200,
            failure_persistence: None,
            ..ProptestConfig::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let counts = std::cell::RefCell::new(&mut seen);
    runner
        .run(
            &(any::<bool>(), prop::collection::vec(step(), 80)),
            |(cw20, steps)| {
                let mut life = Life::new(cw20);
                steps.into_iter().for_each(|step| life.take(step));
                let saw = life.drain();
                let mut counts = counts.borrow_mut();
                counts.iter_mut().zip(saw).for_each(|(all, one)| *all += one);
                Ok(())
            },
        )
        .unwrap();
    println!("sold, sent, paid back, unpaid: {seen:?}");
    assert!(
        seen.iter().all(|count| *count >= 100),
        "reached too rarely: {seen:?}"
    );
}
