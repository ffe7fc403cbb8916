//! Mars's price and Stride's rate.

use backstop_types::breaker::{SourceKind, Unreadable};
use cosmwasm_std::Addr;

use crate::oracle::{none_at, priced, question, says, smart, unreadable};

fn at() -> Addr {
    Addr::unchecked("oracle")
}

fn mars(exponent: i32) -> SourceKind<Addr> {
    SourceKind::Mars {
        contract: at(),
        denom: "uatom".to_string(),
        exponent,
    }
}

fn stride() -> SourceKind<Addr> {
    SourceKind::StrideRate {
        contract: at(),
        denom: "ibc/AB".to_string(),
    }
}

#[test]
fn mars_is_asked_and_read_to_the_byte_and_has_no_time() {
    let asked = r#"{"price":{"denom":"uatom","kind":"default"}}"#;
    assert_eq!(question(&mars(0)), smart(&at(), asked));
    // The form of `packages/types/src/oracle/msg.rs` of mars-protocol/contracts.
    let answer = br#"{"denom":"uatom","price":"10.35"}"#;
    assert_eq!(says(&mars(0), answer), priced("10.35", None));
}

#[test]
fn a_price_by_base_unit_is_shifted_to_a_price() {
    let answer = br#"{"denom":"ueth","price":"0.00000000345"}"#;
    let eth = |exponent| SourceKind::Mars {
        contract: at(),
        denom: "ueth".to_string(),
        exponent,
    };
    assert_eq!(says(&eth(12), answer), priced("3450", None));
    assert_eq!(says(&eth(-6), answer), priced("0.00000000000000345", None));
    assert_eq!(says(&eth(-18), answer), unreadable(Unreadable::Overflow));
}

#[test]
fn the_price_of_another_denom_is_the_wrong_feed() {
    let answer = br#"{"denom":"uosmo","price":"10.35"}"#;
    assert_eq!(says(&mars(0), answer), unreadable(Unreadable::WrongFeed));
}

#[test]
fn what_mars_does_not_answer_in_its_form_is_an_observation() {
    for (answer, expected) in [
        (r#"{"denom":"uatom","price":"0"}"#, none_at(None)),
        (r#"{"denom":"uatom","price":"-1"}"#, none_at(None)),
        (
            r#"{"denom":"uatom","price":10.35}"#,
            unreadable(Unreadable::Malformed),
        ),
        (
            r#"{"denom":"uatom","price":"ten"}"#,
            unreadable(Unreadable::Malformed),
        ),
        (r#"{"price":"10.35"}"#, unreadable(Unreadable::Malformed)),
    ] {
        assert_eq!(says(&mars(0), answer), expected, "{answer}");
    }
}

#[test]
fn stride_is_asked_and_read_to_the_byte() {
    let asked = r#"{"redemption_rate":{"denom":"ibc/AB","params":null}}"#;
    assert_eq!(question(&stride()), smart(&at(), asked));
    // The form of the README of Stride-Labs/ica-oracle.
    let answer = br#"{"redemption_rate":"1.0211","update_time":1700000000}"#;
    assert_eq!(says(&stride(), answer), priced("1.0211", 1_700_000_000));
}

#[test]
fn a_time_of_strides_clock_is_passed_on_however_far_ahead() {
    for time in [0, 1_571_797_420, u64::MAX] {
        let answer = format!(r#"{{"redemption_rate":"1.0211","update_time":{time}}}"#);
        assert_eq!(says(&stride(), answer), priced("1.0211", time));
    }
}

#[test]
fn what_stride_does_not_answer_in_its_form_is_an_observation() {
    for (answer, expected) in [
        (r#"{"redemption_rate":"0","update_time":7}"#, none_at(7)),
        (
            r#"{"redemption_rate":"1","update_time":"7"}"#,
            unreadable(Unreadable::Malformed),
        ),
        (
            r#"{"redemption_rate":"1","update_time":-7}"#,
            unreadable(Unreadable::Malformed),
        ),
        (
            r#"{"redemption_rate":1,"update_time":7}"#,
            unreadable(Unreadable::Malformed),
        ),
        (r#"{"redemption_rate":"1"}"#, unreadable(Unreadable::Malformed)),
    ] {
        assert_eq!(says(&stride(), answer), expected, "{answer}");
    }
}
