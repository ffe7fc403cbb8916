//! `StakeChanged` and `Sync`: whose shares earn, and how a failed hook is
//! mended.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::{NATIVE, OTHER, Suite, WEEK, emitted};
use backstop_types::distributor::{ExecuteMsg, InstantiateMsg, StakeChanged};
use backstop_types::events::distributor::{RewardClaimed, RewardReturned, StakeRecorded, StakeSynced};
use backstop_types::{Shares, Unauthorized};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Addr, Record, Uint256, coin};
use cw_multi_test::Executor;
use proptest::prelude::*;
use reward_distributor::ContractError;
use reward_distributor::contract::{execute, instantiate};

fn notice(staker: &Addr, before: u128, after: u128) -> ExecuteMsg {
    ExecuteMsg::StakeChanged(StakeChanged {
        staker: staker.to_string(),
        before: Shares::new(before),
        after: Shares::new(after),
    })
}

#[test]
fn a_notice_from_anyone_but_the_vault_is_refused() {
    let mut suite = Suite::new();
    let thief = suite.addr("thief");
    for sender in [&thief, &suite.owner.clone(), &suite.token.clone()] {
        let refused = suite
            .execute(sender, &notice(&thief, 0, 1_000_000), &[])
            .unwrap_err();
        let expected = Unauthorized {
            sender: sender.clone(),
            role: format!("the vault, {}", suite.book),
        };
        assert_eq!(refused, expected.into());
    }
    assert_eq!(suite.record(&thief).recorded, Shares::ZERO);
}

#[test]
fn a_notice_takes_no_coins() {
    let mut suite = Suite::new();
    let (book, alice) = (suite.book.clone(), suite.addr("alice"));
    let funder = suite.funder();
    suite
        .app
        .send_tokens(funder, book.clone(), &[coin(1, NATIVE)])
        .unwrap();
    let refused = suite.execute(&book, &notice(&alice, 0, 1), &[coin(1, NATIVE)]);
    assert!(matches!(refused, Err(ContractError::Input(_))));
}

#[test]
fn shares_earn_from_the_second_they_are_told_of() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 100);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();

    suite.wait(100);
    suite.stake(&bob, 300);
    suite.wait(100);

    assert_eq!(suite.pending(&alice)[0], 125);
    assert_eq!(suite.pending(&bob)[0], 75);
}

#[test]
fn unbonding_shares_stop_earning_at_once() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1);
    suite.stake(&bob, 1);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.wait(100);
    suite.stake(&bob, 0);
    suite.wait(100);
    assert_eq!(suite.pending(&alice)[0], 150);
    assert_eq!(suite.pending(&bob)[0], 50);
}

#[test]
fn a_notice_tells_the_new_total() {
    let mut suite = Suite::new();
    let (book, alice) = (suite.book.clone(), suite.addr("alice"));
    let done = suite.execute(&book, &notice(&alice, 0, 7), &[]).unwrap();
    let event = &emitted::<StakeRecorded>(&done)[0];
    assert_eq!((&event.staker, event.total), (&alice, Shares::new(7)));
    // It sends nothing on.
    assert_eq!(
        done.events.iter().filter(|event| event.ty == "execute").count(),
        1
    );
}

/// The storage keys that differ between two dumps.
fn written(before: &[Record], after: &[Record]) -> Vec<String> {
    let fresh = after.iter().filter(|record| !before.contains(record));
    fresh
        .map(|(key, _)| String::from_utf8_lossy(key).into_owned())
        .collect()
}

#[test]
fn a_notice_writes_two_values_whatever_the_number_of_denoms() {
    let mut suite = Suite::new();
    let (alice, bob, token) = (suite.addr("alice"), suite.addr("bob"), suite.token.clone());
    suite.stake(&alice, 1_000_003);
    suite.fund(NATIVE, 1_000_003, 1).unwrap();
    suite.fund(OTHER, 1_000_033, 1).unwrap();
    suite.fund_cw20(&token, u128::MAX, 1).unwrap();
    suite.wait(100);
    suite.stake(&bob, 7);
    suite.wait(100);

    let before = suite.app.dump_wasm_raw(&suite.distributor);
    suite.stake(&bob, 8);
    let after = suite.app.dump_wasm_raw(&suite.distributor);

    let keys = written(&before, &after);
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(keys.iter().any(|key| key == "ledger"));
    assert!(keys.iter().any(|key| key.ends_with(bob.as_str())));
    let size: usize = after
        .iter()
        .filter(|record| !before.contains(record))
        .map(|(_, value)| value.len())
        .sum();
    assert!(size < 1_700, "{size} bytes for three denoms, one of them full");
}

#[test]
fn a_notice_sends_no_message() {
    let mut deps = mock_dependencies();
    let (owner, vault) = (deps.api.addr_make("owner"), deps.api.addr_make("vault"));
    let msg = InstantiateMsg {
        owner: owner.to_string(),
        vault: vault.to_string(),
        denoms: vec![crate::support::listing(crate::support::native(NATIVE), 1)],
    };
    instantiate(deps.as_mut(), mock_env(), message_info(&owner, &[]), msg).unwrap();
    let alice = deps.api.addr_make("alice");
    let told = execute(
        deps.as_mut(),
        mock_env(),
        message_info(&vault, &[]),
        notice(&alice, 0, 1),
    )
    .unwrap();
    assert!(told.messages.is_empty());
    assert!(told.data.is_none());
}

#[test]
fn after_a_failed_hook_a_sync_by_anyone_returns_what_was_not_earned() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1);
    suite.stake(&bob, 1);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.stake_untold(&bob, 0);
    suite.wait(100);

    assert_eq!(
        suite.pending(&bob)[0],
        0,
        "what is shown is what a claim would pay"
    );
    let done = suite.sync(&bob);

    assert_eq!(emitted::<RewardReturned>(&done)[0].amount.u128(), 50);
    assert_eq!(emitted::<StakeSynced>(&done)[0].before, Shares::ONE);
    assert_eq!(suite.record(&bob).recorded, Shares::ZERO);
    suite.wait(2 * WEEK);
    assert_eq!(suite.pending(&alice)[0], u128::from(WEEK));
    assert_eq!(suite.pending(&bob)[0], 0);
}

#[test]
fn a_later_hook_mends_a_failed_one_too() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1);
    suite.stake(&bob, 3);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.stake_untold(&bob, 1);
    suite.wait(400);
    // Three hundred for three shares, of which one was real.
    suite.stake(&bob, 2);
    assert_eq!(suite.pending(&bob)[0], 100);
    assert_eq!(suite.record(&bob).recorded, Shares::new(2));
}

#[test]
fn a_claim_after_a_failed_hook_pays_only_the_real_shares() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 2);
    suite.stake(&bob, 2);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.stake_untold(&bob, 1);
    suite.wait(400);

    let done = suite.claim(&bob);

    assert_eq!(emitted::<RewardClaimed>(&done)[0].amount.u128(), 100);
    assert_eq!(emitted::<RewardReturned>(&done)[0].amount.u128(), 100);
    assert_eq!(suite.record(&bob).recorded, Shares::ONE);
}

#[test]
fn shares_that_the_vault_never_told_of_earn_from_the_sync_on() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.stake_untold(&bob, 1);
    suite.wait(100);
    suite.sync(&bob);
    suite.wait(100);
    assert_eq!(suite.pending(&alice)[0], 150);
    assert_eq!(suite.pending(&bob)[0], 50);
}

#[test]
fn a_sync_of_a_true_record_changes_nothing() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 3);
    suite.fund(NATIVE, 1_000_003, 1).unwrap();
    for _ in 0..10 {
        suite.wait(7);
        let done = suite.sync(&alice);
        assert!(emitted::<StakeSynced>(&done).is_empty());
    }
    // 70 s of 1,000,003 / 604,800 a second.
    assert_eq!(suite.pending(&alice)[0], 115);
}

#[test]
fn a_sync_names_its_staker_in_lower_case() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    let staker = alice.to_string().to_uppercase();
    let refused = suite.execute(&alice, &ExecuteMsg::Sync { staker }, &[]);
    assert!(matches!(refused, Err(ContractError::Input(_))));
    let staker = alice.to_string();
    let refused = suite.execute(&suite.funder(), &ExecuteMsg::Sync { staker }, &[coin(1, NATIVE)]);
    assert!(matches!(refused, Err(ContractError::Input(_))));
}

#[test]
fn a_gap_without_stakers_pays_nobody_and_loses_nothing() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.wait(3 * WEEK);
    suite.stake(&alice, 1);
    assert_eq!(
        suite.pending(&alice)[0],
        0,
        "the first staker does not take the gap"
    );
    suite.wait(100);
    suite.stake(&alice, 0);
    suite.wait(10 * WEEK);
    suite.stake(&bob, 1);
    suite.wait(WEEK);

    assert_eq!(suite.pending(&alice)[0], 100);
    assert_eq!(suite.pending(&bob)[0], u128::from(WEEK) - 100);
}

#[test]
fn the_largest_stakes_and_fundings_do_not_overflow() {
    let mut suite = Suite::new();
    let (alice, bob, token) = (suite.addr("alice"), suite.addr("bob"), suite.token.clone());
    suite.stake(&alice, 1);
    suite.fund_cw20(&token, u128::MAX, 1).unwrap();
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice)[2], u128::MAX);
    suite.stake(&bob, u128::MAX - 1);
    suite.claim(&alice);
    assert_eq!(suite.pending(&alice)[2], 0);
    assert_eq!(suite.record(&bob).recorded, Shares::new(u128::MAX - 1));
}

/// One staker joins and leaves while others look or stay silent.
fn lifetime(poke_every: Option<u64>) -> Vec<Vec<u128>> {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 7);
    suite.fund(NATIVE, 1_000_003, 1).unwrap();
    suite.fund(OTHER, 999_999_999_989, 2).unwrap();
    for shares in [11, 3, 0] {
        match poke_every {
            None => suite.wait(600),
            Some(step) => {
                for _ in 0..600 / step {
                    suite.wait(step);
                    suite.sync(&alice);
                    suite.advance(crate::support::native(NATIVE), Some(1)).unwrap();
                }
            }
        }
        suite.stake(&bob, shares);
    }
    vec![suite.pending(&alice), suite.pending(&bob)]
}

#[test]
fn poking_at_every_block_pays_the_same_as_poking_once() {
    let silent = lifetime(None);
    assert_eq!(lifetime(Some(6)), silent);
    assert!(silent.iter().all(|staker| staker[0] > 0 && staker[1] > 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn no_order_of_changes_syncs_and_claims_pays_more_than_was_released(
        steps in prop::collection::vec((0usize..3, 0u128..1_000, 0u8..6, 0..WEEK), 1..25),
    ) {
        let mut suite = Suite::new();
        let stakers = ["alice", "bob", "carol"].map(|name| suite.addr(name));
        for (who, shares, action, seconds) in steps {
            let who = &stakers[who];
            let active = suite.record(who).active.u128();
            match action {
                0 | 1 => suite.stake(who, shares),
                2 => suite.stake_untold(who, active.min(shares)),
                3 => drop(suite.sync(who)),
                4 => drop(suite.claim(who)),
                _ => {
                    suite.fund(NATIVE, 1_000 + shares, 1).unwrap();
                    suite.fund(OTHER, 1 << 70, 3).unwrap();
                }
            }
            // Each message is followed by a check of the sums.
            suite.wait(seconds);
        }
        for who in &stakers {
            let promised = suite.pending(who);
            let before: Vec<_> = suite.denoms().iter().map(|denom| suite.balance(who, &denom.denom)).collect();
            suite.claim(who);
            for ((denom, promised), before) in suite.denoms().iter().zip(promised).zip(before) {
                prop_assert_eq!(suite.balance(who, &denom.denom), before + promised);
            }
        }
        for denom in suite.denoms() {
            let paid: u128 = stakers.iter().map(|who| suite.balance(who, &denom.denom)).sum();
            let all = paid + suite.balance(&suite.distributor, &denom.denom);
            prop_assert_eq!(Uint256::from(all), denom.funded);
            prop_assert!(paid <= denom.released.u128());
        }
    }
}
