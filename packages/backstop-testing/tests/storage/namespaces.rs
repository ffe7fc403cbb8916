//! Under which names contracts store: read from their sources, so that a new one is
//! not forgotten, and found again in raw keys.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The two that libraries declare.
const OF_LIBRARIES: [&str; 2] = ["contract_info", "ownership"];
const DECLARED_BY: [&str; 2] = ["Item::new(", "Map::new("];

/// The names under which a contract stores.
pub fn declared(contract: &str) -> BTreeSet<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let keys = fs::read_to_string(root.join("packages/backstop-types/src/keys.rs")).unwrap();
    let mut found: BTreeSet<String> = OF_LIBRARIES.map(str::to_string).into();
    for file in sources(&root.join("contracts").join(contract).join("src")) {
        found.extend(in_text(&fs::read_to_string(file).unwrap(), &keys));
    }
    found
}

/// The names that a source declares: text, or constants of `keys`.
pub fn in_text(source: &str, keys: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let declarations = DECLARED_BY.iter().flat_map(|new| source.split(new).skip(1));
    let names = declarations.flat_map(|rest| {
        let arguments = rest.split(");").next().unwrap();
        arguments.split(',').map(str::trim).filter_map(|argument| {
            if let Some(key) = argument.strip_prefix("keys::") {
                return Some(constant(keys, key));
            }
            argument.strip_prefix('"')?.strip_suffix('"').map(str::to_string)
        })
    });
    names.collect()
}

fn constant(keys: &str, name: &str) -> String {
    let declared = format!("pub const {name}: &str = \"");
    let value = keys.split(&declared).nth(1);
    let value = value.unwrap_or_else(|| panic!("keys.rs has no {name}"));
    value.split('"').next().unwrap().to_string()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    found.collect()
}

/// The name under which a raw key is stored: a map's comes after its length.
pub fn of_key(key: &[u8]) -> String {
    let name = match key {
        [high, low, rest @ ..] => rest.get(..usize::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    };
    String::from_utf8_lossy(name.unwrap_or(key)).into_owned()
}
