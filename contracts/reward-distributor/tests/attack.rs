//! What a hostile reader tried, by name. Ten thousand streams with different
//! ends are in `storage`, and a failed unbonding hook, a withdrawal, then a
//! claim, with the shipped vault, in `vault`.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::brittle::{self, Mode};
use crate::support::{CLAIM_ALL, NATIVE, OTHER, Suite, WEEK, listing, native};
use backstop_types::distributor::*;
use backstop_types::events::distributor::PayoutFailed;
use backstop_types::{Denom, UncheckedDenom};
use cosmwasm_std::{Addr, to_json_binary};
use reward_distributor::ContractError;

const A_SECOND: u128 = WEEK as u128;

#[test]
fn stake_just_before_a_poke_and_leave_after_it_earns_nothing() {
    let mut suite = Suite::new();
    let (alice, mallory) = (suite.addr("alice"), suite.addr("mallory"));
    suite.stake(&alice, 1);
    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    suite.wait(1_000);

    // All in one block, around every message that takes a step.
    suite.stake(&mallory, u128::MAX - 1);
    suite.advance(native(NATIVE), None).unwrap();
    suite.sync(&alice);
    suite.claim(&mallory);
    suite.stake(&mallory, 0);

    assert_eq!(suite.pending(&mallory)[0], 0);
    assert_eq!(suite.pending(&alice)[0], 1_000);
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND);
}

#[test]
fn stake_just_before_a_large_funding_and_leave_after_it_earns_what_the_seconds_gave() {
    let mut suite = Suite::new();
    let (alice, mallory) = (suite.addr("alice"), suite.addr("mallory"));
    suite.stake(&alice, 1);
    for stay in [0, 60] {
        suite.stake(&mallory, 9_999);
        suite.fund(NATIVE, 1 << 100, 52).unwrap();
        suite.wait(stay);
        suite.stake(&mallory, 0);
    }
    let rate = 2.0 * (1u128 << 100) as f64 / (52.0 * WEEK as f64);
    let fair = rate * 60.0 * 0.9999;
    let got = suite.pending(&mallory)[0] as f64;
    assert!((got / fair - 1.0).abs() < 1e-6, "{got} for {fair}");
    assert!(got / 2f64.powi(100) < 1e-5, "a minute of a year");
}

#[test]
fn dust_funding_a_thousand_times_is_refused_or_paid_to_the_last_unit() {
    let mut suite = Suite::bare();
    suite.distributor = suite.instantiate(&[listing(native(NATIVE), 10)]).unwrap();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1);
    suite.stake(&bob, 2);
    suite.fund(NATIVE, 3 * A_SECOND, 2).unwrap();
    let dust = suite.fund(NATIVE, 9, 1);
    assert!(matches!(dust, Err(ContractError::RateTooLow { .. })));
    for _ in 0..1_000 {
        suite.fund(NATIVE, 11, 1).unwrap();
    }
    // No later message has more to do, and nothing that streamed is slower.
    assert_eq!(suite.schedule(native(NATIVE)).len(), 2);
    suite.wait(2 * WEEK);
    let paid = [suite.pending(&alice)[0], suite.pending(&bob)[0]];
    let all = 3 * A_SECOND + 11_000;
    assert_eq!(paid, [all / 3, all * 2 / 3]);
}

/// A full list of eight, seven of them tokens that refuse every transfer.
#[test]
fn a_denom_list_full_of_junk_leaves_the_good_one_payable() {
    let mut suite = Suite::bare();
    let (owner, funder, alice) = (suite.owner.clone(), suite.funder(), suite.addr("alice"));
    let junk: Vec<Addr> = (0..7)
        .map(|_| brittle::deploy(&mut suite.app, &owner, &funder))
        .collect();
    let mut listings: Vec<_> = junk
        .iter()
        .map(|token| listing(UncheckedDenom::Cw20(token.to_string()), 1))
        .collect();
    listings.push(listing(native(NATIVE), 1));
    suite.distributor = suite.instantiate(&listings).unwrap();
    suite.stake(&alice, 1);
    for token in &junk {
        suite.fund_cw20(token, u128::MAX, 1).unwrap();
        suite.app.wasm_sudo(token.clone(), &Mode::Refuses {}).unwrap();
    }
    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    suite.wait(100);

    let before = suite.pending(&alice);
    let claimed = suite.claim(&alice);

    assert_eq!(crate::support::emitted::<PayoutFailed>(&claimed).len(), 7);
    assert_eq!(suite.balance(&alice, &Denom::Native(NATIVE.to_string())), 100);
    assert_eq!(suite.pending(&alice)[..7], before[..7]);
    // She leaves and comes back, and names what she wants.
    suite.stake(&alice, 0);
    suite.stake(&alice, 1);
    let more = suite.execute(&owner, &ExecuteMsg::ListDenom(listing(native(OTHER), 1)), &[]);
    assert_eq!(more.unwrap_err(), ContractError::TooManyDenoms { max: 8 });
}

#[test]
fn re_stretching_a_stream_for_ever_moves_neither_its_end_nor_its_rate() {
    let released = |attack: bool| {
        let mut suite = Suite::new();
        let alice = suite.addr("alice");
        suite.stake(&alice, 1);
        suite.fund(NATIVE, 10 * A_SECOND, 10).unwrap();
        let mut seen = Vec::new();
        for _ in 0..70 {
            if attack {
                suite.fund(NATIVE, 100, 52).unwrap();
                let extend = StreamTerms {
                    weeks: 1,
                    start: Some(Start::After(1)),
                };
                suite.fund_on(NATIVE, 100, extend).unwrap();
            }
            suite.wait(86_400);
            seen.push(suite.fundings(native(NATIVE))[0].released.u128());
        }
        let end = suite.fundings(native(NATIVE))[0].until;
        (seen, end, suite.pending(&alice)[0])
    };
    let (calm, attacked) = (released(false), released(true));
    assert_eq!((calm.0.last(), calm.2), (Some(&(10 * A_SECOND)), 10 * A_SECOND));
    assert_eq!((&attacked.0, attacked.1), (&calm.0, calm.1));
    assert!(attacked.2 >= calm.2, "what it costs the attacker is the stakers'");
}

/// The token has a stake of its own, so it is paid by itself, and claims again
/// before its transfer is done.
#[test]
fn claim_re_entry_through_a_cw20_pays_once() {
    let mut suite = Suite::new();
    let (alice, token) = (suite.addr("alice"), suite.token.clone());
    suite.stake(&alice, 1);
    suite.stake(&token, 1);
    suite.fund(NATIVE, 2 * A_SECOND, 1).unwrap();
    suite.fund_cw20(&token, 2 * A_SECOND, 1).unwrap();
    suite.wait(100);
    let contract = suite.distributor.clone();
    let msg = to_json_binary(&CLAIM_ALL).unwrap();
    suite.break_token(Mode::Reenters { contract, msg });

    suite.claim(&token);
    suite.claim(&alice);

    for who in [&token, &alice] {
        for denom in [Denom::Native(NATIVE.to_string()), Denom::Cw20(token.clone())] {
            assert_eq!(suite.balance(who, &denom), 100, "{who} {denom}");
        }
        assert_eq!(suite.pending(who), [0, 0, 0]);
    }
}

/// Ten years of everything that there is of a token, on one share, while
/// phantoms of nearly 2¹²⁸ shares have it released again and again.
#[test]
fn index_overflow_at_u128_max_for_ten_years_does_not_happen() {
    let mut suite = Suite::new();
    let (alice, ghost, token) = (suite.addr("alice"), suite.addr("ghost"), suite.token.clone());
    suite.stake(&alice, 1);
    for _ in 0..10 {
        suite.fund_cw20(&token, u128::MAX / 10, 52).unwrap();
        suite.wait(26 * WEEK);
        suite.stake(&ghost, u128::MAX - 1);
        suite.stake_untold(&ghost, 0);
        suite.wait(13 * WEEK);
        suite.sync(&ghost);
        suite.wait(13 * WEEK);
        suite.claim(&alice);
    }
    suite.wait(2 * WEEK);
    suite.claim(&alice);
    let got = suite.balance(&alice, &Denom::Cw20(token));
    let all = u128::MAX / 10 * 10;
    assert!((all - 10..=all).contains(&got), "{got}");
    assert_eq!(suite.pending(&ghost)[2], 0);
}

#[test]
fn a_new_denom_with_old_stakers_pays_each_from_its_first_second() {
    let mut suite = Suite::new();
    let (owner, old, young) = (suite.owner.clone(), suite.addr("old"), suite.addr("young"));
    suite.stake(&old, 1);
    suite.fund(NATIVE, 52 * A_SECOND, 52).unwrap();
    suite.wait(20 * WEEK);
    let list = ExecuteMsg::ListDenom(listing(native("ujunk"), 1));
    suite.execute(&owner, &list, &[]).unwrap();
    suite.stake(&young, 1);
    suite.fund("ujunk", 2 * A_SECOND, 1).unwrap();
    suite.wait(100);
    // Neither has touched the new denom since it came.
    assert_eq!(suite.pending(&old)[3], 100);
    assert_eq!(suite.pending(&young)[3], 100);
    suite.stake(&old, 0);
    suite.stake(&young, 0);
    assert_eq!((suite.pending(&old)[3], suite.pending(&young)[3]), (100, 100));
}

#[test]
fn a_staker_who_left_waited_and_came_back_earned_nothing_meanwhile() {
    for claim_between in [false, true] {
        let mut suite = Suite::new();
        let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
        suite.stake(&alice, 1);
        suite.stake(&bob, 1);
        suite.fund(NATIVE, 4 * A_SECOND, 2).unwrap();
        suite.wait(100);
        suite.stake(&bob, 0);
        if claim_between {
            suite.claim(&bob);
        }
        suite.wait(WEEK);
        suite.stake(&bob, 1);
        assert_eq!(suite.pending(&bob)[0], if claim_between { 0 } else { 100 });
        suite.wait(100);
        suite.claim(&bob);
        let paid = suite.balance(&bob, &Denom::Native(NATIVE.to_string()));
        assert_eq!(paid, 200);
        assert_eq!(suite.pending(&alice)[0], 100 + 2 * A_SECOND + 100);
    }
}
/// While nobody is staked no stream moves; but if the hook of the last to leave
/// fails, somebody still is on record. What that phantom keeps returns within
/// two weeks of the sync that finds it, to whoever is staked then.
#[test]
fn what_only_phantom_shares_kept_returns_to_whoever_is_staked_after_the_sync() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1_000);
    suite.fund(NATIVE, 52_000_000, 52).unwrap();
    suite.stake_untold(&alice, 0);
    suite.wait(50 * WEEK);

    suite.stake(&bob, 1);
    suite.sync(&alice);
    assert_eq!(suite.pending(&alice)[0], 0);
    suite.wait(2 * WEEK);
    let bobs = suite.pending(&bob)[0];
    assert!((51_000_000..=52_000_000).contains(&bobs), "{bobs}");
}

/// What phantom shares kept from the others is streamed to whoever is staked
/// when it returns, also to the one who left: with half of the shares a quarter
/// of what was released while nothing of hers was at risk, unless somebody
/// syncs sooner.
#[test]
fn a_staker_whose_hook_failed_shares_in_what_its_phantom_kept_if_nobody_syncs() {
    let taken = |synced: bool| {
        let mut suite = Suite::new();
        let (alice, mallory) = (suite.addr("alice"), suite.addr("mallory"));
        suite.stake(&alice, 100);
        suite.stake(&mallory, 100);
        suite.fund(NATIVE, 10_000_000, 10).unwrap();
        suite.stake_untold(&mallory, 0);
        if synced {
            suite.sync(&mallory);
        }
        suite.wait(10 * WEEK);
        suite.stake(&mallory, 100);
        suite.wait(2 * WEEK);
        suite.pending(&mallory)[0]
    };
    assert_eq!(taken(true), 0, "a quarter of ten weeks, but for one sync");
    assert!((2_400_000..=2_500_000).contains(&taken(false)));
}
