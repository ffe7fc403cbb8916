//! A new chain: a folder a node, one genesis for all, validators of equal power.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::accounts;
use crate::config::{self, Node};
use crate::error::{Error, Result};
use crate::ports::Ports;
use crate::settings::{Coin, Funded, STAKE, Settings};
use crate::wasmd;

/// What a validator has, and what it stakes of that, in [`STAKE`].
const VALIDATOR: u128 = 2_000_000_000;
const STAKED: u128 = 1_000_000_000;
/// The name of each validator's key in its own keyring.
const KEY: &str = "validator";
/// So many blocks that no validator is jailed for having been down in a test.
const SIGNED_BLOCKS_WINDOW: &str = "1000000";

/// The folder of node `node` in the network's folder.
pub fn node_folder(home: &Path, node: u8) -> PathBuf {
    home.join(format!("node{node}"))
}

/// Makes the chain of these settings in `home`, an empty folder.
pub fn make(settings: &Settings, home: &Path) -> Result<()> {
    let nodes: Vec<u8> = (0..settings.validators).collect();
    let found = wasmd::each(&nodes, |node| init(settings, home, *node))?;
    let mut funded: Vec<Funded> = found.iter().map(|one| one.account.clone()).collect();
    funded.extend(settings.accounts.iter().cloned());
    if settings.test_accounts {
        let made = accounts::make(&settings.wasmd, home)?;
        funded.extend(made.iter().map(accounts::TestAccount::funded));
    }
    fill(settings, home, &funded)?;
    sign(settings, home, &nodes)?;
    let peers: Vec<&str> = found.iter().map(|one| one.peer.as_str()).collect();
    for node in nodes {
        let others = (0..).zip(&peers).filter(|(at, _)| *at != node);
        let others: Vec<String> = others.map(|(_, peer)| (*peer).to_string()).collect();
        let folder = node_folder(home, node);
        let node = Node {
            number: node,
            ports: Ports::of(settings.base_port, node),
            peers: &others,
            block_time: settings.block_time,
        };
        config::write(&folder, &node)?;
    }
    Ok(())
}

/// A node that was set up.
struct Found {
    account: Funded,
    peer: String,
}

fn init(settings: &Settings, home: &Path, node: u8) -> Result<Found> {
    let folder = node_folder(home, node);
    let name = format!("node{node}");
    let chain = ["--chain-id", &settings.chain_id, "--default-denom", STAKE];
    let arguments = [["init", &name].as_slice(), &chain].concat();
    wasmd::run(&settings.wasmd, &folder, &arguments)?;
    let id = wasmd::run(&settings.wasmd, &folder, &["comet", "show-node-id"])?;
    let port = Ports::of(settings.base_port, node).p2p;
    Ok(Found {
        peer: format!("{}@127.0.0.1:{port}", id.trim()),
        account: Funded {
            address: wasmd::key(&settings.wasmd, &folder, KEY, &[])?,
            coins: vec![Coin::new(VALIDATOR, STAKE)],
            name,
        },
    })
}

/// Gives the accounts their coins in node 0's genesis.
fn fill(settings: &Settings, home: &Path, funded: &[Funded]) -> Result<()> {
    let list: Vec<Value> = funded.iter().map(balance).collect();
    let path = home.join("genesis-accounts.json");
    fs::write(&path, json!(list).to_string()).map_err(Error::file(&path))?;
    let listed = path.display().to_string();
    let arguments = ["genesis", "bulk-add-genesis-account", &listed];
    wasmd::run(&settings.wasmd, &node_folder(home, 0), &arguments)?;
    let genesis = genesis_file(home, 0);
    let text = fs::read_to_string(&genesis).map_err(Error::file(&genesis))?;
    let mut document: Value = serde_json::from_str(&text).map_err(Error::json(genesis.display()))?;
    document["app_state"]["slashing"]["params"]["signed_blocks_window"] = json!(SIGNED_BLOCKS_WINDOW);
    if let Some(begins) = settings.begins {
        document["genesis_time"] = json!(moment(begins)?.to_string());
    }
    fs::write(&genesis, document.to_string()).map_err(Error::file(&genesis))
}

fn moment(seconds: u64) -> Result<Timestamp> {
    let moment = i64::try_from(seconds).ok().map(Timestamp::from_second);
    moment
        .and_then(|moment| moment.ok())
        .ok_or_else(|| Error::Setting {
            field: "the time at which the chain begins",
            value: seconds.to_string(),
            bound: format!("at most {}", Timestamp::MAX.as_second()),
        })
}

fn balance(account: &Funded) -> Value {
    let mut coins = account.coins.clone();
    coins.sort_by(|one, other| one.denom.cmp(&other.denom));
    let coins: Vec<Value> = coins
        .iter()
        .map(|coin| json!({"denom": coin.denom, "amount": coin.amount.to_string()}))
        .collect();
    json!({"address": account.address, "coins": coins})
}

/// Every validator signs its stake; the genesis of all holds what all signed.
fn sign(settings: &Settings, home: &Path, nodes: &[u8]) -> Result<()> {
    let signed = home.join("gentx");
    fs::create_dir_all(&signed).map_err(Error::file(&signed))?;
    share_genesis(home, nodes)?;
    wasmd::each(nodes, |node| {
        let out = signed.join(format!("node{node}.json")).display().to_string();
        let stake = format!("{STAKED}{STAKE}");
        let mut arguments = vec!["genesis", "gentx", KEY, &stake, "--output-document", &out];
        arguments.extend(["--chain-id", &settings.chain_id, "--keyring-backend", "test"]);
        arguments.extend(["--ip", "127.0.0.1"]);
        wasmd::run(&settings.wasmd, &node_folder(home, *node), &arguments)
    })?;
    let signed = signed.display().to_string();
    let arguments = ["genesis", "collect-gentxs", "--gentx-dir", &signed];
    wasmd::run(&settings.wasmd, &node_folder(home, 0), &arguments)?;
    share_genesis(home, nodes)
}

/// Node 0's genesis becomes everybody's.
fn share_genesis(home: &Path, nodes: &[u8]) -> Result<()> {
    let from = genesis_file(home, 0);
    for node in nodes.iter().filter(|node| **node != 0) {
        fs::copy(&from, genesis_file(home, *node)).map_err(Error::file(&from))?;
    }
    Ok(())
}

fn genesis_file(home: &Path, node: u8) -> PathBuf {
    node_folder(home, node).join("config/genesis.json")
}
