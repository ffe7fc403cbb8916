//! `config.json`, by which the stakers' page finds this network: its README says what
//! each field means.

use std::collections::BTreeMap;

use backstop_chain::GasPrice;
use backstop_deploy::Part;
use serde::Serialize;

use crate::accounts::COINS;
use crate::contracts::Localnet;
use crate::error::Result;
use crate::network::Network;

/// What the page, Keplr and people call the chain.
const NAME: &str = "Backstop Local";
/// How many decimals each coin of a test account has.
const DECIMALS: u8 = 6;
/// The coin type of the test accounts' keys, m/44'/118'.
const COIN_TYPE: u32 = 118;
/// What follows the chain's prefix in each kind of address.
const PREFIXES: [(&str, &str); 6] = [
    ("bech32PrefixAccAddr", ""),
    ("bech32PrefixAccPub", "pub"),
    ("bech32PrefixValAddr", "valoper"),
    ("bech32PrefixValPub", "valoperpub"),
    ("bech32PrefixConsAddr", "valcons"),
    ("bech32PrefixConsPub", "valconspub"),
];

/// The page's `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageConfig {
    title: &'static str,
    chain: Chain,
    contracts: BTreeMap<&'static str, String>,
    /// The checksums of what was deployed, which here are released ones.
    code: BTreeMap<&'static str, Vec<String>>,
}

/// The chain as Keplr takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Chain {
    chain_id: String,
    chain_name: &'static str,
    rpc: String,
    rest: String,
    bip44: Bip44,
    bech32_config: BTreeMap<&'static str, String>,
    currencies: Vec<Currency>,
    fee_currencies: Vec<Currency>,
    stake_currency: Currency,
    features: [&'static str; 1],
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bip44 {
    coin_type: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Currency {
    coin_denom: String,
    coin_minimal_denom: String,
    coin_decimals: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    gas_price_step: Option<GasPrices>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct GasPrices {
    low: f64,
    average: f64,
    high: f64,
}

impl PageConfig {
    /// For a network whose contracts are deployed.
    ///
    /// # Errors
    /// If its gas price is none.
    pub fn of(network: &Network, localnet: &Localnet) -> Result<Self> {
        let addresses = &localnet.addresses;
        let GasPrice { amount, denom } = localnet.gas_price.parse()?;
        // A decimal's text is always a number.
        let price = amount.to_string().parse().unwrap_or_default();
        let prices = GasPrices {
            low: price,
            average: price,
            high: 2.0 * price,
        };
        let codes = [
            (Part::Vault, "backstop-vault"),
            (Part::Distributor, "reward-distributor"),
            (Part::Breaker, "oracle-breaker"),
            (Part::Timelock, "risk-timelock"),
        ];
        Ok(Self {
            title: NAME,
            chain: Chain {
                chain_id: addresses.chain_id.clone(),
                chain_name: NAME,
                rpc: network.rpc(0),
                rest: localnet.rest.clone(),
                bip44: Bip44 { coin_type: COIN_TYPE },
                bech32_config: PREFIXES
                    .map(|(field, suffix)| (field, format!("{}{suffix}", addresses.prefix)))
                    .into(),
                currencies: COINS.map(|denom| currency(denom, None)).into(),
                fee_currencies: vec![currency(&denom, Some(prices))],
                stake_currency: currency(&denom, None),
                features: ["cosmwasm"],
            },
            contracts: [("vault", addresses.vault.clone())].into(),
            code: codes
                .into_iter()
                .filter_map(|(part, code)| Some((code, vec![addresses.checksums.get(&part)?.clone()])))
                .collect(),
        })
    }

    /// What a person types into Keplr where the page cannot suggest the chain.
    pub fn by_hand(&self) -> String {
        let Chain {
            chain_id,
            rpc,
            rest,
            bech32_config,
            fee_currencies,
            ..
        } = &self.chain;
        let prefix = bech32_config.get(PREFIXES[0].0).map_or("", String::as_str);
        let mut text = format!(
            "  chain id {chain_id}, name {NAME}, RPC {rpc}, REST {rest}\n  \
             address prefix {prefix}, coin type {COIN_TYPE}\n"
        );
        for fee in fee_currencies {
            let price = fee.gas_price_step.map_or(0.0, |step| step.average);
            text += &format!(
                "  fees in {} ({}, {} decimals) at {price} a unit of gas\n",
                fee.coin_denom, fee.coin_minimal_denom, fee.coin_decimals
            );
        }
        text
    }
}

/// A coin as it is shown: `ustake` is 10⁻⁶ `STAKE`.
fn currency(denom: &str, gas_price_step: Option<GasPrices>) -> Currency {
    Currency {
        coin_denom: denom.strip_prefix('u').unwrap_or(denom).to_uppercase(),
        coin_minimal_denom: denom.to_string(),
        coin_decimals: DECIMALS,
        gas_price_step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coin_is_shown_without_the_letter_of_its_millionth() {
        let usd = currency("uusd", None);
        assert_eq!((usd.coin_denom.as_str(), usd.coin_decimals), ("USD", 6));
        assert_eq!(serde_json::to_value(usd).unwrap()["coinMinimalDenom"], "uusd");
    }
}
