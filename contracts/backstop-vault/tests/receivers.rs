//! Deposits for somebody who could never use the shares.

use crate::support::{Desk, both_assets};
use backstop_types::InputError;
use backstop_types::vault::ParamsUpdate;
use backstop_vault::ContractError;
use cosmwasm_std::Addr;

/// The vault, and what belongs to it.
fn useless(desk: &Desk) -> Vec<Addr> {
    let w = &desk.w;
    let mut all = vec![w.vault.clone(), w.distributor.clone(), w.breaker.clone()];
    all.extend(w.asset.contract().cloned());
    all
}

#[test]
fn a_deposit_for_a_contract_that_cannot_unbond_is_refused_in_either_asset() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        for receiver in useless(&desk) {
            let to = Some(receiver.to_string());
            let refused = desk.refused(|desk| desk.deposit_with(&alice, 100, None, to));
            let ContractError::Input(InputError::OutOfBounds { field, value, .. }) = refused else {
                panic!("{refused}")
            };
            assert_eq!((field.as_str(), value), ("receiver", receiver.to_string()));
        }
        let holder = desk.holder.to_string();
        desk.deposit_with(&alice, 100, None, Some(holder)).unwrap();
    }
}

#[test]
fn who_has_become_the_breaker_is_paid_what_came_back_and_cannot_deposit_it_again() {
    let mut desk = Desk::native();
    let former = desk.w.breaker.clone();
    desk.silence_breaker();
    let alice = desk.staker("alice");
    desk.deposit_with(&alice, 1_000, None, Some(former.to_string()))
        .unwrap();
    desk.update(ParamsUpdate {
        breaker: Some(former.to_string()),
        ..Default::default()
    })
    .unwrap();
    let loss = desk.lose(100);
    let holder = desk.holder.clone();
    desk.recover(&holder, loss, 100).unwrap();
    let refused = desk.refused(|desk| desk.claim_recovery(&former, None, true));
    assert!(
        matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
        "{refused}"
    );
    desk.claim_recovery(&former, None, false).unwrap();
    assert_eq!(desk.balance(&former), 100);
}
