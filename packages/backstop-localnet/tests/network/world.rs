//! Where a test's network is, and how it is asked.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use backstop_localnet::{Network, Settings, free_base_port};
use serde_json::Value;
use tempfile::TempDir;

/// Settings of a small fast network in a folder of its own.
pub fn world(validators: u8) -> Option<(TempDir, Settings)> {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(wasmd()?, folder.path().join("net"));
    settings.validators = validators;
    settings.base_port = free_base_port(validators).unwrap();
    settings.block_time = Duration::from_millis(200);
    Some((folder, settings))
}

/// The chain's program, if it is named.
pub fn wasmd() -> Option<PathBuf> {
    let named = std::env::var_os("BACKSTOP_WASMD").map(PathBuf::from);
    if named.is_none() {
        eprintln!("left out: BACKSTOP_WASMD does not name a wasmd; `scripts/wasmd/build` prints one");
    }
    named
}

/// Denoms and amounts, by the REST API.
pub fn balances(network: &Network, address: &str) -> Vec<(String, String)> {
    let url = format!("{}/cosmos/bank/v1beta1/balances/{address}", network.rest());
    let text = ureq::get(&url)
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let coins = answer["balances"].as_array().unwrap();
    let word = |coin: &Value, key: &str| coin[key].as_str().unwrap().to_string();
    coins
        .iter()
        .map(|coin| (word(coin, "denom"), word(coin, "amount")))
        .collect()
}

/// The addresses that a process listens on, as the system writes them.
pub fn listeners(pid: u32) -> Vec<String> {
    let descriptors = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let sockets: Vec<String> = descriptors
        .flatten()
        .filter_map(|entry| Some(std::fs::read_link(entry.path()).ok()?.display().to_string()))
        .filter_map(|to| Some(to.strip_prefix("socket:[")?.strip_suffix(']')?.to_string()))
        .collect();
    let mut found = vec![];
    for table in ["tcp", "tcp6"] {
        let text = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap();
        for line in text.lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            // 0A is the state of listening; the tenth word is the socket.
            if words[3] == "0A" && sockets.iter().any(|socket| socket == words[9]) {
                found.push(words[1].to_string());
            }
        }
    }
    found
}

/// Whether a process is gone, or waits for nothing but its parent's notice.
pub fn has_ended(pid: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return true;
    };
    stat.contains(") Z ")
}

/// Waits for at most a minute.
pub fn eventually(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{what}: not within 60 s"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
