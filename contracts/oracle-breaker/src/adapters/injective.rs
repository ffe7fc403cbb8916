//! Injective's oracle module, by the chain's own query
//! (`packages/injective-cosmwasm/src/oracle/types.rs` of
//! InjectiveLabs/cw-injective):
//!
//! ```json
//! {"custom":{"route":"oracle","query_data":{"oracle_price":{"oracle_type":9,
//!  "base":"0x…","quote":"USD","scaling_options":null}}}}
//! {"price_pair_state":{"pair_price":"10.35","base_price":"10.35","quote_price":"1",
//!  "base_cumulative_price":"…","quote_cumulative_price":"…",
//!  "base_timestamp":1700000000,"quote_timestamp":1700000001}}
//! ```
//!
//! Prices are decimal text, times are numbers in seconds. Traps:
//!
//! - **A pair is two prices with a time each**: the older counts. A quote such as
//!   `USD` may have no time, which is written 0 or left out; then the other's
//!   counts. A pair without any has never been priced: unavailable.
//! - **A pair that the module does not have** may be null in place of an error:
//!   unavailable, too.
//! - **Decimals can be negative** in this encoding: zero or below is no price.
//! - **Scaling**: the module would shift the price by decimals of tokens if asked;
//!   the question asks for none.
//! - **The answer does not name its pair**. There is no confidence: zero.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Empty, QuerierWrapper};

use super::number::Number;
use super::{ask, time};

const ROUTE: &str = "oracle";

#[cw_serde]
struct Question {
    route: String,
    query_data: OracleQuery,
}

#[cw_serde]
enum OracleQuery {
    OraclePrice {
        oracle_type: u32,
        base: String,
        quote: String,
        /// Always null.
        scaling_options: Option<Empty>,
    },
}

#[cw_serde]
struct Answer {
    price_pair_state: Option<PairState>,
}

#[cw_serde]
struct PairState {
    pair_price: String,
    #[serde(default)]
    base_timestamp: i64,
    #[serde(default)]
    quote_timestamp: i64,
}

/// What the pair's price is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    oracle_type: u32,
    base: &str,
    quote: &str,
) -> Result<Observation, Unreadable> {
    let question = Question {
        route: ROUTE.to_string(),
        query_data: OracleQuery::OraclePrice {
            oracle_type,
            base: base.to_string(),
            quote: quote.to_string(),
            scaling_options: None,
        },
    };
    let answer: Answer = ask::json(&ask::custom(querier, question)?)?;
    let pair = answer.price_pair_state.ok_or(Unreadable::Unavailable)?;
    let times = [
        time::seconds(pair.base_timestamp)?,
        time::seconds(pair.quote_timestamp)?,
    ];
    let older = times.into_iter().filter(|time| *time != 0).min();
    let publish_time = Some(older.ok_or(Unreadable::Unavailable)?);
    Number::decimal(&pair.pair_price)?.observation(publish_time)
}
