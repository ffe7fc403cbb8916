//! What gas costs.

use std::fmt;
use std::str::FromStr;

use cosmwasm_std::{Coin, Decimal, Uint128};

use crate::error::{Error, Result};

/// A price of one unit of gas, such as `0.025ustake`.
#[derive(Debug, Clone, PartialEq)]
pub struct GasPrice {
    /// Base units of the denom.
    pub amount: Decimal,
    /// The denom.
    pub denom: String,
}

impl GasPrice {
    /// The fee for so much gas, rounded up.
    pub fn fee(&self, gas: u64) -> Result<Coin> {
        let amount = Uint128::from(gas)
            .checked_mul_ceil(self.amount)
            .map_err(|_| self.refused(&self.to_string()))?;
        Ok(Coin {
            denom: self.denom.clone(),
            amount,
        })
    }

    fn refused(&self, value: &str) -> Error {
        refused(value)
    }
}

fn refused(value: &str) -> Error {
    Error::Setting {
        field: "gas_price",
        value: value.to_string(),
        bound: "an amount with its denom, such as \"0.025ustake\"".to_string(),
    }
}

impl FromStr for GasPrice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (amount, denom) = text.split_at(end.ok_or_else(|| refused(text))?);
        let amount = amount.parse().map_err(|_| refused(text))?;
        Ok(Self {
            amount,
            denom: denom.to_string(),
        })
    }
}

impl fmt::Display for GasPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_rounded_up() {
        let price: GasPrice = "0.025ustake".parse().unwrap();
        assert_eq!(price.fee(100_001).unwrap(), Coin::new(2_501u128, "ustake"));
        assert_eq!(price.fee(0).unwrap().amount, Uint128::zero());
        assert_eq!(price.to_string(), "0.025ustake");
    }

    #[test]
    fn a_price_without_amount_or_denom_is_refused() {
        for text in ["", "0.025", "ustake", "0.0.2ustake", "-1ustake"] {
            assert!(text.parse::<GasPrice>().is_err(), "{text}");
        }
    }
}
