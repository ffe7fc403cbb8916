//! `Recover`, `ClaimRecovery` and cohorts.

use crate::support::{Desk, both_assets};
use backstop_types::{Assets, InputError, Seconds, Shares};
use backstop_vault::ContractError;

#[test]
fn what_comes_back_goes_to_those_who_bore_it_also_after_they_left() {
    for mut desk in both_assets() {
        let (alice, bob, carol) = (desk.staker("alice"), desk.staker("bob"), desk.staker("carol"));
        desk.deposit(&alice, 100).unwrap();
        desk.deposit(&bob, 900).unwrap();
        desk.unbond(&alice, 100).unwrap();
        let loss = desk.lose(500);
        desk.deposit(&carol, 500).unwrap();
        desk.advance(Seconds::days(21));
        desk.withdraw(&alice, None).unwrap();

        let debtor = desk.holder.clone();
        desk.recover(&debtor, loss, 200).unwrap();
        assert_eq!(
            [&alice, &bob, &carol].map(|staker| desk.due(staker)),
            [20, 180, 0]
        );
        let before = desk.balance(&alice);
        desk.claim_recovery(&alice, None, false).unwrap();
        assert_eq!(desk.balance(&alice) - before, 20);
        let refused = desk.refused(|desk| desk.claim_recovery(&alice, None, false));
        assert!(
            matches!(refused, ContractError::NothingToClaim { .. }),
            "{refused}"
        );

        desk.recover(&debtor, loss, 300).unwrap();
        assert_eq!(
            [&alice, &bob, &carol].map(|staker| desk.due(staker)),
            [30, 450, 0]
        );
        desk.claim_recovery(&bob, Some(vec![loss]), false).unwrap();
        desk.claim_recovery(&alice, Some(vec![loss]), false).unwrap();
        let loss = desk.loss(loss);
        assert_eq!((loss.repaid, loss.taken), (500.into(), 500.into()));
        assert_eq!(desk.pool().recoveries, Assets::ZERO);
    }
}

#[test]
fn a_cohort_is_exact_within_a_block() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.w.set_price("10");
    desk.deposit(&alice, 100).unwrap();
    let first = desk.shortfall(10).claim.unwrap();
    desk.deposit(&bob, 90).unwrap();
    let second = desk.shortfall(10).claim.unwrap();
    desk.unbond(&alice, 50).unwrap();
    desk.deposit(&alice, 80).unwrap();
    let holder = desk.holder.clone();
    desk.recover(&holder, first, 10).unwrap();
    desk.recover(&holder, second, 10).unwrap();
    assert_eq!((desk.due(&alice), desk.due(&bob)), (15, 5));
}

#[test]
fn a_recovery_can_be_restaked_in_the_same_message() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        desk.deposit(&alice, 1_000).unwrap();
        let loss = desk.lose(500);
        let holder = desk.holder.clone();
        desk.recover(&holder, loss, 100).unwrap();
        desk.claim_recovery(&alice, None, true).unwrap();
        let stake = desk.stake(&alice);
        assert_eq!(
            (stake.stake.active, stake.assets),
            (Shares::new(1_200), Assets::new(600))
        );
    }
}

#[test]
fn no_more_is_taken_than_was_paid_on_a_loss() {
    let mut desk = Desk::covering(|terms| terms.instant = 100.into());
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let loss = desk.shortfall(300).claim.unwrap();
    let holder = desk.holder.clone();
    let before = desk.balance(&holder);
    desk.recover(&holder, loss, 101).unwrap();
    assert_eq!(before - desk.balance(&holder), 100, "one is sent back");
    let refused = desk.refused(|desk| desk.recover(&holder, loss, 1));
    assert_eq!(
        refused,
        ContractError::FullyRepaid {
            loss,
            paid: 100.into()
        }
    );
}

#[test]
fn a_number_that_was_not_booked_pays_nobody() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let holder = desk.holder.clone();
    for loss in [0, 1, 2, u64::MAX] {
        let refused = desk.refused(|desk| desk.recover(&holder, loss, 5));
        assert!(
            matches!(refused, ContractError::NotFound { what: "loss", .. }),
            "{refused}"
        );
        let refused = desk.refused(|desk| desk.claim_recovery(&alice, Some(vec![loss]), false));
        assert!(
            matches!(refused, ContractError::NotFound { what: "loss", .. }),
            "{refused}"
        );
    }
}

#[test]
fn a_loss_named_twice_or_too_many_losses_are_refused() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let loss = desk.lose(500);
    let holder = desk.holder.clone();
    desk.recover(&holder, loss, 100).unwrap();
    let refused = desk.refused(|desk| desk.claim_recovery(&alice, Some(vec![loss, loss]), false));
    assert!(
        matches!(refused, ContractError::Input(InputError::Duplicate { .. })),
        "{refused}"
    );
    let refused = desk.refused(|desk| desk.claim_recovery(&alice, Some((1..=31).collect()), false));
    assert!(
        matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
        "{refused}"
    );
    assert_eq!(desk.due(&alice), 100);
}

#[test]
fn what_is_repaid_too_much_goes_back_to_who_sent_it_in_either_asset() {
    for mut desk in both_assets() {
        let (alice, mallory) = (desk.staker("alice"), desk.staker("mallory"));
        desk.deposit(&alice, 1_000).unwrap();
        let loss = desk.lose(400);
        let before = desk.balance(&mallory);
        desk.recover(&mallory, loss, 900).unwrap();
        assert_eq!(before - desk.balance(&mallory), 400);
        assert_eq!(
            (desk.due(&alice), desk.pool().recoveries),
            (400, Assets::new(400))
        );
    }
}
