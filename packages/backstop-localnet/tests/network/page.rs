//! What `up --web` promises.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Value, json};
use ureq::http::Response;

use crate::program::Program;
use crate::world::{has_ended, listeners};

#[test]
fn the_page_is_served_with_its_config_and_headers_until_down() {
    let Some(world) = World::new() else { return };
    let told = world.up(0);
    let url = format!("http://127.0.0.1:{}", world.program.port + 2);
    for words in [url.as_str(), "Keplr", "coin type 118", "0.025 a unit of gas"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let mut page = get(&url);
    assert_eq!(header(&page, "x-content-type-options"), "nosniff");
    let policy = header(&page, "content-security-policy");
    let rpc = world.program.network().rpc(0);
    assert!(policy.contains(&format!("connect-src 'self' {rpc};")), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.body_mut().read_to_string().unwrap(), "<p>the page</p>");
    let config = get(&format!("{url}/config.json"))
        .body_mut()
        .read_to_string()
        .unwrap();
    let config: Value = serde_json::from_str(&config).unwrap();
    assert_eq!(config["chain"]["rpc"], json!(rpc));
    assert_eq!(config["contracts"]["vault"], json!("wasm1vault"));
    assert_eq!(
        config["chain"]["bech32Config"]["bech32PrefixConsPub"],
        json!("wasmvalconspub")
    );
    assert_eq!(config["code"]["risk-timelock"], json!(["77"]));
    assert_eq!(get(&format!("{url}/../net/mnemonic")).status(), 404);
    // The node lets this page ask it, and no other.
    let asked = |origin: &str| {
        header(
            &get_from(&format!("{rpc}/status"), origin),
            "access-control-allow-origin",
        )
    };
    assert_eq!(asked(&url), url);
    assert_eq!(asked("http://127.0.0.1:1"), "");
    let status: Value = serde_json::from_str(&world.program.run(&["status", "--json"], 0)).unwrap();
    assert_eq!(status["page"]["url"], json!(url));
    let pid = u32::try_from(status["page"]["pid"].as_u64().unwrap()).unwrap();
    for address in listeners(pid) {
        assert!(address.starts_with("0100007F:"), "{address}");
    }
    world.program.run(&["down"], 0);
    assert!(has_ended(pid));
    assert_eq!(world.program.processes(), 0);
}

#[test]
fn up_again_serves_the_page_that_is_built_now_by_one_process() {
    let Some(world) = World::new() else { return };
    world.up(0);
    let first = world.program.network().page_pid().unwrap();
    fs::write(world.page().join("index.html"), "<p>another</p>").unwrap();
    world.up(0);
    assert!(has_ended(first));
    let url = world.program.network().page();
    assert_eq!(get(&url).body_mut().read_to_string().unwrap(), "<p>another</p>");
    // A node and the page.
    assert_eq!(world.program.processes(), 2);
}

#[test]
fn a_taken_port_and_a_page_that_is_not_built_are_named() {
    let Some(world) = World::new() else { return };
    let port = world.program.port + 2;
    let other = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let refused = world.up(1);
    assert!(
        refused.contains(&format!(
            "port {port} on 127.0.0.1, for the stakers' page, is taken"
        )),
        "{refused}"
    );
    drop(other);
    fs::remove_file(world.page().join("index.html")).unwrap();
    let refused = world.up(1);
    assert!(refused.contains("npm run build"), "{refused}");
    assert_eq!(world.program.network().page_pid(), None);
}

/// A network that is taken for one with contracts, and a page of one line.
struct World {
    program: Program,
}

impl World {
    fn new() -> Option<Self> {
        let program = Program::new()?;
        program.run(&["up"], 0);
        let network = program.network();
        let localnet = json!({
            "chain_id": network.chain_id(), "rpc": network.rpcs(), "prefix": "wasm", "asset": {"native": "uusd"},
            "owner": "wasm1owner", "vault": "wasm1vault", "distributor": "wasm1distributor",
            "breaker": "wasm1breaker", "timelock": "wasm1timelock", "exchange": null, "mock_pyth": null,
            "code_ids": {}, "checksums": {"timelock": "77"}, "owner_message": null, "smoke_ticket": null,
            "rest": network.rest(), "gas_price": "0.025ustake", "accounts": [], "mnemonic_file": "/words",
        });
        fs::write(program.home().join("localnet.json"), localnet.to_string()).unwrap();
        let world = Self { program };
        fs::create_dir(world.page()).unwrap();
        fs::write(world.page().join("index.html"), "<p>the page</p>").unwrap();
        Some(world)
    }

    fn page(&self) -> PathBuf {
        self.program.home().join("../page")
    }

    fn up(&self, code: i32) -> String {
        self.program.run(
            &["up", "--web", "--page", &self.page().display().to_string()],
            code,
        )
    }
}

fn get(url: &str) -> Response<ureq::Body> {
    get_from(url, "http://nobody")
}

fn get_from(url: &str, origin: &str) -> Response<ureq::Body> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    agent.get(url).header("Origin", origin).call().unwrap()
}

fn header(response: &Response<ureq::Body>, name: &str) -> String {
    let value = response.headers().get(name);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_string())
}
