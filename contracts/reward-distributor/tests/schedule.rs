//! Streams that begin on the weekly grid: scheduled ones, extensions, and the
//! vault's premiums.

use crate::support::{NATIVE, Suite, WEEK, emitted, listing, native};
use backstop_types::distributor::*;
use backstop_types::events::distributor::Funded;
use backstop_types::{Denom, InputError, Seconds, UncheckedDenom};
use cosmwasm_std::{Addr, coin};
use cw_multi_test::Executor;
use reward_distributor::ContractError;

const A_SECOND: u128 = WEEK as u128;

fn starting(weeks: u32, start: Start) -> StreamTerms {
    StreamTerms {
        weeks,
        start: Some(start),
    }
}

/// Alice alone is staked, and the clock stands 100 s after a point of the grid.
fn begun() -> (Suite, Addr) {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(100);
    (suite, alice)
}

#[test]
fn a_stream_from_the_next_week_on_lasts_exactly_its_weeks() {
    let (mut suite, alice) = begun();
    let done = suite
        .fund_on(NATIVE, A_SECOND, StreamTerms::seven_days())
        .unwrap();
    let event = &emitted::<Funded>(&done)[0];
    assert_eq!((event.from, event.until), (WEEK, 2 * WEEK));

    suite.wait(WEEK - 100);
    assert_eq!(suite.pending(&alice)[0], 0);
    suite.wait(10);
    assert_eq!(suite.pending(&alice)[0], 10);
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND);
    assert!(suite.schedule(native(NATIVE)).is_empty());
}

#[test]
fn on_a_point_of_the_grid_the_next_week_is_now() {
    let (mut suite, alice) = begun();
    suite.wait(WEEK - 100);
    suite
        .fund_on(NATIVE, A_SECOND, StreamTerms::seven_days())
        .unwrap();
    suite.wait(10);
    assert_eq!(suite.pending(&alice)[0], 10);
}

#[test]
fn scheduled_streams_fold_into_the_rates_that_are_to_come() {
    let (mut suite, alice) = begun();
    suite
        .fund_on(NATIVE, 2 * A_SECOND, starting(1, Start::Week(2)))
        .unwrap();
    suite
        .fund_on(NATIVE, 6 * A_SECOND, starting(2, Start::Week(2)))
        .unwrap();
    suite
        .fund_on(NATIVE, 5 * A_SECOND, starting(1, Start::Week(3)))
        .unwrap();
    let rates = [(2, "5"), (3, "8"), (4, "0")];
    let expected = rates.map(|(week, rate)| (week, rate.to_string()));
    assert_eq!(suite.schedule(native(NATIVE)), expected);
    assert_eq!(suite.denoms()[0].unreleased.u128(), 13 * A_SECOND);

    suite.wait(3 * WEEK - 100);
    assert_eq!(suite.pending(&alice)[0], 5 * A_SECOND);
    suite.wait(9 * WEEK);
    assert_eq!(suite.pending(&alice)[0], 13 * A_SECOND);
}

#[test]
fn a_beginning_must_lie_ahead_and_the_end_within_a_year() {
    let (mut suite, _) = begun();
    suite.wait(3 * WEEK);
    for (weeks, week) in [(1, 3), (1, 0), (52, 5), (1, 56), (1, u64::MAX)] {
        let refused = suite.fund_on(NATIVE, 1_000, starting(weeks, Start::Week(week)));
        let refused = refused.unwrap_err();
        assert!(
            matches!(&refused, ContractError::Input(InputError::OutOfBounds { field, .. }) if field == "start"),
            "{weeks} weeks from {week}: {refused}"
        );
    }
    suite.fund_on(NATIVE, 1_000, starting(1, Start::Week(4))).unwrap();
    suite
        .fund_on(NATIVE, 1_000, starting(52, Start::Week(4)))
        .unwrap();
    suite
        .fund_on(NATIVE, 1_000, starting(1, Start::Week(55)))
        .unwrap();
    let last = suite.schedule(native(NATIVE)).pop().unwrap();
    assert_eq!(last, (56, "0".to_string()));
}

#[test]
fn an_extension_begins_where_the_stream_ends_and_may_have_another_rate() {
    let (mut suite, alice) = begun();
    suite.wait(WEEK - 100);
    suite.fund(NATIVE, 2 * A_SECOND, 2).unwrap();
    suite
        .fund_on(NATIVE, 9 * A_SECOND, starting(3, Start::After(1)))
        .unwrap();
    // An extension can be extended.
    suite
        .fund_on(NATIVE, A_SECOND, starting(1, Start::After(2)))
        .unwrap();
    let rates = [(3, "3"), (6, "1"), (7, "0")];
    let expected = rates.map(|(week, rate)| (week, rate.to_string()));
    assert_eq!(suite.schedule(native(NATIVE)), expected);
    suite.wait(2 * WEEK);
    assert_eq!(suite.pending(&alice)[0], 2 * A_SECOND);
    suite.wait(4 * WEEK);
    assert_eq!(suite.pending(&alice)[0], 12 * A_SECOND);
}

#[test]
fn what_is_over_or_unknown_cannot_be_extended() {
    let (mut suite, _) = begun();
    suite.fund(NATIVE, 10_000, 1).unwrap();
    suite.fund(NATIVE, 10_000, 30).unwrap();
    suite.stop(native(NATIVE), 2).unwrap();
    suite.wait(2 * WEEK);
    for number in [1, 2] {
        let refused = suite.fund_on(NATIVE, 10_000, starting(1, Start::After(number)));
        assert_eq!(refused.unwrap_err(), ContractError::StreamOver { number });
    }
    for number in [0, 3] {
        let refused = suite.fund_on(NATIVE, 10_000, starting(1, Start::After(number)));
        assert_eq!(refused.unwrap_err(), ContractError::UnknownFunding { number });
    }
}

#[test]
fn a_scheduled_stream_must_reach_the_minimum_over_its_weeks_alone() {
    let mut suite = Suite::bare();
    suite.distributor = suite.instantiate(&[listing(native(NATIVE), 1_000)]).unwrap();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(1);
    let refused = suite.fund_on(NATIVE, 1_999, starting(2, Start::NextWeek {}));
    let expected = ContractError::RateTooLow {
        amount: 1_999u128.into(),
        seconds: 2 * WEEK,
        least: 2_000u128.into(),
        min_rate: 1_000u128.into(),
    };
    assert_eq!(refused.unwrap_err(), expected);
    suite
        .fund_on(NATIVE, 2_000, starting(2, Start::NextWeek {}))
        .unwrap();
}

#[test]
fn cw20_tokens_are_scheduled_by_their_send() {
    let (mut suite, alice) = begun();
    let (token, distributor) = (suite.token.clone(), suite.distributor.clone());
    let fund = RewardDistributor(distributor)
        .fund(&Denom::Cw20(token), A_SECOND.into(), StreamTerms::seven_days())
        .unwrap();
    suite.app.execute(suite.funder(), fund).unwrap();
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice)[2], 100);
    let funding = &suite.fundings(suite.cw20())[0];
    assert_eq!((funding.from, funding.until), (Seconds(WEEK), Seconds(2 * WEEK)));
}

/// The message that the vault sends to pass earned premiums on.
fn premium(suite: &mut Suite, denom: UncheckedDenom, amount: u128) -> crate::support::Executed {
    let (book, funder) = (suite.book.clone(), suite.funder());
    let UncheckedDenom::Native(name) = denom else {
        panic!("a coin");
    };
    let coins = [coin(amount, &name)];
    suite.app.send_tokens(funder, book.clone(), &coins).unwrap();
    suite.execute(&book, &ExecuteMsg::Fund(StreamTerms::seven_days()), &coins)
}

#[test]
fn earned_premiums_are_seven_day_streams_at_any_rate_and_of_delisted_denoms_too() {
    let (mut suite, alice) = begun();
    let owner = suite.owner.clone();
    let list = ExecuteMsg::ListDenom(listing(native(NATIVE), 1_000_000));
    suite.execute(&owner, &list, &[]).unwrap();
    premium(&mut suite, native(NATIVE), 7).unwrap();
    let denom = native(NATIVE);
    suite
        .execute(&owner, &ExecuteMsg::DelistDenom { denom }, &[])
        .unwrap();
    premium(&mut suite, native(NATIVE), A_SECOND).unwrap();
    let refused = suite.fund(NATIVE, 1 << 60, 1);
    assert!(matches!(refused, Err(ContractError::Delisted { .. })));

    let fundings = suite.fundings(native(NATIVE));
    let ends: Vec<_> = fundings
        .iter()
        .map(|funding| (funding.from, funding.until))
        .collect();
    assert_eq!(ends, [(Seconds(WEEK), Seconds(2 * WEEK)); 2]);
    suite.wait(2 * WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND + 7);
    // One that was never listed has no place.
    let unknown = premium(&mut suite, native("ujunk"), 7);
    assert!(matches!(unknown, Err(ContractError::UnknownDenom { .. })));
}

#[test]
fn earned_premiums_cannot_be_stopped() {
    let (mut suite, alice) = begun();
    premium(&mut suite, native(NATIVE), A_SECOND).unwrap();
    let refused = suite.stop(native(NATIVE), 1);
    assert_eq!(refused.unwrap_err(), ContractError::EarnedPremium { number: 1 });
    suite.wait(2 * WEEK);
    assert_eq!(suite.pending(&alice)[0], A_SECOND);
    assert!(suite.denoms()[0].refunded.is_zero());
}
