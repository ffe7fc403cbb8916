//! What the reply to a forwarded message said.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Reply, SubMsgResult};
use cw_storage_plus::Item;
use cw_utils::parse_execute_response_data;

/// What the replies to the last forwarded messages said.
pub const HEARD: Item<Vec<Heard>> = Item::new("puppet_heard");

/// One reply.
#[cw_serde]
pub struct Heard {
    /// The message's place among those that were forwarded, from 1.
    pub message: u64,
    /// The error as the chain passes it on, if it failed.
    pub error: Option<String>,
    /// The data of its answer: what a contract set, or else the message's response
    /// as it is.
    pub data: Option<Binary>,
    /// The gas that it took, in the chain's units.
    pub gas_used: u64,
}

impl Heard {
    /// Of this reply.
    pub fn of(reply: Reply) -> Self {
        let (error, data) = match reply.result {
            SubMsgResult::Err(error) => (Some(error), None),
            SubMsgResult::Ok(answer) => (None, answer.msg_responses.into_iter().next()),
        };
        let data = data.and_then(|response| {
            if response.type_url != "/cosmwasm.wasm.v1.MsgExecuteContractResponse" {
                return Some(response.value);
            }
            match parse_execute_response_data(&response.value) {
                Ok(execution) => execution.data,
                Err(_) => Some(response.value),
            }
        });
        Self {
            message: reply.id,
            error,
            data,
            gas_used: reply.gas_used,
        }
    }
}
