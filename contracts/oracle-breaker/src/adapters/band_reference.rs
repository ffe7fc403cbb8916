//! Band's standard reference contract (`contracts/std-reference/src/msg.rs` of
//! bandprotocol's band-std-reference-contracts-cosmwasm; the pair queries of
//! cw-band's price feed are the same):
//!
//! ```json
//! {"get_reference_data":{"symbol_pair":["ATOM","USD"]}}
//! {"rate":"10350000000000000000","last_updated_base":"1659588229",
//!  "last_updated_quote":"18446744073709551615"}
//! ```
//!
//! All three are text: the rate a Uint256 with 18 decimals, the times Uint64 in
//! seconds. An unknown symbol is an error of the query. Traps:
//!
//! - **USD has no time.** Its side says 2⁶⁴ − 1, which is not a time: the other
//!   side's counts. Of two times the older counts.
//! - **Times can run backwards** (`force_relay`): a time is judged by its age
//!   alone, and what is not newer is no news.
//! - **A bulk question fails whole** on one bad symbol: each pair is asked alone.
//! - **The answer does not name its pair**, and there is no confidence: zero.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, QuerierWrapper, Uint64, Uint256};

use super::ask;
use super::number::Number;

/// The rate's power of ten.
const EXPONENT: i32 = -18;
/// What USD has for a time.
const NO_TIME: u64 = u64::MAX;

#[cw_serde]
enum Question {
    GetReferenceData { symbol_pair: (String, String) },
}

#[cw_serde]
struct Answer {
    rate: Uint256,
    last_updated_base: Uint64,
    last_updated_quote: Uint64,
}

/// What the pair's rate is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    contract: &Addr,
    base: &str,
    quote: &str,
) -> Result<Observation, Unreadable> {
    let symbol_pair = (base.to_string(), quote.to_string());
    let answer = ask::contract(querier, contract, &Question::GetReferenceData { symbol_pair })?;
    let answer: Answer = ask::json(&answer)?;
    let times = [answer.last_updated_base.u64(), answer.last_updated_quote.u64()];
    let time = times.into_iter().filter(|time| *time != NO_TIME).min();
    let publish_time = Some(time.ok_or(Unreadable::Unavailable)?);
    Number::scaled(answer.rate, EXPONENT).observation(publish_time)
}
