//! Over any sequence of payments, changes, sends and a close, nothing is lost and
//! nothing is made.

use backstop_types::vault::{PolicyTerms, PremiumLedger};
use backstop_types::{Assets, Bps, Nanos, Seconds};
use cosmwasm_std::{Decimal, Timestamp, Uint256};
use proptest::prelude::*;

use super::*;

const START: u64 = 1_767_225_600_000_000_000;
const DAY: u64 = 86_400_000_000_000;

fn terms(limit: u128, premium: Option<u32>) -> PolicyTerms {
    PolicyTerms {
        limit: limit.into(),
        deductible: Assets::ZERO,
        instant: Assets::ZERO,
        minimum: Assets::ONE,
        delay: Seconds::DAY,
        priced: true,
        premium: premium.map(Bps),
    }
}

fn at(nanos: u64) -> Timestamp {
    Timestamp::from_nanos(START + nanos)
}

#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    Pay(u128),
    Send,
    Change(u128, Option<u32>),
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    let limit = prop_oneof![1u128..50, 1_000u128..1_000_000_000_000, Just(u128::MAX)];
    prop_oneof![
        4 => prop_oneof![1u64..3_000, 1..DAY * 4].prop_map(Step::Wait),
        4 => prop_oneof![1u128..5, 1..10_000_000_000u128, 1..u128::MAX >> 8].prop_map(Step::Pay),
        3 => Just(Step::Send),
        2 => (limit, prop::option::weighted(0.8, 1u32..=100_000))
            .prop_map(|(limit, premium)| Step::Change(limit, premium)),
        1 => Just(Step::Close),
    ]
}

/// One policy's life, and where its money is.
struct Life {
    terms: PolicyTerms,
    ledger: PremiumLedger,
    now: u64,
    kept: u128,
    refunded: u128,
    sent: u128,
}

impl Life {
    fn new() -> Self {
        Self {
            terms: terms(1_000_000_000, Some(10_000)),
            ledger: PremiumLedger::default(),
            now: 0,
            kept: 0,
            refunded: 0,
            sent: 0,
        }
    }

    fn now(&self) -> Timestamp {
        at(self.now)
    }

    fn price(&self) -> Option<Price> {
        let rate = with_multiplier(Decimal::percent(6), self.terms.premium?).unwrap();
        let limit = self.terms.limit;
        Some(Price { limit, rate })
    }

    fn rebook(&mut self, rebooked: Rebooked) {
        self.ledger = rebooked.ledger;
        self.refunded += rebooked.refund.u128();
    }

    fn send(&mut self) {
        let (ledger, amount) = send(&self.ledger, self.now()).unwrap();
        self.ledger = ledger;
        self.sent += amount.u128();
        assert!(unsent(&self.ledger, self.now()).unwrap().is_zero());
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Wait(nanos) => self.now += nanos,
            Step::Pay(amount) => self.pay(amount),
            Step::Send => self.send(),
            Step::Change(limit, premium) => {
                let new = terms(limit, premium);
                let rebooked = change(&self.ledger, &self.terms, &new, self.now()).unwrap();
                self.terms = new;
                self.rebook(rebooked);
            }
            Step::Close => {
                let rebooked = close(&self.ledger, self.now()).unwrap();
                self.rebook(rebooked);
                assert!(self.ledger.unearned.is_zero() && self.ledger.until <= self.now());
            }
        }
    }

    fn pay(&mut self, amount: u128) {
        let Some(price) = self.price() else { return };
        let before = self.ledger;
        let Sale::Sold(ledger, bought) = pay(&before, amount.into(), &price, self.now()).unwrap() else {
            return;
        };
        assert_eq!(bought.kept.u128() + bought.returned.u128(), amount);
        let running = self.now() < before.until;
        let begin = if running {
            before.until
        } else {
            WAIT.after(self.now())
        };
        let time = Nanos::between(begin, bought.until);
        assert!(
            price.cost(time).unwrap() <= bought.kept,
            "no longer than paid for"
        );
        assert!(bought.until <= AHEAD.after(self.now()), "no further ahead");
        assert!(running || time >= WAIT.nanos());
        self.ledger = ledger;
        self.kept += bought.kept.u128();
    }

    /// Paid and neither sent nor paid back: what the vault must hold.
    fn held(&self) -> u128 {
        let unearned = self.ledger.unearned.u128() - earned(&self.ledger, self.now()).unwrap().u128();
        unearned + unsent(&self.ledger, self.now()).unwrap().u128()
    }
}

proptest! {
    #[test]
    fn what_is_paid_is_earned_or_paid_back_to_the_unit(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut life = Life::new();
        for step in &steps {
            life.take(step);
            prop_assert_eq!(life.kept, life.sent + life.refunded + life.held(), "{:?}", step);
            prop_assert!(life.ledger.from <= life.ledger.until);
        }
        life.take(&Step::Close);
        life.send();
        prop_assert_eq!(life.kept, life.sent + life.refunded);
        prop_assert_eq!(life.held(), 0);
    }

    #[test]
    fn sending_at_every_step_passes_on_the_same_as_sending_once(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let (mut often, mut once) = (Life::new(), Life::new());
        for step in &steps {
            often.take(step);
            often.send();
            if !matches!(step, Step::Send) {
                once.take(step);
            }
        }
        once.send();
        prop_assert_eq!(often.sent, once.sent);
        prop_assert_eq!(often.refunded, once.refunded);
        prop_assert_eq!(often.ledger, once.ledger);
    }

    #[test]
    fn cover_never_costs_less_than_its_time_however_it_is_paid_and_ended(
        payments in prop::collection::vec((1u128..3_000_000, 0..DAY * 3), 1..20),
        limit in 1u128..1_000_000_000,
    ) {
        let mut life = Life::new();
        life.terms.limit = limit.into();
        let mut covered = 0;
        for (amount, wait) in payments {
            life.pay(amount);
            let (from, until) = (life.ledger.from.nanos(), life.ledger.until.nanos());
            let now = START + life.now;
            let end = (now + wait).min(until);
            covered += end.saturating_sub(now.max(from));
            life.now += wait;
        }
        life.take(&Step::Close);
        let cost = life.kept - life.refunded;
        let price = life.price().unwrap();
        prop_assert!(price.cost(Nanos(covered.into())).unwrap().u128() <= cost);
    }

    #[test]
    fn a_tightened_policy_keeps_its_end_and_a_raised_one_its_premium(
        (old, new) in (1u128..1_000_000_000, 1u128..1_000_000_000), days in 1u64..29, wait in 0..DAY * 28,
    ) {
        let mut life = Life::new();
        life.terms.limit = old.into();
        let price = life.price().unwrap();
        life.pay(price.cost(Seconds::days(days).nanos()).unwrap().u128());
        life.now += wait;
        let now = life.now();
        let unearned = life.ledger.unearned.u128() - earned(&life.ledger, now).unwrap().u128();
        let before = life.ledger;
        life.take(&Step::Change(new, Some(10_000)));
        let after = life.ledger;
        prop_assert_eq!(life.refunded + after.unearned.u128(), unearned);
        if new <= old {
            prop_assert_eq!(after.until, before.until);
            let share = Uint256::from(unearned) * Uint256::from(old - new) / Uint256::from(old);
            prop_assert_eq!(Uint256::from(life.refunded), share);
        } else {
            prop_assert_eq!(life.refunded, 0);
            let left = |ledger: &PremiumLedger| Nanos::between(ledger.from.max(now), ledger.until).u64();
            let shorter = u128::from(left(&before)) * old / new;
            prop_assert_eq!(u128::from(left(&after)), shorter);
        }
    }

    #[test]
    fn what_is_earned_never_falls_and_never_exceeds_what_was_paid(
        unearned: u128, begin in 0..DAY, length in 0..DAY * 30, early in 0..DAY * 32, late in 0..DAY * 32,
    ) {
        let ledger = PremiumLedger {
            unearned: unearned.into(),
            from: at(begin),
            until: at(begin + length),
            ..Default::default()
        };
        let by = |time| earned(&ledger, at(time)).unwrap();
        prop_assert!(by(early.min(late)) <= by(early.max(late)));
        prop_assert!(by(late) <= ledger.unearned);
        prop_assert_eq!(by(begin + length), ledger.unearned);
    }
}

#[test]
fn cover_begins_a_day_after_a_payment_that_finds_none_in_force() {
    let mut life = Life::new();
    let day = life.price().unwrap().cost(WAIT.nanos()).unwrap().u128();
    assert!(!in_force(&life.terms, &life.ledger, life.now()));
    life.pay(2 * day);
    for (nanos, covered) in [(0, false), (DAY - 1, false), (DAY, true), (3 * DAY - 1, true)] {
        assert_eq!(in_force(&life.terms, &life.ledger, at(nanos)), covered, "{nanos}");
    }
    // Rounding up the price of two days buys some nanoseconds more.
    assert!(!in_force(&life.terms, &life.ledger, at(3 * DAY + DAY / 100)));
    let unasked = PolicyTerms {
        premium: None,
        ..life.terms
    };
    assert!(in_force(&unasked, &life.ledger, at(90 * DAY)));
}

#[test]
fn a_payment_for_less_than_a_day_begins_no_cover_and_extends_what_is_there() {
    let mut life = Life::new();
    let price = life.price().unwrap();
    let day = price.cost(WAIT.nanos()).unwrap();
    let less = day.checked_sub(Assets::ONE).unwrap();
    let refused = pay(&life.ledger, less, &price, life.now()).unwrap();
    assert_eq!(refused, Sale::TooLittle(day));
    life.pay(day.u128());
    let until = life.ledger.until;
    life.pay(1);
    assert!(life.ledger.until > until);
    assert_eq!(life.ledger.from, WAIT.after(life.now()), "its beginning stays");
}

#[test]
fn cover_is_paid_thirty_days_ahead_and_the_rest_is_sent_back() {
    let mut life = Life::new();
    let price = life.price().unwrap();
    let amount = Assets::new(1_000_000_000_000);
    let Sale::Sold(ledger, bought) = pay(&life.ledger, amount, &price, life.now()).unwrap() else {
        panic!("must be sold")
    };
    assert_eq!(bought.until, AHEAD.after(life.now()));
    assert_eq!(bought.kept, price.cost(Seconds::days(29).nanos()).unwrap());
    assert_eq!(pay(&ledger, amount, &price, life.now()).unwrap(), Sale::Full);
    life.ledger = ledger;
    life.now += 1;
    let Sale::Sold(_, bought) = pay(&ledger, amount, &price, life.now()).unwrap() else {
        panic!("must be sold")
    };
    assert_eq!(bought.kept, Assets::ONE, "a nanosecond");
}

#[test]
fn a_premium_that_is_newly_asked_leaves_a_day_and_one_asked_no_more_is_paid_back() {
    let (free, asked) = (terms(1_000, None), terms(1_000, Some(10_000)));
    let now = at(5);
    let newly = change(&PremiumLedger::default(), &free, &asked, now).unwrap();
    assert!(in_force(&asked, &newly.ledger, at(DAY + 4)) && !in_force(&asked, &newly.ledger, at(DAY + 5)));
    assert!(newly.refund.is_zero());
    let paid = PremiumLedger {
        unearned: 100.into(),
        from: at(5),
        until: at(105),
        ..Default::default()
    };
    let ended = change(&paid, &asked, &free, at(30)).unwrap();
    assert_eq!((ended.refund, ended.ledger.earned), (75.into(), 25.into()));
    assert_eq!(change(&paid, &free, &free, at(30)).unwrap().ledger, paid);
}
