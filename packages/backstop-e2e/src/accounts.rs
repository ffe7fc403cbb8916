//! Who acts in the tests: accounts of one public mnemonic, by name.

use backstop_chain::Key;
pub use backstop_localnet::MNEMONIC;

/// Everybody who acts. A name's place is its key's index.
pub const NAMES: [&str; 14] = [
    "owner", "guardian", "keeper", "alice", "bob", "carol", "trader", "other", "provider", "feed1", "feed2",
    "feed3", "thief", "holder",
];

/// How many make load: `load1` and so on.
pub const LOADERS: u32 = 96;

/// The first so many of those who make load.
pub fn loaders(count: u32) -> impl Iterator<Item = String> {
    (1..=count.min(LOADERS)).map(|number| format!("load{number}"))
}

/// Everybody.
pub fn names() -> impl Iterator<Item = String> {
    NAMES.into_iter().map(str::to_string).chain(loaders(LOADERS))
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
