//! `Fund`, its cw20 form, and `Advance`: what streams, how fast, and until
//! when.

use crate::support::{NATIVE, OTHER, Suite, WEEK, emitted, listing, native};
use backstop_types::distributor::*;
use backstop_types::events::distributor::{Advanced, Funded};
use backstop_types::{InputError, Seconds};
use cosmwasm_std::{Uint256, coin, to_json_binary};
use cw20::Cw20ReceiveMsg;
use reward_distributor::ContractError;

fn fund(weeks: u32) -> ExecuteMsg {
    ExecuteMsg::Fund(StreamTerms::now(weeks))
}

#[test]
fn only_one_coin_of_a_listed_denom_can_be_funded() {
    let mut suite = Suite::new();
    let funder = suite.funder();
    let cases = [
        vec![],
        vec![coin(100, NATIVE), coin(100, OTHER)],
        vec![coin(100, "ujunk")],
    ];
    for coins in cases {
        let refused = suite.execute(&funder, &fund(1), &coins).unwrap_err();
        let expected = matches!(
            refused,
            ContractError::Input(InputError::Funds(_)) | ContractError::UnknownDenom { .. }
        );
        assert!(expected, "{coins:?}: {refused}");
    }
    assert!(suite.denoms().iter().all(|denom| denom.funded.is_zero()));
}

#[test]
fn a_stream_lasts_one_to_fifty_two_weeks() {
    let mut suite = Suite::new();
    for weeks in [0, 53, u32::MAX] {
        let refused = suite.fund(NATIVE, 1_000_000, weeks).unwrap_err();
        assert!(refused.to_string().contains("weeks is"), "{refused}");
    }
    suite.fund(NATIVE, 1_000_000, 1).unwrap();
    suite.fund(NATIVE, 1_000_000, 52).unwrap();
}

#[test]
fn a_funding_must_reach_the_minimum_rate_over_its_whole_length() {
    let mut suite = Suite::bare();
    suite.distributor = suite.instantiate(&[listing(native(NATIVE), 1_000)]).unwrap();
    let refused = suite.fund(NATIVE, 1_999, 2);
    assert!(matches!(refused, Err(ContractError::RateTooLow { .. })));
    suite.fund(NATIVE, 2_000, 2).unwrap();

    // A second into the week the stream takes the rest of it on top.
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(1);
    let refused = suite.fund(NATIVE, 2_999, 2).unwrap_err();
    let expected = ContractError::RateTooLow {
        amount: 2_999u128.into(),
        seconds: 3 * WEEK - 1,
        least: 3_000u128.into(),
        min_rate: 1_000u128.into(),
    };
    assert_eq!(refused, expected);
    suite.fund(NATIVE, 3_000, 2).unwrap();
}

#[test]
fn cw20_tokens_are_funded_by_their_send_in_the_senders_name() {
    let mut suite = Suite::new();
    let token = suite.token.clone();
    suite.fund_cw20(&token, 5_000, 1).unwrap();

    let (denom, start_after, limit) = (suite.cw20(), None, None);
    let history: FundingsResponse = suite.query(&QueryMsg::Fundings {
        denom,
        start_after,
        limit,
    });
    assert_eq!(history.fundings.len(), 1);
    assert_eq!(history.fundings[0].funder, suite.funder());
    assert_eq!(suite.denoms()[2].funded, Uint256::from(5_000u128));
}

#[test]
fn tokens_that_are_not_listed_and_direct_calls_of_receive_are_refused() {
    let mut suite = Suite::new();
    let stranger = suite.stranger_token.clone();
    let refused = suite.fund_cw20(&stranger, 5_000, 1).unwrap_err();
    assert!(matches!(refused, ContractError::UnknownDenom { .. }));

    let thief = suite.addr("thief");
    let wrapper = Cw20ReceiveMsg {
        sender: thief.to_string(),
        amount: 1_000_000u128.into(),
        msg: to_json_binary(&HookMsg::Fund(StreamTerms::now(1))).unwrap(),
    };
    let refused = suite
        .execute(&thief, &ExecuteMsg::Receive(wrapper), &[])
        .unwrap_err();
    assert!(matches!(refused, ContractError::UnknownDenom { .. }));
    assert!(suite.denoms()[2].funded.is_zero());
}

#[test]
fn a_receive_of_nothing_or_of_something_unreadable_is_refused() {
    let mut suite = Suite::new();
    let token = suite.token.clone();
    let mut wrapper = Cw20ReceiveMsg {
        sender: suite.funder().to_string(),
        amount: 0u128.into(),
        msg: to_json_binary(&HookMsg::Fund(StreamTerms::now(1))).unwrap(),
    };
    let refused = suite
        .execute(&token, &ExecuteMsg::Receive(wrapper.clone()), &[])
        .unwrap_err();
    assert!(refused.to_string().contains("amount is 0"), "{refused}");

    wrapper.amount = 1u128.into();
    wrapper.msg = to_json_binary("fund").unwrap();
    let refused = suite.execute(&token, &ExecuteMsg::Receive(wrapper), &[]);
    assert!(matches!(refused, Err(ContractError::Std(_))));
}

#[test]
fn what_is_funded_is_released_by_the_end_to_the_last_unit() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(12_345);
    // No multiple of the length.
    suite.fund(NATIVE, 1_000_000_007, 3).unwrap();
    suite.wait(4 * WEEK - 12_345 - 1);
    assert_eq!(suite.denoms()[0].released.u128(), 1_000_000_007 - 416);
    suite.wait(1);
    let denom = &suite.denoms()[0];
    assert_eq!(Uint256::from(denom.released), denom.funded);
    assert_eq!(suite.pending(&alice)[0], denom.released.u128());
    assert!(denom.rate.is_zero());
    suite.claim(&alice);
    assert_eq!(suite.balance(&alice, &denom.denom), 1_000_000_007);
}

#[test]
fn streams_of_one_denom_fold_into_one_rate_that_falls_on_the_grid() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    let week = u128::from(WEEK);
    suite.fund(NATIVE, week, 1).unwrap();
    suite.fund(NATIVE, 4 * week, 2).unwrap();
    suite.fund(NATIVE, 2 * week, 1).unwrap();
    assert_eq!(suite.denoms()[0].rate.to_string(), "5");

    let (denom, start_after, limit) = (native(NATIVE), None, None);
    let schedule: ScheduleResponse = suite.query(&QueryMsg::Schedule {
        denom,
        start_after,
        limit,
    });
    let falls: Vec<_> = schedule
        .changes
        .iter()
        .map(|change| (change.week, change.rate.to_string()))
        .collect();
    assert_eq!(falls, [(1, "2".to_string()), (2, "0".to_string())]);

    suite.wait(WEEK + 10);
    assert_eq!(suite.pending(&alice)[0], 5 * week + 20);
    assert_eq!(suite.denoms()[0].rate.to_string(), "2");
}

#[test]
fn a_funding_says_when_its_stream_begins_and_ends() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(100);
    let done = suite.fund(NATIVE, 1_000_000, 2).unwrap();
    let event = &emitted::<Funded>(&done)[0];
    assert_eq!((event.number, event.from, event.until), (1, 100, 3 * WEEK));
    assert_eq!(event.funder, suite.funder());
}

#[test]
fn the_fundings_of_a_denom_sum_to_less_than_two_to_the_128() {
    let mut suite = Suite::new();
    let (alice, token) = (suite.addr("alice"), suite.token.clone());
    suite.stake(&alice, 1);
    suite.fund_cw20(&token, u128::MAX, 1).unwrap();
    suite.wait(WEEK);
    suite.claim(&alice);
    let back = cw20::Cw20ExecuteMsg::Transfer {
        recipient: suite.funder().to_string(),
        amount: 10u128.into(),
    };
    use cw_multi_test::Executor;
    suite
        .app
        .execute_contract(alice, token.clone(), &back, &[])
        .unwrap();
    let refused = suite.fund_cw20(&token, 10, 1).unwrap_err();
    let expected = ContractError::FundedTooMuch {
        amount: 10u128.into(),
        funded: u128::MAX.into(),
    };
    assert_eq!(refused, expected);
    // Other denoms go on.
    suite.fund(NATIVE, 10, 1).unwrap();
}

#[test]
fn a_year_of_silence_is_caught_up_at_once_or_step_by_step_alike() {
    let catch_up = |steps: bool| {
        let mut suite = Suite::new();
        let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
        suite.stake(&alice, 3);
        for weeks in 1..=52 {
            suite.fund(NATIVE, 1_000_000_007, weeks).unwrap();
        }
        suite.wait(60 * WEEK);
        let mut changes = 0;
        while steps && changes < 52 {
            let done = suite.advance(native(NATIVE), Some(5)).unwrap();
            let some = emitted::<Advanced>(&done)[0].changes;
            assert!((1..=5).contains(&some));
            changes += some;
            // In between the other denoms and the clock go their own way.
            suite.wait(1);
            suite.advance(native(OTHER), None).unwrap();
        }
        suite.stake(&bob, 1_000_000);
        assert_eq!(
            suite.pending(&bob)[0],
            0,
            "silence is not for those who come after it"
        );
        suite.pending(&alice)[0]
    };
    let at_once = catch_up(false);
    assert_eq!(at_once, 52 * 1_000_000_007 - 1);
    assert_eq!(catch_up(true), at_once);
}

#[test]
fn advance_is_for_known_denoms_and_at_least_one_change() {
    let mut suite = Suite::new();
    assert!(matches!(
        suite.advance(native("ujunk"), None),
        Err(ContractError::UnknownDenom { .. })
    ));
    assert!(matches!(
        suite.advance(native(NATIVE), Some(0)),
        Err(ContractError::Input(_))
    ));
    suite.advance(native(NATIVE), Some(u32::MAX)).unwrap();
    let clock = suite.clock();
    assert_eq!((clock.staked, clock.week), (Seconds(0), 0));
}
