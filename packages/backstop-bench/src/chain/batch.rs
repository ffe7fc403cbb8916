//! Many messages of one sender in one transaction, to fill a chain quickly.

use cosmwasm_std::Coin;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Error, Result};

/// A call of a contract.
#[derive(Debug, Clone)]
pub struct Message {
    /// Which.
    pub contract: String,
    /// What it is told.
    pub msg: Value,
    /// The coins that go with it.
    pub funds: Vec<Coin>,
}

impl Message {
    /// A call without coins.
    pub fn new(contract: &str, msg: &impl Serialize) -> Result<Self> {
        Ok(Self {
            contract: contract.to_string(),
            msg: spare(serde_json::to_value(msg).map_err(Error::json("a message"))?),
            funds: vec![],
        })
    }

    /// The same with one coin.
    pub fn with(mut self, amount: u128, denom: &str) -> Self {
        self.funds.push(Coin::new(amount, denom));
        self
    }
}

/// The message without its null fields, as a wallet sends it: each byte costs.
fn spare(msg: Value) -> Value {
    match msg {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, spare(value)))
            .collect(),
        other => other,
    }
}

/// An unsigned transaction of these messages.
pub fn transaction(sender: &str, messages: &[Message]) -> Value {
    let messages: Vec<Value> = messages
        .iter()
        .map(|message| {
            json!({
                "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
                "sender": sender,
                "contract": message.contract,
                "msg": message.msg,
                "funds": message.funds,
            })
        })
        .collect();
    json!({
        "body": {
            "messages": messages, "memo": "", "timeout_height": "0",
            "extension_options": [], "non_critical_extension_options": [],
        },
        "auth_info": {
            "signer_infos": [],
            "fee": {"amount": [], "gas_limit": "100000000000", "payer": "", "granter": ""},
        },
        "signatures": [],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_fields_are_not_sent() {
        let msg = json!({"withdraw": {"tickets": null, "limit": 3}});
        assert_eq!(spare(msg), json!({"withdraw": {"limit": 3}}));
    }
}
