//! How a network is, as a table and as JSON.

use std::fmt::Write as _;

use owo_colors::{OwoColorize, Stream};
use serde::Serialize;

use crate::network::Network;
use crate::rpc;

/// How a network is.
#[derive(Debug, Serialize)]
pub struct Status {
    home: String,
    chain_id: String,
    /// Whether every node runs.
    pub running: bool,
    rest: String,
    gas_price: String,
    clock_ahead_seconds: i64,
    page: Option<Page>,
    nodes: Vec<Node>,
}

#[derive(Debug, Serialize)]
struct Node {
    node: u8,
    pid: Option<u32>,
    rpc: String,
    grpc: String,
    height: Option<u64>,
    block_time: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Page {
    pid: u32,
    url: String,
}

impl Status {
    /// Asks every node.
    pub fn of(network: &Network) -> crate::Result<Self> {
        let nodes: Vec<Node> = (0..)
            .zip(network.rpcs())
            .zip(network.grpcs())
            .map(|((node, rpc), grpc)| {
                let pid = network.pid(node);
                let last = pid.and_then(|_| rpc::status(&rpc).ok());
                Node {
                    node,
                    pid,
                    height: last.as_ref().map(|last| last.height),
                    block_time: last.as_ref().map(|last| last.time),
                    rpc,
                    grpc,
                }
            })
            .collect();
        Ok(Self {
            home: network.home().display().to_string(),
            chain_id: network.chain_id().to_string(),
            running: nodes.iter().all(|node| node.pid.is_some()),
            rest: network.rest().to_string(),
            gas_price: network.gas_price().to_string(),
            clock_ahead_seconds: network.ahead()?,
            page: network.page_pid().map(|pid| Page {
                pid,
                url: network.page(),
            }),
            nodes,
        })
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut text = format!("{} in {}\n", self.chain_id, self.home);
        for node in &self.nodes {
            let state = match (node.pid, node.height) {
                (None, _) => paint("down", false),
                (Some(pid), None) => format!("{} as process {pid}, no answer", paint("up", false)),
                (Some(pid), Some(height)) => format!(
                    "{} as process {pid}, block {height}, RPC {}",
                    paint("up", true),
                    node.rpc
                ),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  node {}  {state}", node.node);
        }
        let _ = writeln!(text, "REST API {}, gas price {}", self.rest, self.gas_price);
        if let Some(Page { pid, url }) = &self.page {
            let _ = writeln!(text, "page {url} as process {pid}");
        }
        if self.clock_ahead_seconds > 0 {
            let _ = writeln!(text, "the clock is {} s ahead", self.clock_ahead_seconds);
        }
        text
    }
}

fn paint(word: &str, good: bool) -> String {
    let painted = word.if_supports_color(Stream::Stdout, |word| {
        if good {
            word.green().to_string()
        } else {
            word.red().to_string()
        }
    });
    painted.to_string()
}
