//! From messages to signed bytes, in the two modes by which Keplr signs: direct,
//! and amino for a Ledger device.

use std::fmt;
use std::str::FromStr;

use cosmrs::crypto::PublicKey;
use cosmrs::proto::cosmos::tx::signing::v1beta1::SignMode as ProtoMode;
use cosmrs::proto::cosmos::tx::v1beta1::{
    AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw, mode_info,
};
use cosmrs::proto::prost::{DecodeError, Message as _};
use cosmrs::tx::MessageExt;
use cosmwasm_std::Coin;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::key::Key;
use crate::message::{Message, coins};
use crate::question::Account;

/// What the signature is over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignMode {
    /// The bytes of the transaction.
    #[default]
    Direct,
    /// The transaction as sorted JSON, which a Ledger device can show.
    Amino,
}

/// A transaction before it is signed.
pub(crate) struct Unsigned<'a> {
    pub messages: &'a [Message],
    pub chain_id: &'a str,
    pub account: Account,
    pub gas: u64,
    pub fee: Vec<Coin>,
    pub timeout_height: u64,
    pub mode: SignMode,
}

impl Unsigned<'_> {
    /// The signed bytes.
    pub fn sign(&self, key: &Key) -> Result<Vec<u8>> {
        let body = self.body(key)?;
        let auth_info = self.auth_info(key)?;
        let signed = match self.mode {
            SignMode::Direct => SignDoc {
                body_bytes: body.clone(),
                auth_info_bytes: auth_info.clone(),
                chain_id: self.chain_id.to_string(),
                account_number: self.account.number,
            }
            .to_bytes()
            .map_err(Error::unreadable("a transaction"))?,
            SignMode::Amino => self.amino(key)?,
        };
        let signature = key
            .signing()
            .sign(&signed)
            .map_err(Error::unreadable("a signature"))?;
        raw(body, auth_info, signature.to_vec())
    }

    /// The bytes that a simulation takes: with no signature, which it does not check.
    pub fn for_simulation(&self, key: &Key) -> Result<Vec<u8>> {
        raw(self.body(key)?, self.auth_info(key)?, vec![])
    }

    fn body(&self, key: &Key) -> Result<Vec<u8>> {
        let messages = self.messages.iter().map(|message| message.to_any(key.address()));
        let body = TxBody {
            messages: messages.collect::<Result<_>>()?,
            timeout_height: self.timeout_height,
            ..Default::default()
        };
        body.to_bytes().map_err(Error::unreadable("a transaction"))
    }

    fn auth_info(&self, key: &Key) -> Result<Vec<u8>> {
        let public: PublicKey = key.signing().public_key();
        let mode = match self.mode {
            SignMode::Direct => ProtoMode::Direct,
            SignMode::Amino => ProtoMode::LegacyAminoJson,
        };
        let auth_info = AuthInfo {
            signer_infos: vec![SignerInfo {
                public_key: Some(public.to_any().map_err(Error::unreadable("a key"))?),
                mode_info: Some(ModeInfo {
                    sum: Some(mode_info::Sum::Single(mode_info::Single { mode: mode.into() })),
                }),
                sequence: self.account.sequence,
            }],
            fee: Some(Fee {
                amount: coins(&self.fee),
                gas_limit: self.gas,
                ..Default::default()
            }),
            ..Default::default()
        };
        auth_info.to_bytes().map_err(Error::unreadable("a transaction"))
    }

    /// Sorted keys without spaces, and `<`, `>` and `&` escaped, as Go writes JSON.
    fn amino(&self, key: &Key) -> Result<Vec<u8>> {
        let messages = self
            .messages
            .iter()
            .map(|message| message.to_amino(key.address()));
        let mut document = json!({
            "account_number": self.account.number.to_string(),
            "chain_id": self.chain_id,
            "fee": {"amount": self.fee, "gas": self.gas.to_string()},
            "memo": "",
            "msgs": messages.collect::<Result<Vec<_>>>()?,
            "sequence": self.account.sequence.to_string(),
        });
        if self.timeout_height > 0 {
            document["timeout_height"] = Value::String(self.timeout_height.to_string());
        }
        document.sort_all_objects();
        let text = document.to_string();
        let text = text
            .replace('&', "\\u0026")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        Ok(text.into_bytes())
    }
}

/// Whether signed bytes have these messages of this sender, and no others.
pub(crate) fn has_messages(signed: &[u8], messages: &[Message], sender: &str) -> Result<bool> {
    let read = |error| Error::unreadable::<DecodeError>("a transaction")(error);
    let raw = TxRaw::decode(signed).map_err(read)?;
    let body = TxBody::decode(raw.body_bytes.as_slice()).map_err(read)?;
    let messages = messages.iter().map(|message| message.to_any(sender));
    Ok(body.messages == messages.collect::<Result<Vec<_>>>()?)
}

fn raw(body_bytes: Vec<u8>, auth_info_bytes: Vec<u8>, signature: Vec<u8>) -> Result<Vec<u8>> {
    let raw = TxRaw {
        body_bytes,
        auth_info_bytes,
        signatures: vec![signature],
    };
    raw.to_bytes().map_err(Error::unreadable("a transaction"))
}

impl FromStr for SignMode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "direct" => Ok(Self::Direct),
            "amino" => Ok(Self::Amino),
            _ => Err(Error::Setting {
                field: "sign_mode",
                value: text.to_string(),
                bound: "direct or amino".to_string(),
            }),
        }
    }
}

impl fmt::Display for SignMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Direct => "direct",
            Self::Amino => "amino",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_amino_document_is_as_keplr_s_ledger_shows_it() {
        let words =
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        let key = Key::from_mnemonic(words, "wasm", 0).unwrap();
        let messages =
            [Message::execute("wasm1vault", &json!({"b": "<&>", "a": {"z": 1, "y": null}})).unwrap()];
        let unsigned = Unsigned {
            messages: &messages,
            chain_id: "backstop-local",
            account: Account {
                number: 7,
                sequence: 3,
            },
            gas: 200_000,
            fee: vec![Coin::new(5_000u128, "ustake")],
            timeout_height: 9,
            mode: SignMode::Amino,
        };
        let expected = format!(
            concat!(
                r#"{{"account_number":"7","chain_id":"backstop-local","#,
                r#""fee":{{"amount":[{{"amount":"5000","denom":"ustake"}}],"gas":"200000"}},"memo":"","#,
                r#""msgs":[{{"type":"wasm/MsgExecuteContract","value":{{"contract":"wasm1vault","funds":[],"#,
                r#""msg":{{"a":{{"y":null,"z":1}},"b":"\u003c\u0026\u003e"}},"sender":"{}"}}}}],"#,
                r#""sequence":"3","timeout_height":"9"}}"#
            ),
            key.address()
        );
        assert_eq!(
            String::from_utf8(unsigned.amino(&key).unwrap()).unwrap(),
            expected
        );
    }
}
