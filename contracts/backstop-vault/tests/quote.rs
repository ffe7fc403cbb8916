//! `QuoteCover`: in random worlds, what is quoted is what `CoverShortfall` then does,
//! and what binds is only what it says, until the time that it says.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::broken;
use std::collections::BTreeMap;

use crate::support::{Desk, MARKET, owner_sets, terms};
use backstop_testing::World;
use backstop_types::names::Named;
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Open, Price, Seconds};
use cosmwasm_std::{Addr, Decimal, Empty, Timestamp, from_json};
use cw_multi_test::Executor;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// How often each of the reasons is to bind.
const LEAST: u32 = 25;
const WORLDS: u64 = 24;
const STEPS: u32 = 400;

struct Run {
    desk: Desk,
    rng: TestRng,
    holders: Vec<Addr>,
    /// The next shortfall of each.
    next: Vec<u64>,
    broken: u64,
    binds: BTreeMap<&'static str, u32>,
    /// Times ahead that were waited for.
    awaited: [u32; 2],
}

fn of_pool(reason: &Open<CoverReason>) -> bool {
    *reason == CoverReason::PoolLimit || *reason == CoverReason::Assets
}

fn small(change: impl FnOnce(&mut PolicyTerms)) -> PolicyTerms {
    let mut terms = PolicyTerms {
        limit: 3_000.into(),
        deductible: 200.into(),
        instant: 900.into(),
        minimum: 150.into(),
        ..terms()
    };
    change(&mut terms);
    terms
}

impl Run {
    fn new(seed: u64) -> Self {
        let builder = World::builder()
            .without_policy()
            .window(Seconds::days(3))
            .market_params(|params| {
                params.latch_trips = None;
                params.max_leap = Bps(9_900);
                params.max_growth = Bps(9_000);
                params.drift_window = None;
            });
        let mut desk = Desk::of(builder, small(|_| {}));
        let update = ParamsUpdate {
            pool_fraction: Some(Decimal::percent(40)),
            ..Default::default()
        };
        desk.update(update).unwrap();
        let mut holders = vec![desk.holder.clone()];
        for (name, terms) in [
            (
                "unpriced",
                small(|terms| (terms.priced, terms.instant) = (false, Assets::ZERO)),
            ),
            ("premium", small(|terms| terms.premium = Some(Bps::ONE))),
            (
                "large",
                small(|terms| (terms.limit, terms.deductible) = (50_000.into(), Assets::ZERO)),
            ),
        ] {
            let holder = desk.w.addr(name);
            desk.as_owner(&owner_sets(&holder, terms, true)).unwrap();
            holders.push(holder);
        }
        let alice = desk.staker("alice");
        desk.deposit(&alice, 20_000).unwrap();
        desk.w.set_price("10");
        let broken = desk.w.app.store_code(broken::contract());
        let mut bytes = [7u8; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self {
            desk,
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
            next: vec![1; holders.len()],
            holders,
            broken,
            binds: BTreeMap::new(),
            awaited: [0; 2],
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.rng.next_u64() % bound
    }

    fn now(&self) -> Timestamp {
        self.desk.w.app.block_info().time
    }

    fn go_to(&mut self, time: Timestamp) {
        self.desk.w.app.update_block(|block| {
            block.height += 1 + time.minus_nanos(block.time.nanos()).seconds() / 6;
            block.time = time;
        });
    }

    fn breaker_is(&mut self, code: u64) {
        let (owner, breaker) = (self.desk.w.owner.clone(), self.desk.w.breaker.clone());
        self.desk
            .w
            .app
            .migrate_contract(owner, breaker, &Empty {}, code)
            .unwrap();
    }

    fn step(&mut self) {
        match self.below(24) {
            0..=4 => {
                let nanos = self.below(2 * 86_400_000_000_000) + 1;
                let time = self.now().plus_nanos(nanos);
                self.go_to(time);
                self.desk.w.set_price("10");
            }
            5 => self.desk.w.set_price("10"),
            6 => {
                let hours = self.below(72) + 1;
                let paused = self.desk.pause(Pausable::Payouts, Seconds::hours(hours));
                if paused.is_ok() {
                    (0..4).for_each(|_| self.compare());
                }
            }
            7 => {
                // Sources that nobody poked, or a fall.
                let price = ["10", "5"][self.below(2) as usize];
                self.desk.w.set_sources(price);
            }
            8..=9 => {
                let holder = self.holders[2].clone();
                let (market, max_rate) = (MARKET.to_string(), Bps(100_000));
                let msg = ExecuteMsg::PayPremium {
                    market: market.clone(),
                    max_rate,
                };
                let hook = HookMsg::PayPremium { market, max_rate };
                let (vault, amount) = (self.desk.w.vault.clone(), self.below(8) as u128 + 1);
                let _ = self.desk.w.send_asset(&holder, &vault, amount, &msg, &hook);
            }
            10 => self.settle_some(),
            11..=15 => self.wait_ahead(),
            16 => {
                let code = self.broken;
                self.breaker_is(code);
                self.compare();
                let code = self.desk.w.codes.breaker;
                self.breaker_is(code);
            }
            _ => self.compare(),
        }
    }

    fn settle_some(&mut self) {
        let losses = self.desk.pool().losses;
        for claim in losses.saturating_sub(3)..=losses {
            let _ = match self.below(3) {
                0 => self.desk.decline(claim),
                _ => self.desk.settle(claim),
            };
        }
        let (alice, amount) = (self.desk.staker("alice"), u128::from(self.below(9_000) + 1));
        self.desk.deposit(&alice, amount).unwrap();
    }

    fn quote(&self, holder: usize, number: u64, amount: u128, price: Option<&str>) -> CoverQuote {
        self.desk.query(&QueryMsg::QuoteCover {
            policyholder: self.holders[holder].to_string(),
            market: MARKET.to_string(),
            amount: amount.into(),
            price: price.map(|price| Price(price.parse().unwrap())),
            shortfall: Some(number),
        })
    }

    fn amount(&mut self) -> u128 {
        let most = [180, 500, 1_500, 4_000, 20_000][self.below(5) as usize];
        u128::from(self.below(most) + 1)
    }

    /// Quotes a shortfall, sends it, and compares.
    fn compare(&mut self) {
        let holder = self.below(4) as usize;
        let again = self.below(12) == 0;
        let number = match again {
            true => self.below(self.next[holder]).max(1),
            false => self.next[holder],
        };
        let price = [Some("10"), Some("10"), Some("10"), Some("10.01"), Some("7"), None];
        let price = price[self.below(6) as usize];
        let amount = self.amount();
        let quote = self.quote(holder, number, amount, price);
        let sender = self.holders[holder].clone();
        let before = self.desk.balance(&sender);
        let done = self.desk.w.shortfall_numbered(&sender, number, amount, price);
        let answer: CoverResponse = from_json(done.unwrap().data.unwrap()).unwrap();
        assert_eq!(CoverResponse::from(quote.clone()), answer);
        self.next[holder] = self.next[holder].max(number + 1);
        for bound in &quote.binds {
            *self.binds.entry(bound.known().unwrap().name()).or_default() += 1;
        }
        if quote.binds == vec![CoverReason::AnsweredBefore] {
            assert_eq!(quote.granted_at, None);
            return;
        }
        assert_eq!(self.desk.balance(&sender) - before, quote.paid.u128());
        let now = self.now();
        self.check_ahead(&quote, amount, now);
        if let Some(claim) = answer.claim {
            self.check_claim(&quote, claim);
        }
    }

    /// What the quote says of waiting fits what it says of now.
    fn check_ahead(&self, quote: &CoverQuote, amount: u128, now: Timestamp) {
        let whole = quote.claim.is_some() && quote.uncovered.is_zero();
        assert_eq!(quote.granted_at == Some(now), whole, "{quote:?}");
        let at_once = whole && quote.pending.is_zero();
        assert_eq!(quote.paid_at == Some(now), at_once, "{quote:?}");
        assert_eq!(quote.delayed.checked_add(quote.held).unwrap(), quote.pending);
        let parts = [quote.paid, quote.pending, quote.deductible, quote.uncovered];
        assert_eq!(parts.iter().map(|part| part.u128()).sum::<u128>(), amount);
        let unpaid = parts[1..].iter().filter(|part| !part.is_zero()).count();
        // What is uncovered may be so by the policy's limit and the pool's.
        let both =
            quote.binds.iter().any(|it| *it == CoverReason::PolicyLimit) && quote.binds.iter().any(of_pool);
        let reasons = quote.binds.len() - usize::from(both);
        assert_eq!(reasons, unpaid, "one reason a part: {quote:?}");
    }

    /// The claim waits for what the quote said, and its timeline says so.
    fn check_claim(&self, quote: &CoverQuote, claim: u64) {
        let held = matches!(self.desk.claim(claim).record.status, ClaimStatus::Held(_));
        assert_eq!(held, !quote.held.is_zero(), "{quote:?}");
        let timeline: ClaimTimelineResponse = self.desk.query(&QueryMsg::ClaimTimeline { claim });
        let mut told = vec![];
        for step in &timeline.steps {
            match &step.what {
                ClaimDecision::Granted {
                    bound, deductible, ..
                } => {
                    told.extend(bound.clone());
                    assert_eq!(*deductible, quote.deductible);
                }
                ClaimDecision::PaidAtOnce { amount } => assert_eq!(*amount, quote.paid),
                ClaimDecision::Held { amount, reason, .. } => {
                    assert_eq!(*amount, quote.held);
                    told.extend(reason.clone());
                }
                ClaimDecision::Delayed { amount, reason } => {
                    assert_eq!(*amount, quote.delayed);
                    told.extend(reason.clone());
                }
                _ => {}
            }
        }
        // The record keeps one limit, the one that has least left.
        let mut binds = quote.binds.clone();
        binds.retain(|bound| *bound != CoverReason::Deductible);
        let second = binds.get(1).cloned();
        if second.is_some_and(|second| second == CoverReason::PolicyLimit || of_pool(&second)) {
            binds.remove(1);
        }
        assert_eq!(told, binds);
    }

    /// Waits for the time at which an amount would be granted whole.
    fn wait_ahead(&mut self) {
        let (holder, amount) = (self.below(4) as usize, self.amount());
        let quote = self.quote(holder, self.next[holder], amount, Some("10"));
        let granted = self.below(2) == 0;
        let at = if granted { quote.granted_at } else { quote.paid_at };
        let Some(at) = at.filter(|at| at.seconds() > self.now().seconds() + 1) else {
            return;
        };
        self.go_to(at.minus_nanos(1));
        self.desk.w.set_price("10");
        let before = self.quote(holder, self.next[holder], amount, Some("10"));
        self.go_to(at);
        let then = self.quote(holder, self.next[holder], amount, Some("10"));
        if granted {
            assert!(!before.uncovered.is_zero(), "{quote:?} {before:?}");
            assert!(
                then.uncovered.is_zero() && then.claim.is_some(),
                "{quote:?} {then:?}"
            );
            self.awaited[0] += 1;
        } else if then.held.is_zero() {
            assert!(before.pending > Assets::ZERO || before.uncovered > Assets::ZERO);
            assert!(
                then.pending.is_zero() && then.uncovered.is_zero(),
                "{quote:?} {then:?}"
            );
            self.awaited[1] += 1;
        }
    }
}

#[test]
fn a_quote_is_what_the_shortfall_then_does_whatever_binds() {
    let mut binds: BTreeMap<&str, u32> = CoverReason::ALL.iter().map(|reason| (reason.name(), 0)).collect();
    let mut awaited = [0; 2];
    for seed in 0..WORLDS {
        let mut run = Run::new(seed);
        (0..STEPS).for_each(|_| run.step());
        for (name, count) in run.binds {
            *binds.get_mut(name).unwrap() += count;
        }
        awaited = [awaited[0] + run.awaited[0], awaited[1] + run.awaited[1]];
    }
    println!("{binds:#?}\nawaited {awaited:?}");
    assert!(binds.values().all(|count| *count >= LEAST), "{binds:#?}");
    assert!(awaited.iter().all(|count| *count >= LEAST), "{awaited:?}");
}

#[test]
fn a_quote_of_nothing_is_refused_as_the_shortfall_is() {
    let desk = Desk::native();
    let quote = QueryMsg::QuoteCover {
        policyholder: desk.holder.to_string(),
        market: MARKET.to_string(),
        amount: Assets::ZERO,
        price: None,
        shortfall: None,
    };
    let refused = desk.w.query::<CoverQuote>(&desk.w.vault, &quote).unwrap_err();
    assert!(
        refused.to_string().contains("amount is 0: must be at least 1"),
        "{refused}"
    );
}

#[test]
fn a_quote_says_what_binds_and_when_the_whole_would_be_granted() {
    let mut desk = Desk::of(World::builder(), small(|_| {}));
    let alice = desk.staker("alice");
    desk.deposit(&alice, 100_000).unwrap();
    desk.w.set_price("10");
    let quote = |desk: &Desk, amount: u128| -> CoverQuote {
        desk.query(&QueryMsg::QuoteCover {
            policyholder: desk.holder.to_string(),
            market: MARKET.to_string(),
            amount: amount.into(),
            price: Some(Price(Decimal::from_ratio(10u128, 1u128))),
            shortfall: None,
        })
    };
    desk.shortfall(1_700);
    // 1,500 of the limit are left, and none of the deductible.
    let now = Timestamp::from_seconds(desk.now());
    let window = 7 * 86_400;
    let found = quote(&desk, 2_100);
    assert_eq!(found.binds, [CoverReason::PolicyLimit, CoverReason::InstantLimit]);
    // A day and a bit refill 500 and so many more of the deductible.
    let at = found.granted_at.unwrap();
    let rest = |seconds: u64| 2_100 - (200 * seconds).div_ceil(window);
    let waited = at.seconds() - now.seconds();
    let enough = |seconds: u64| 1_500 + 3_000 * seconds / window >= rest(seconds);
    assert_eq!([enough(waited), enough(waited + 1)], [false, true], "{waited}");
    // More than the limit at its fullest never is.
    let never = quote(&desk, 3_500);
    assert_eq!(
        (never.granted_at, never.binds.first()),
        (None, Some(&CoverReason::PolicyLimit.into()))
    );
}
