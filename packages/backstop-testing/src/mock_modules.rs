//! The modules of a chain that answer by gRPC and by Stargate query: Slinky's and
//! Connect's oracles, and Osmosis's averages. Their messages are declared here
//! from the documented interfaces and not shared with the breaker's adapters.
//!
//! By gRPC an answer is protobuf; by Stargate query it is JSON as the SDK writes
//! it: names in snake case, u64 as text, times in RFC 3339. An average is a
//! `LegacyDec`: an integer of 10⁻¹⁸ in protobuf, a decimal in JSON. A handle on
//! the same modules stays with the test.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use backstop_types::breaker::Transport;
use cosmwasm_std::{Api, Binary, BlockInfo, Decimal, GrpcQuery, Querier, StdError, StdResult, Storage};
use cw_multi_test::Stargate;
use cw_multi_test::error::{AnyResult, anyhow};
use prost::Message;

use crate::mock_mode::Mode;

/// The path of Slinky's price.
pub const SLINKY: &str = "/slinky.oracle.v1.Query/GetPrice";
/// The path of Connect's price.
pub const CONNECT: &str = "/connect.oracle.v2.Query/GetPrice";
/// The path of Osmosis's average up to now.
pub const TWAP: &str = "/osmosis.twap.v1beta1.Query/ArithmeticTwapToNow";
/// How far back Osmosis keeps its records, in seconds.
const KEPT: u64 = 48 * 3_600;

/// Modules that a test and its chain share.
#[derive(Clone, Default)]
pub struct MockModules(Rc<RefCell<Modules>>);

#[derive(Default)]
struct Modules {
    quotes: BTreeMap<(String, String), Quote>,
    twaps: BTreeMap<(u64, String, String), Decimal>,
    modes: BTreeMap<String, Mode>,
}

/// A pair's price in Slinky and Connect: `price / 10^decimals`.
#[derive(Clone, Debug)]
pub struct Quote {
    /// An integer.
    pub price: i128,
    /// How many of its digits are decimals.
    pub decimals: u64,
    /// The time of the block that it is from, in seconds since the epoch.
    pub block_time: u64,
    /// The height of that block.
    pub block_height: u64,
    /// How many updates there were.
    pub nonce: u64,
}

#[derive(Clone, PartialEq, Message)]
struct Time {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

#[derive(Clone, PartialEq, Message)]
struct SlinkyPair {
    #[prost(string, tag = "1")]
    base: String,
    #[prost(string, tag = "2")]
    quote: String,
}

#[derive(Clone, PartialEq, Message)]
struct SlinkyRequest {
    #[prost(message, required, tag = "1")]
    pair: SlinkyPair,
}

#[derive(Clone, PartialEq, Message)]
struct ConnectRequest {
    #[prost(string, tag = "1")]
    pair: String,
}

#[derive(Clone, PartialEq, Message)]
struct PriceResponse {
    #[prost(message, optional, tag = "1")]
    price: Option<QuotePrice>,
    #[prost(uint64, tag = "2")]
    nonce: u64,
    #[prost(uint64, tag = "3")]
    decimals: u64,
    #[prost(uint64, tag = "4")]
    id: u64,
}

#[derive(Clone, PartialEq, Message)]
struct QuotePrice {
    #[prost(string, tag = "1")]
    price: String,
    #[prost(message, required, tag = "2")]
    block_timestamp: Time,
    #[prost(uint64, tag = "3")]
    block_height: u64,
}

#[derive(Clone, PartialEq, Message)]
struct TwapRequest {
    #[prost(uint64, tag = "1")]
    pool_id: u64,
    #[prost(string, tag = "2")]
    base_asset: String,
    #[prost(string, tag = "3")]
    quote_asset: String,
    #[prost(message, required, tag = "4")]
    start_time: Time,
}

#[derive(Clone, PartialEq, Message)]
struct TwapResponse {
    #[prost(string, tag = "1")]
    arithmetic_twap: String,
}

impl MockModules {
    /// Sets the price of a pair such as `ATOM/USD` at [`SLINKY`] or [`CONNECT`].
    pub fn set_quote(&self, path: &str, pair: &str, quote: Quote) {
        let key = (path.to_string(), pair.to_string());
        self.0.borrow_mut().quotes.insert(key, quote);
    }

    /// Sets a pool's average, whatever the window.
    pub fn set_twap(&self, pool_id: u64, base: &str, quote: &str, twap: Decimal) {
        let key = (pool_id, base.to_string(), quote.to_string());
        self.0.borrow_mut().twaps.insert(key, twap);
    }

    /// Makes a path answer in this manner.
    pub fn set_mode(&self, path: &str, mode: Mode) {
        self.0.borrow_mut().modes.insert(path.to_string(), mode);
    }

    fn answer(&self, transport: Transport, block: &BlockInfo, path: &str, data: &[u8]) -> AnyResult<Binary> {
        let modules = self.0.borrow();
        let mode = modules.modes.get(path).cloned().unwrap_or_default();
        let unpriced = mode == Mode::Unpriced;
        let honest = |_: Option<&str>| match path {
            SLINKY => {
                let pair = SlinkyRequest::decode(data).map_err(bad)?.pair;
                modules.quote(transport, path, format!("{}/{}", pair.base, pair.quote), unpriced)
            }
            CONNECT => {
                let pair = ConnectRequest::decode(data).map_err(bad)?.pair;
                modules.quote(transport, path, pair, unpriced)
            }
            TWAP => modules.twap(transport, block, data),
            _ => Err(StdError::generic_err(format!("path is not allowed: {path}"))),
        };
        mode.answer(honest).map_err(|error| anyhow!(error))
    }
}

fn bad(error: prost::DecodeError) -> StdError {
    StdError::generic_err(error.to_string())
}

impl Modules {
    fn quote(&self, transport: Transport, path: &str, pair: String, unpriced: bool) -> StdResult<Binary> {
        let known = self.quotes.get(&(path.to_string(), pair));
        let quote = known.ok_or_else(|| StdError::not_found("currency pair"))?;
        let (decimals, id) = (quote.decimals, 0);
        Ok(match transport {
            Transport::Grpc => {
                let price = QuotePrice {
                    price: quote.price.to_string(),
                    block_timestamp: Time {
                        seconds: quote.block_time as i64,
                        nanos: 0,
                    },
                    block_height: quote.block_height,
                };
                let nonce = if unpriced { 0 } else { quote.nonce };
                let price = (!unpriced).then_some(price);
                PriceResponse {
                    price,
                    nonce,
                    decimals,
                    id,
                }
                .encode_to_vec()
                .into()
            }
            Transport::Stargate if unpriced => {
                let text = format!(r#"{{"price":null,"nonce":"0","decimals":"{decimals}","id":"{id}"}}"#);
                text.into_bytes().into()
            }
            Transport::Stargate => {
                let Quote {
                    price,
                    block_time,
                    block_height,
                    nonce,
                    ..
                } = quote;
                let time = rfc3339(*block_time);
                let price = format!(
                    r#"{{"price":"{price}","block_timestamp":"{time}","block_height":"{block_height}"}}"#
                );
                let rest = format!(r#""nonce":"{nonce}","decimals":"{decimals}","id":"{id}""#);
                format!(r#"{{"price":{price},{rest}}}"#).into_bytes().into()
            }
        })
    }

    fn twap(&self, transport: Transport, block: &BlockInfo, data: &[u8]) -> StdResult<Binary> {
        let asked = TwapRequest::decode(data).map_err(bad)?;
        let start = asked.start_time.seconds as u64;
        if start + KEPT < block.time.seconds() || start >= block.time.seconds() {
            return Err(StdError::generic_err("start time: too old, or not in the past"));
        }
        let key = (asked.pool_id, asked.base_asset, asked.quote_asset);
        let twap = self
            .twaps
            .get(&key)
            .ok_or_else(|| StdError::not_found("twap record"))?;
        Ok(match transport {
            Transport::Grpc => {
                let arithmetic_twap = twap.atomics().to_string();
                TwapResponse { arithmetic_twap }.encode_to_vec().into()
            }
            Transport::Stargate => {
                let (whole, parts) = (twap.floor(), *twap - twap.floor());
                let (whole, parts) = (whole.to_uint_floor(), parts.atomics().u128());
                format!(r#"{{"arithmetic_twap":"{whole}.{parts:018}"}}"#)
                    .into_bytes()
                    .into()
            }
        })
    }
}

impl Stargate for MockModules {
    fn query_stargate(
        &self,
        _api: &dyn Api,
        _storage: &dyn Storage,
        _querier: &dyn Querier,
        block: &BlockInfo,
        path: String,
        data: Binary,
    ) -> AnyResult<Binary> {
        self.answer(Transport::Stargate, block, &path, &data)
    }

    fn query_grpc(
        &self,
        _api: &dyn Api,
        _storage: &dyn Storage,
        _querier: &dyn Querier,
        block: &BlockInfo,
        request: GrpcQuery,
    ) -> AnyResult<Binary> {
        self.answer(Transport::Grpc, block, &request.path, &request.data)
    }
}

/// As the SDK writes a time of whole seconds.
fn rfc3339(seconds: u64) -> String {
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let leap = |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let day = days + 1;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_sdk_writes_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_825_600, "2000-02-29T12:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
