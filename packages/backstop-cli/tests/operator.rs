//! `backstop status` and `backstop keeper` as a shell sees them, without a chain.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Nothing listens there.
const NOBODY: &str = "http://127.0.0.1:1";
const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// The exit code, and what was said on standard error.
fn backstop(args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    let output = command
        .args(args)
        .env_remove("BACKSTOP_MNEMONIC")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said)
}

fn settings(folder: &Path, more: &str) -> String {
    let path = folder.join("keeper.toml");
    let text = format!(
        "gas_price = \"0.025ustake\"\njournal = \"journal.jsonl\"\nrpc = [\"{NOBODY}\"]\n{more}\n\
         [contracts]\nchain_id = \"backstop-test-1\"\nvault = \"wasm1vault\"\n"
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

#[test]
fn a_status_without_a_backstop_is_bad_input_and_one_without_a_node_is_a_failure() {
    assert_eq!(backstop(&["status"]).0, 2);
    let (code, said) = backstop(&["status", "no-such-file.json"]);
    assert!(
        code == 2 && said.contains("no-such-file.json") && said.contains("next:"),
        "{said}"
    );
    let (code, said) = backstop(&["status", "--vault", "wasm1vault"]);
    assert!(code == 2 && said.contains("rpc"), "{said}");
    let (code, said) = backstop(&["status", "--vault", "wasm1vault", "--rpc", NOBODY]);
    assert!(code == 1 && said.contains("no node answers"), "{said}");
}

#[test]
fn a_keeper_refuses_bad_settings_an_open_key_and_none_before_it_asks_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let path = settings(folder.path(), "intervall = 1");
    let (code, said) = backstop(&["keeper", "--config", &path]);
    assert!(code == 2 && said.contains("intervall"), "{said}");

    let path = settings(folder.path(), "");
    let (code, said) = backstop(&["keeper", "--config", &path, "--once"]);
    assert!(code == 2 && said.contains("BACKSTOP_MNEMONIC"), "{said}");

    let key = folder.path().join("key");
    fs::write(&key, WORDS).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let args = [
        "keeper",
        "--config",
        &path,
        "--once",
        "--key-file",
        key.to_str().unwrap(),
    ];
    let (code, said) = backstop(&args);
    assert!(code == 2 && said.contains("chmod 600"), "{said}");

    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let (code, said) = backstop(&args);
    assert!(code == 1 && said.contains("no node answers"), "{said}");
    assert!(!said.contains("abandon"), "{said}");
}

#[test]
fn a_keeper_without_a_node_waits_answers_503_and_ends_by_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let path = settings(folder.path(), "");
    let text = fs::read_to_string(&path).unwrap() + &format!("[metrics]\nlisten = \"{free}\"\n");
    fs::write(&path, text).unwrap();
    let mut keeper = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["keeper", "--config", &path])
        .env("BACKSTOP_MNEMONIC", WORDS)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let answer = healthz(free);
    let told = Command::new("kill")
        .args(["-TERM", &keeper.id().to_string()])
        .status()
        .unwrap();
    let ended = keeper.wait().unwrap();
    assert!(told.success() && ended.success(), "{ended}");
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains("\"what\":\"node\""),
        "{answer}"
    );
}

/// What it answers once it listens.
fn healthz(address: std::net::SocketAddr) -> String {
    use std::io::{Read, Write};
    for _ in 0..200 {
        if let Ok(mut stream) = std::net::TcpStream::connect(address) {
            stream
                .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    String::new()
}
