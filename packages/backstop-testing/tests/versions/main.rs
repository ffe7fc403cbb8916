//! Contracts of different versions read each other. What every released version
//! answered is recorded byte for byte and kept; what a later one may answer is
//! the same with additions. Today's reading side reads both, and today's messages
//! are those that every recorded version takes.
//!
//! `BACKSTOP_RECORD_ANSWERS=1` writes this version's file. Do so when an answer
//! has gained something, before its first release and never after it.

mod additions;
mod pairs;
mod player;
mod reading;
mod scene;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use backstop_types::{breaker, distributor, vault};
use cosmwasm_std::from_json;

/// What one version said, by name: JSON as it was sent or stored.
pub type Recorded = BTreeMap<String, String>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/versions/recorded")
}

/// Every recorded version, with this one.
pub fn versions() -> Vec<(String, Recorded)> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let read = |path: PathBuf| {
        let version = path.file_stem().unwrap().to_string_lossy().into_owned();
        (version, serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    };
    let versions: Vec<_> = files.map(read).collect();
    assert!(
        versions
            .iter()
            .any(|(version, _)| version == env!("CARGO_PKG_VERSION"))
    );
    versions
}

#[test]
fn this_version_answers_what_is_recorded_of_it() {
    let now = scene::answers();
    let file = folder().join(concat!(env!("CARGO_PKG_VERSION"), ".json"));
    if std::env::var_os("BACKSTOP_RECORD_ANSWERS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(&file, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
    }
    let recorded: Recorded = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    for (name, answer) in &recorded {
        assert_eq!(
            now.get(name),
            Some(answer),
            "{name}: has the answer of a released version changed?"
        );
    }
    assert_eq!(now.len(), recorded.len(), "an answer is not recorded");
}

#[test]
fn the_answers_of_every_version_are_read() {
    for (version, recorded) in versions() {
        for (name, answer) in &recorded {
            reading::read(name, answer, &version);
        }
    }
}

#[test]
fn the_answers_of_a_later_version_are_read_the_same() {
    for (version, recorded) in versions() {
        for (name, answer) in &recorded {
            let later = additions::later(answer);
            assert_ne!(*answer, later, "{name} of {version} has no room for additions");
            reading::read(name, &later, &format!("{version} with additions"));
        }
    }
}

#[test]
fn the_names_of_a_later_version_are_kept_and_stop_nobody() {
    for (version, recorded) in versions() {
        let renamed = |name: &str| additions::renamed(&recorded[name]);
        let poke: breaker::PokeFacts = from_json(renamed("poke_tripped")).unwrap();
        let verdict = &poke.verdicts[0];
        assert_eq!(
            (verdict.state.name(), verdict.trip),
            ("added_later", Some(1)),
            "{version}"
        );
        assert_eq!(
            verdict.trip_cause.as_ref().map(|cause| cause.name()),
            Some("added_later")
        );
        let market: breaker::MarketFacts = from_json(renamed("market_tripped")).unwrap();
        assert_eq!(market.trip(), Some(1), "the trip is seen, whoever began it");
        let cover: vault::CoverResponse = from_json(renamed("cover")).unwrap();
        assert_eq!(
            cover.reason.map(|reason| reason.name().to_string()),
            Some("added_later".to_string())
        );
        let claim: vault::ClaimFacts = from_json(renamed("claim_held")).unwrap();
        assert!(claim.is_pending() && claim.status.name() == "added_later");
    }
}

/// Today's contracts send what every recorded version takes, and take what it
/// sent.
#[test]
fn the_messages_between_contracts_are_those_of_every_version() {
    let now = scene::messages();
    for (version, recorded) in versions() {
        for (name, message) in &now {
            assert_eq!(recorded.get(name), Some(message), "{name} of {version}");
        }
        let message = |name: &str| recorded[name].as_bytes();
        assert!(from_json::<breaker::ExecuteMsg>(message("say_poke")).is_ok());
        assert!(from_json::<distributor::ExecuteMsg>(message("say_stake_changed")).is_ok());
        for name in ["say_cover", "say_deposit"] {
            assert!(from_json::<vault::ExecuteMsg>(message(name)).is_ok(), "{name}");
        }
    }
}
