//! What one source says of a price, and what is wrong with it.

use cosmwasm_schema::cw_serde;

use super::fault::Finding;
use crate::Price;

/// What one source said.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Observation {
    /// A price above zero.
    Priced {
        /// The price.
        price: Price,
        /// How far off it may be either way.
        confidence: Price,
        /// When it was, in seconds since the epoch; none where the source's
        /// answers have no time, so that its age cannot be known and it is never
        /// news.
        publish_time: Option<u64>,
    },
    /// A price of zero or below.
    NonPositive {
        /// When it was, in seconds since the epoch, if the answer says.
        publish_time: Option<u64>,
    },
    /// Nothing that is a price.
    Unreadable {
        /// Why.
        why: Unreadable,
    },
}

/// Why no price could be read.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Unreadable {
    /// The query failed: no such contract or feed, or an error of its own.
    QueryFailed,
    /// The answer is longer than any real one.
    TooLong,
    /// The answer is not of the documented shape.
    Malformed,
    /// The answer is about another feed.
    WrongFeed,
    /// The exponent is outside −18 to 12.
    Exponent,
    /// The price or its confidence does not fit 18 decimals in 128 bits.
    Overflow,
    /// The time is before the epoch.
    Time,
    /// Too few of the reporters have reported yet.
    NoReport,
    /// The provider says that it has no price: a status, a nonce or a height of
    /// none.
    Unavailable,
    /// The market that a composite reads is unwell.
    Dependency,
    /// The market that a composite reads is not there, has a composite itself, or
    /// has more sources than fit.
    Nested,
}

/// One source in a reading.
#[cw_serde]
pub struct SourceReading {
    /// Its name.
    pub source: String,
    /// Its lineage.
    pub lineage: String,
    /// What it said.
    pub observation: Observation,
    /// What is wrong with it. A source with any fault is dropped.
    pub findings: Vec<Finding>,
}
