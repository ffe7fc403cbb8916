//! Band's two interfaces.

use backstop_types::breaker::{SourceKind, Unreadable};
use cosmwasm_std::Addr;

use crate::oracle::{none_at, priced, question, says, smart, unreadable};

fn at() -> Addr {
    Addr::unchecked("band")
}

fn reference() -> SourceKind<Addr> {
    SourceKind::BandReference {
        contract: at(),
        base: "ATOM".to_string(),
        quote: "USD".to_string(),
    }
}

fn tunnel() -> SourceKind<Addr> {
    SourceKind::BandTunnel {
        contract: at(),
        signal_id: "CS:BTC-USD".to_string(),
    }
}

fn pair(rate: &str, base: &str, quote: &str) -> String {
    format!(r#"{{"rate":{rate},"last_updated_base":{base},"last_updated_quote":{quote}}}"#)
}

fn signal(id: &str, status: &str, price: &str, time: &str) -> String {
    format!(r#"{{"signal_id":"{id}","status":"{status}","price":{price},"timestamp":{time}}}"#)
}

#[test]
fn a_reference_is_asked_and_read_to_the_byte() {
    let asked = r#"{"get_reference_data":{"symbol_pair":["ATOM","USD"]}}"#;
    assert_eq!(question(&reference()), smart(&at(), asked));
    // The form of `contracts/std-reference/src/msg.rs`.
    let answer = br#"{"rate":"10350000000000000000","last_updated_base":"1659588229","last_updated_quote":"18446744073709551615"}"#;
    assert_eq!(says(&reference(), answer), priced("10.35", 1_659_588_229));
}

#[test]
fn of_two_times_the_older_counts_and_the_time_of_usd_is_none() {
    let max = r#""18446744073709551615""#;
    let rate = r#""1""#;
    let least = "0.000000000000000001";
    for (base, quote, expected) in [
        (r#""7""#, r#""9""#, priced(least, 7)),
        (r#""9""#, r#""7""#, priced(least, 7)),
        (r#""7""#, max, priced(least, 7)),
        (max, r#""7""#, priced(least, 7)),
        (max, max, unreadable(Unreadable::Unavailable)),
        // One less is a time, far ahead, and the older one counts.
        (r#""18446744073709551614""#, r#""7""#, priced(least, 7)),
    ] {
        assert_eq!(
            says(&reference(), pair(rate, base, quote)),
            expected,
            "{base} {quote}"
        );
    }
}

#[test]
fn a_rate_has_18_decimals_and_may_not_fit() {
    let most = "340282366920938463463374607431768211455";
    let more = "340282366920938463463374607431768211456";
    let huge = "9".repeat(78);
    for (rate, expected) in [
        (most, priced("340282366920938463463.374607431768211455", 7)),
        (more, unreadable(Unreadable::Overflow)),
        (&huge, unreadable(Unreadable::Malformed)),
        ("0", none_at(7)),
        ("-1", unreadable(Unreadable::Malformed)),
        ("1.5", unreadable(Unreadable::Malformed)),
        ("", unreadable(Unreadable::Malformed)),
    ] {
        let answer = pair(&format!("{rate:?}"), r#""7""#, r#""8""#);
        assert_eq!(says(&reference(), answer), expected, "{rate}");
    }
    // Numbers are text there.
    for answer in [
        pair("10", r#""7""#, r#""8""#),
        pair(r#""10""#, "7", r#""8""#),
        r#"{"rate":"10","last_updated_base":"7"}"#.to_string(),
        "null".to_string(),
    ] {
        assert_eq!(
            says(&reference(), &answer),
            unreadable(Unreadable::Malformed),
            "{answer}"
        );
    }
}

#[test]
fn a_signal_is_asked_and_read_to_the_byte() {
    let asked = r#"{"price":{"signal_id":"CS:BTC-USD"}}"#;
    assert_eq!(question(&tunnel()), smart(&at(), asked));
    // The form of `packages/cw-band/src/tunnel/packet.rs`.
    let answer = br#"{"signal_id":"CS:BTC-USD","status":"PRICE_STATUS_AVAILABLE","price":"81181558344838","timestamp":"1740131933"}"#;
    assert_eq!(says(&tunnel(), answer), priced("81181.558344838", 1_740_131_933));
}

#[test]
fn only_an_available_price_of_the_signal_asked_is_one() {
    let unavailable = unreadable(Unreadable::Unavailable);
    assert_eq!(says(&tunnel(), "null"), unavailable);
    for status in [
        "PRICE_STATUS_UNSPECIFIED",
        "PRICE_STATUS_UNKNOWN_SIGNAL_ID",
        "PRICE_STATUS_NOT_READY",
        "PRICE_STATUS_NOT_IN_CURRENT_FEEDS",
        "PRICE_STATUS_OF_A_LATER_CHAIN",
        "",
    ] {
        let answer = signal("CS:BTC-USD", status, r#""5""#, r#""7""#);
        assert_eq!(says(&tunnel(), answer), unavailable, "{status}");
    }
    let other = signal("CS:ETH-USD", "PRICE_STATUS_AVAILABLE", r#""5""#, r#""7""#);
    assert_eq!(says(&tunnel(), other), unreadable(Unreadable::WrongFeed));
}

#[test]
fn a_signals_price_and_time_are_text_within_their_bounds() {
    let answer = |price: &str, time: &str| signal("CS:BTC-USD", "PRICE_STATUS_AVAILABLE", price, time);
    for (price, time, expected) in [
        (r#""0""#, r#""7""#, none_at(7)),
        (r#""1""#, r#""7""#, priced("0.000000001", 7)),
        (
            r#""18446744073709551615""#,
            r#""7""#,
            priced("18446744073.709551615", 7),
        ),
        (
            r#""18446744073709551616""#,
            r#""7""#,
            unreadable(Unreadable::Malformed),
        ),
        ("5", r#""7""#, unreadable(Unreadable::Malformed)),
        (r#""5""#, "7", unreadable(Unreadable::Malformed)),
        (r#""5""#, r#""-1""#, unreadable(Unreadable::Time)),
    ] {
        assert_eq!(says(&tunnel(), answer(price, time)), expected, "{price} {time}");
    }
}
