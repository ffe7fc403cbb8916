//! Pyth's CosmWasm contract, as its SDK defines it
//! (`target_chains/cosmwasm/sdk/rust/src/lib.rs` of pyth-network/pyth-crosschain):
//!
//! ```json
//! {"price_feed":{"id":"<64 hex digits>"}}
//! {"price_feed":{"id":"…","price":{"price":"1365133270","conf":"574566","expo":-8,
//!  "publish_time":1700000000},"ema_price":{…}}}
//! ```
//!
//! `price` (i64) and `conf` (u64) are text, `expo` (i32) and `publish_time`
//! (i64, seconds) are numbers; the value is price · 10^expo. An unknown id is an
//! error of the query. Traps:
//!
//! - **The answer names neither publishers nor a status**, so staleness and
//!   confidence are all that it can be judged by.
//! - **The answer names its feed**: another one is the wrong feed.
//! - **The averages** (`ema_price`) are another price and are not read.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, QuerierWrapper};

use super::number::Number;
use super::{ask, time};

#[cw_serde]
enum Question {
    PriceFeed { id: String },
}

#[cw_serde]
struct Answer {
    price_feed: Feed,
}

#[cw_serde]
struct Feed {
    id: String,
    price: FeedPrice,
}

#[cw_serde]
struct FeedPrice {
    /// An i64 as text.
    price: String,
    /// A u64 as text.
    conf: String,
    /// The power of ten of both.
    expo: i32,
    /// Seconds since the epoch.
    publish_time: i64,
}

/// What the feed says now.
pub(super) fn read(querier: &QuerierWrapper, contract: &Addr, id: &str) -> Result<Observation, Unreadable> {
    let question = Question::PriceFeed { id: id.to_string() };
    let answer: Answer = ask::json(&ask::contract(querier, contract, &question)?)?;
    if answer.price_feed.id != id {
        return Err(Unreadable::WrongFeed);
    }
    observation(&answer.price_feed.price)
}

fn observation(feed: &FeedPrice) -> Result<Observation, Unreadable> {
    let price: i64 = feed.price.parse().map_err(|_| Unreadable::Malformed)?;
    let conf: u64 = feed.conf.parse().map_err(|_| Unreadable::Malformed)?;
    let publish_time = time::seconds(feed.publish_time)?;
    // Zero and below are no price, whatever they are zero or below of.
    let magnitude = u64::try_from(price).unwrap_or_default();
    let [price, conf] = [magnitude, conf].map(|it| Number::scaled(it, 0).with_exponent(feed.expo));
    price?.give_or_take(conf?, Some(publish_time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Price;
    use proptest::prelude::*;

    fn feed(price: &str, conf: &str, expo: i32, publish_time: i64) -> FeedPrice {
        FeedPrice {
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
            publish_time: Some(7),
        })
    }

    #[test]
    fn the_value_is_price_times_ten_to_the_exponent() {
        let none = Ok(Observation::NonPositive {
            publish_time: Some(7),
        });
        let cases = [
            (
                feed("1365133270", "574566", -8, 7),
                priced("13.6513327", "0.00574566"),
            ),
            (feed("1", "0", -18, 7), priced("0.000000000000000001", "0")),
            (feed("3", "1", 12, 7), priced("3000000000000", "1000000000000")),
            (feed("0", "1", 0, 7), none),
            (feed("-5", "1", 0, 7), none),
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

    proptest! {
        #[test]
        fn any_number_is_an_observation(price: i64, conf: u64, expo: i32, time: i64) {
            let given = feed(&price.to_string(), &conf.to_string(), expo, time);
            if let Ok(Observation::Priced { price, .. }) = observation(&given) {
                prop_assert!(!price.is_zero());
            }
        }
    }
}
