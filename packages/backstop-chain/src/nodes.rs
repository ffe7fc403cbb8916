//! Several addresses of one chain, asked in turn until one answers.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tendermint_rpc::client::CompatMode;
use tendermint_rpc::error::ErrorDetail;
use tendermint_rpc::{Client, HttpClient, HttpClientUrl};

use crate::error::{Error, Result};
use crate::words::plain;

/// How long one node may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its RPC address.
    pub rpc: String,
    /// Its chain.
    pub chain_id: String,
    /// Its last block.
    pub height: u64,
    /// That block's time, in seconds since the epoch.
    pub time: u64,
    /// Whether it is still reading older blocks.
    pub catching_up: bool,
}

/// The nodes of one chain.
#[derive(Debug)]
pub struct Nodes {
    nodes: Vec<Node>,
    preferred: AtomicUsize,
}

#[derive(Debug, Clone)]
struct Node {
    rpc: String,
    client: HttpClient,
}

impl Nodes {
    /// Nodes at these RPC addresses, such as `http://127.0.0.1:26657`.
    pub fn new(rpcs: &[String]) -> Result<Self> {
        if rpcs.is_empty() {
            return Err(refused(""));
        }
        Ok(Self {
            nodes: rpcs.iter().map(|rpc| Node::new(rpc)).collect::<Result<_>>()?,
            preferred: AtomicUsize::new(0),
        })
    }

    /// Asks the module that serves `path`, such as `/cosmwasm.wasm.v1.Query/Code`.
    pub async fn ask<Q, A>(&self, path: &str, question: &Q) -> Result<A>
    where
        Q: cosmrs::proto::prost::Message,
        A: cosmrs::proto::prost::Message + Default,
    {
        let question = question.encode_to_vec();
        let answer = self
            .first(|client| {
                let (path, question) = (path.to_string(), question.clone());
                async move {
                    let answer = client.abci_query(Some(path), question, None, false).await?;
                    match answer.code.is_err() && is_ending(&answer.log) {
                        true => Err(tendermint_rpc::Error::server(answer.log)),
                        false => Ok(answer),
                    }
                }
            })
            .await?;
        if answer.code.is_err() {
            return Err(Error::Query {
                path: path.to_string(),
                code: answer.code.value(),
                codespace: answer.codespace,
                log: plain(&answer.log),
            });
        }
        A::decode(answer.value.as_slice()).map_err(Error::unreadable(path))
    }

    /// Every node's answer about itself, or its error.
    pub async fn statuses(&self) -> Vec<(String, Result<Status>)> {
        let mut statuses = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            statuses.push((node.rpc.clone(), node.status().await));
        }
        statuses
    }

    /// Turns to the node with the newest block, and refuses nodes of another chain.
    pub async fn freshest(&self, chain_id: &str) -> Result<Status> {
        let (mut tried, mut best) = (vec![], None::<(usize, Status)>);
        for (place, node) in self.nodes.iter().enumerate() {
            match node.status().await {
                Ok(status) if status.chain_id != chain_id => {
                    return Err(Error::AnotherChain {
                        rpc: status.rpc,
                        found: status.chain_id,
                        expected: chain_id.to_string(),
                    });
                }
                Ok(status) if status.catching_up => tried.push(format!("{}: it is catching up", node.rpc)),
                Ok(status)
                    if best
                        .as_ref()
                        .is_some_and(|(_, best)| best.height >= status.height) => {}
                Ok(status) => best = Some((place, status)),
                Err(error) => tried.push(format!("{}: {error}", node.rpc)),
            }
        }
        let (place, status) = best.ok_or(Error::NoNode { tried })?;
        self.preferred.store(place, Ordering::Relaxed);
        Ok(status)
    }

    /// The first answer, beginning at the node that answered last.
    pub(crate) async fn first<T, F, A>(&self, ask: F) -> Result<T>
    where
        F: Fn(HttpClient) -> A,
        A: Future<Output = Result<T, tendermint_rpc::Error>>,
    {
        let mut tried = vec![];
        let begin = self.preferred.load(Ordering::Relaxed);
        let in_turn = self
            .nodes
            .iter()
            .enumerate()
            .cycle()
            .skip(begin)
            .take(self.nodes.len());
        for (place, node) in in_turn {
            match ask(node.client.clone()).await {
                Ok(answer) => {
                    self.preferred.store(place, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(error) => match answered(&error) {
                    Some(words) => {
                        return Err(Error::Query {
                            path: node.rpc.clone(),
                            code: 0,
                            codespace: "rpc".to_string(),
                            log: words,
                        });
                    }
                    None => tried.push(format!("{}: {error}", node.rpc)),
                },
            }
        }
        Err(Error::NoNode { tried })
    }
}

impl Node {
    fn new(rpc: &str) -> Result<Self> {
        let url: HttpClientUrl = rpc.parse().map_err(|_| refused(rpc))?;
        let client = HttpClient::builder(url)
            .compat_mode(CompatMode::V0_38)
            .timeout(PATIENCE)
            .build()
            .map_err(|_| refused(rpc))?;
        Ok(Self {
            rpc: rpc.to_string(),
            client,
        })
    }

    async fn status(&self) -> Result<Status> {
        let status = self.client.status().await.map_err(|error| Error::NoNode {
            tried: vec![format!("{}: {error}", self.rpc)],
        })?;
        let sync = status.sync_info;
        Ok(Status {
            rpc: self.rpc.clone(),
            chain_id: status.node_info.network.to_string(),
            height: sync.latest_block_height.value(),
            time: u64::try_from(sync.latest_block_time.unix_timestamp())
                .map_err(Error::unreadable("a block's time"))?,
            catching_up: sync.catching_up,
        })
    }
}

/// The node's own words, if it answered with an error.
pub(crate) fn answered(error: &tendermint_rpc::Error) -> Option<String> {
    match error.detail() {
        ErrorDetail::Response(response) => {
            Some(response.source.to_string()).filter(|words| !is_ending(words))
        }
        _ => None,
    }
}

/// Whether these are the words of a node that has closed its store, and not of the chain.
fn is_ending(words: &str) -> bool {
    [
        "leveldb: closed",
        "failed to load state at height",
        "database is closed",
    ]
    .iter()
    .any(|ending| words.contains(ending))
}

fn refused(rpc: &str) -> Error {
    Error::Setting {
        field: "rpc",
        value: rpc.to_string(),
        bound: "one or more addresses such as \"http://127.0.0.1:26657\"".to_string(),
    }
}
