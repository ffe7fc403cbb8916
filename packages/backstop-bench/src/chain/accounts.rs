//! Who acts in the bench.

use bech32::{Bech32, Hrp};

/// An account of the chain, by the name of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its key's name.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// What every account has at genesis.
pub const COINS: [&str; 6] = ["stake", "uusd", "urew1", "urew2", "urew3", "urew4"];

/// How much of each.
pub const POCKET: u128 = 1_000_000_000_000_000;

/// The address of an account that only receives, one for each number.
pub fn address(number: u32) -> String {
    let mut bytes = [7u8; 20];
    for (place, byte) in bytes.iter_mut().zip(number.to_be_bytes()) {
        *place = byte;
    }
    // The prefix is valid and 20 bytes fit.
    let prefix = Hrp::parse_unchecked("wasm");
    bech32::encode::<Bech32>(prefix, &bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_an_address_of_its_own() {
        let addresses: std::collections::BTreeSet<_> = (0..1_000).map(address).collect();
        assert_eq!(addresses.len(), 1_000);
        assert!(addresses.iter().all(|a| a.starts_with("wasm1") && a.len() == 43));
    }
}
