//! Slinky and Connect by both transports.

use backstop_types::breaker::{Observation, SourceKind, Transport, Unreadable};
use cosmwasm_std::{Addr, Empty, GrpcQuery, QueryRequest, to_json_string};

use crate::oracle::{Answer, asked, module, none_at, priced, question, says, unreadable};

const SLINKY: &str = "/slinky.oracle.v1.Query/GetPrice";
const CONNECT: &str = "/connect.oracle.v2.Query/GetPrice";

/// The message of `proto/connect/oracle/v2/query.proto`, which Slinky's is too: a
/// price 4352112345 of 2023-11-14T22:13:20.5Z at height 1200, nonce 31, 8
/// decimals, id 0.
const ANSWER: &[u8] = b"\
    \x0a\x1d\
    \x0a\x0a4352112345\
    \x12\x0c\x08\x80\xe2\xcf\xaa\x06\x10\x80\xca\xb5\xee\x01\
    \x18\xb0\x09\
    \x10\x1f\
    \x18\x08";

/// The same as the SDK writes it in JSON.
const JSON: &str = r#"{"price":{"price":"4352112345","block_timestamp":"2023-11-14T22:13:20.500Z","block_height":"1200"},"nonce":"31","decimals":"8","id":"0"}"#;

fn slinky(transport: Transport) -> SourceKind<Addr> {
    SourceKind::Slinky {
        base: "ATOM".to_string(),
        quote: "USD".to_string(),
        transport,
    }
}

fn connect(transport: Transport) -> SourceKind<Addr> {
    SourceKind::Connect {
        base: "BTC".to_string(),
        quote: "USD".to_string(),
        transport,
    }
}

#[test]
fn slinky_is_asked_for_a_message_of_two_tickers() {
    let bytes = b"\x0a\x0b\x0a\x04ATOM\x12\x03USD";
    assert_eq!(question(&slinky(Transport::Grpc)), module("grpc", SLINKY, bytes));
    assert_eq!(
        question(&slinky(Transport::Stargate)),
        module("stargate", SLINKY, bytes)
    );
}

#[test]
fn connect_is_asked_for_one_text() {
    let bytes = b"\x0a\x07BTC/USD";
    assert_eq!(
        question(&connect(Transport::Grpc)),
        module("grpc", CONNECT, bytes)
    );
    assert_eq!(
        question(&connect(Transport::Stargate)),
        module("stargate", CONNECT, bytes)
    );
}

#[test]
fn the_request_is_written_as_cosmwasm_std_writes_it() {
    let (path, data) = (CONNECT.to_string(), b"\x0a\x07BTC/USD".into());
    let grpc = QueryRequest::<Empty>::Grpc(GrpcQuery { path, data });
    assert_eq!(
        question(&connect(Transport::Grpc)),
        to_json_string(&grpc).unwrap()
    );
    let (path, data) = (CONNECT.to_string(), b"\x0a\x07BTC/USD".into());
    #[allow(deprecated)]
    let stargate = QueryRequest::<Empty>::Stargate { path, data };
    assert_eq!(
        question(&connect(Transport::Stargate)),
        to_json_string(&stargate).unwrap()
    );
}

#[test]
fn both_transports_say_the_same() {
    let expected = priced("43.52112345", 1_700_000_000);
    for kind in [slinky, connect] {
        assert_eq!(says(&kind(Transport::Grpc), ANSWER), expected);
        assert_eq!(says(&kind(Transport::Stargate), JSON), expected);
    }
}

#[test]
fn neither_transport_takes_the_others_answer() {
    let malformed = unreadable(Unreadable::Malformed);
    for kind in [slinky, connect] {
        assert_eq!(says(&kind(Transport::Grpc), JSON), malformed);
        assert_eq!(says(&kind(Transport::Stargate), ANSWER), malformed);
    }
}

#[test]
fn a_chain_that_does_not_allow_the_query_is_an_observation() {
    for answer in [Answer::Refused, Answer::Error] {
        let (_, observed) = asked(&slinky(Transport::Grpc), answer);
        assert_eq!(observed, unreadable(Unreadable::QueryFailed));
    }
}

/// By gRPC, with these parts of the price, and after it.
fn grpc(price: &[u8], rest: &[u8]) -> Observation {
    let length = u8::try_from(price.len()).unwrap();
    let answer = [&[0x0a, length], price, rest].concat();
    says(&connect(Transport::Grpc), answer)
}

/// By Stargate query.
fn json(price: &str, time: &str, height: &str, nonce: &str, decimals: &str) -> Observation {
    let price = format!(r#"{{"price":"{price}","block_timestamp":"{time}","block_height":"{height}"}}"#);
    let answer = format!(r#"{{"price":{price},"nonce":"{nonce}","decimals":"{decimals}","id":"0"}}"#);
    says(&connect(Transport::Stargate), answer)
}

#[test]
fn a_pair_that_is_tracked_but_has_no_price_is_unavailable() {
    let unavailable = unreadable(Unreadable::Unavailable);
    // No price; an answer of defaults is empty in protobuf.
    assert_eq!(says(&connect(Transport::Grpc), b"\x18\x08"), unavailable);
    assert_eq!(says(&connect(Transport::Grpc), b""), unavailable);
    let absent = r#"{"price":null,"nonce":"0","decimals":"8","id":"0"}"#;
    assert_eq!(says(&connect(Transport::Stargate), absent), unavailable);
    // A price, but no nonce; a price, but no height.
    assert_eq!(
        grpc(b"\x0a\x015\x12\x02\x08\x07\x18\x09", b"\x18\x08"),
        unavailable
    );
    assert_eq!(
        grpc(b"\x0a\x015\x12\x02\x08\x07", b"\x10\x1f\x18\x08"),
        unavailable
    );
    let time = "2023-11-14T22:13:20Z";
    assert_eq!(json("5", time, "9", "0", "8"), unavailable);
    assert_eq!(json("5", time, "0", "31", "8"), unavailable);
    // As Go writes what was never set.
    assert_eq!(json("", "0001-01-01T00:00:00Z", "0", "0", "8"), unavailable);
}

#[test]
fn the_decimals_are_the_answers_up_to_18() {
    let time = "1970-01-01T00:00:07Z";
    for (decimals, expected) in [
        ("0", priced("5", 7)),
        ("8", priced("0.00000005", 7)),
        ("18", priced("0.000000000000000005", 7)),
        ("19", unreadable(Unreadable::Exponent)),
        ("18446744073709551615", unreadable(Unreadable::Exponent)),
    ] {
        assert_eq!(json("5", time, "9", "31", decimals), expected, "{decimals}");
    }
    assert_eq!(
        grpc(b"\x0a\x015\x12\x02\x08\x07\x18\x09", b"\x10\x1f\x18\x13"),
        unreadable(Unreadable::Exponent)
    );
}

#[test]
fn a_price_is_a_whole_number_above_zero_with_a_time() {
    let time = "1970-01-01T00:00:07Z";
    for (price, expected) in [
        ("0", none_at(7)),
        ("-5", none_at(7)),
        ("", unreadable(Unreadable::Malformed)),
        ("5.0", unreadable(Unreadable::Malformed)),
        ("0x5", unreadable(Unreadable::Malformed)),
    ] {
        assert_eq!(json(price, time, "9", "31", "8"), expected, "{price}");
    }
    assert_eq!(
        json(&"9".repeat(79), time, "9", "31", "8"),
        unreadable(Unreadable::Overflow)
    );
    // No time by gRPC; times before the epoch.
    assert_eq!(
        grpc(b"\x0a\x015\x18\x09", b"\x10\x1f\x18\x08"),
        unreadable(Unreadable::Malformed)
    );
    assert_eq!(
        json("5", "1969-12-31T23:59:59Z", "9", "31", "8"),
        unreadable(Unreadable::Time)
    );
    assert_eq!(
        json("5", "yesterday", "9", "31", "8"),
        unreadable(Unreadable::Malformed)
    );
}
