//! What the puppet can be told and asked.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Binary, CosmosMsg, Event, ReplyOn};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What a test tells it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// From now on it does this with what is foreign. What is left out stays.
    Set {
        /// With messages.
        answer: Option<Conduct>,
        /// With smart queries.
        query: Option<Conduct>,
        /// Puts these into its storage, for raw queries.
        #[serde(default)]
        storage: Vec<Entry>,
    },
    /// Emits these events. The chain puts `wasm-` before their types.
    Emit {
        /// The events.
        events: Vec<Event>,
    },
    /// Sends messages and keeps what their replies say, for [`QueryMsg::Heard`]. What
    /// was heard before is dropped.
    Forward {
        /// What to send, in this order.
        messages: Vec<CosmosMsg>,
        /// The gas of each, in the chain's units; all that is left, if none.
        gas_limit: Option<u64>,
        /// When a reply is wanted; without one, a failure fails everything.
        reply_on: ReplyOn,
    },
    /// Calls itself this often, one call inside of another, then sends the message.
    Deep {
        /// How often.
        depth: u32,
        /// What comes last.
        then: CosmosMsg,
    },
}

/// How the puppet takes what is foreign.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Conduct {
    /// Succeeds.
    Answer {
        /// With these bytes.
        data: Option<Binary>,
    },
    /// Fails.
    Fail {
        /// With this error.
        text: String,
    },
    /// Goes on until no gas is left. In a simulator that counts none, for ever.
    BurnGas {},
}

/// A key and its value in storage.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The whole key.
    pub key: Binary,
    /// The value.
    pub value: Binary,
}

/// What a test asks it.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What the replies to the last [`ExecuteMsg::Forward`] said, in their order.
    #[returns(Vec<crate::Heard>)]
    Heard {},
}

/// Any message.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Execution {
    /// To the puppet.
    Own(ExecuteMsg),
    /// To the contract that it stands in for.
    Foreign(IgnoredAny),
}

/// Any query.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Query {
    /// To the puppet.
    Own(QueryMsg),
    /// To the contract that it stands in for.
    Foreign(IgnoredAny),
}
