//! Pyth's CosmWasm contract, as its SDK defines it:
//!
//! ```json
//! {"price_feed":{"id":"<64 hex digits>"}}
//! {"price_feed":{"id":"…","price":{"price":"1365133270","conf":"574566","expo":-8,
//!  "publish_time":1700000000},"ema_price":{…}}}
//! ```
//!
//! `price` (i64) and `conf` (u64) are text, `expo` (i32) and `publish_time`
//! (i64, seconds) are numbers; the value is price · 10^expo. An unknown id is an
//! error of the query. The answer names neither publishers nor a status, so
//! staleness and confidence are all that it can be judged by. The averages
//! (`ema_price`) are not read.

use backstop_types::Price;
use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, ContractResult, Decimal, Empty, QuerierWrapper, QueryRequest, SystemResult, WasmQuery, from_json,
    to_json_binary, to_json_vec,
};

/// A real answer has some 350 bytes.
const MAX_ANSWER: usize = 2_048;
/// The smallest exponent: at 18 decimals nothing of the price is cut off.
const MIN_EXPO: i32 = -18;
/// The largest exponent that a feed could sensibly have.
const MAX_EXPO: i32 = 12;

/// What is asked.
#[cw_serde]
pub enum PythQuery {
    /// The last price of a feed.
    PriceFeed {
        /// The feed, as 64 hex digits without `0x`.
        id: String,
    },
}

/// What is answered. Fields that are not read here may be there or not.
#[cw_serde]
pub struct PythResponse {
    /// The feed.
    pub price_feed: PythFeed,
}

/// A feed.
#[cw_serde]
pub struct PythFeed {
    /// Which.
    pub id: String,
    /// Its price.
    pub price: PythPrice,
}

/// A price with its confidence.
#[cw_serde]
pub struct PythPrice {
    /// An i64 as text.
    pub price: String,
    /// A u64 as text.
    pub conf: String,
    /// The power of ten of both.
    pub expo: i32,
    /// Seconds since the epoch.
    pub publish_time: i64,
}

/// What the feed says now.
pub(super) fn observe(querier: &QuerierWrapper, contract: &Addr, id: &str) -> Observation {
    read(querier, contract, id).unwrap_or_else(|why| Observation::Unreadable { why })
}

fn read(querier: &QuerierWrapper, contract: &Addr, id: &str) -> Result<Observation, Unreadable> {
    let answer = ask(querier, contract, id)?;
    if answer.len() > MAX_ANSWER {
        return Err(Unreadable::TooLong);
    }
    let response: PythResponse = from_json(&answer).map_err(|_| Unreadable::Malformed)?;
    if response.price_feed.id != id {
        return Err(Unreadable::WrongFeed);
    }
    observation(&response.price_feed.price)
}

/// The raw answer: `query` would turn what cannot be parsed into the same error
/// as a query that failed, and both into one of ours.
fn ask(querier: &QuerierWrapper, contract: &Addr, id: &str) -> Result<Vec<u8>, Unreadable> {
    let failed = |_| Unreadable::QueryFailed;
    let msg = to_json_binary(&PythQuery::PriceFeed { id: id.to_string() }).map_err(failed)?;
    let request = QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
        contract_addr: contract.to_string(),
        msg,
    });
    match querier.raw_query(&to_json_vec(&request).map_err(failed)?) {
        SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer.into()),
        SystemResult::Ok(ContractResult::Err(_)) | SystemResult::Err(_) => Err(Unreadable::QueryFailed),
    }
}

fn observation(feed: &PythPrice) -> Result<Observation, Unreadable> {
    let price: i64 = feed.price.parse().map_err(|_| Unreadable::Malformed)?;
    let conf: u64 = feed.conf.parse().map_err(|_| Unreadable::Malformed)?;
    let publish_time = u64::try_from(feed.publish_time).map_err(|_| Unreadable::Time)?;
    if !(MIN_EXPO..=MAX_EXPO).contains(&feed.expo) {
        return Err(Unreadable::Exponent);
    }
    if price <= 0 {
        return Ok(Observation::NonPositive { publish_time });
    }
    Ok(Observation::Priced {
        price: scaled(price.unsigned_abs(), feed.expo)?,
        confidence: scaled(conf, feed.expo)?,
        publish_time,
    })
}

/// mantissa · 10^expo with 18 decimals, exactly.
fn scaled(mantissa: u64, expo: i32) -> Result<Price, Unreadable> {
    let shift = expo
        .checked_sub(MIN_EXPO)
        .and_then(|shift| u32::try_from(shift).ok());
    let factor = shift.and_then(|shift| 10_u128.checked_pow(shift));
    let atomics = factor.and_then(|factor| u128::from(mantissa).checked_mul(factor));
    atomics
        .map(|atomics| Price(Decimal::raw(atomics)))
        .ok_or(Unreadable::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::MockQuerier;
    use proptest::prelude::*;

    fn feed(price: &str, conf: &str, expo: i32, publish_time: i64) -> PythPrice {
        PythPrice {
            price: price.into(),
            conf: conf.into(),
            expo,
            publish_time,
        }
    }

    fn priced(price: &str, confidence: &str) -> Result<Observation, Unreadable> {
        let number = |text: &str| Price(text.parse().unwrap());
        Ok(Observation::Priced {
            price: number(price),
            confidence: number(confidence),
            publish_time: 7,
        })
    }

    #[test]
    fn the_value_is_price_times_ten_to_the_exponent() {
        let cases = [
            (
                feed("1365133270", "574566", -8, 7),
                priced("13.6513327", "0.00574566"),
            ),
            (feed("1", "0", -18, 7), priced("0.000000000000000001", "0")),
            (feed("3", "1", 12, 7), priced("3000000000000", "1000000000000")),
            (
                feed("0", "1", 0, 7),
                Ok(Observation::NonPositive { publish_time: 7 }),
            ),
            (
                feed("-5", "1", 0, 7),
                Ok(Observation::NonPositive { publish_time: 7 }),
            ),
            (feed("1", "1", -19, 7), Err(Unreadable::Exponent)),
            (feed("1", "1", 13, 7), Err(Unreadable::Exponent)),
            (feed("9223372036854775807", "1", 12, 7), Err(Unreadable::Overflow)),
            (
                feed("1", "18446744073709551615", 12, 7),
                Err(Unreadable::Overflow),
            ),
            (feed("9223372036854775808", "1", 0, 7), Err(Unreadable::Malformed)),
            (feed("1", "-1", 0, 7), Err(Unreadable::Malformed)),
            (feed("1.5", "1", 0, 7), Err(Unreadable::Malformed)),
            (feed("", "", 0, 7), Err(Unreadable::Malformed)),
            (feed("1", "1", 0, -1), Err(Unreadable::Time)),
        ];
        for (given, expected) in cases {
            assert_eq!(observation(&given), expected, "{given:?}");
        }
    }

    /// What the adapter makes of an answer.
    fn observed(answer: Vec<u8>) -> Observation {
        let mut querier = MockQuerier::<Empty>::new(&[]);
        querier.update_wasm(move |_| SystemResult::Ok(ContractResult::Ok(answer.clone().into())));
        observe(&QuerierWrapper::new(&querier), &Addr::unchecked("pyth"), "ab")
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_observation(answer: Vec<u8>) {
            let unreadable = matches!(observed(answer), Observation::Unreadable { .. });
            prop_assert!(unreadable);
        }

        #[test]
        fn any_damage_to_an_answer_is_an_observation(place in 0usize..110, byte: u8) {
            let price = r#"{"price":"406","conf":"1","expo":-2,"publish_time":7}"#;
            let mut answer = format!(r#"{{"price_feed":{{"id":"ab","price":{price}}}}}"#).into_bytes();
            let place = place % answer.len();
            answer[place] = byte;
            observed(answer);
        }

        #[test]
        fn any_number_is_an_observation(price: i64, conf: u64, expo: i32, time: i64) {
            let given = feed(&price.to_string(), &conf.to_string(), expo, time);
            if let Ok(Observation::Priced { price, .. }) = observation(&given) {
                prop_assert!(!price.is_zero());
            }
        }
    }
}
