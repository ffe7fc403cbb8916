//! Times between two whole seconds: a chain's blocks come at any nanosecond,
//! and no clock of the vault's counts a second that has not passed.

use crate::support::{Desk, terms};
use backstop_testing::World;
use backstop_types::vault::{ExecuteMsg, Pausable, PolicyTerms};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::Timestamp;

/// A desk whose policy waits for an hour.
fn desk(change: impl FnOnce(&mut PolicyTerms)) -> Desk {
    let mut terms = PolicyTerms {
        delay: Seconds::HOUR,
        ..terms()
    };
    change(&mut terms);
    let mut desk = Desk::of(World::builder().collect_violations(), terms);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000_000).unwrap();
    desk.w.set_price("10");
    desk
}

/// A whole second soon after the desk's setting up, from which a test counts.
struct Clock(u64);

impl Clock {
    fn of(desk: &Desk) -> Self {
        Self(desk.now() + 2)
    }

    /// Begins a block so many milliseconds later.
    fn set(&self, desk: &mut Desk, millis: u64) {
        let start = Timestamp::from_seconds(self.0).nanos();
        desk.w.app.update_block(|block| {
            block.time = Timestamp::from_nanos(start + millis * 1_000_000);
            block.height += 1;
        });
    }
}

/// A claim of 400 that waits for an hour, filed half a second after the clock's
/// start.
fn delayed() -> (Desk, Clock, u64) {
    let mut desk = desk(|terms| terms.instant = Assets::ZERO);
    let clock = Clock::of(&desk);
    clock.set(&mut desk, 500);
    let claim = desk.shortfall(400).claim.unwrap();
    (desk, clock, claim)
}

#[test]
fn an_hours_delay_is_an_hour_with_a_hold_of_a_second_and_nine_tenths_on_top() {
    let (mut desk, clock, claim) = delayed();
    clock.set(&mut desk, 1_000);
    desk.pause(Pausable::Payouts, Seconds::HOUR).unwrap();
    clock.set(&mut desk, 2_900);
    let resume = ExecuteMsg::Resume {
        what: Pausable::Payouts,
        pause: 1,
    };
    desk.as_owner(&resume).unwrap();
    let due = 500 + 3_600_000 + 1_900;
    for early in [1, 100, 900] {
        clock.set(&mut desk, due - early);
        let refused = desk.refused(|desk| desk.settle(claim));
        let text = refused.to_string();
        assert!(text.contains("in 1 s"), "{early} ms early: {text}");
    }
    clock.set(&mut desk, due);
    assert_eq!(desk.claim(claim).payable_at, desk.w.app.block_info().time);
    desk.settle(claim).unwrap();
}

#[test]
fn a_claim_filed_under_a_hold_waits_for_its_end_to_the_nanosecond() {
    let mut desk = desk(|_| {});
    let clock = Clock::of(&desk);
    clock.set(&mut desk, 300);
    desk.pause(Pausable::Payouts, Seconds(10)).unwrap();
    clock.set(&mut desk, 900);
    let claim = desk.shortfall(400).claim.unwrap();
    let due = 300 + 10_000 + 3_600_000;
    clock.set(&mut desk, due - 1);
    desk.refused(|desk| desk.settle(claim));
    clock.set(&mut desk, due);
    desk.settle(claim).unwrap();
}

#[test]
fn a_ticket_that_is_not_ready_says_how_much_longer_it_takes() {
    let mut desk = desk(|_| {});
    let alice = desk.staker("alice");
    let clock = Clock::of(&desk);
    clock.set(&mut desk, 900);
    let ticket = desk.unbond(&alice, 400).unwrap();
    let due = 900 + Seconds::days(21).0 * 1_000;
    for (early, left) in [(1, 1), (1_000, 1), (1_001, 2)] {
        clock.set(&mut desk, due - early);
        let refused = desk.refused(|desk| desk.withdraw(&alice, Some(vec![ticket])));
        let expected = format!("ticket {ticket} is ready in {left} s");
        assert_eq!(refused.to_string(), expected);
    }
    clock.set(&mut desk, due);
    desk.withdraw(&alice, Some(vec![ticket])).unwrap();
}

#[test]
fn a_limit_that_refills_one_a_second_gives_none_a_nanosecond_before() {
    // 604,800 in a week: one a second.
    let mut desk = desk(|terms| {
        terms.limit = 604_800.into();
        terms.instant = terms.limit;
    });
    let clock = Clock::of(&desk);
    clock.set(&mut desk, 900);
    assert_eq!(desk.shortfall(604_800).paid, Assets::new(604_800));
    // One a second refills, and a tenth of a second is none.
    clock.set(&mut desk, 1_000);
    assert_eq!(desk.shortfall(10).paid, Assets::ZERO);
    clock.set(&mut desk, 1_899);
    assert_eq!(desk.shortfall(10).paid, Assets::ZERO);
    clock.set(&mut desk, 1_900);
    assert_eq!(desk.shortfall(10).paid, Assets::new(1));
}
