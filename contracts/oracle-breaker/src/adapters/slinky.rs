//! Slinky's oracle module, as Neutron has it
//! (`proto/slinky/oracle/v1/query.proto`): `/slinky.oracle.v1.Query/GetPrice` is
//! asked with the pair as a **message**:
//!
//! ```text
//! 1 message { 1 string Base, 2 string Quote }
//! ```
//!
//! So `ATOM` in `USD` is `0a 0b 0a 04 "ATOM" 12 03 "USD"`. Connect's question is
//! of another form under another path, which is why it is another kind. The
//! answer and its traps are in `quoted.rs`. A chain that does not have
//! the method on its list of allowed queries answers with an error.

use backstop_types::breaker::{Observation, Transport, Unreadable};
use cosmwasm_std::QuerierWrapper;

use super::{ask, quoted};

const PATH: &str = "/slinky.oracle.v1.Query/GetPrice";

#[derive(Clone, PartialEq, prost::Message)]
struct Question {
    #[prost(message, optional, tag = "1")]
    currency_pair: Option<CurrencyPair>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct CurrencyPair {
    #[prost(string, tag = "1")]
    base: String,
    #[prost(string, tag = "2")]
    quote: String,
}

/// What the chain's price of the pair is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    base: &str,
    quote: &str,
    transport: Transport,
) -> Result<Observation, Unreadable> {
    let pair = CurrencyPair {
        base: base.to_string(),
        quote: quote.to_string(),
    };
    let question = Question {
        currency_pair: Some(pair),
    };
    quoted::read(transport, &ask::module(querier, transport, PATH, &question)?)
}
