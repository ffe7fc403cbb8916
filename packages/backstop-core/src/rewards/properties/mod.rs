//! The ledger as a whole under random histories: against a model in exact
//! fractions that knows neither index nor rate nor grid changes, and against
//! itself with more or fewer looks in between.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

mod model;

use std::collections::BTreeMap;

use backstop_types::{Seconds, Shares};
use cosmwasm_std::{Timestamp, Uint128, Uint256};
use num_rational::BigRational;
use num_traits::Signed;
use proptest::prelude::*;

use super::*;
use model::{Model, fraction};

const STAKERS: usize = 4;

/// What happens to the ledger.
#[derive(Debug, Clone)]
enum Step {
    Wait {
        seconds: u64,
    },
    Fund {
        amount: u128,
        weeks: u32,
        /// Begins so many weeks after the next point of the grid, or now.
        start: Option<u64>,
    },
    /// Stops the funding of this number, if it has not ended.
    Stop {
        number: usize,
    },
    /// The vault changes a stake and tells.
    Stake {
        who: usize,
        shares: u128,
    },
    /// The vault lowers a stake to a part of it and cannot tell.
    Untold {
        who: usize,
        percent: u128,
    },
    Sync {
        who: usize,
    },
    Poke,
    /// At most so many rate changes of the denom.
    Advance {
        limit: usize,
    },
}

impl Step {
    /// Whether it only looks: then nobody's reward may depend on it.
    fn is_a_look(&self) -> bool {
        matches!(self, Self::Poke | Self::Advance { .. })
    }
}

fn look() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Poke),
        (1usize..4).prop_map(|limit| Step::Advance { limit }),
    ]
}

fn change() -> impl Strategy<Value = Step> {
    let who = 0..STAKERS;
    prop_oneof![
        4 => (0..WEEK.0 * 2).prop_map(|seconds| Step::Wait { seconds }),
        2 => (1u128..1 << 100, 1u32..=6, prop::option::of(0u64..4))
            .prop_map(|(amount, weeks, start)| Step::Fund { amount, weeks, start }),
        1 => (0usize..6).prop_map(|number| Step::Stop { number }),
        3 => (who.clone(), 0u128..1_000_000).prop_map(|(who, shares)| Step::Stake { who, shares }),
        1 => (who.clone(), Just(0u128)).prop_map(|(who, shares)| Step::Stake { who, shares }),
        2 => (who.clone(), 0u128..100).prop_map(|(who, percent)| Step::Untold { who, percent }),
        2 => who.prop_map(|who| Step::Sync { who }),
    ]
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![3 => change(), 1 => look()], 1..40)
}

/// The ledger with what a contract keeps around it.
struct Run {
    ledger: Ledger,
    accounts: [Account; STAKERS],
    vault: [Shares; STAKERS],
    ahead: BTreeMap<u64, Turn>,
    streams: Vec<Option<Stream>>,
    funded: Uint128,
    refunds: u128,
    now: u64,
}

impl Run {
    fn new() -> Self {
        let mut ledger = Ledger::default();
        ledger.add_flow();
        Self {
            ledger,
            accounts: Default::default(),
            vault: [Shares::ZERO; STAKERS],
            ahead: BTreeMap::new(),
            streams: vec![],
            funded: Uint128::zero(),
            refunds: 0,
            now: 0,
        }
    }

    fn tick(&mut self) {
        self.ledger.clock.tick(Timestamp::from_seconds(self.now));
    }

    fn due(&self) -> Vec<RateChange> {
        let last = week_of(self.ledger.clock.staked);
        let due = self.ahead.range(..=last);
        due.map(|(&week, &turn)| RateChange { week, turn }).collect()
    }

    fn advance(&mut self) {
        self.tick();
        let due = self.due();
        self.apply(&due, self.ledger.clock.staked);
    }

    fn apply(&mut self, due: &[RateChange], to: Seconds) {
        self.ledger.advance_one(0, due, to).unwrap();
        for change in due {
            self.ahead.remove(&change.week);
        }
    }

    fn schedule(&mut self, change: RateChange) {
        let turn = self.ahead.entry(change.week).or_default();
        *turn = turn.plus(change.turn).unwrap();
    }

    fn fund(&mut self, amount: u128, weeks: u32, start: Option<u64>) {
        self.advance();
        let clock = self.ledger.clock;
        let first = clock.next_week() + start.unwrap_or(0);
        let stream = Stream {
            amount: scaled(amount.into()).unwrap(),
            from: start.map_or(clock.staked, |_| grid(first)),
            end_week: first + u64::from(weeks),
        };
        let edges = self.ledger.fund(0, &stream).unwrap();
        edges.iter().for_each(|change| self.schedule(change));
        self.streams.push(Some(stream));
        self.funded += Uint128::new(amount);
    }

    fn stop(&mut self, number: usize) {
        self.advance();
        let staked = self.ledger.clock.staked;
        let Some(Some(stream)) = self.streams.get_mut(number).map(Option::take) else {
            return;
        };
        if stream.ended(staked) {
            return;
        }
        let stopped = self.ledger.stop(0, &stream).unwrap();
        for change in stopped.edges.iter() {
            let turn = self.ahead.entry(change.week).or_default();
            *turn = turn.minus(change.turn).unwrap();
            if turn.is_zero() {
                self.ahead.remove(&change.week);
            }
        }
        self.refunds += stopped.refund.u128();
    }

    fn set_stake(&mut self, who: usize, real: Shares, after: Shares) {
        self.advance();
        let returned = self
            .ledger
            .set_stake(&mut self.accounts[who], real, after)
            .unwrap();
        for part in returned {
            self.schedule(part.change);
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Wait { seconds } => self.now += seconds,
            Step::Fund { amount, weeks, start } => self.fund(amount, weeks, start),
            Step::Stop { number } => self.stop(number),
            Step::Stake { who, shares } => {
                let before = std::mem::replace(&mut self.vault[who], Shares::new(shares));
                self.set_stake(who, before, self.vault[who]);
            }
            Step::Untold { who, percent } => {
                self.vault[who] = Shares::new(self.vault[who].u128() * percent / 100);
            }
            Step::Sync { who } => self.set_stake(who, self.vault[who], self.vault[who]),
            Step::Poke => self.advance(),
            Step::Advance { limit } => {
                self.tick();
                let due = self.due();
                let some = &due[..due.len().min(limit)];
                let to = match some.last() {
                    Some(change) if some.len() < due.len() => grid(change.week),
                    _ => self.ledger.clock.staked,
                };
                self.apply(some, to);
            }
        }
    }

    /// Everything that each record has earned, in 2⁻¹²⁸ base units.
    fn earned(&self) -> Vec<Uint256> {
        let flows = &self.ledger.flows;
        let settled = self.accounts.iter().map(|account| {
            let mut copy = account.clone();
            copy.settle(flows, account.shares).unwrap();
            copy.rewards[0].owed
        });
        settled.collect()
    }

    /// Streams, carry and accounts sum to what was funded, exactly.
    fn check(&self) {
        let flow = self.ledger.flows[0];
        let ahead: Vec<_> = self
            .ahead
            .iter()
            .map(|(&week, &turn)| RateChange { week, turn })
            .collect();
        let left = flow.unreleased(&ahead).unwrap() + flow.carry;
        let earned: Uint256 = self
            .earned()
            .into_iter()
            .fold(Uint256::zero(), |sum, part| sum + part);
        let refunds = scaled(self.refunds.into()).unwrap();
        assert_eq!(left + earned + refunds, scaled(self.funded).unwrap());
        assert!(ahead.len() <= MAX_CHANGES as usize);
        let recorded = self
            .accounts
            .iter()
            .fold(0, |sum, account| sum + account.shares.u128());
        assert_eq!(self.ledger.clock.shares.u128(), recorded);
    }
}

fn run(steps: &[Step]) -> Run {
    let mut run = Run::new();
    for step in steps {
        run.take(step);
    }
    run.advance();
    run
}

proptest! {
    #[test]
    fn every_history_pays_what_exact_fractions_say(steps in history()) {
        let mut model = Model::default();
        let mut run = Run::new();
        for step in &steps {
            let before = run.refunds;
            run.take(step);
            run.check();
            model.take(step, run.refunds - before);
        }
        run.advance();

        let one = BigRational::new(SCALE.to_string().parse().unwrap(), 1.into());
        // 2⁻⁶⁴ of a base unit.
        let tolerance = fraction(1, 1 << 64);
        for (who, earned) in run.earned().iter().enumerate() {
            let earned = BigRational::new(earned.to_string().parse().unwrap(), 1.into()) / &one;
            let expected = &model.earned[who] + &model.unsettled[who];
            prop_assert!((&earned - &expected).abs() < tolerance, "{who}: {earned} for {expected}");
        }
    }

    #[test]
    fn any_number_of_looks_pays_the_same_as_none(
        steps in prop::collection::vec(prop_oneof![1 => change(), 1 => look()], 1..60),
    ) {
        let changes: Vec<_> = steps.iter().filter(|step| !step.is_a_look()).cloned().collect();
        let (looked, silent) = (run(&steps), run(&changes));
        prop_assert_eq!(looked.earned(), silent.earned());
        prop_assert_eq!(looked.ledger, silent.ledger);
        prop_assert_eq!(looked.ahead, silent.ahead);
    }

    #[test]
    fn a_sync_of_a_true_record_changes_nobodys_reward(steps in history(), who in 0..STAKERS, pauses in prop::collection::vec(0..WEEK.0, 1..20)) {
        let told: Vec<_> = steps.into_iter().filter(|step| !matches!(step, Step::Untold { .. })).collect();
        let (mut synced, mut silent) = (run(&told), run(&told));
        for seconds in pauses {
            for step in [Step::Wait { seconds }, Step::Sync { who }] {
                synced.take(&step);
            }
            silent.take(&Step::Wait { seconds });
        }
        silent.advance();
        prop_assert_eq!(synced.earned(), silent.earned());
    }

    #[test]
    fn a_gap_without_stakers_releases_nothing_and_loses_nothing(amount in 1u128..1 << 100, gap in 1..WEEK.0 * 200, shares in 1u128..1 << 100) {
        let stay = [
            Step::Stake { who: 0, shares },
            Step::Fund { amount, weeks: 2, start: None },
            Step::Wait { seconds: WEEK.0 },
        ];
        let leave = [
            Step::Stake { who: 0, shares: 0 },
            Step::Wait { seconds: gap },
            Step::Stake { who: 1, shares },
            Step::Wait { seconds: WEEK.0 },
        ];
        let run = run(&[&stay[..], &leave[..]].concat());
        let earned = run.earned();
        prop_assert_eq!(run.ledger.clock.staked, Seconds(2 * WEEK.0));
        prop_assert_eq!(run.ledger.flows[0].rate, Uint256::zero());
        // Half each, but for the carry.
        let half = scaled(Uint128::new(amount)).unwrap() / Uint256::from(2u8);
        prop_assert!(half.abs_diff(earned[0]) <= SCALE);
        prop_assert!(half.abs_diff(earned[1]) <= SCALE);
        run.check();
    }
}
