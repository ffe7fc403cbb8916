//! The worked examples of the README.

mod support;

use backstop_types::vault::ExecuteMsg;
use backstop_types::{Assets, Seconds, Shares};
use support::Desk;

/// A holds 100 of 1,000 shares; a claim of 500 is granted and waits; A leaves
/// with 50.
fn opened() -> (Desk, cosmwasm_std::Addr, cosmwasm_std::Addr) {
    let mut desk = Desk::covering(|terms| {
        terms.instant = Assets::ZERO;
        terms.delay = Seconds::days(30);
    });
    let (a, others) = (desk.staker("a"), desk.staker("others"));
    desk.deposit(&a, 100).unwrap();
    desk.deposit(&others, 900).unwrap();
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(500).pending, Assets::new(500));

    desk.unbond(&a, 100).unwrap();
    desk.advance(Seconds::days(21));
    let before = desk.balance(&a);
    desk.withdraw(&a, None).unwrap();
    assert_eq!(desk.balance(&a) - before, 50);
    (desk, a, others)
}

#[test]
fn a_leaves_while_a_claim_is_open_and_it_is_paid() {
    let (mut desk, a, others) = opened();
    desk.advance(Seconds::days(9));
    desk.execute(&others, &ExecuteMsg::SettleClaim { claim: 1 }, &[])
        .unwrap();
    assert_eq!(desk.stake(&others).assets, Assets::new(450), "everyone bore half");
    assert_eq!((desk.due(&a), desk.due(&others)), (0, 0));
}

#[test]
fn a_leaves_while_a_claim_is_open_and_it_is_declined() {
    let (mut desk, a, others) = opened();
    desk.decline(1).unwrap();
    assert_eq!((desk.due(&a), desk.due(&others)), (50, 450), "gone or not");
    let before = desk.balance(&a);
    desk.claim_recovery(&a, None, false).unwrap();
    assert_eq!(desk.balance(&a) - before, 50);
}

#[test]
fn recovery_after_everyone_left() {
    let mut desk = Desk::native();
    let (a, b) = (desk.staker("a"), desk.staker("b"));
    desk.deposit(&a, 100).unwrap();
    desk.deposit(&b, 900).unwrap();
    let loss = desk.lose(500);
    for _ in 0..40 {
        desk.lose(1);
    }
    for staker in [&a, &b] {
        let unbond = ExecuteMsg::Unbond {
            shares: None,
            auto_withdraw: None,
        };
        desk.execute(staker, &unbond, &[]).unwrap();
    }
    desk.advance(Seconds::days(21));
    for staker in [&a, &b] {
        desk.withdraw(staker, None).unwrap();
    }
    assert_eq!(desk.pool().shares, Shares::ZERO);

    desk.advance(Seconds::days(365));
    let holder = desk.holder.clone();
    desk.recover(&holder, loss, 500).unwrap();
    for (staker, paid) in [(&a, 50), (&b, 450)] {
        let before = desk.balance(staker);
        desk.claim_recovery(staker, None, false).unwrap();
        assert_eq!(desk.balance(staker) - before, paid);
    }
    assert_eq!(desk.balance(&desk.w.vault), 0);
}
