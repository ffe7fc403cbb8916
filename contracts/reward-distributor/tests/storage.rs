//! What a message reads and writes, by counting.

use std::collections::BTreeMap;

use crate::support::counted::{Bench, Touched};
use crate::support::{CLAIM_ALL, WEEK};
use backstop_types::distributor::{ExecuteMsg, Start, StreamTerms};

fn counts(rows: &[(&str, u32)]) -> BTreeMap<String, u32> {
    rows.iter()
        .map(|(key, count)| ((*key).to_string(), *count))
        .collect()
}

fn touched(reads: &[(&str, u32)], writes: &[(&str, u32)]) -> Touched {
    Touched {
        reads: counts(reads),
        writes: counts(writes),
    }
}

/// Two stakers; each of the denoms streams for one week and for five, and one
/// is scheduled. Nobody has looked for a day.
fn running(denoms: usize) -> Bench {
    let mut bench = Bench::new(denoms, 10);
    let (alice, bob) = (bench.addr("alice"), bench.addr("bob"));
    bench.tell(&alice, 0, 10);
    bench.tell(&bob, 0, 10);
    let later = StreamTerms {
        weeks: 1,
        start: Some(Start::Week(1)),
    };
    for denom in 0..denoms {
        bench.fund(denom, 1_000_003, StreamTerms::now(1));
        bench.fund(denom, 1_000_033, StreamTerms::now(5));
        bench.fund(denom, 1_000_037, later);
    }
    bench.wait(86_400);
    bench
}

/// The vault's address tells whether the sender may; the checkpoint itself is
/// the ledger, which is the globals of all denoms, and the account.
#[test]
fn a_checkpoint_is_one_read_and_one_write_for_the_staker_and_one_for_the_globals() {
    for denoms in [1, 2, 4, 8] {
        let mut bench = running(denoms);
        let alice = bench.addr("alice");
        let expected = touched(
            &[("vault", 1), ("ledger", 1), ("accounts", 1)],
            &[("ledger", 1), ("accounts", 1)],
        );
        assert_eq!(bench.tell(&alice, 10, 11), expected, "{denoms} denoms");
        bench.wait(3_600);
        assert_eq!(bench.tell(&alice, 11, 7), expected, "{denoms} denoms");
    }
}

#[test]
fn a_week_that_has_ended_is_one_more_a_denom() {
    for denoms in [1, 2, 4] {
        let mut bench = running(denoms);
        let alice = bench.addr("alice");
        bench.wait(WEEK);
        let more = denoms as u32;
        let expected = touched(
            &[("vault", 1), ("ledger", 1), ("accounts", 1), ("ahead", more)],
            &[("ledger", 1), ("accounts", 1), ("ahead", more)],
        );
        assert_eq!(bench.tell(&alice, 10, 11), expected, "{denoms} denoms");
        // What was applied is gone: a second one in this week touches no more.
        let expected = touched(
            &[("vault", 1), ("ledger", 1), ("accounts", 1)],
            &[("ledger", 1), ("accounts", 1)],
        );
        assert_eq!(bench.tell(&alice, 11, 10), expected, "{denoms} denoms");
        // Three weeks more are one change of each denom, that of the second week.
        bench.wait(3 * WEEK);
        assert_eq!(bench.tell(&alice, 10, 11).reads["ahead"], more);
    }
}

#[test]
fn a_sync_and_a_claim_touch_no_more_than_a_notice_but_the_names_of_denoms() {
    let mut bench = running(4);
    let alice = bench.addr("alice");
    let staker = alice.to_string();
    let (_, synced) = bench.send(&alice, ExecuteMsg::Sync { staker }, &[]);
    let expected = touched(
        &[("vault", 1), ("ledger", 1), ("accounts", 1)],
        &[("accounts", 1)],
    );
    assert_eq!(synced, expected);

    bench.wait(60);
    let (response, claimed) = bench.send(&alice, CLAIM_ALL, &[]);
    assert_eq!(response.messages.len(), 4);
    let expected = touched(
        &[("vault", 1), ("ledger", 1), ("accounts", 1), ("denoms", 4)],
        &[("accounts", 1)],
    );
    assert_eq!(claimed, expected);
}

#[test]
fn a_funding_writes_the_ledger_its_end_and_itself() {
    let mut bench = running(4);
    let expected = touched(
        &[
            ("slots", 1),
            ("denoms", 1),
            ("ledger", 1),
            ("fundings", 1),
            ("ahead", 1),
        ],
        &[("ledger", 1), ("fundings", 1), ("ahead", 1)],
    );
    assert_eq!(bench.fund(2, 1_000_003, StreamTerms::now(9)), expected);
    // A beginning that lies ahead is one turn more.
    let mut scheduled = expected;
    for touched in [&mut scheduled.reads, &mut scheduled.writes] {
        touched.insert("ahead".to_string(), 2);
    }
    assert_eq!(bench.fund(2, 1_000_003, StreamTerms::seven_days()), scheduled);
}

#[test]
fn ten_thousand_streams_with_different_ends_cost_a_checkpoint_nothing() {
    let mut bench = running(1);
    let alice = bench.addr("alice");
    let few = bench.tell(&alice, 10, 11);
    for n in 0..10_000u32 {
        let weeks = 1 + n % 52;
        let start = (n % 3 == 0).then(|| Start::Week(1 + u64::from((n / 52) % (53 - weeks))));
        bench.fund(0, 1_000 + u128::from(n), StreamTerms { weeks, start });
        bench.wait(1);
    }
    assert_eq!(bench.tell(&alice, 11, 10), few);
    assert_eq!(bench.ahead(0), 53);
    // A year of silence is at most 53 of them, and then there is nothing left.
    bench.wait(60 * WEEK);
    let after = bench.tell(&alice, 10, 11);
    assert_eq!((after.reads["ahead"], after.writes["ahead"]), (53, 53));
    assert_eq!(bench.ahead(0), 0);
}
