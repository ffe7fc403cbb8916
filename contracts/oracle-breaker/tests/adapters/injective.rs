//! Injective's own query.

use backstop_types::breaker::{SourceKind, Unreadable};
use cosmwasm_std::Addr;

use crate::oracle::{Answer, asked, none_at, priced, question, says, unreadable};

fn pyth() -> SourceKind<Addr> {
    SourceKind::Injective {
        oracle_type: 9,
        base: "0xab".to_string(),
        quote: "USD".to_string(),
    }
}

fn pair(price: &str, times: &str) -> String {
    let state = format!(
        r#""pair_price":{price},"base_price":"10.35","quote_price":null,"base_cumulative_price":"1","quote_cumulative_price":"0"{times}"#
    );
    format!(r#"{{"price_pair_state":{{{state}}}}}"#)
}

#[test]
fn a_pair_is_asked_and_read_to_the_byte() {
    let asked = r#"{"custom":{"route":"oracle","query_data":{"oracle_price":{"oracle_type":9,"base":"0xab","quote":"USD","scaling_options":null}}}}"#;
    assert_eq!(question(&pyth()), asked);
    // The form of `packages/injective-cosmwasm/src/oracle/types.rs`.
    let answer = br#"{"price_pair_state":{"pair_price":"10.350000000000000000","base_price":"10.350000000000000000","quote_price":"1.000000000000000000","base_cumulative_price":"7.000000000000000000","quote_cumulative_price":"0.000000000000000000","base_timestamp":1700000001,"quote_timestamp":1700000000}}"#;
    assert_eq!(says(&pyth(), answer), priced("10.35", 1_700_000_000));
}

#[test]
fn of_two_times_the_older_counts_and_zero_is_none() {
    for (times, expected) in [
        (r#","base_timestamp":7,"quote_timestamp":9"#, priced("10.35", 7)),
        (r#","base_timestamp":9,"quote_timestamp":7"#, priced("10.35", 7)),
        (r#","base_timestamp":7,"quote_timestamp":0"#, priced("10.35", 7)),
        (r#","base_timestamp":7"#, priced("10.35", 7)),
        (r#","quote_timestamp":7"#, priced("10.35", 7)),
        ("", unreadable(Unreadable::Unavailable)),
        (
            r#","base_timestamp":0,"quote_timestamp":0"#,
            unreadable(Unreadable::Unavailable),
        ),
        (
            r#","base_timestamp":-7,"quote_timestamp":7"#,
            unreadable(Unreadable::Time),
        ),
        (r#","base_timestamp":"7""#, unreadable(Unreadable::Malformed)),
    ] {
        assert_eq!(says(&pyth(), pair(r#""10.35""#, times)), expected, "{times}");
    }
}

#[test]
fn a_decimal_of_zero_or_below_is_no_price() {
    for (price, expected) in [
        (r#""-10.350000000000000000""#, none_at(7)),
        (r#""0.000000000000000000""#, none_at(7)),
        (r#""10.3500000000000000001""#, unreadable(Unreadable::Malformed)),
        ("null", unreadable(Unreadable::Malformed)),
        ("10.35", unreadable(Unreadable::Malformed)),
        (r#""""#, unreadable(Unreadable::Malformed)),
    ] {
        let answer = pair(price, r#","base_timestamp":7"#);
        assert_eq!(says(&pyth(), answer), expected, "{price}");
    }
}

#[test]
fn a_pair_that_is_not_there_is_an_observation_and_so_is_another_chain() {
    let unavailable = unreadable(Unreadable::Unavailable);
    assert_eq!(says(&pyth(), r#"{"price_pair_state":null}"#), unavailable);
    assert_eq!(says(&pyth(), "{}"), unavailable);
    for answer in [Answer::Error, Answer::Refused] {
        assert_eq!(asked(&pyth(), answer).1, unreadable(Unreadable::QueryFailed));
    }
}
