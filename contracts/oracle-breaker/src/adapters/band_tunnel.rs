//! A consumer of a Band tunnel (`contracts/tunnel-consumer/schema/raw/query.json`
//! and `packages/cw-band/src/tunnel/packet.rs` of bandprotocol/cw-band):
//!
//! ```json
//! {"price":{"signal_id":"CS:BTC-USD"}}
//! {"signal_id":"CS:BTC-USD","status":"PRICE_STATUS_AVAILABLE","price":"81181558344838",
//!  "timestamp":"1740131933"}
//! ```
//!
//! The price (u64) has nine decimals, the time (i64) is in seconds, both are
//! text. Traps:
//!
//! - **A signal that never came is `null`**, not an error: unavailable.
//! - **A price can be there without being one**: only the status
//!   `PRICE_STATUS_AVAILABLE` is a price, every other one is unavailable.
//! - **The answer names its signal**: another one is the wrong feed.
//! - **Not every consumer takes this question**: the one on IBC hooks was also
//!   published with `prices` alone. One that does not is a failed query.
//! - There is no confidence: zero.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, QuerierWrapper, Uint64};

use super::number::Number;
use super::{ask, time};

/// The price's power of ten.
const EXPONENT: i32 = -9;
/// The only status with which a price is one.
const AVAILABLE: &str = "PRICE_STATUS_AVAILABLE";

#[cw_serde]
enum Question {
    Price { signal_id: String },
}

/// The status stays text: one that a later chain adds is no malformed answer.
#[cw_serde]
struct Answer {
    signal_id: String,
    status: String,
    price: Uint64,
    timestamp: Int64,
}

/// What the signal's price is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    contract: &Addr,
    signal_id: &str,
) -> Result<Observation, Unreadable> {
    let question = Question::Price {
        signal_id: signal_id.to_string(),
    };
    let answer = ask::contract(querier, contract, &question)?;
    let answer: Answer = ask::json::<Option<Answer>>(&answer)?.ok_or(Unreadable::Unavailable)?;
    if answer.signal_id != signal_id {
        return Err(Unreadable::WrongFeed);
    }
    if answer.status != AVAILABLE {
        return Err(Unreadable::Unavailable);
    }
    let publish_time = time::seconds(answer.timestamp.i64())?;
    Number::scaled(answer.price, EXPONENT).observation(Some(publish_time))
}
