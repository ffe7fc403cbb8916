//! A node's `config.toml` and `app.toml`: every listener on 127.0.0.1, fees that
//! must be paid, and a pace of blocks.

use std::fs;
use std::path::Path;
use std::time::Duration;

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::error::{Error, Result};
use crate::ports::Ports;

/// The least that a transaction pays for each unit of gas.
pub const GAS_PRICE: &str = "0.025ustake";
/// The port of a page under development.
const DEVELOPED: u16 = 5173;

/// What differs from node to node.
pub struct Node<'a> {
    /// Its number.
    pub number: u8,
    /// Its ports.
    pub ports: Ports,
    /// The other nodes, each as `id@host:port`.
    pub peers: &'a [String],
    /// How long it waits between one block and the next.
    pub block_time: Duration,
}

/// Writes both files of the node in `folder`.
pub fn write(folder: &Path, node: &Node) -> Result<()> {
    edit(&folder.join("config/config.toml"), |document| {
        comet(document, node);
    })?;
    edit(&folder.join("config/app.toml"), |document| {
        app(document, node);
    })
}

fn comet(to: &mut DocumentMut, node: &Node) {
    let local = |port| format!("tcp://127.0.0.1:{port}");
    set(to, "rpc", "laddr", local(node.ports.rpc));
    set(to, "rpc", "cors_allowed_origins", pages(node.ports.page));
    // All nodes would share its one port.
    set(to, "rpc", "pprof_laddr", "");
    set(to, "p2p", "laddr", local(node.ports.p2p));
    set(to, "p2p", "persistent_peers", node.peers.join(","));
    set(to, "p2p", "pex", false);
    set(to, "p2p", "addr_book_strict", false);
    set(to, "p2p", "allow_duplicate_ip", true);
    // Peers are found again within seconds after a restart.
    set(to, "p2p", "persistent_peers_max_dial_period", "2s");
    let pace = format!("{}ms", node.block_time.as_millis());
    set(to, "consensus", "timeout_commit", pace);
    // Where a validator is down, its turns cost no more than a second or two.
    set(to, "consensus", "timeout_propose", "1s");
    set(to, "consensus", "timeout_prevote", "500ms");
    set(to, "consensus", "timeout_precommit", "500ms");
    set(to, "tx_index", "indexer", "kv");
    set(to, "instrumentation", "prometheus", false);
}

/// Whose questions are answered in a browser: the network's own page, and one under
/// development.
fn pages(port: u16) -> Array {
    [port, DEVELOPED]
        .into_iter()
        .flat_map(|port| ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}")))
        .collect()
}

/// Whether the node in `folder` answers a page of this address.
pub fn allows(folder: &Path, origin: &str) -> Result<bool> {
    let document = read(&folder.join("config/config.toml"))?;
    let allowed = document
        .get("rpc")
        .and_then(|rpc| rpc.get("cors_allowed_origins"));
    let allowed = allowed.and_then(Item::as_array);
    Ok(allowed.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(origin))))
}

fn app(to: &mut DocumentMut, node: &Node) {
    set_top(to, "minimum-gas-prices", GAS_PRICE);
    let first = node.number == 0;
    set(to, "api", "enable", first);
    set(
        to,
        "api",
        "address",
        format!("tcp://127.0.0.1:{}", node.ports.rest),
    );
    set(to, "api", "enabled-unsafe-cors", first);
    // Simulation through the RPC is a service of this one.
    set(to, "grpc", "enable", true);
    set(to, "grpc", "address", format!("127.0.0.1:{}", node.ports.grpc));
    set(to, "grpc-web", "enable", false);
    set(to, "telemetry", "enabled", false);
}

fn set(to: &mut DocumentMut, table: &str, key: &str, value: impl Into<Value>) {
    to[table][key] = Item::Value(value.into());
}

fn set_top(to: &mut DocumentMut, key: &str, value: impl Into<Value>) {
    to[key] = Item::Value(value.into());
}

fn read(path: &Path) -> Result<DocumentMut> {
    let text = fs::read_to_string(path).map_err(Error::file(path))?;
    text.parse().map_err(|error| Error::Config {
        path: path.to_path_buf(),
        error: Box::new(error),
    })
}

fn edit(path: &Path, change: impl FnOnce(&mut DocumentMut)) -> Result<()> {
    let mut document = read(path)?;
    change(&mut document);
    fs::write(path, document.to_string()).map_err(Error::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, change: impl Fn(&mut DocumentMut, &Node)) -> String {
        let mut document: DocumentMut = text.parse().unwrap();
        let node = Node {
            number: 0,
            ports: Ports::of(26_650, 0),
            peers: &["a@127.0.0.1:1".to_string(), "b@127.0.0.1:2".to_string()],
            block_time: Duration::from_millis(250),
        };
        change(&mut document, &node);
        document.to_string()
    }

    #[test]
    fn a_configuration_keeps_its_words_and_every_listener_is_local() {
        let comet = edited(
            "# kept\nmoniker = \"x\"\n[rpc]\n# kept too\nladdr = \"tcp://0.0.0.0:1\"\n[p2p]\n[consensus]\n[tx_index]\n[instrumentation]\n",
            comet,
        );
        assert!(comet.contains("# kept\n") && comet.contains("# kept too\n"));
        assert!(comet.contains("laddr = \"tcp://127.0.0.1:26657\""));
        assert!(comet.contains("persistent_peers = \"a@127.0.0.1:1,b@127.0.0.1:2\""));
        assert!(comet.contains("timeout_commit = \"250ms\""));
        assert!(
            comet.contains(
                r#"cors_allowed_origins = ["http://127.0.0.1:26652", "http://localhost:26652", "http://127.0.0.1:5173", "http://localhost:5173"]"#
            ),
            "{comet}"
        );
        assert!(!comet.contains("0.0.0.0"));
        let app = edited(
            "minimum-gas-prices = \"\"\n[api]\n[grpc]\n[grpc-web]\n[telemetry]\n",
            app,
        );
        assert!(app.contains("minimum-gas-prices = \"0.025ustake\""));
        assert!(app.contains("address = \"tcp://127.0.0.1:26651\""));
    }
}
