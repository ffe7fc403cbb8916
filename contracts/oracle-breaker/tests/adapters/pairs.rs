//! One source of each kind that is read from outside, with an honest answer.

use backstop_types::Seconds;
use backstop_types::breaker::{SourceKind, Transport};
use cosmwasm_std::Addr;

/// Each kind, by each transport, with an answer that is a price.
pub fn all() -> Vec<(SourceKind<Addr>, Vec<u8>)> {
    let [contract, base, quote] = ["oracle", "ATOM", "USD"].map(str::to_string);
    let at = || Addr::unchecked(&contract);
    let json = |text: &str| text.as_bytes().to_vec();
    let feed = |transport| (base.clone(), quote.clone(), transport);
    let slinky = |transport| {
        let (base, quote, transport) = feed(transport);
        SourceKind::Slinky {
            base,
            quote,
            transport,
        }
    };
    let connect = |transport| {
        let (base, quote, transport) = feed(transport);
        SourceKind::Connect {
            base,
            quote,
            transport,
        }
    };
    let twap = |transport| SourceKind::OsmosisTwap {
        pool_id: 1,
        base: base.clone(),
        quote: quote.clone(),
        window: Seconds(60),
        exponent: 3,
        transport,
    };
    let quoted = b"\x0a\x0b\x0a\x03406\x12\x02\x08\x07\x18\x09\x10\x1f\x18\x02".to_vec();
    let quoted_json = json(
        r#"{"price":{"price":"406","block_timestamp":"1970-01-01T00:00:07Z","block_height":"9"},"nonce":"31","decimals":"2","id":"0"}"#,
    );
    let pyth = SourceKind::Pyth {
        contract: at(),
        price_id: "ab".to_string(),
    };
    let reference = SourceKind::BandReference {
        contract: at(),
        base: base.clone(),
        quote: quote.clone(),
    };
    let tunnel = SourceKind::BandTunnel {
        contract: at(),
        signal_id: "CS:X".to_string(),
    };
    let mars = SourceKind::Mars {
        contract: at(),
        denom: "uatom".to_string(),
        exponent: 0,
    };
    let stride = SourceKind::StrideRate {
        contract: at(),
        denom: "ibc/AB".to_string(),
    };
    let injective = SourceKind::Injective {
        oracle_type: 9,
        base: base.clone(),
        quote: quote.clone(),
    };
    vec![
        (
            pyth,
            json(
                r#"{"price_feed":{"id":"ab","price":{"price":"406","conf":"1","expo":-2,"publish_time":7}}}"#,
            ),
        ),
        (
            reference,
            json(r#"{"rate":"4060000000000000000","last_updated_base":"7","last_updated_quote":"8"}"#),
        ),
        (
            tunnel,
            json(
                r#"{"signal_id":"CS:X","status":"PRICE_STATUS_AVAILABLE","price":"4060000000","timestamp":"7"}"#,
            ),
        ),
        (slinky(Transport::Grpc), quoted.clone()),
        (slinky(Transport::Stargate), quoted_json.clone()),
        (connect(Transport::Grpc), quoted),
        (connect(Transport::Stargate), quoted_json),
        (twap(Transport::Grpc), b"\x0a\x104060000000000000".to_vec()),
        (
            twap(Transport::Stargate),
            json(r#"{"arithmetic_twap":"0.00406"}"#),
        ),
        (mars, json(r#"{"denom":"uatom","price":"4.06"}"#)),
        (stride, json(r#"{"redemption_rate":"4.06","update_time":7}"#)),
        (
            injective,
            json(r#"{"price_pair_state":{"pair_price":"4.06","base_timestamp":7,"quote_timestamp":8}}"#),
        ),
    ]
}
