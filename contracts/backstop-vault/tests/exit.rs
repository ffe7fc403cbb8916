//! `Unbond`, `CancelUnbond` and `Withdraw`.

use crate::support::{Desk, both_assets};
use backstop_core::exits::TicketError;
use backstop_testing::emitted;
use backstop_types::events::distributor::StakeRecorded;
use backstop_types::vault::{ExecuteMsg, ParamsUpdate, QueryMsg, StakesResponse};
use backstop_types::{Assets, InputError, Seconds, Shares};
use backstop_vault::{ContractError, state};
use cw_multi_test::AppResponse;

const PERIOD: Seconds = Seconds::days(21);

#[test]
fn a_ticket_is_paid_at_the_price_when_it_is_withdrawn() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit(&alice, 1_000).unwrap();
        desk.deposit(&bob, 1_000).unwrap();
        desk.unbond(&alice, 400).unwrap();
        desk.lose(500);
        desk.advance(PERIOD);
        let before = desk.balance(&alice);
        desk.withdraw(&alice, None).unwrap();
        assert_eq!(desk.balance(&alice) - before, 300, "three quarters are left");
        assert_eq!(desk.stake(&alice).stake.active, Shares::new(600));
        assert_eq!(desk.pool().queued, Shares::ZERO);
    }
}

#[test]
fn a_ticket_is_ready_at_the_end_of_its_period_and_not_a_second_before() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let ticket = desk.unbond(&alice, 400).unwrap();
    desk.advance(Seconds(PERIOD.0 - 1));
    let refused = desk.refused(|desk| desk.withdraw(&alice, Some(vec![ticket])));
    assert_eq!(
        refused,
        ContractError::TicketNotReady {
            ticket,
            left: Seconds(1)
        }
    );
    let refused = desk.refused(|desk| desk.withdraw(&alice, None));
    assert!(
        matches!(refused, ContractError::NothingToWithdraw { .. }),
        "{refused}"
    );
    desk.advance(Seconds(1));
    desk.withdraw(&alice, Some(vec![ticket])).unwrap();
}

#[test]
fn a_shorter_period_shortens_open_tickets_and_a_longer_one_does_not_lengthen_them() {
    for (period, wait) in [(Seconds::days(7), Seconds::days(7)), (Seconds::days(60), PERIOD)] {
        let mut desk = Desk::native();
        let alice = desk.staker("alice");
        desk.deposit(&alice, 1_000).unwrap();
        let ticket = desk.unbond(&alice, 400).unwrap();
        desk.update(ParamsUpdate {
            unbonding_period: Some(period),
            ..Default::default()
        })
        .unwrap();
        desk.advance(Seconds(wait.0 - 1));
        desk.refused(|desk| desk.withdraw(&alice, Some(vec![ticket])));
        desk.advance(Seconds(1));
        desk.withdraw(&alice, Some(vec![ticket])).unwrap();
    }
}

#[test]
fn some_of_many_tickets_can_be_withdrawn_and_the_sum_is_rounded_not_each() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let tickets: Vec<_> = (0..4).map(|_| desk.unbond(&alice, 1).unwrap()).collect();
    desk.lose(250);
    desk.advance(PERIOD);
    let before = desk.balance(&alice);
    desk.withdraw(&alice, Some(tickets.clone())).unwrap();
    assert_eq!(
        desk.balance(&alice) - before,
        3,
        "four shares at 0.75, not four times nothing"
    );
    let refused = desk.refused(|desk| desk.withdraw(&alice, Some(vec![tickets[0]])));
    assert!(
        matches!(refused, ContractError::NotFound { what: "ticket", .. }),
        "{refused}"
    );
}

#[test]
fn without_names_the_oldest_ready_tickets_are_paid_up_to_the_limit() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    for _ in 0..3 {
        desk.unbond(&alice, 10).unwrap();
        desk.advance(Seconds::DAY);
    }
    desk.advance(Seconds::days(19));
    desk.withdraw_limited(&alice, 1).unwrap();
    assert_eq!(desk.stake(&alice).stake.tickets, 2);
    desk.withdraw(&alice, None).unwrap();
    assert_eq!(desk.stake(&alice).stake.tickets, 1, "the third is not ready");
}

#[test]
fn the_limit_counts_ready_tickets_and_not_older_ones_that_wait() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let period = |unbonding_period| ParamsUpdate {
        unbonding_period: Some(unbonding_period),
        ..Default::default()
    };
    let slow = [10, 20].map(|shares| desk.unbond(&alice, shares).unwrap());
    desk.update(period(Seconds::HOUR)).unwrap();
    desk.unbond(&alice, 40).unwrap();
    desk.update(period(PERIOD)).unwrap();
    desk.advance(Seconds::HOUR);
    let before = desk.balance(&alice);
    desk.withdraw_limited(&alice, 1).unwrap();
    assert_eq!(desk.balance(&alice) - before, 40);
    desk.advance(PERIOD);
    desk.withdraw(&alice, Some(slow.to_vec())).unwrap();
}

#[test]
fn nothing_is_stored_of_a_staker_who_has_left() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.deposit(&bob, 1_000).unwrap();
    let stored = |desk: &Desk, staker| {
        let storage = desk.w.app.contract_storage(&desk.w.vault);
        state::STAKES.may_load(&*storage, staker).unwrap()
    };
    for shares in [400, 600] {
        assert!(stored(&desk, &alice).is_some());
        desk.unbond(&alice, shares).unwrap();
        desk.advance(PERIOD);
        desk.withdraw(&alice, None).unwrap();
    }
    assert_eq!(stored(&desk, &alice), None);
    let page: StakesResponse = desk.query(&QueryMsg::Stakes {
        start_after: None,
        limit: None,
    });
    assert_eq!(page.stakes.len(), 1);
}

/// What the distributor was told of a staker's active shares.
fn told(done: &AppResponse) -> (u128, u128) {
    let event = &emitted::<StakeRecorded>(done)[0];
    (event.before.u128(), event.after.u128())
}

#[test]
fn the_distributor_is_told_of_the_shares_before_and_after_each_change() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    let done = desk.deposit(&alice, 1_000).unwrap();
    assert_eq!(told(&done), (0, 1_000));
    let done = desk.deposit(&alice, 500).unwrap();
    assert_eq!(told(&done), (1_000, 1_500));
    let done = desk.w.unbond(&alice, 400).unwrap();
    assert_eq!(told(&done), (1_500, 1_100));
    let cancel = ExecuteMsg::CancelUnbond { ticket: 1 };
    let done = desk.execute(&alice, &cancel, &[]).unwrap();
    assert_eq!(told(&done), (1_100, 1_500));
}

#[test]
fn a_ticket_worth_nothing_closes_with_nothing() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.deposit(&bob, 1).unwrap();
    let ticket = desk.unbond(&bob, 1).unwrap();
    desk.lose(600);
    desk.advance(PERIOD);
    let before = desk.balance(&bob);
    desk.withdraw(&bob, Some(vec![ticket])).unwrap();
    assert_eq!(desk.balance(&bob), before);
    assert_eq!(desk.stake(&bob).stake, Default::default());
}

#[test]
fn min_assets_is_inclusive_and_guards_the_sum() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.unbond(&alice, 400).unwrap();
    desk.advance(PERIOD);
    let refused = desk.refused(|desk| desk.withdraw_guarded(&alice, 401));
    assert_eq!(
        refused,
        ContractError::TooFewAssets {
            paid: 400.into(),
            min: 401.into()
        }
    );
    desk.withdraw_guarded(&alice, 400).unwrap();
}

#[test]
fn a_cancelled_ticket_earns_again_and_is_gone() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        desk.deposit(&alice, 1_000).unwrap();
        let ticket = desk.unbond(&alice, 400).unwrap();
        desk.execute(&alice, &ExecuteMsg::CancelUnbond { ticket }, &[])
            .unwrap();
        let stake = desk.stake(&alice).stake;
        assert_eq!(
            (stake.active, stake.queued, stake.tickets),
            (1_000.into(), Shares::ZERO, 0)
        );
        let refused = desk.refused(|desk| desk.execute(&alice, &ExecuteMsg::CancelUnbond { ticket }, &[]));
        assert!(
            matches!(refused, ContractError::NotFound { what: "ticket", .. }),
            "{refused}"
        );
    }
}

#[test]
fn the_cap_counts_the_new_ticket_and_one_for_all_that_is_left_always_passes() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.update(ParamsUpdate {
        max_tickets: Some(3),
        ..Default::default()
    })
    .unwrap();
    for _ in 0..3 {
        desk.unbond(&alice, 10).unwrap();
    }
    let refused = desk.refused(|desk| desk.unbond(&alice, 10));
    assert_eq!(
        refused,
        ContractError::Ticket(TicketError::TooMany {
            open: 3,
            max: 3,
            active: 970.into()
        })
    );
    desk.unbond(&alice, 970).unwrap();
    assert_eq!(desk.stake(&alice).stake.tickets, 4);
}

#[test]
fn a_small_ticket_must_be_all_that_is_left() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 105).unwrap();
    desk.update(ParamsUpdate {
        min_ticket: Some(100.into()),
        ..Default::default()
    })
    .unwrap();
    let refused = desk.refused(|desk| desk.unbond(&alice, 99));
    assert_eq!(
        refused,
        ContractError::Ticket(TicketError::TooSmall {
            asked: 99.into(),
            min: 100.into(),
            active: 105.into()
        })
    );
    desk.unbond(&alice, 100).unwrap();
    desk.unbond(&alice, 5).unwrap();
}

#[test]
fn nobody_can_unbond_nothing_or_more_than_there_is() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 100).unwrap();
    let refused = desk.refused(|desk| desk.unbond(&alice, 0));
    assert_eq!(refused, ContractError::Ticket(TicketError::Nothing));
    for asked in [101, u128::MAX] {
        let refused = desk.refused(|desk| desk.unbond(&alice, asked));
        assert_eq!(
            refused,
            ContractError::Ticket(TicketError::NotEnough {
                asked: asked.into(),
                active: 100.into()
            })
        );
    }
}

#[test]
fn a_ticket_cannot_be_paid_twice_nor_by_another() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 100).unwrap();
    desk.deposit(&bob, 100).unwrap();
    let ticket = desk.unbond(&alice, 50).unwrap();
    desk.advance(PERIOD);
    let refused = desk.refused(|desk| desk.withdraw(&bob, Some(vec![ticket])));
    assert!(
        matches!(refused, ContractError::NotFound { what: "ticket", .. }),
        "{refused}"
    );
    let refused = desk.refused(|desk| desk.withdraw(&alice, Some(vec![ticket, ticket])));
    assert!(
        matches!(refused, ContractError::Input(InputError::Duplicate { .. })),
        "{refused}"
    );
    let refused = desk.refused(|desk| desk.withdraw(&alice, Some((1..=31).collect())));
    assert!(
        matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
        "{refused}"
    );
    desk.withdraw(&alice, Some(vec![ticket])).unwrap();
}

#[test]
fn the_last_one_out_empties_the_pool_and_the_next_starts_at_one() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.lose(333);
    desk.unbond(&alice, 1_000).unwrap();
    desk.advance(PERIOD);
    desk.withdraw(&alice, None).unwrap();
    assert_eq!(
        (desk.pool().assets, desk.pool().shares),
        (Assets::ZERO, Shares::ZERO)
    );
    desk.deposit(&bob, 10).unwrap();
    assert_eq!(desk.stake(&bob).stake.active, Shares::new(10));
}
