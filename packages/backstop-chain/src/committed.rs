//! What a transaction that is in a block came to.

use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContractResponse;
use cosmrs::proto::prost::Message as _;
use cosmwasm_std::{Binary, Event};
use tendermint_rpc::endpoint;

use crate::error::{Error, Result};
use crate::words::plain;

/// A transaction that is in a block and did what it was for.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// Its hash, in capital hex digits.
    pub hash: String,
    /// The block.
    pub height: u64,
    /// What was used.
    pub gas_used: u64,
    /// What was paid for.
    pub gas_wanted: u64,
    /// Everything that was emitted.
    pub events: Vec<Event>,
    data: Vec<u8>,
}

impl Committed {
    /// What the first message's contract answered.
    pub fn answer(&self) -> Result<Option<Binary>> {
        let read = Error::unreadable::<cosmrs::proto::prost::DecodeError>;
        let data = TxMsgData::decode(self.data.as_slice()).map_err(read("an answer"))?;
        let Some(first) = data.msg_responses.first() else {
            return Ok(None);
        };
        let answer = MsgExecuteContractResponse::decode(first.value.as_slice()).map_err(read("an answer"))?;
        Ok(Some(Binary::from(answer.data)).filter(|data| !data.is_empty()))
    }

    /// The first attribute of this key in an event of this name.
    pub fn attribute(&self, event: &str, key: &str) -> Result<String> {
        let found = attribute(&self.events, event, key);
        found.map(str::to_string).ok_or_else(|| Error::Unreadable {
            what: format!("transaction {}", self.hash),
            why: format!("it has no {event}.{key}"),
        })
    }
}

/// The first attribute of this key in an event of this name.
#[must_use]
pub fn attribute<'a>(events: &'a [Event], event: &str, key: &str) -> Option<&'a str> {
    let of_the_name = events.iter().filter(|emitted| emitted.ty == event);
    let mut attributes = of_the_name.flat_map(|emitted| &emitted.attributes);
    let found = attributes.find(|attribute| attribute.key == key)?;
    Some(&found.value)
}

/// What a transaction came to that is in a block.
pub(crate) fn committed(found: endpoint::tx::Response, label: &str) -> Result<Committed> {
    let (hash, height, result) = (found.hash.to_string(), found.height.value(), found.tx_result);
    if result.code.is_err() {
        return Err(Error::Failed {
            label: label.to_string(),
            hash,
            height,
            gas_wanted: u64::try_from(result.gas_wanted).unwrap_or_default(),
            log: plain(&result.log),
        });
    }
    Ok(Committed {
        hash,
        height,
        gas_used: u64::try_from(result.gas_used).unwrap_or_default(),
        gas_wanted: u64::try_from(result.gas_wanted).unwrap_or_default(),
        events: result.events.iter().map(event).collect(),
        data: base64(&result.data)?,
    })
}

fn event(event: &cosmrs::tendermint::abci::Event) -> Event {
    let attributes = event.attributes.iter().filter_map(|attribute| {
        let (key, value) = (attribute.key_str().ok()?, attribute.value_str().ok()?);
        Some(cosmwasm_std::Attribute {
            key: key.to_string(),
            value: value.to_string(),
        })
    });
    Event::new(event.kind.clone()).add_attributes(attributes)
}

/// tendermint-rs leaves this one field as the text that the node sent.
fn base64(text: &[u8]) -> Result<Vec<u8>> {
    let text = std::str::from_utf8(text).map_err(Error::unreadable("an answer"))?;
    let data = Binary::from_base64(text).map_err(Error::unreadable("an answer"))?;
    Ok(data.to_vec())
}
