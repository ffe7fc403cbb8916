//! Who acts in the tests: accounts of one public mnemonic, by name.

use backstop_chain::Key;

/// Words that everybody knows; nothing of worth may ever be sent to them.
pub const MNEMONIC: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// Everybody who acts. A name's place is its key's index.
pub const NAMES: [&str; 14] = [
    "owner", "guardian", "keeper", "alice", "bob", "carol", "trader", "other", "provider", "feed1", "feed2",
    "feed3", "thief", "holder",
];

/// The key of a name.
///
/// # Panics
///
/// For a name that is not listed.
pub fn key(name: &str) -> Key {
    let index = NAMES.iter().position(|listed| *listed == name);
    let index = index.unwrap_or_else(|| panic!("{name} is not listed in NAMES"));
    Key::from_mnemonic(MNEMONIC, "wasm", u32::try_from(index).unwrap()).unwrap()
}
