//! One kind of money: a coin of the chain or a cw20 token. Messages carry the
//! unchecked form; state only ever has the checked one.

use std::fmt;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Api, BankMsg, Coin, CosmosMsg, MessageInfo, QuerierWrapper, StdResult, Uint128, WasmMsg,
    to_json_binary,
};
use cw20::Cw20QueryMsg;

use crate::attribute::Attribute;
use crate::input::{self, InputError};
use crate::sent::{AskToken, ToToken, TokenFacts, to_contract};

/// The longest denom that the Cosmos SDK accepts, in bytes.
const MAX_NATIVE: usize = 128;

/// A denom as a message names it.
#[cw_serde]
#[derive(Eq)]
pub enum UncheckedDenom {
    /// A coin of the chain's bank, such as `uatom` or `ibc/27394F…`.
    Native(String),
    /// The address of a cw20 token contract.
    Cw20(String),
}

/// A denom whose spelling and, for a cw20, contract have been checked.
#[cw_serde]
#[derive(Eq, PartialOrd, Ord, Hash)]
pub enum Denom {
    /// A coin of the chain's bank.
    Native(String),
    /// A cw20 token contract.
    Cw20(Addr),
}

impl UncheckedDenom {
    /// Checks the spelling of a native denom, or that a cw20 contract answers
    /// as one.
    pub fn check(&self, api: &dyn Api, querier: &QuerierWrapper, field: &str) -> Result<Denom, InputError> {
        match self {
            Self::Native(name) => {
                native(field, name)?;
                Ok(Denom::Native(name.clone()))
            }
            Self::Cw20(address) => {
                let token = input::address(api, field, address)?;
                let info: StdResult<TokenFacts> = querier.query_wasm_smart(&token, &AskToken::TokenInfo {});
                if info.is_err() {
                    return Err(InputError::bounds(
                        field,
                        token,
                        "a cw20 contract that answers token_info",
                    ));
                }
                Ok(Denom::Cw20(token))
            }
        }
    }

    /// The checked form for a lookup, without asking the token contract: an
    /// unknown one is found nowhere.
    pub fn lookup(&self, api: &dyn Api, field: &str) -> Result<Denom, InputError> {
        match self {
            Self::Native(name) => {
                native(field, name)?;
                Ok(Denom::Native(name.clone()))
            }
            Self::Cw20(address) => Ok(Denom::Cw20(input::address(api, field, address)?)),
        }
    }
}

/// The Cosmos SDK's rule for a coin's denom: a letter, then 2 to 127 letters,
/// digits or `/ : . _ -`.
fn native(field: &str, name: &str) -> Result<(), InputError> {
    input::short(field, name, MAX_NATIVE)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/:._-".contains(&b);
    let starts = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if name.len() < 3 || !starts || !name.bytes().all(plain) {
        return Err(InputError::bounds(
            field,
            format!("{name:?}"),
            "a denom of the bank, [a-zA-Z][a-zA-Z0-9/:._-]{2,127}",
        ));
    }
    Ok(())
}

impl Denom {
    /// The key under which it is stored: the kind, a colon, and the name.
    pub fn key(&self) -> String {
        match self {
            Self::Native(name) => format!("native:{name}"),
            Self::Cw20(token) => format!("cw20:{token}"),
        }
    }

    /// The token's contract, where it has one.
    pub fn contract(&self) -> Option<&Addr> {
        match self {
            Self::Native(_) => None,
            Self::Cw20(token) => Some(token),
        }
    }

    /// The message that pays `amount` of it to `recipient`. A cw20 is paid by
    /// `Transfer`, which runs no code of the recipient.
    pub fn send(&self, recipient: &Addr, amount: Uint128) -> StdResult<CosmosMsg> {
        Ok(match self {
            Self::Native(denom) => BankMsg::Send {
                to_address: recipient.to_string(),
                amount: vec![Coin {
                    denom: denom.clone(),
                    amount,
                }],
            }
            .into(),
            Self::Cw20(token) => {
                let recipient = recipient.to_string();
                to_contract(token, &ToToken::Transfer { recipient, amount })?
            }
        })
    }

    /// The message that pays `amount` of it to `to`, if there is anything to pay:
    /// a chain refuses to send nothing.
    pub fn pay(&self, to: &Addr, amount: Uint128) -> StdResult<Option<CosmosMsg>> {
        if amount.is_zero() {
            return Ok(None);
        }
        self.send(to, amount).map(Some)
    }

    /// How much of it came with the message: exactly one coin, not zero. A cw20
    /// is not paid so, and is refused.
    pub fn paid(&self, info: &MessageInfo) -> Result<Uint128, InputError> {
        match self {
            Self::Native(name) => Ok(cw_utils::must_pay(info, name)?),
            Self::Cw20(_) => Err(InputError::WrongToken {
                received: "coins".to_string(),
                expected: self.to_string(),
            }),
        }
    }

    /// How much of it came by its `Receive`: `info.sender` is the token contract
    /// then, and must be this one.
    pub fn received(&self, info: &MessageInfo, amount: Uint128) -> Result<Uint128, InputError> {
        input::no_funds(info)?;
        if !matches!(self, Self::Cw20(token) if token == info.sender) {
            return Err(InputError::WrongToken {
                received: format!("cw20:{}", info.sender),
                expected: self.to_string(),
            });
        }
        if amount.is_zero() {
            return Err(InputError::bounds("amount", amount, "at least 1"));
        }
        Ok(amount)
    }

    /// The message that calls `contract` with `amount` of it: with coins as
    /// `execute`, or by the token's `Send` with `hook`.
    pub fn call(
        &self,
        contract: &Addr,
        amount: Uint128,
        execute: &impl serde::Serialize,
        hook: &impl serde::Serialize,
    ) -> StdResult<CosmosMsg> {
        Ok(match self {
            Self::Native(denom) => WasmMsg::Execute {
                contract_addr: contract.to_string(),
                msg: to_json_binary(execute)?,
                funds: vec![Coin {
                    denom: denom.clone(),
                    amount,
                }],
            }
            .into(),
            Self::Cw20(token) => {
                let (contract, msg) = (contract.to_string(), to_json_binary(hook)?);
                let send = ToToken::Send {
                    contract,
                    amount,
                    msg,
                };
                to_contract(token, &send)?
            }
        })
    }

    /// The balance of `holder`. For tests, pages and reports: no contract of
    /// ours reads a balance to learn what it was paid.
    pub fn balance(&self, querier: &QuerierWrapper, holder: &Addr) -> StdResult<Uint128> {
        match self {
            Self::Native(denom) => Ok(querier.query_balance(holder, denom)?.amount),
            Self::Cw20(token) => {
                let query = Cw20QueryMsg::Balance {
                    address: holder.to_string(),
                };
                let answer: cw20::BalanceResponse = querier.query_wasm_smart(token, &query)?;
                Ok(answer.balance)
            }
        }
    }
}

/// `uatom`, or `cw20:` and the address, for people. Not a key: a chain may have
/// a coin of the bank that is spelt like the second.
impl fmt::Display for Denom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native(name) => f.write_str(name),
            Self::Cw20(token) => write!(f, "cw20:{token}"),
        }
    }
}

impl From<Denom> for UncheckedDenom {
    fn from(denom: Denom) -> Self {
        match denom {
            Denom::Native(name) => Self::Native(name),
            Denom::Cw20(token) => Self::Cw20(token.into_string()),
        }
    }
}

/// The kind, a colon, and the name: a coin of the bank may be spelt like a
/// token's address.
impl Attribute for Denom {
    fn text(&self) -> String {
        self.key()
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        match kind {
            "native" => Some(Self::Native(name.to_string())),
            "cw20" => Some(Self::Cw20(Addr::unchecked(name))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_paid_by_no_message() {
        let to = Addr::unchecked("to");
        for denom in [
            Denom::Native("uatom".into()),
            Denom::Cw20(Addr::unchecked("token")),
        ] {
            assert_eq!(denom.pay(&to, Uint128::zero()), Ok(None));
            let one = denom.pay(&to, Uint128::one());
            assert_eq!(one, denom.send(&to, Uint128::one()).map(Some));
        }
    }
}
