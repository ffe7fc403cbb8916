//! What the library promises.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use backstop_localnet::{Coin, Error, Funded, Network, Owned, Settings};

use crate::world::{balances, eventually, listeners, wasmd, world};

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
fn a_chain_begins_at_another_time_and_goes_on_from_there() {
    let Some((_folder, mut settings)) = world(1) else {
        return;
    };
    let begins = 1_771_632_335;
    settings.begins = Some(begins);
    let network = Owned::create(&settings).unwrap();
    network.start_all().unwrap();
    network.wait_for_height(5).unwrap();
    let before = network.block_time(0).unwrap();
    assert!((begins..begins + 60).contains(&before), "{before}");
    network.advance(1_000).unwrap();
    assert!(network.block_time(0).unwrap() >= before + 1_000);
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
        .args(["--exact", "library::waits_to_be_killed", "--nocapture"])
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
