//! What every version stored is kept, and today's code takes it over: the recorded
//! storage of a whole life is migrated, answers as it did, and the life goes on.
//!
//! `BACKSTOP_RECORD_STORAGE=1` writes this version's folder. Do so when the storage has
//! changed, before the version's release and never after it.

mod chain;
mod goes_on;
mod namespaces;
mod questions;
mod scene;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chain::{Moment, Raw, SHIPPED};
use cosmwasm_std::{HexBinary, from_json, to_json_vec};
use cw2::ContractVersion;
use questions::Answers;
use semver::Version;
use serde::{Serialize, de::DeserializeOwned};

const THIS: &str = env!("CARGO_PKG_VERSION");

/// What is kept of one version.
struct Recorded {
    moment: Moment,
    answers: Answers,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/storage/recorded")
}

/// The names of versions, the oldest first: a candidate comes before its release.
fn in_order(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let read =
        |name: String| Version::parse(&name).unwrap_or_else(|error| panic!("{name} is no version: {error}"));
    let mut versions: Vec<Version> = names.into_iter().map(read).collect();
    versions.sort();
    versions.iter().map(Version::to_string).collect()
}

/// Every recorded version, the oldest first.
fn versions() -> Vec<(String, Recorded)> {
    let names = fs::read_dir(folder()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let versions: Vec<_> = in_order(names)
        .into_iter()
        .map(|version| (version.clone(), recorded(&version)))
        .collect();
    assert!(!versions.is_empty());
    versions
}

fn recorded(version: &str) -> Recorded {
    let folder = folder().join(version);
    let mut moment: Moment = read(&folder, "chain");
    for name in moment.contracts.keys() {
        moment.storage.insert(name.clone(), read(&folder, name));
    }
    Recorded {
        moment,
        answers: read(&folder, "answers"),
    }
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> T {
    let file = folder.join(name).with_extension("json");
    let text = fs::read(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}: record it with BACKSTOP_RECORD_STORAGE=1",
            file.display()
        )
    });
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn write(version: &str, name: &str, value: &impl Serialize) {
    let file = folder().join(version).join(name).with_extension("json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, serde_json::to_string_pretty(value).unwrap() + "\n").unwrap();
}

/// A key in words: its namespace, and what of it is text.
fn in_words(contract: &str, key: &str) -> String {
    let key = HexBinary::from_hex(key).unwrap();
    let name = namespaces::of_key(&key);
    format!(
        "{contract}: {name}: {}",
        String::from_utf8_lossy(&key).escape_debug()
    )
}

/// The keys at which two storages differ.
fn drift(contract: &str, recorded: &Raw, now: &Raw) -> Vec<String> {
    let keys: BTreeSet<&String> = recorded.keys().chain(now.keys()).collect();
    let differs = |key: &&String| recorded.get(*key) != now.get(*key);
    let words = |key: &String| {
        let (before, after) = (recorded.get(key), now.get(key));
        let text = |value: Option<&cosmwasm_std::Binary>| {
            value.map_or("nothing".to_string(), |value| {
                String::from_utf8_lossy(value).into_owned()
            })
        };
        format!(
            "{} was {}, is {}",
            in_words(contract, key),
            text(before),
            text(after)
        )
    };
    keys.into_iter().filter(differs).map(words).collect()
}

#[test]
fn this_version_stores_and_answers_what_is_recorded_of_it() {
    let mut life = scene::lived();
    let moment = chain::moment(&life);
    let answers = questions::answers(&mut life);
    if std::env::var_os("BACKSTOP_RECORD_STORAGE").is_some() {
        write(THIS, "chain", &moment);
        write(THIS, "answers", &answers);
        for (name, raw) in &moment.storage {
            write(THIS, name, raw);
        }
    }
    let recorded = recorded(THIS);
    for (name, now) in &moment.storage {
        let drift = drift(name, &recorded.moment.storage[name], now);
        assert!(
            drift.is_empty(),
            "has a released version's storage changed?\n{}",
            drift.join("\n")
        );
    }
    assert_eq!(moment, recorded.moment);
    assert_eq!(answers, recorded.answers);
}

#[test]
fn every_name_under_which_a_contract_stores_is_in_what_is_recorded() {
    let recorded = recorded(THIS);
    for contract in SHIPPED {
        let keys = recorded.moment.storage[contract].keys();
        let stored: BTreeSet<String> = keys
            .map(|key| namespaces::of_key(&HexBinary::from_hex(key).unwrap()))
            .collect();
        let declared = namespaces::declared(contract);
        let missing: Vec<_> = declared.difference(&stored).collect();
        assert!(
            missing.is_empty(),
            "the scene leaves nothing of {contract} at {missing:?}"
        );
        let unknown: Vec<_> = stored.difference(&declared).collect();
        assert!(unknown.is_empty(), "{contract} declares no {unknown:?}");
    }
}

#[test]
fn names_are_found_in_sources_and_keys() {
    let source = r#"
        pub const A: Item<u8> = Item::new("a");
        pub const B: SnapshotMap<&Addr, u8> = SnapshotMap::new(
            keys::STAKES,
            "b__checkpoints",
            "b__changelog",
            Strategy::Selected,
        );
        let other = BTreeMap::new();
        #[cfg(test)]
        const C: Item<u8> = Item::new("c");"#;
    let keys = r#"pub const STAKES: &str = "stakes";"#;
    let found: BTreeSet<String> = namespaces::in_text(source, keys).into_iter().collect();
    let expected = ["a", "b__changelog", "b__checkpoints", "stakes"].map(str::to_string);
    assert_eq!(found, expected.into());
    assert_eq!(namespaces::of_key(b"config"), "config");
    assert_eq!(namespaces::of_key(b"\0\x06claims\0\0\0\0\0\0\0\x01"), "claims");
}

/// The recorded chain with today's code, its contracts stored as of `version`.
fn taken_over(recorded: &Recorded, version: &str) -> scene::Life {
    let mut moment = recorded.moment.clone();
    for contract in SHIPPED {
        let key = HexBinary::from(b"contract_info".as_slice()).to_hex();
        let value = moment.storage.get_mut(contract).unwrap().get_mut(&key).unwrap();
        let mut stored: ContractVersion = from_json(&*value).unwrap();
        stored.version = version.to_string();
        *value = to_json_vec(&stored).unwrap().into();
    }
    let mut life = chain::restored(&moment);
    chain::migrate(&mut life);
    life
}

/// A version's own name, and that of its first candidate.
fn and_candidate(version: &str) -> Vec<String> {
    let release = Version::parse(version).unwrap();
    if release.pre.is_empty() {
        return vec![version.to_string(), format!("{version}-rc.1")];
    }
    vec![version.to_string()]
}

#[test]
fn what_every_version_stored_answers_after_migration_as_it_did_before() {
    for (folder, recorded) in versions() {
        for version in and_candidate(&folder) {
            let mut life = taken_over(&recorded, &version);
            for (contract, answers) in &recorded.answers {
                for (question, before) in answers {
                    let now = questions::answer(&mut life, contract, question);
                    let difference = questions::difference(before, &now);
                    assert_eq!(difference, None, "{contract} of {version} to {question}");
                }
            }
        }
    }
}

#[test]
fn a_life_that_every_version_stored_goes_on_after_migration() {
    for (folder, recorded) in versions() {
        for version in and_candidate(&folder) {
            goes_on::goes_on(&mut taken_over(&recorded, &version));
        }
    }
}

#[test]
fn storage_of_a_later_version_is_refused_and_stays_as_it_is() {
    let mut recorded = recorded(THIS);
    let key = HexBinary::from(b"contract_info".as_slice()).to_hex();
    for contract in SHIPPED {
        let raw = recorded.moment.storage.get_mut(contract).unwrap();
        let later = ContractVersion {
            contract: format!("crates.io:{contract}"),
            version: "99.0.0-rc.1".to_string(),
        };
        raw.insert(key.clone(), to_json_vec(&later).unwrap().into());
    }
    let mut life = chain::restored(&recorded.moment);
    for contract in SHIPPED {
        let refused = chain::migrate_one(&mut life, contract).unwrap_err();
        assert!(format!("{refused:#}").contains("cannot migrate"), "{refused:#}");
    }
    assert_eq!(chain::moment(&life).storage, recorded.moment.storage);
}

#[test]
fn versions_are_taken_in_their_order_and_candidates_before_their_release() {
    let order = [
        "0.1.0",
        "0.2.0-rc.2",
        "0.2.0-rc.10",
        "0.2.0",
        "0.10.0-rc.1",
        "0.10.0",
    ];
    let shuffled = [3, 0, 5, 2, 4, 1].map(|i| order[i].to_string());
    assert_eq!(in_order(shuffled), order);
    let recorded: Vec<String> = versions().into_iter().map(|(version, _)| version).collect();
    let this = Version::parse(THIS).unwrap();
    assert!(
        recorded
            .iter()
            .all(|version| Version::parse(version).unwrap() <= this)
    );
    assert!(recorded.iter().any(|version| version == THIS));
}

#[test]
fn a_drift_names_the_key_by_its_namespace() {
    let raw = |value: &str| -> Raw {
        let key = HexBinary::from(b"\0\x06claims\0\x01".as_slice()).to_hex();
        BTreeMap::from([(key, value.as_bytes().into())])
    };
    assert_eq!(drift("vault", &raw("1"), &raw("1")), Vec::<String>::new());
    let found = drift("vault", &raw("1"), &raw("2"));
    assert!(
        found[0].starts_with("vault: claims: ") && found[0].ends_with("was 1, is 2"),
        "{found:?}"
    );
    assert_eq!(drift("vault", &raw("1"), &Raw::new()).len(), 1);
}
