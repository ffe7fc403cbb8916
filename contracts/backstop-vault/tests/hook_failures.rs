//! Stakers whose unbonding the distributor could not be told: listed for as long
//! as its record differs.

use crate::support::Desk;
use backstop_types::distributor;
use backstop_types::vault::{ExecuteMsg, HookFailure, HookFailuresResponse, QueryMsg};
use cosmwasm_std::Addr;
use cw_multi_test::Executor;

fn listed(desk: &Desk) -> Vec<HookFailure> {
    let page: HookFailuresResponse = desk.query(&QueryMsg::HookFailures {
        start_after: None,
        limit: None,
    });
    page.failures
}

/// Stakers of 1,000 each, whose unbonding of 400 the distributor did not hear of.
fn unheard<const N: usize>(names: [&str; N]) -> (Desk, [Addr; N]) {
    let mut desk = Desk::native();
    let stakers = names.map(|name| desk.staker(name));
    for staker in &stakers {
        desk.deposit(staker, 1_000).unwrap();
    }
    desk.w.break_distributor(true);
    let vault = desk.w.vault.clone();
    for staker in &stakers {
        let unbond = ExecuteMsg::Unbond {
            shares: Some(400u128.into()),
            auto_withdraw: None,
        };
        let app = &mut desk.w.app;
        app.execute_contract(staker.clone(), vault.clone(), &unbond, &[])
            .unwrap();
    }
    (desk, stakers)
}

fn once(staker: &Addr) -> HookFailure {
    HookFailure {
        staker: staker.clone(),
        failures: 1,
    }
}

#[test]
fn a_failure_is_listed_until_the_record_is_right_again() {
    let (mut desk, [alice, bob]) = unheard(["alice", "bob"]);
    // While the distributor answers nothing, all of them may differ.
    assert_eq!(listed(&desk).len(), 2);
    desk.w.break_distributor(false);
    assert_eq!(listed(&desk).len(), 2);

    // A later notice mends the record, and so does the distributor's `Sync`.
    desk.deposit(&alice, 1).unwrap();
    assert_eq!(listed(&desk), [once(&bob)]);
    let sync = distributor::ExecuteMsg::Sync {
        staker: bob.to_string(),
    };
    let distributor = desk.w.distributor.clone();
    desk.w.execute(&alice, &distributor, &sync, &[]).unwrap();
    assert_eq!(listed(&desk), []);
}

#[test]
fn a_page_looks_at_so_many_and_says_where_the_next_begins() {
    let (mut desk, [a, b, c]) = unheard(["alice", "bob", "carol"]);
    desk.w.break_distributor(false);
    let mut stakers = [a, b, c];
    stakers.sort();
    let [first, second, third] = stakers;
    desk.deposit(&second, 1).unwrap();
    let page = |after: Option<&Addr>| {
        let page: HookFailuresResponse = desk.query(&QueryMsg::HookFailures {
            start_after: after.map(Addr::to_string),
            limit: Some(1),
        });
        let stakers: Vec<Addr> = page.failures.into_iter().map(|failure| failure.staker).collect();
        (stakers, page.next)
    };
    assert_eq!(page(None), (vec![first.clone()], Some(first.clone())));
    // The second is right again: its page is empty, and not the last.
    assert_eq!(page(Some(&first)), (vec![], Some(second.clone())));
    assert_eq!(page(Some(&second)), (vec![third.clone()], Some(third.clone())));
    assert_eq!(page(Some(&third)), (vec![], None));
}
