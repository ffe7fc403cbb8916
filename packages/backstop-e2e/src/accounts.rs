//! Who acts in the tests: accounts of one public mnemonic, by name.

use backstop_chain::Key;
pub use backstop_localnet::MNEMONIC;

/// Everybody who acts. A name's place is its key's index.
pub const NAMES: [&str; 14] = [
    "owner", "guardian", "keeper", "alice", "bob", "carol", "trader", "other", "provider", "feed1", "feed2",
    "feed3", "thief", "holder",
];

/// Those who make load.
pub const LOADERS: [&str; 24] = [
    "load1", "load2", "load3", "load4", "load5", "load6", "load7", "load8", "load9", "load10", "load11",
    "load12", "load13", "load14", "load15", "load16", "load17", "load18", "load19", "load20", "load21",
    "load22", "load23", "load24",
];

/// Everybody.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(LOADERS)
}

/// The number of a name's account in m/44'/118'/0'/0/number.
///
/// # Panics
///
/// For a name that is not listed.
pub fn index(name: &str) -> u32 {
    let index = names().position(|listed| listed == name);
    let index = index.unwrap_or_else(|| panic!("{name} is not listed in NAMES"));
    u32::try_from(index).unwrap()
}

/// The key of a name.
pub fn key(name: &str) -> Key {
    Key::from_mnemonic(MNEMONIC, "wasm", index(name)).unwrap()
}
