//! Osmosis's average by both transports.

use backstop_types::Seconds;
use backstop_types::breaker::{SourceKind, Transport, Unreadable};
use cosmwasm_std::Addr;

use crate::oracle::{Answer, asked, env, module, none_at, priced, question, says, unreadable};

const PATH: &str = "/osmosis.twap.v1beta1.Query/ArithmeticTwapToNow";

fn twap(transport: Transport, exponent: i32) -> SourceKind<Addr> {
    SourceKind::OsmosisTwap {
        pool_id: 1,
        base: "uatom".to_string(),
        quote: "uosmo".to_string(),
        window: Seconds(3_600),
        exponent,
        transport,
    }
}

fn now() -> u64 {
    env().block.time.seconds()
}

#[test]
fn the_average_is_asked_from_the_blocks_time_less_the_window() {
    // The request of `proto/osmosis/twap/v1beta1/query.proto`; the start is
    // 1571793819.879305533.
    let bytes = b"\x08\x01\x12\x05uatom\x1a\x05uosmo\x22\x0c\
        \x08\x9b\xd7\xbe\xed\x05\x10\xbd\xc6\xa4\xa3\x03";
    assert_eq!(question(&twap(Transport::Grpc, 0)), module("grpc", PATH, bytes));
    assert_eq!(
        question(&twap(Transport::Stargate, 0)),
        module("stargate", PATH, bytes)
    );
}

#[test]
fn one_average_is_two_texts_and_the_block_is_its_time() {
    let expected = priced("9.87", now());
    let json = br#"{"arithmetic_twap":"9.870000000000000000"}"#;
    assert_eq!(says(&twap(Transport::Stargate, 0), json), expected);
    let protobuf = b"\x0a\x139870000000000000000";
    assert_eq!(says(&twap(Transport::Grpc, 0), protobuf), expected);
}

#[test]
fn the_integer_in_json_and_the_decimal_in_protobuf_are_not_mixed_up() {
    // An integer in JSON is that many: 10^18 times the average, which any other
    // source shows to be an outlier.
    let json = br#"{"arithmetic_twap":"9870000000000000000"}"#;
    assert_eq!(
        says(&twap(Transport::Stargate, 0), json),
        priced("9870000000000000000", now())
    );
    let protobuf = b"\x0a\x049.87";
    assert_eq!(
        says(&twap(Transport::Grpc, 0), protobuf),
        unreadable(Unreadable::Malformed)
    );
}

#[test]
fn a_ratio_of_base_units_is_shifted_to_a_price() {
    let json = br#"{"arithmetic_twap":"9.870000000000000000"}"#;
    for (exponent, expected) in [
        (12, priced("9870000000000", now())),
        (-12, priced("0.00000000000987", now())),
        // The digits beyond the 18th decimal are cut off.
        (-17, priced("0.000000000000000098", now())),
        (18, priced("9870000000000000000", now())),
    ] {
        assert_eq!(
            says(&twap(Transport::Stargate, exponent), json),
            expected,
            "{exponent}"
        );
    }
    let small = br#"{"arithmetic_twap":"0.000000000000000007"}"#;
    assert_eq!(
        says(&twap(Transport::Stargate, -1), small),
        unreadable(Unreadable::Overflow)
    );
    let large = br#"{"arithmetic_twap":"987654321.000000000000000000"}"#;
    assert_eq!(
        says(&twap(Transport::Stargate, 18), large),
        unreadable(Unreadable::Overflow)
    );
}

#[test]
fn an_average_of_zero_or_none_at_all_is_an_observation() {
    let zero = br#"{"arithmetic_twap":"0.000000000000000000"}"#;
    assert_eq!(says(&twap(Transport::Stargate, 0), zero), none_at(now()));
    assert_eq!(says(&twap(Transport::Grpc, 0), b"\x0a\x010"), none_at(now()));
    let malformed = unreadable(Unreadable::Malformed);
    for answer in [
        &b"{}"[..],
        br#"{"arithmetic_twap":""}"#,
        br#"{"geometric_twap":"9.87"}"#,
    ] {
        assert_eq!(says(&twap(Transport::Stargate, 0), answer), malformed);
    }
    assert_eq!(says(&twap(Transport::Grpc, 0), b""), malformed);
}

#[test]
fn a_pool_with_an_error_in_the_window_is_an_observation() {
    let (_, observed) = asked(&twap(Transport::Stargate, 0), Answer::Error);
    assert_eq!(observed, unreadable(Unreadable::QueryFailed));
}
