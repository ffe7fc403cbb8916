//! `ClaimRecovery` without numbers: what came back is found however old the loss
//! is, once each, and at a cost that does not grow with the losses.

use crate::support::{Desk, both_assets};
use backstop_types::Assets;
use backstop_types::vault::{ClaimRecoveryResponse, ExecuteMsg};
use backstop_vault::ContractError;
use backstop_vault::state::{CAME_BACK, LOOKED_AT};
use cosmwasm_std::{Addr, Order};

/// 100 of alice and 900 of bob.
fn two(mut desk: Desk) -> (Desk, Addr, Addr) {
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 100_000).unwrap();
    desk.deposit(&bob, 900_000).unwrap();
    (desk, alice, bob)
}

fn repay(desk: &mut Desk, loss: u64, amount: u128) {
    let holder = desk.holder.clone();
    desk.recover(&holder, loss, amount).unwrap();
}

fn answer(amount: u128, losses: u32, more: bool) -> ClaimRecoveryResponse {
    ClaimRecoveryResponse {
        amount: amount.into(),
        losses,
        more,
    }
}

/// The losses in the log, in its order.
fn log(desk: &Desk) -> Vec<u64> {
    let storage = desk.w.app.contract_storage(&desk.w.vault);
    let entries = CAME_BACK.range(&*storage, None, None, Order::Ascending);
    entries.map(|entry| entry.unwrap().1).collect()
}

/// The last entry that a staker has looked at.
fn looked_at(desk: &Desk, staker: &Addr) -> Option<u64> {
    let storage = desk.w.app.contract_storage(&desk.w.vault);
    LOOKED_AT.may_load(&*storage, staker).unwrap()
}

fn nothing(desk: &mut Desk, staker: &Addr) {
    let refused = desk.refused(|desk| desk.look(staker, None));
    assert!(
        matches!(refused, ContractError::NothingToClaim { .. }),
        "{refused}"
    );
}

#[test]
fn a_recovery_of_a_loss_older_than_thirty_others_is_found_without_its_number() {
    for desk in both_assets() {
        let (mut desk, alice, bob) = two(desk);
        let old = desk.lose(1_000);
        for _ in 0..31 {
            desk.lose(10);
        }
        repay(&mut desk, old, 1_000);
        let before = desk.balance(&alice);
        assert_eq!(desk.look(&alice, None).unwrap(), answer(100, 1, false));
        assert_eq!(desk.balance(&alice) - before, 100);
        assert_eq!(desk.look(&bob, None).unwrap(), answer(900, 1, false));
        nothing(&mut desk, &alice);
    }
}

#[test]
fn what_comes_back_after_a_staker_has_looked_is_found_again() {
    let (mut desk, alice, bob) = two(Desk::native());
    let losses = [desk.lose(1_000), desk.lose(1_000), desk.lose(1_000)];
    losses.iter().for_each(|loss| repay(&mut desk, *loss, 100));
    assert_eq!(desk.look(&alice, None).unwrap(), answer(30, 3, false));
    nothing(&mut desk, &alice);

    repay(&mut desk, losses[1], 200);
    assert_eq!(log(&desk), [losses[0], losses[2], losses[1]]);
    assert_eq!(desk.look(&alice, None).unwrap(), answer(20, 1, false));
    // The last of the log is repaid again, and is last again, at a later place.
    repay(&mut desk, losses[1], 300);
    assert_eq!(desk.look(&alice, None).unwrap(), answer(30, 1, false));
    nothing(&mut desk, &alice);
    assert_eq!(desk.look(&bob, None).unwrap(), answer(90 + 540 + 90, 3, false));
}

#[test]
fn a_declined_pot_and_a_repayment_of_one_loss_are_one_entry() {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::new(400));
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let loss = desk.shortfall(500).claim.unwrap();
    repay(&mut desk, loss, 50);
    assert_eq!(desk.look(&alice, None).unwrap(), answer(50, 1, false));
    desk.decline(loss).unwrap();
    assert_eq!(log(&desk), [loss]);
    assert_eq!(desk.look(&alice, None).unwrap(), answer(100, 1, false));
    assert_eq!(desk.loss(loss).came_back, Some(2));
}

#[test]
fn who_has_left_looks_like_everybody_else() {
    let (mut desk, alice, _) = two(Desk::native());
    let loss = desk.lose(1_000);
    desk.unbond(&alice, 100_000).unwrap();
    desk.advance(backstop_types::Seconds::days(21));
    desk.withdraw(&alice, None).unwrap();
    let later = desk.lose(1_000);
    repay(&mut desk, later, 1_000);
    repay(&mut desk, loss, 1_000);
    assert_eq!(desk.stake(&alice).stake, Default::default());
    assert_eq!(desk.look(&alice, None).unwrap(), answer(100, 1, false));
}

#[test]
fn a_restake_takes_all_that_is_due_in_the_log() {
    for desk in both_assets() {
        let (mut desk, alice, _) = two(desk);
        let losses = [desk.lose(1_000), desk.lose(1_000)];
        losses.iter().for_each(|loss| repay(&mut desk, *loss, 1_000));
        let (before, balance) = (desk.pool().assets, desk.balance(&alice));
        desk.claim_recovery(&alice, None, true).unwrap();
        assert_eq!(desk.pool().assets.u128() - before.u128(), 200);
        assert_eq!((desk.due(&alice), desk.balance(&alice)), (0, balance));
        nothing(&mut desk, &alice);
    }
}

#[test]
fn two_hundred_losses_of_others_are_walked_in_steps_and_nothing_is_sent() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&bob, 1_000_000).unwrap();
    for _ in 0..200 {
        let loss = desk.lose(10);
        repay(&mut desk, loss, 10);
    }
    desk.deposit(&alice, 1_000_000).unwrap();
    let hers = desk.lose(1_000);
    repay(&mut desk, hers, 1_000);
    let due = desk.due(&alice);
    assert!(due > 0);

    // Her shares were not there before the last loss.
    let balance = desk.balance(&alice);
    for step in 1..=6 {
        assert_eq!(desk.look(&alice, Some(u32::MAX)).unwrap(), answer(0, 0, true));
        assert_eq!(looked_at(&desk, &alice), Some(step * 30), "{step}");
    }
    assert_eq!(desk.look(&alice, None).unwrap(), answer(0, 0, true));
    assert_eq!(desk.look(&alice, Some(0)).unwrap(), answer(0, 0, true));
    assert_eq!(looked_at(&desk, &alice), Some(191), "at least one is looked at");
    assert_eq!(desk.balance(&alice), balance);
    assert_eq!(desk.look(&alice, None).unwrap(), answer(due, 1, false));
    assert_eq!(desk.balance(&alice) - balance, due);
    nothing(&mut desk, &alice);
    assert_eq!(desk.staker_losses(&alice).len(), 1);
}

#[test]
fn a_look_in_vain_restakes_nothing_and_passes_while_deposits_are_paused() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&bob, 1_000_000).unwrap();
    for loss in [desk.lose(10), desk.lose(10)] {
        repay(&mut desk, loss, 10);
    }
    desk.pause(
        backstop_types::vault::Pausable::Deposits,
        backstop_types::Seconds::HOUR,
    )
    .unwrap();
    let msg = ExecuteMsg::ClaimRecovery {
        losses: None,
        restake: Some(true),
        limit: Some(1),
    };
    desk.execute(&alice, &msg, &[]).unwrap();
    assert_eq!(looked_at(&desk, &alice), Some(1));
    desk.refused(|desk| desk.execute(&bob, &msg, &[]));
}

#[test]
fn repayments_of_one_unit_move_an_entry_and_add_none() {
    let (mut desk, alice, bob) = two(Desk::native());
    let losses = [desk.lose(1_000), desk.lose(1_000), desk.lose(1_000)];
    losses.iter().for_each(|loss| repay(&mut desk, *loss, 500));
    let mallory = desk.staker("mallory");
    for _ in 0..40 {
        desk.recover(&mallory, losses[0], 1).unwrap();
    }
    assert_eq!(log(&desk), [losses[1], losses[2], losses[0]]);
    // Moved ahead of each look, it is found when the others have been.
    for (amount, more) in [(50, true), (50, true), (54, false)] {
        desk.recover(&mallory, losses[0], 1).unwrap();
        assert_eq!(desk.look(&alice, Some(1)).unwrap(), answer(amount, 1, more));
    }
    // What was given so is the stakers'.
    assert_eq!(desk.due(&bob), 450 + 450 + 488);
}

#[test]
fn losses_that_are_named_leave_the_place_in_the_log() {
    let (mut desk, alice, _) = two(Desk::native());
    let losses = [desk.lose(1_000), desk.lose(1_000), desk.lose(1_000)];
    losses.iter().for_each(|loss| repay(&mut desk, *loss, 500));
    desk.claim_recovery(&alice, Some(vec![losses[2], losses[0]]), false)
        .unwrap();
    assert_eq!(looked_at(&desk, &alice), None);
    assert_eq!(desk.look(&alice, None).unwrap(), answer(50, 1, false));
    assert_eq!(looked_at(&desk, &alice), Some(3));
}

#[test]
fn what_rounding_keeps_is_paid_when_more_comes_back() {
    let mut desk = Desk::native();
    let stakers = ["a", "b", "c"].map(|name| desk.staker(name));
    for staker in &stakers {
        desk.deposit(staker, 1_000).unwrap();
    }
    let loss = desk.lose(300);
    let mut taken = 0;
    for _ in 0..50 {
        repay(&mut desk, loss, 1);
        // A third of a unit is due to each: a look takes it when it is whole.
        for staker in &stakers {
            taken += desk.look(staker, None).map_or(0, |answer| answer.amount.u128());
        }
    }
    assert_eq!(taken, 48, "16 to each of three, and two units wait for a third");
    assert_eq!(desk.pool().recoveries, Assets::new(2));
    repay(&mut desk, loss, 1);
    for staker in &stakers {
        assert_eq!(desk.look(staker, None).unwrap(), answer(1, 1, false));
    }
    assert_eq!(desk.pool().recoveries, Assets::ZERO);
}

#[test]
fn the_list_of_a_stakers_losses_leaves_others_out_and_goes_on_where_it_ended() {
    use backstop_types::vault::{QueryMsg, StakerLoss, StakerLossesResponse};
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&bob, 3_000).unwrap();
    for _ in 0..4 {
        desk.lose(100);
    }
    desk.deposit(&alice, 1_300).unwrap();
    let hers = desk.lose(999);
    repay(&mut desk, hers, 500);
    let page = |start_after, limit| -> StakerLossesResponse {
        desk.query(&QueryMsg::StakerLosses {
            staker: alice.to_string(),
            start_after,
            limit: Some(limit),
        })
    };
    let first = page(None, 4);
    assert_eq!((first.losses.len(), first.next), (0, Some(4)));
    assert_eq!(page(None, 0).next, Some(1), "a page looks at one loss at least");
    let last = page(Some(4), 4);
    // 1,300 bought 1,500 of 4,500 shares.
    let row = StakerLoss {
        loss: hers,
        stake: 1_500.into(),
        total: 4_500.into(),
        borne: 333.into(),
        recovered: 166.into(),
        taken: 0.into(),
        due: 166.into(),
    };
    assert_eq!((last.losses, last.next), (vec![row], None));
}
