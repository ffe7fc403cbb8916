//! What the program promises.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use backstop_localnet::{Network, free_base_port};
use serde_json::Value;
use tempfile::TempDir;

use crate::world::{balances, has_ended, wasmd};

#[test]
fn up_again_says_where_it_runs_and_down_leaves_no_process() {
    let Some(program) = Program::new() else { return };
    let first = program.run(&["up"], 0);
    assert!(first.contains("A new network is running"), "{first}");
    for name in ["owner", "feed3"] {
        assert!(first.contains(name), "{first}");
    }
    let pid = program.network().pid(0).unwrap();
    let again = program.run(&["up"], 0);
    assert!(
        again.contains("running already") && again.contains(&program.network().rpc(0)),
        "{again}"
    );
    assert_eq!(program.network().pid(0), Some(pid));
    assert!(program.run(&["status"], 0).contains("up"));
    let status: Value = serde_json::from_str(&program.run(&["status", "--json"], 0)).unwrap();
    assert_eq!(status["nodes"][0]["pid"], Value::from(pid));
    program.run(&["down"], 0);
    assert!(has_ended(pid));
    assert_eq!(program.processes(), 0);
    assert!(program.run(&["status"], 3).contains("down"));
    program.run(&["down"], 0);
}

#[test]
fn up_after_a_kill_goes_on_with_the_chain() {
    let Some(program) = Program::new() else { return };
    program.run(&["up", "--validators", "2"], 0);
    let network = program.network();
    let (height, hash) = (network.highest().unwrap(), network.app_hash(0, 2).unwrap());
    network.kill(0).unwrap();
    network.kill(1).unwrap();
    let again = program.run(&["up"], 0);
    assert!(again.contains("2 nodes were down and run again"), "{again}");
    assert!(network.highest().unwrap() > height);
    assert_eq!(network.app_hash(1, 2).unwrap(), hash);
    network.kill(1).unwrap();
    assert!(
        program
            .run(&["up", "--validators", "2"], 0)
            .contains("One node was down")
    );
}

#[test]
fn another_number_of_validators_needs_a_reset() {
    let Some(program) = Program::new() else { return };
    program.run(&["up"], 0);
    let refused = program.run(&["up", "--validators", "2"], 1);
    assert!(refused.contains("reset --validators 2"), "{refused}");
    let hash = program.network().app_hash(0, 2).unwrap();
    program.run(&["reset", "--validators", "2"], 0);
    let network = program.network();
    assert_eq!(network.validators(), 2);
    assert!(network.is_running(1));
    assert_ne!(network.app_hash(0, 2).unwrap(), hash);
}

#[test]
fn a_taken_port_is_named_with_the_way_out_and_nothing_is_made() {
    let Some(program) = Program::new() else { return };
    let port = program.port + 7;
    let other = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let refused = program.run(&["up"], 1);
    assert!(
        refused.contains(&format!(
            "port {port} on 127.0.0.1, for the RPC of node 0, is taken"
        )),
        "{refused}"
    );
    assert!(refused.contains("--port"), "{refused}");
    assert!(!program.home().exists());
    assert!(program.run(&["status"], 4).contains("no network"));
    drop(other);
    program.run(&["up"], 0);
    // Of a network that is there, only a new one has other ports.
    program.run(&["down"], 0);
    let _other = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let refused = program.run(&["up"], 1);
    assert!(
        refused.contains(&port.to_string()) && refused.contains("reset --port"),
        "{refused}"
    );
}

#[test]
fn test_accounts_are_the_public_words_and_have_coins() {
    let Some(program) = Program::new() else { return };
    program.run(&["up"], 0);
    let network = program.network();
    let accounts = network.test_accounts().unwrap();
    assert_eq!(accounts.len(), 12);
    // The address that every Cosmos tool derives from these words first.
    assert_eq!(accounts[0].name, "owner");
    assert_eq!(accounts[0].address, "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7");
    let coins = balances(&network, &accounts[10].address);
    let each = |denom: &str| (denom.to_string(), "1000000000000".to_string());
    assert_eq!(coins, [each("urew"), each("ustake"), each("uusd")]);
    let words = program.home().join("mnemonic").metadata().unwrap();
    assert_eq!(words.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let Some(program) = Program::new() else { return };
    std::fs::create_dir(program.home()).unwrap();
    std::fs::write(program.home().join("thesis.txt"), "years").unwrap();
    for command in ["up", "reset"] {
        assert!(program.run(&[command], 1).contains("holds no network"));
    }
    assert!(program.home().join("thesis.txt").exists());
}

/// Ends the network once the input ends, as it does when this test is killed.
const GUARD: &str = r#"cat >/dev/null; "$PROGRAM" down --home "$FOLDER""#;

/// The program on a folder and ports of its own; stopped at the end.
pub struct Program {
    folder: TempDir,
    guard: Child,
    pub port: u16,
    wasmd: PathBuf,
}

impl Program {
    pub fn new() -> Option<Self> {
        let wasmd = wasmd()?;
        let folder = tempfile::tempdir().unwrap();
        let guard = Command::new("sh")
            .args(["-c", GUARD])
            .env("PROGRAM", env!("CARGO_BIN_EXE_backstop-localnet"))
            .env("FOLDER", folder.path().join("net"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        Some(Self {
            folder,
            guard,
            port: free_base_port(2).unwrap(),
            wasmd,
        })
    }

    pub fn home(&self) -> PathBuf {
        self.folder.path().join("net")
    }

    pub fn network(&self) -> Network {
        Network::open(self.home()).unwrap()
    }

    /// What it printed, both ways, once it ended with `code`.
    pub fn run(&self, arguments: &[&str], code: i32) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop-localnet"));
        command.args(arguments).arg("--home").arg(self.home());
        if matches!(arguments[0], "up" | "reset") {
            if !arguments.contains(&"--web") {
                command.arg("--bare");
            }
            command.arg("--wasmd").arg(&self.wasmd);
            command.args(["--port", &self.port.to_string()]);
        }
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        let words = String::from_utf8([stdout, stderr].concat()).unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}: {words}");
        words
    }

    /// How many processes name its folder.
    pub fn processes(&self) -> usize {
        let home = self.home().display().to_string();
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = entries.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
        lines
            .filter(|line| String::from_utf8_lossy(line).contains(&home))
            .count()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(network) = Network::open(self.home()) {
            network.remove().unwrap();
        }
        drop(self.guard.stdin.take());
        self.guard.wait().unwrap();
    }
}
