//! Connect's oracle module (`proto/connect/oracle/v2/query.proto`):
//! `/connect.oracle.v2.Query/GetPrice` is asked with the pair as one **text**:
//!
//! ```text
//! 1 string currency_pair
//! ```
//!
//! So `BTC` in `USD` is `0a 07 "BTC/USD"`. Slinky's question is of another form
//! under another path, which is why it is another kind; a ticker with a slash in
//! it is refused in the config. The answer and its traps are in
//! `quoted.rs`.

use backstop_types::breaker::{Observation, Transport, Unreadable};
use cosmwasm_std::QuerierWrapper;

use super::{ask, quoted};

const PATH: &str = "/connect.oracle.v2.Query/GetPrice";

#[derive(Clone, PartialEq, prost::Message)]
struct Question {
    #[prost(string, tag = "1")]
    currency_pair: String,
}

/// What the chain's price of the pair is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    base: &str,
    quote: &str,
    transport: Transport,
) -> Result<Observation, Unreadable> {
    let question = Question {
        currency_pair: format!("{base}/{quote}"),
    };
    quoted::read(transport, &ask::module(querier, transport, PATH, &question)?)
}
