//! Networks of a real wasmd. `BACKSTOP_WASMD` names the program, as
//! `scripts/wasmd/build` prints it; without it the tests say that they are left
//! out. Every test has ports and a folder of its own, and leaves neither.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use backstop_localnet::{Coin, Error, Funded, Network, Owned, Settings, free_base_port};
use serde_json::Value;
use tempfile::TempDir;

/// Any account of the chain's prefix that no test account has.
const SOMEBODY: &str = "wasm1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc547at0h";

#[test]
fn accounts_of_the_settings_have_their_coins() {
    let Some((_folder, mut settings)) = world(1) else {
        return;
    };
    settings.accounts.push(Funded {
        name: "somebody".to_string(),
        address: SOMEBODY.to_string(),
        coins: vec![Coin::new(5, "uusd"), Coin::new(7, "atoken")],
    });
    let network = Owned::create(&settings).unwrap();
    network.start_all().unwrap();
    network.wait_for_height(2).unwrap();
    let balances = balances(&network, SOMEBODY);
    assert_eq!(
        balances,
        [
            ("atoken".to_string(), "7".to_string()),
            ("uusd".to_string(), "5".to_string())
        ]
    );
}

#[test]
fn a_network_is_made_once_and_opened_running_or_not() {
    let Some((_folder, settings)) = world(1) else {
        return;
    };
    let network = Owned::create(&settings).unwrap();
    assert!(!network.is_running(0));
    assert!(matches!(Network::create(&settings), Err(Error::Exists { .. })));
    network.start_all().unwrap();
    network.wait_for_height(2).unwrap();
    let other = Network::open(&settings.home).unwrap();
    assert!(other.is_running(0) && other.height(0).unwrap() >= 2);
    assert_eq!(other.rpcs(), network.rpcs());
    assert!(matches!(
        other.height(1),
        Err(Error::NoNode {
            node: 1,
            validators: 1
        })
    ));
    other.stop(0).unwrap();
    assert!(!network.is_running(0));
}

#[test]
fn the_clock_moves_ahead_and_stays_there() {
    let Some((_folder, settings)) = world(1) else {
        return;
    };
    let network = Owned::create(&settings).unwrap();
    network.start_all().unwrap();
    network.wait_for_height(2).unwrap();
    let before = network.block_time(0).unwrap();
    let begun = Instant::now();
    network.advance(100_000).unwrap();
    let after = network.block_time(0).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(
        (before + 100_000..before + 100_100).contains(&after),
        "{before} {after}"
    );
    network.kill(0).unwrap();
    network.move_clock(50).unwrap();
    network.start(0).unwrap();
    network.wait_for_height(network.height(0).unwrap() + 2).unwrap();
    assert!(network.block_time(0).unwrap() >= before + 100_050);
    assert_eq!(network.ahead().unwrap(), 100_050);
}

#[test]
fn a_clock_that_is_the_machine_s_is_not_moved() {
    let Some((_folder, mut settings)) = world(1) else {
        return;
    };
    settings.own_clock = false;
    let network = Owned::create(&settings).unwrap();
    assert!(matches!(network.advance(1), Err(Error::NoClock { .. })));
}

#[test]
fn four_validators_halt_without_two_of_them_and_go_on_with_one_state() {
    let Some((_folder, settings)) = world(4) else {
        return;
    };
    let network = Owned::create(&settings).unwrap();
    network.start_all().unwrap();
    network.wait_until_all_at(3).unwrap();
    // Without one of four it goes on.
    network.kill(3).unwrap();
    let height = network.highest().unwrap();
    network.wait_for_height(height + 3).unwrap();
    assert!(matches!(
        network.wait_until_all_at(1),
        Err(Error::NotRunning { node: 3 })
    ));
    // Without two it halts, after the block that was under way.
    network.kill(2).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let halted = network.highest().unwrap();
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(network.highest().unwrap(), halted);
    assert!(network.is_running(0) && network.is_running(1) && !network.is_running(2));
    network.start_all().unwrap();
    network.wait_until_all_at(halted + 3).unwrap();
    let hashes: Vec<String> = (0..4)
        .map(|node| network.app_hash(node, halted + 3).unwrap())
        .collect();
    assert!(
        hashes[0].len() == 64 && hashes.iter().all(|hash| *hash == hashes[0]),
        "{hashes:?}"
    );
    assert_ne!(
        network.app_hash(0, halted + 3).unwrap(),
        network.app_hash(0, halted).unwrap()
    );
    // Nobody is out for having been down.
    network.advance(3_600).unwrap();
    let all: Vec<u64> = (0..4).map(|node| network.block_time(node).unwrap()).collect();
    assert!(all.iter().all(|time| time.abs_diff(all[0]) < 60), "{all:?}");
}

#[test]
fn nothing_is_listened_on_but_loopback() {
    let Some((_folder, settings)) = world(2) else {
        return;
    };
    let network = Owned::create(&settings).unwrap();
    network.start_all().unwrap();
    network.wait_until_all_at(2).unwrap();
    let mut seen = 0;
    for node in 0..2 {
        for address in listeners(network.pid(node).unwrap()) {
            assert!(address.starts_with("0100007F:"), "{address}");
            seen += 1;
        }
    }
    // RPC, p2p and gRPC of both, REST of the first.
    assert_eq!(seen, 7);
}

#[test]
fn nodes_of_a_program_that_is_killed_end_with_it() {
    let Some((_folder, settings)) = world(1) else {
        return;
    };
    // This very test program, told to run the one test that waits to be killed.
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "waits_to_be_killed", "--nocapture"])
        .env("BACKSTOP_LOCALNET_CHILD", &settings.home)
        .env("BACKSTOP_LOCALNET_PORT", settings.base_port.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the child's node runs", || {
        Network::open(&settings.home).is_ok_and(|network| network.height(0).is_ok_and(|height| height > 1))
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let network = Network::open(&settings.home).unwrap();
    eventually("the node has ended", || !network.is_running(0));
}

/// Part of the test above.
#[test]
fn waits_to_be_killed() {
    let Some(home) = std::env::var_os("BACKSTOP_LOCALNET_CHILD") else {
        return;
    };
    let Some(wasmd) = wasmd() else { return };
    let mut settings = Settings::new(wasmd, home);
    settings.base_port = std::env::var("BACKSTOP_LOCALNET_PORT").unwrap().parse().unwrap();
    let network = Owned::create(&settings).unwrap();
    network.start_all().unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

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
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
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
    assert_eq!(accounts.len(), 11);
    // The address that every Cosmos tool derives from these words first.
    assert_eq!(accounts[0].name, "owner");
    assert_eq!(accounts[0].address, "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7");
    let coins = balances(&network, &accounts[10].address);
    let each = |denom: &str| (denom.to_string(), "1000000000000".to_string());
    assert_eq!(coins, [each("urew"), each("ustake"), each("uusd")]);
    use std::os::unix::fs::PermissionsExt;
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

/// The program on a folder and ports of its own; stopped at the end.
struct Program {
    folder: TempDir,
    port: u16,
    wasmd: PathBuf,
}

impl Program {
    fn new() -> Option<Self> {
        let wasmd = wasmd()?;
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            port: free_base_port(2).unwrap(),
            wasmd,
        })
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("net")
    }

    fn network(&self) -> Network {
        Network::open(self.home()).unwrap()
    }

    /// What it printed, both ways, once it ended with `code`.
    fn run(&self, arguments: &[&str], code: i32) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop-localnet"));
        command.args(arguments).arg("--home").arg(self.home());
        if matches!(arguments[0], "up" | "reset") {
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
    fn processes(&self) -> usize {
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
    }
}

/// Settings of a small fast network in a folder of its own.
fn world(validators: u8) -> Option<(TempDir, Settings)> {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(wasmd()?, folder.path().join("net"));
    settings.validators = validators;
    settings.base_port = free_base_port(validators).unwrap();
    settings.block_time = Duration::from_millis(200);
    Some((folder, settings))
}

fn wasmd() -> Option<PathBuf> {
    let named = std::env::var_os("BACKSTOP_WASMD").map(PathBuf::from);
    if named.is_none() {
        eprintln!("left out: BACKSTOP_WASMD does not name a wasmd; `scripts/wasmd/build` prints one");
    }
    named
}

/// Denoms and amounts, by the REST API.
fn balances(network: &Network, address: &str) -> Vec<(String, String)> {
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
fn listeners(pid: u32) -> Vec<String> {
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

fn eventually(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{what}: not within 60 s"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
