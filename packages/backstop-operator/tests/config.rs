//! What is refused in the keeper's settings.

use std::path::PathBuf;

use backstop_operator::Error;
use backstop_operator::config::Config;

const LEAST: &str = "gas_price = \"0.025ustake\"\njournal = \"journal.jsonl\"\n";

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keeper.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn refusal(more: &str) -> String {
    let (_folder, path) = written(&format!("{LEAST}{more}"));
    let error = Config::read(&path).unwrap_err();
    assert!(error.is_input());
    error.to_string()
}

#[test]
fn a_setting_out_of_its_bounds_is_refused_by_name_value_and_bound() {
    for (more, parts) in [
        ("interval = 0", ["interval", "0", "from 1 to 3600"]),
        (
            "gas_adjustment = \"0.9\"",
            ["gas_adjustment", "0.9", "from 1 to 10"],
        ),
        ("pages = 101", ["pages", "101", "from 1 to 100"]),
        (
            "[tasks.poke]\nevery = 9",
            ["tasks.poke.every", "9", "from 10 to 86400"],
        ),
        (
            "interval = 200\n[tasks.settle]\nallowed = 300",
            ["tasks.poke.allowed", "300", "from 400"],
        ),
        (
            "[tasks.premium]\nminimum = \"0\"",
            ["tasks.premium.minimum", "0", "at least 1"],
        ),
        (
            "[metrics]\nlisten = \"0.0.0.0:9464\"",
            ["metrics.listen", "0.0.0.0:9464", "allow_public"],
        ),
        (
            "[metrics]\nlisten = \"[::]:9464\"",
            ["metrics.listen", "[::]:9464", "allow_public"],
        ),
    ] {
        let refused = refusal(more);
        assert!(
            parts.iter().all(|part| refused.contains(part)),
            "{more}: {refused}"
        );
    }
}

#[test]
fn a_misspelt_setting_is_refused_wherever_it_stands() {
    for more in [
        "intervall = 5",
        "[tasks.poke]\nevry = 60",
        "[tasks.pokes]\non = true",
        "[metrics]\nport = 1",
        "[log]\nformat = \"json\"",
        "[contracts]\nvalt = \"x\"",
    ] {
        assert!(refusal(more).contains("unknown field"), "{more}");
    }
}

#[test]
fn every_address_of_the_machine_takes_an_explicit_word_and_one_address_does_not() {
    for more in [
        "[metrics]\nlisten = \"0.0.0.0:9464\"\nallow_public = true",
        "[metrics]\nlisten = \"10.0.0.7:9464\"",
        "[metrics]\nlisten = \"0.0.0.0:9464\"\non = false",
    ] {
        let (_folder, path) = written(&format!("{LEAST}{more}"));
        assert!(Config::read(&path).is_ok(), "{more}");
    }
}

#[test]
fn contracts_come_from_the_file_and_what_the_settings_name_goes_before_it() {
    let (folder, path) = written(&format!(
        "{LEAST}addresses = \"a.json\"\n[contracts]\nexchange = \"wasm1e\"\n"
    ));
    let file = r#"{"chain_id":"c","rpc":["http://127.0.0.1:1"],"vault":"wasm1v","exchange":"wasm1old","later":{"x":1}}"#;
    std::fs::write(folder.path().join("a.json"), file).unwrap();
    let config = Config::read(&path).unwrap();
    assert_eq!(config.journal, folder.path().join("journal.jsonl"));
    let addresses = config.addresses().unwrap();
    assert_eq!(
        (addresses.vault.as_str(), addresses.exchange.as_deref()),
        ("wasm1v", Some("wasm1e"))
    );
    assert_eq!(addresses.prefix(), "wasm");
}

#[test]
fn what_is_missing_is_named() {
    for (more, missing) in [
        ("", "contracts.vault"),
        ("[contracts]\nvault = \"wasm1v\"", "rpc"),
        (
            "rpc = [\"http://127.0.0.1:1\"]\n[contracts]\nvault = \"wasm1v\"",
            "contracts.chain_id",
        ),
        (
            "rpc = [\"http://127.0.0.1:1\"]\n[contracts]\nvault = \"wasm1v\"\nchain_id = \"c\"\n[tasks.perps]\non = true",
            "contracts.exchange",
        ),
    ] {
        let (_folder, path) = written(&format!("{LEAST}{more}"));
        let error = Config::read(&path).unwrap().addresses().unwrap_err();
        assert!(
            matches!(&error, Error::Setting { field, .. } if field == missing),
            "{error}"
        );
    }
}
