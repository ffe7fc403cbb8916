//! The arithmetic time-weighted average of a pool on Osmosis, up to now
//! (`proto/osmosis/twap/v1beta1/query.proto`):
//! `/osmosis.twap.v1beta1.Query/ArithmeticTwapToNow` is asked with
//!
//! ```text
//! 1 uint64 pool_id, 2 string base_asset, 3 string quote_asset,
//! 4 Timestamp start_time
//! ```
//!
//! and answers by gRPC in protobuf with `1 string arithmetic_twap`, by an
//! allowlisted Stargate query in JSON:
//!
//! ```json
//! {"arithmetic_twap":"9.870000000000000000"}
//! ```
//!
//! Traps:
//!
//! - **One number, two texts.** The average is an SDK `LegacyDec`: in JSON it is
//!   written with a point, in protobuf as the integer of 10⁻¹⁸. Each transport
//!   takes only its own.
//! - **It is a ratio of base units**: the source's `exponent` makes a price of it.
//! - **The answer has no time.** An average up to now is of now, so its time is
//!   the block's. It says nothing about when the pool last traded: an average is
//!   never stale, and is news at every block.
//! - **The chain keeps 48 hours**: an earlier start is an error. The start is the
//!   block's time less `window`, and the config bounds that.
//! - **Any error of the pool's spot price within the window** is an error of the
//!   query: unreadable until it has left the window.
//! - There is no confidence: zero.

use backstop_types::Seconds;
use backstop_types::breaker::{Observation, Transport, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{BlockInfo, QuerierWrapper};

use super::ask;
use super::number::Number;
use super::proto::Timestamp;

const PATH: &str = "/osmosis.twap.v1beta1.Query/ArithmeticTwapToNow";
/// The power of ten of a `LegacyDec` that is written as an integer.
const LEGACY_DEC: i32 = -18;

#[derive(Clone, PartialEq, prost::Message)]
struct Question {
    #[prost(uint64, tag = "1")]
    pool_id: u64,
    #[prost(string, tag = "2")]
    base_asset: String,
    #[prost(string, tag = "3")]
    quote_asset: String,
    #[prost(message, optional, tag = "4")]
    start_time: Option<Timestamp>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Answer {
    #[prost(string, tag = "1")]
    arithmetic_twap: String,
}

#[cw_serde]
struct JsonAnswer {
    arithmetic_twap: String,
}

/// The pool, and how its average becomes a price.
pub(super) struct Pool<'a> {
    pub(super) id: u64,
    pub(super) base: &'a str,
    pub(super) quote: &'a str,
    pub(super) window: Seconds,
    pub(super) exponent: i32,
    pub(super) transport: Transport,
}

/// What the pool's average over the window is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    block: &BlockInfo,
    pool: &Pool,
) -> Result<Observation, Unreadable> {
    let question = Question {
        pool_id: pool.id,
        base_asset: pool.base.to_string(),
        quote_asset: pool.quote.to_string(),
        start_time: Some(start(block, pool.window)?),
    };
    let answer = ask::module(querier, pool.transport, PATH, &question)?;
    let twap = match pool.transport {
        Transport::Grpc => {
            let answer: Answer = ask::protobuf(&answer)?;
            Number::integer(&answer.arithmetic_twap)?.shifted(LEGACY_DEC)
        }
        Transport::Stargate => Number::decimal(&ask::json::<JsonAnswer>(&answer)?.arithmetic_twap)?,
    };
    twap.shifted(pool.exponent)
        .observation(Some(block.time.seconds()))
}

fn start(block: &BlockInfo, window: Seconds) -> Result<Timestamp, Unreadable> {
    let seconds = block.time.seconds().checked_sub(window.0);
    let seconds = seconds.and_then(|seconds| i64::try_from(seconds).ok());
    let nanos = i32::try_from(block.time.subsec_nanos()).ok();
    let (seconds, nanos) = seconds.zip(nanos).ok_or(Unreadable::Time)?;
    Ok(Timestamp { seconds, nanos })
}
