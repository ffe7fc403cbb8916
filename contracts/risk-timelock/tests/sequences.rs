//! Random lives of one policy and of the vault's periods behind a timelock: risk never
//! rises but by a change that waited, whatever comes before, between and after.

use std::collections::BTreeMap;

use crate::support::{Suite, params, void_for};
use backstop_testing::World;
use backstop_types::timelock::{Class, ExecuteMsg, Status};
use backstop_types::vault::{self, Params, PolicyResponse, PolicyTerms};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::{Addr, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    /// Until a pending change is due, or lapses; or a nanosecond before.
    Until(usize, bool, bool),
    Limit(u128),
    LimitAndDelay(u128, u64),
    Instant(u128),
    Unbonding(u64),
    Notice(u64),
    Close,
    CloseByHolder,
    Add,
    Apply(usize),
    Void(usize),
    Cancel(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop_oneof![1u64..5, (1u64..9).prop_map(|days| days * 86_400)].prop_map(Step::Wait),
        4 => (0usize..3, prop::bool::weighted(0.8), prop::bool::weighted(0.8))
            .prop_map(|(i, due, just)| Step::Until(i, due, just)),
        4 => (4u128..9).prop_map(Step::Limit),
        2 => (4u128..9, 1u64..4).prop_map(|(limit, delay)| Step::LimitAndDelay(limit, delay)),
        2 => (0u128..5).prop_map(Step::Instant),
        2 => (5u64..30).prop_map(Step::Unbonding),
        1 => (3u64..8).prop_map(Step::Notice),
        1 => Just(Step::Close),
        1 => Just(Step::CloseByHolder),
        1 => Just(Step::Add),
        9 => (0usize..3).prop_map(Step::Apply),
        1 => (0usize..6).prop_map(Step::Void),
        1 => (0usize..6).prop_map(Step::Cancel),
    ]
}

/// What stakers bear.
struct Borne {
    terms: Option<PolicyTerms>,
    params: Params<Addr>,
}

fn borne(suite: &Suite) -> Borne {
    let policy: PolicyResponse = suite.policy();
    Borne {
        terms: policy.closed_at.is_none().then_some(policy.terms),
        params: suite.vault_params(),
    }
}

/// Whether something is worse for them, said without the table.
fn worse(before: &Borne, after: &Borne) -> bool {
    let cover = match (&before.terms, &after.terms) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => {
            after.limit > before.limit || after.instant > before.instant || after.delay < before.delay
        }
    };
    cover
        || after.params.unbonding_period != before.params.unbonding_period
        || after.params.notice < before.params.notice
}

/// What one life reached.
#[derive(Debug, Default)]
struct Reached {
    at_once: u32,
    waited: u32,
    void: BTreeMap<String, u32>,
}

struct Life {
    suite: Suite,
    reached: Reached,
    /// The wait in force when each change was submitted, by its number.
    waits: BTreeMap<u64, (Timestamp, u64)>,
}

impl Life {
    fn take(&mut self, step: &Step) {
        let suite = &mut self.suite;
        let pick = |suite: &Suite, i: usize| suite.pending().get(i).copied();
        let before = borne(suite);
        let numbers = suite.history().first().map_or(0, |it| it.number);
        let mut applied = None;
        match step {
            Step::Wait(seconds) => {
                let then = Seconds(*seconds).after(suite.now());
                suite.at(then);
            }
            Step::Until(i, due, just) => {
                if let Some(number) = pick(suite, *i) {
                    let wait = suite.change(number).record.wait.unwrap();
                    let then = if *due { wait.due } else { wait.lapses };
                    let then = if *just { then } else { then.minus_nanos(1) };
                    suite.at(then.max(suite.now()));
                }
            }
            Step::Limit(limit) => drop(suite.try_submit(suite.limit_to(*limit))),
            Step::LimitAndDelay(limit, hours) => {
                let change = suite.terms(|terms| {
                    terms.limit = Some(Assets::new(*limit));
                    terms.delay = Some(Seconds::hours(*hours));
                });
                drop(suite.try_submit(change));
            }
            Step::Instant(instant) => {
                let change = suite.terms(|terms| terms.instant = Some(Assets::new(*instant)));
                drop(suite.try_submit(change));
            }
            Step::Unbonding(days) => {
                drop(suite.try_submit(params(|it| it.unbonding_period = Some(Seconds::days(*days)))));
            }
            Step::Notice(days) => {
                drop(suite.try_submit(params(|it| it.notice = Some(Seconds::days(*days)))));
            }
            Step::Close => drop(suite.try_submit(suite.close_policy())),
            Step::CloseByHolder => {
                let (perps, vault) = (suite.w.perps.clone(), suite.w.vault.clone());
                let market = suite.w.market.clone();
                let policyholder = None;
                let close = vault::ExecuteMsg::ClosePolicy { policyholder, market };
                drop(suite.w.execute(&perps, &vault, &close, &[]));
            }
            Step::Add => drop(suite.try_submit(suite.add_policy(terms()))),
            Step::Apply(i) => {
                applied = pick(suite, *i).filter(|number| suite.try_apply(*number).is_ok());
            }
            Step::Void(i) => {
                if let Some(number) = pick(suite, *i) {
                    drop(suite.try_void(number));
                }
            }
            Step::Cancel(i) => {
                if let Some(number) = pick(suite, *i) {
                    let dao = suite.dao.clone();
                    suite.send(&dao, &ExecuteMsg::Cancel { change: number }).unwrap();
                }
            }
        }
        self.check(&before, numbers, applied);
    }

    fn check(&mut self, before: &Borne, numbers: u64, applied: Option<u64>) {
        let suite = &self.suite;
        let (now, after) = (suite.now(), borne(suite));
        let newest = suite.history();
        // A change that is new: what waits is said without the timelock's own answer.
        if let Some(new) = newest.first().filter(|it| it.number > numbers) {
            let wait = before.params.unbonding_period.0 + before.params.notice.0;
            self.waits.insert(new.number, (now, wait));
            match new.class {
                Class::AtOnce => self.reached.at_once += 1,
                Class::Waits => assert!(!worse(before, &after)),
            }
        }
        let made = applied.filter(|number| matches!(suite.status(*number), Status::Applied { .. }));
        if worse(before, &after) {
            assert!(made.is_some(), "risk rose without the queue");
        }
        if let Some(number) = made {
            let (since, wait) = self.waits[&number];
            let waited = now.nanos() - since.nanos();
            assert!(waited >= Seconds(wait).nanos().u64(), "early");
            assert!(waited < Seconds(wait + 7 * 86_400).nanos().u64(), "late");
            self.reached.waited += 1;
        }
    }

    fn end(mut self) -> Reached {
        for number in self.waits.keys() {
            if let Some(reason) = void_for(&self.suite.status(*number)) {
                *self.reached.void.entry(reason.to_string()).or_default() += 1;
            }
        }
        self.reached
    }
}

fn terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(6),
        deductible: Assets::ZERO,
        instant: Assets::new(2),
        minimum: Assets::ONE,
        delay: Seconds::hours(2),
        priced: true,
        premium: None,
    }
}

fn live(steps: &[Step]) -> Reached {
    let builder = World::builder().unwatched().policy(|policy| *policy = terms());
    let mut life = Life {
        suite: Suite::of(builder),
        reached: Reached::default(),
        waits: BTreeMap::new(),
    };
    for step in steps {
        life.take(step);
    }
    life.end()
}

#[test]
fn whatever_is_submitted_risk_rises_only_by_what_has_waited_and_never_early_or_late() {
    let mut all = Reached::default();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..200 {
        let steps = proptest::collection::vec(step(), 60)
            .new_tree(&mut runner)
            .unwrap();
        let reached = live(&steps.current());
        all.at_once += reached.at_once;
        all.waited += reached.waited;
        for (reason, times) in reached.void {
            *all.void.entry(reason).or_default() += times;
        }
    }
    // A random test counts what it reached.
    assert!(all.at_once > 300 && all.waited > 100, "{all:?}");
    for (reason, least) in [("overtaken", 50), ("lapsed", 50), ("exits_slower", 10)] {
        assert!(
            all.void.get(reason).is_some_and(|times| *times >= least),
            "{all:?}"
        );
    }
}
