//! The answer that the oracle modules of Slinky and Connect share
//! (`proto/slinky/oracle/v1/query.proto` and `proto/connect/oracle/v2/query.proto`
//! of skip-mev/connect). In protobuf, by gRPC:
//!
//! ```text
//! 1 message { 1 string price, 2 Timestamp block_timestamp, 3 uint64 block_height }
//! 2 uint64 nonce, 3 uint64 decimals, 4 uint64 id
//! ```
//!
//! In JSON, by an allowlisted Stargate query:
//!
//! ```json
//! {"price":{"price":"4352112345","block_timestamp":"2023-11-14T22:13:20.5Z",
//!  "block_height":"1200"},"nonce":"31","decimals":"8","id":"0"}
//! ```
//!
//! The value is price / 10^decimals. Traps:
//!
//! - **A pair that is tracked and has no price is no error.** The price is absent,
//!   or nonce and height are zero: all of them are unavailable.
//! - **The decimals are the answer's**, 8 or 18 or another number by pair; more
//!   than 18 would be cut off and are refused.
//! - **The time is the block's**, in which validators agreed, not an exchange's.
//!   An update that fails leaves price and time standing, so age shows it.
//! - **The answer does not name its pair**, only a number: the identity is what
//!   the chain makes of the question.
//! - There is no confidence: zero.

use backstop_types::breaker::{Observation, Transport, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint64;

use super::number::Number;
use super::proto::Timestamp;
use super::{ask, time};

#[derive(Clone, PartialEq, prost::Message)]
struct Answer {
    #[prost(message, optional, tag = "1")]
    price: Option<QuotePrice>,
    #[prost(uint64, tag = "2")]
    nonce: u64,
    #[prost(uint64, tag = "3")]
    decimals: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct QuotePrice {
    #[prost(string, tag = "1")]
    price: String,
    #[prost(message, optional, tag = "2")]
    block_timestamp: Option<Timestamp>,
    #[prost(uint64, tag = "3")]
    block_height: u64,
}

#[cw_serde]
struct JsonAnswer {
    price: Option<JsonPrice>,
    nonce: Uint64,
    decimals: Uint64,
}

#[cw_serde]
struct JsonPrice {
    price: String,
    block_timestamp: String,
    block_height: Uint64,
}

/// What the answer says.
pub(super) fn read(transport: Transport, answer: &[u8]) -> Result<Observation, Unreadable> {
    match transport {
        Transport::Grpc => {
            let answer: Answer = ask::protobuf(answer)?;
            let price = answer.price.ok_or(Unreadable::Unavailable)?;
            counted(answer.nonce, price.block_height)?;
            let at = price.block_timestamp.ok_or(Unreadable::Malformed)?;
            observation(&price.price, answer.decimals, time::seconds(at.seconds)?)
        }
        Transport::Stargate => {
            let answer: JsonAnswer = ask::json(answer)?;
            let price = answer.price.ok_or(Unreadable::Unavailable)?;
            counted(answer.nonce.u64(), price.block_height.u64())?;
            let at = time::rfc3339(&price.block_timestamp)?;
            observation(&price.price, answer.decimals.u64(), at)
        }
    }
}

/// Before anything else of the answer is read: where there was no update, the
/// price may be empty and the time the year 1.
fn counted(nonce: u64, height: u64) -> Result<(), Unreadable> {
    if nonce == 0 || height == 0 {
        return Err(Unreadable::Unavailable);
    }
    Ok(())
}

fn observation(price: &str, decimals: u64, at: u64) -> Result<Observation, Unreadable> {
    let exponent = i32::try_from(decimals)
        .ok()
        .and_then(i32::checked_neg)
        .ok_or(Unreadable::Exponent)?;
    Number::integer(price)?
        .with_exponent(exponent)?
        .observation(Some(at))
}
