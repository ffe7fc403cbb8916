//! `backstop deploy` refuses bad input before it asks any chain.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use backstop_cli::args::Args;
use backstop_cli::{command, exit::Exit};
use clap::Parser;

const LOCAL: &str = include_str!("../../backstop-deploy/chains/local.toml");
const FILES: [&str; 6] = [
    "backstop_vault",
    "oracle_breaker",
    "reward_distributor",
    "sample_perps",
    "risk_timelock",
    "mocks/backstop_mock_pyth",
];

/// A folder with a chain's file and contracts that are none.
fn folder(chain: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mocks")).unwrap();
    for file in FILES {
        fs::write(folder.path().join(file).with_extension("wasm"), file).unwrap();
    }
    fs::write(folder.path().join("chain.toml"), chain).unwrap();
    folder
}

fn refused(folder: &Path, more: &[&str]) -> (Exit, String) {
    let (chain, wasm) = (folder.join("chain.toml"), folder.display().to_string());
    let chain = chain.display().to_string();
    let args = ["backstop", "deploy", &chain, "--wasm", &wasm]
        .into_iter()
        .chain(more.iter().copied());
    let error = command::run(Args::parse_from(args).command, &mut vec![]).unwrap_err();
    (error.exit(), error.to_string())
}

#[test]
fn a_misspelt_field_is_refused_with_file_and_path() {
    let folder = folder(&LOCAL.replacen("notice =", "notise =", 1));
    let (exit, said) = refused(folder.path(), &[]);
    assert_eq!(exit, Exit::BadInput);
    assert!(said.contains("chain.toml: vault.notise"), "{said}");
}

#[test]
fn a_contract_that_is_not_built_is_refused_with_what_builds_it() {
    for file in ["sample_perps.wasm", "mocks/backstop_mock_pyth.wasm"] {
        let folder = folder(LOCAL);
        fs::remove_file(folder.path().join(file)).unwrap();
        let (exit, said) = refused(folder.path(), &[]);
        assert_eq!(exit, Exit::BadInput);
        assert!(
            said.contains(file) && said.contains("scripts/build-wasm"),
            "{said}"
        );
    }
}

#[test]
fn a_key_that_others_can_read_is_refused_and_not_told() {
    let folder = folder(LOCAL);
    let key = folder.path().join("key");
    fs::write(&key, "secretword").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let key = key.display().to_string();
    for mode in [&[][..], &["--dry-run"]] {
        let (exit, said) = refused(folder.path(), &[&["--key-file", &key], mode].concat());
        assert_eq!(exit, Exit::BadInput);
        assert!(
            said.contains("chmod 600") && !said.contains("secretword"),
            "{said}"
        );
    }
}

#[test]
fn a_chain_that_cannot_be_reached_is_no_bad_input() {
    let folder = folder(&LOCAL.replacen("127.0.0.1:26657", "127.0.0.1:1", 1));
    let key = folder.path().join("key");
    let words = ["abandon"; 11].join(" ") + " about";
    fs::write(&key, words).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let (exit, said) = refused(folder.path(), &["--key-file", &key.display().to_string()]);
    assert_eq!(exit, Exit::Failed, "{said}");
    assert!(said.contains("no node answers: http://127.0.0.1:1"), "{said}");
    assert!(!folder.path().join("chain.state.json").exists());
}
