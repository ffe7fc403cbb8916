//! `Stop`: who gets back what, and what the stakers keep.

use crate::support::brittle::Mode;
use crate::support::{NATIVE, OTHER, Suite, WEEK, emitted, native};
use backstop_types::distributor::*;
use backstop_types::events::distributor::StreamStopped;
use backstop_types::{Denom, InputError};
use cosmwasm_std::{Addr, Uint256, coin};
use cw_multi_test::Executor;
use cw_ownable::OwnershipError;
use reward_distributor::{ContractError, state};

const A_SECOND: u128 = WEEK as u128;

fn begun() -> (Suite, Addr) {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    (suite, alice)
}

fn coin_of(denom: &str) -> Denom {
    Denom::Native(denom.to_string())
}

#[test]
fn a_stop_refunds_what_is_not_released_to_the_funder_and_leaves_the_rest_to_the_stakers() {
    let (mut suite, alice) = begun();
    suite.fund(NATIVE, 4 * A_SECOND, 4).unwrap();
    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    suite.wait(100);
    let (funder, coin) = (suite.funder(), coin_of(NATIVE));
    let (before, owners) = (suite.balance(&funder, &coin), suite.balance(&suite.owner, &coin));

    let done = suite.stop(native(NATIVE), 1).unwrap();

    let event = &emitted::<StreamStopped>(&done)[0];
    assert_eq!(event.refunded.u128(), 4 * A_SECOND - 100);
    assert_eq!(event.funder, funder);
    assert_eq!(suite.balance(&funder, &coin), before + 4 * A_SECOND - 100);
    assert_eq!(suite.balance(&suite.owner, &coin), owners);
    assert_eq!(suite.pending(&alice)[0], 200);
    assert_eq!(suite.denoms()[0].rate.to_string(), "1");
    assert_eq!(suite.schedule(native(NATIVE)), [(1, "0".to_string())]);
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND + 100);
    suite.claim(&alice);
    assert_eq!(suite.balance(&suite.distributor, &coin), 0);
}

#[test]
fn a_stream_that_is_to_come_is_stopped_without_a_trace_in_the_rates() {
    let (mut suite, alice) = begun();
    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    let terms = StreamTerms {
        weeks: 2,
        start: Some(Start::Week(1)),
    };
    suite.fund_on(NATIVE, 6 * A_SECOND, terms).unwrap();
    suite.stop(native(NATIVE), 2).unwrap();
    assert_eq!(suite.schedule(native(NATIVE)), [(1, "0".to_string())]);
    let storage = suite.app.contract_storage(&suite.distributor);
    assert_eq!(state::AHEAD.may_load(&*storage, (0, 3)), Ok(None));
    drop(storage);
    assert_eq!(suite.denoms()[0].refunded, Uint256::from(6 * A_SECOND));
    suite.wait(5 * WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND);
}

#[test]
fn a_refund_is_rounded_down_and_the_fraction_goes_to_the_stakers() {
    let (mut suite, alice) = begun();
    suite.fund(NATIVE, 1_000_003, 1).unwrap();
    suite.wait(12_345);
    suite.stop(native(NATIVE), 1).unwrap();
    let funding = &suite.fundings(native(NATIVE))[0];
    // 1,000,003 × (604,800 − 12,345) / 604,800 = 979,591.1…
    assert_eq!(funding.refunded.u128(), 979_591);
    suite.wait(1);
    assert_eq!(suite.pending(&alice)[0], 1_000_003 - 979_591);
}

#[test]
fn tokens_go_back_by_their_transfer_and_one_that_refuses_is_not_stopped() {
    let (mut suite, alice) = begun();
    let token = suite.token.clone();
    suite.fund_cw20(&token, A_SECOND, 1).unwrap();
    suite.wait(100);
    suite.break_token(Mode::Refuses {});
    let (owner, denom) = (suite.owner.clone(), suite.cw20());
    let stop = ExecuteMsg::Stop { denom, number: 1 };
    let before = suite.app.dump_wasm_raw(&suite.distributor);
    let refused = suite
        .app
        .execute_contract(owner, suite.distributor.clone(), &stop, &[]);
    assert!(refused.is_err());
    assert_eq!(suite.app.dump_wasm_raw(&suite.distributor), before);

    suite.break_token(Mode::Works {});
    let (funder, denom) = (suite.funder(), Denom::Cw20(token));
    let before = suite.balance(&funder, &denom);
    suite.stop(suite.cw20(), 1).unwrap();
    assert_eq!(suite.balance(&funder, &denom), before + A_SECOND - 100);
    suite.claim(&alice);
    assert_eq!(suite.balance(&alice, &denom), 100);
}

#[test]
fn only_the_owner_stops_and_only_what_still_holds_something() {
    let (mut suite, _) = begun();
    suite.fund(NATIVE, 10_000, 1).unwrap();
    suite.fund(NATIVE, 10_000, 2).unwrap();
    let stop = |number| ExecuteMsg::Stop {
        denom: native(NATIVE),
        number,
    };
    let funder = suite.funder();
    let refused = suite.execute(&funder, &stop(1), &[]);
    assert_eq!(
        refused.unwrap_err(),
        ContractError::Ownership(OwnershipError::NotOwner)
    );
    let owner = suite.owner.clone();
    let refused = suite.execute(&owner, &stop(1), &[coin(1, NATIVE)]);
    assert!(matches!(refused, Err(ContractError::Input(InputError::Funds(_)))));
    let refused = suite.stop(native(NATIVE), 3);
    assert_eq!(refused.unwrap_err(), ContractError::UnknownFunding { number: 3 });
    let refused = suite.stop(native(OTHER), 1);
    assert_eq!(refused.unwrap_err(), ContractError::UnknownFunding { number: 1 });

    suite.stop(native(NATIVE), 2).unwrap();
    let twice = suite.stop(native(NATIVE), 2);
    assert_eq!(twice.unwrap_err(), ContractError::StreamOver { number: 2 });
    suite.wait(WEEK);
    let ended = suite.stop(native(NATIVE), 1);
    assert_eq!(ended.unwrap_err(), ContractError::StreamOver { number: 1 });
}

#[test]
fn a_stop_while_nobody_is_staked_refunds_what_no_second_has_released() {
    let mut suite = Suite::new();
    suite.fund(NATIVE, 1_000_003, 1).unwrap();
    suite.wait(20 * WEEK);
    suite.stop(native(NATIVE), 1).unwrap();
    // The remainder of a division was released, so a unit is missing.
    assert_eq!(suite.denoms()[0].refunded, Uint256::from(1_000_002u128));
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(1);
    assert_eq!(suite.pending(&alice)[0], 1);
}

#[test]
fn the_history_says_what_became_of_each_stream() {
    let (mut suite, _) = begun();
    suite.fund(NATIVE, 2 * A_SECOND, 2).unwrap();
    suite.fund(NATIVE, 2 * A_SECOND, 2).unwrap();
    suite
        .fund_on(NATIVE, A_SECOND, StreamTerms::seven_days())
        .unwrap();
    suite.wait(WEEK / 2);
    suite.stop(native(NATIVE), 2).unwrap();
    let stopped_at = suite.app.block_info().time;
    suite.wait(WEEK);

    let parts = |funding: &FundingResponse| {
        let parts = [funding.released, funding.unreleased, funding.refunded];
        assert_eq!(
            parts.iter().map(|part| part.u128()).sum::<u128>(),
            funding.amount.u128()
        );
        parts.map(|part| part.u128() * 2 / A_SECOND)
    };
    let fundings = suite.fundings(native(NATIVE));
    let halves: Vec<_> = fundings.iter().map(parts).collect();
    assert_eq!(halves, [[3, 1, 0], [1, 0, 3], [2, 0, 0]]);
    let stops: Vec<_> = fundings.iter().map(|funding| funding.stopped_at).collect();
    assert_eq!(stops, [None, Some(stopped_at), None]);
    let denom = &suite.denoms()[0];
    assert_eq!(denom.released.u128(), 3 * A_SECOND);
}

#[test]
fn refunded_money_leaves_its_room_to_later_fundings() {
    let (mut suite, alice) = begun();
    let most = u128::MAX / 4 - 10;
    for number in 1..=5 {
        suite.fund(NATIVE, most, 1).unwrap();
        suite.stop(native(NATIVE), number).unwrap();
    }
    // More than 2^128 were funded and refunded, all but a unit each time.
    let five = Uint256::from(5u8);
    let denom = &suite.denoms()[0];
    assert_eq!(denom.funded, five * Uint256::from(most));
    assert_eq!(denom.refunded, five * Uint256::from(most - 1));

    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND + 5);
}

#[test]
fn a_stop_frees_no_more_room_than_it_refunds() {
    let (mut suite, alice) = begun();
    let (token, half) = (suite.token.clone(), A_SECOND / 2);
    suite.fund_cw20(&token, A_SECOND, 1).unwrap();
    suite.fund_cw20(&token, u128::MAX - A_SECOND, 1).unwrap();
    suite.wait(WEEK / 2);
    // Half of the first one was released; the second is the last on record.
    suite.stop(suite.cw20(), 1).unwrap();
    suite.claim(&alice);
    let back = cw20::Cw20ExecuteMsg::Transfer {
        recipient: suite.funder().to_string(),
        amount: A_SECOND.into(),
    };
    suite
        .app
        .execute_contract(alice, token.clone(), &back, &[])
        .unwrap();

    let refused = suite.fund_cw20(&token, half + 1, 1).unwrap_err();
    let expected = ContractError::FundedTooMuch {
        amount: (half + 1).into(),
        funded: (u128::MAX - half).into(),
    };
    assert_eq!(refused, expected);
    suite.fund_cw20(&token, half, 1).unwrap();
}

#[test]
fn funding_and_stopping_over_and_over_takes_nothing_from_other_streams_or_stakers() {
    let (mut suite, alice) = begun();
    let coin = coin_of(NATIVE);
    suite.fund(NATIVE, 4 * A_SECOND, 4).unwrap();
    let mut given = suite.balance(&suite.distributor, &coin);
    let mut seconds = 0;
    for round in 0..200_u64 {
        let before = suite.balance(&suite.funder(), &coin);
        // Amounts that no length divides.
        let amount = 100_000_003 + 7 * u128::from(round);
        suite.fund(NATIVE, amount, 1 + round as u32 % 52).unwrap();
        suite.wait(round % 3);
        seconds += u128::from(round % 3);
        suite.stop(native(NATIVE), 2 + round).unwrap();
        let after = suite.balance(&suite.funder(), &coin);
        assert!(
            after <= before,
            "round {round}: the funder gained {}",
            after - before
        );
        given += before - after;
        assert!(suite.pending(&alice)[0] >= seconds, "round {round}");
    }
    suite.wait(5 * WEEK);
    suite.claim(&alice);
    assert_eq!(suite.balance(&alice, &coin), given);
    assert_eq!(suite.balance(&suite.distributor, &coin), 0);
}
