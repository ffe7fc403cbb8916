//! The key that signs: a mnemonic from a file or the environment, never from the
//! command line, where other users of the machine could read it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bip39::Mnemonic;
use cosmrs::bip32::{DerivationPath, XPrv};
use cosmrs::crypto::secp256k1::SigningKey;

use crate::error::{Error, Result};

/// The variable that holds the mnemonic where no file is named.
pub const VARIABLE: &str = "BACKSTOP_MNEMONIC";

/// A key with its address.
pub struct Key {
    private: XPrv,
    address: String,
}

impl Key {
    /// From a file if one is named, else from the environment.
    pub fn load(file: Option<&Path>, prefix: &str, index: u32) -> Result<Self> {
        let words = match file {
            Some(path) => read(path)?,
            None => std::env::var(VARIABLE).map_err(|_| Error::NoKey { variable: VARIABLE })?,
        };
        Self::from_mnemonic(&words, prefix, index)
    }

    /// The account `m/44'/118'/0'/0/index`, as Keplr and `wasmd keys` derive it.
    pub fn from_mnemonic(words: &str, prefix: &str, index: u32) -> Result<Self> {
        let refused = |why: String| Error::Key { why };
        let words: Vec<_> = words.split_whitespace().collect();
        let mnemonic = Mnemonic::parse_in_normalized(bip39::Language::English, &words.join(" "))
            .map_err(|error| refused(without_words(&error)))?;
        let path: DerivationPath = format!("m/44'/118'/0'/0/{index}")
            .parse()
            .map_err(|error: cosmrs::bip32::Error| refused(error.to_string()))?;
        let private = XPrv::derive_from_path(mnemonic.to_seed_normalized(""), &path)
            .map_err(|error| refused(error.to_string()))?;
        let address = SigningKey::from(&private)
            .public_key()
            .account_id(prefix)
            .map_err(|_| Error::Setting {
                field: "prefix",
                value: prefix.to_string(),
                bound: "the chain's bech32 prefix, such as \"wasm\"".to_string(),
            })?;
        Ok(Self {
            private,
            address: address.to_string(),
        })
    }

    /// Its bech32 address.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn signing(&self) -> SigningKey {
        SigningKey::from(&self.private)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.address)
    }
}

fn read(path: &Path) -> Result<String> {
    let facts = std::fs::metadata(path).map_err(Error::file(path))?;
    let mode = facts.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Error::KeyIsOpen {
            path: path.to_path_buf(),
            mode,
        });
    }
    std::fs::read_to_string(path).map_err(Error::file(path))
}

/// What is wrong with a mnemonic, told without its words.
fn without_words(error: &bip39::Error) -> String {
    match error {
        bip39::Error::BadWordCount(count) => format!("it has {count} words"),
        bip39::Error::UnknownWord(place) => format!("word {} is not in the list", place.saturating_add(1)),
        bip39::Error::InvalidChecksum => "its last word does not fit the others".to_string(),
        _ => "it is malformed".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const WORDS: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn a_mnemonic_has_the_address_that_keplr_gives_it() {
        let key = Key::from_mnemonic(WORDS, "cosmos", 0).unwrap();
        assert_eq!(key.address(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        assert_ne!(
            Key::from_mnemonic(WORDS, "cosmos", 1).unwrap().address(),
            key.address()
        );
        assert_eq!(format!("{key:?}"), format!("Key({})", key.address()));
    }

    #[test]
    fn an_error_never_repeats_a_word_of_the_key() {
        for words in [
            "secretword abandon",
            &WORDS.replace("about", "secretword"),
            &WORDS.replace("about", "abandon"),
        ] {
            let refused = Key::from_mnemonic(words, "cosmos", 0).unwrap_err().to_string();
            assert!(
                !refused.contains("secretword") && !refused.contains("abandon"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, WORDS).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Key::load(Some(&path), "wasm", 0).unwrap_err();
        assert!(
            matches!(refused, Error::KeyIsOpen { mode: 0o640, .. }),
            "{refused}"
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Key::load(Some(&path), "wasm", 0).is_ok());
    }
}
