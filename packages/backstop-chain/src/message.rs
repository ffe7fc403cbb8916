//! The messages that this client signs, as protobuf for a transaction and as the
//! JSON of the older signatures by which a Ledger device signs.

use std::io::Write;

use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgMigrateContract, MsgStoreCode, MsgUpdateAdmin,
};
use cosmrs::proto::prost::Name;
use cosmrs::{Any, tx::MessageExt};
use cosmwasm_std::{Coin, to_json_vec};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Error, Result};

/// One message of a transaction; its sender is who signs.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Calls a contract.
    Execute {
        /// The contract.
        contract: String,
        /// JSON.
        msg: Vec<u8>,
        /// What is sent with it.
        funds: Vec<Coin>,
    },
    /// Stores a code.
    Store {
        /// The wasm, plain or by gzip.
        wasm: Vec<u8>,
    },
    /// Makes a contract.
    Instantiate {
        /// The code.
        code: u64,
        /// Who may migrate it.
        admin: Option<String>,
        /// For people.
        label: String,
        /// JSON.
        msg: Vec<u8>,
    },
    /// Gives a contract another code.
    Migrate {
        /// The contract.
        contract: String,
        /// The code.
        code: u64,
        /// JSON.
        msg: Vec<u8>,
    },
    /// Names who may migrate a contract.
    UpdateAdmin {
        /// The contract.
        contract: String,
        /// The new admin.
        admin: String,
    },
    /// Sends coins.
    Send {
        /// To whom.
        to: String,
        /// What.
        coins: Vec<Coin>,
    },
}

impl Message {
    /// A call of a contract without coins.
    pub fn execute(contract: &str, msg: &impl Serialize) -> Result<Self> {
        Self::execute_with(contract, msg, vec![])
    }

    /// A call of a contract with coins.
    pub fn execute_with(contract: &str, msg: &impl Serialize, mut funds: Vec<Coin>) -> Result<Self> {
        funds.sort_by(|a, b| a.denom.cmp(&b.denom));
        Ok(Self::Execute {
            contract: contract.to_string(),
            msg: to_json_vec(msg).map_err(Error::unreadable("a message"))?,
            funds,
        })
    }

    /// Stores a code, by gzip: plain, a large one would not fit into the megabyte that a
    /// node takes as a question.
    pub fn store(wasm: &[u8]) -> Result<Self> {
        let mut packer = GzEncoder::new(vec![], Compression::best());
        let packed = packer.write_all(wasm).and_then(|()| packer.finish());
        let wasm = packed.map_err(Error::unreadable("a code"))?;
        Ok(Self::Store { wasm })
    }

    /// As protobuf.
    pub fn to_any(&self, sender: &str) -> Result<Any> {
        let sender = sender.to_string();
        match self.clone() {
            Self::Execute { contract, msg, funds } => any(&MsgExecuteContract {
                sender,
                contract,
                msg,
                funds: coins(&funds),
            }),
            Self::Store { wasm } => any(&MsgStoreCode {
                sender,
                wasm_byte_code: wasm,
                instantiate_permission: None,
            }),
            Self::Instantiate {
                code,
                admin,
                label,
                msg,
            } => any(&MsgInstantiateContract {
                sender,
                admin: admin.unwrap_or_default(),
                code_id: code,
                label,
                msg,
                funds: vec![],
            }),
            Self::Migrate { contract, code, msg } => any(&MsgMigrateContract {
                sender,
                contract,
                code_id: code,
                msg,
            }),
            Self::UpdateAdmin { contract, admin } => any(&MsgUpdateAdmin {
                sender,
                new_admin: admin,
                contract,
            }),
            Self::Send { to, coins: sent } => any(&MsgSend {
                from_address: sender,
                to_address: to,
                amount: coins(&sent),
            }),
        }
    }

    /// As the JSON that is signed in the amino mode.
    pub fn to_amino(&self, sender: &str) -> Result<Value> {
        match self {
            Self::Execute { contract, msg, funds } => {
                let msg: Value = serde_json::from_slice(msg).map_err(Error::unreadable("a message"))?;
                Ok(json!({
                    "type": "wasm/MsgExecuteContract",
                    "value": {"sender": sender, "contract": contract, "msg": msg, "funds": funds},
                }))
            }
            Self::Send { to, coins } => Ok(json!({
                "type": "cosmos-sdk/MsgSend",
                "value": {"from_address": sender, "to_address": to, "amount": coins},
            })),
            _ => Err(Error::Setting {
                field: "sign_mode",
                value: "amino".to_string(),
                bound: "direct for whatever is no call of a contract and no payment".to_string(),
            }),
        }
    }
}

fn any<M: MessageExt + Name>(message: &M) -> Result<Any> {
    Ok(Any {
        type_url: M::type_url(),
        value: message.to_bytes().map_err(Error::unreadable("a message"))?,
    })
}

/// Coins as protobuf.
pub(crate) fn coins(coins: &[Coin]) -> Vec<ProtoCoin> {
    let each = |coin: &Coin| ProtoCoin {
        denom: coin.denom.clone(),
        amount: coin.amount.to_string(),
    };
    coins.iter().map(each).collect()
}
