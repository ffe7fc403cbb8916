//! Several addresses of one chain, asked in turn until one answers.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use tendermint_rpc::client::CompatMode;
use tendermint_rpc::endpoint::abci_query::AbciQuery;
use tendermint_rpc::error::ErrorDetail;
use tendermint_rpc::{Client, HttpClient, HttpClientUrl};

use crate::error::{Error, Result};
use crate::words::plain;

/// How long one node may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its RPC address, as [`shown`].
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

#[derive(Debug)]
struct Node {
    shown: String,
    /// What is not shown of its address.
    hidden: String,
    client: HttpClient,
    /// It is of another chain, so it is asked for nothing else.
    of_another: AtomicBool,
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
                let question = question.clone();
                async move { asked(&client, path, question).await }
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
        let said = self
            .nodes
            .iter()
            .map(async |node| (node.shown.clone(), node.status().await));
        join_all(said).await
    }

    /// Turns to the node with the newest block. One of another chain is left aside, and an
    /// error where there is no other.
    pub async fn freshest(&self, chain_id: &str) -> Result<Status> {
        let (mut tried, mut another, mut best) = (vec![], None, None::<(usize, Status)>);
        let said = self.statuses().await;
        for (place, (node, (rpc, said))) in self.nodes.iter().zip(said).enumerate() {
            let of_another = said.as_ref().is_ok_and(|status| status.chain_id != chain_id);
            node.of_another.store(of_another, Ordering::Relaxed);
            match said {
                Ok(status) if of_another => {
                    another = Some(Error::AnotherChain {
                        rpc,
                        found: status.chain_id,
                        expected: chain_id.to_string(),
                    });
                }
                Ok(status) if status.catching_up => tried.push(format!("{rpc}: it is catching up")),
                Ok(status)
                    if best
                        .as_ref()
                        .is_some_and(|(_, best)| best.height >= status.height) => {}
                Ok(status) => best = Some((place, status)),
                Err(error) => tried.push(format!("{rpc}: {error}")),
            }
        }
        let none = || another.unwrap_or(Error::NoNode { tried });
        let (place, status) = best.ok_or_else(none)?;
        self.preferred.store(place, Ordering::Relaxed);
        Ok(status)
    }

    /// The first answer, beginning at the node that answered last. An error that a node
    /// answers with may be its own: the others are asked before it counts.
    pub(crate) async fn first<T, F, A>(&self, ask: F) -> Result<T>
    where
        F: Fn(HttpClient) -> A,
        A: Future<Output = Result<T, tendermint_rpc::Error>>,
    {
        let (mut tried, mut refused) = (vec![], None);
        let begin = self.preferred.load(Ordering::Relaxed);
        let in_turn = self
            .nodes
            .iter()
            .enumerate()
            .cycle()
            .skip(begin)
            .take(self.nodes.len())
            .filter(|(_, node)| node.is_of_the_chain());
        for (place, node) in in_turn {
            match ask(node.client.clone()).await {
                Ok(answer) => {
                    self.preferred.store(place, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(error) => match answered(&error) {
                    Some(log) => {
                        refused.get_or_insert(Error::Query {
                            path: node.shown.clone(),
                            code: 0,
                            codespace: "rpc".to_string(),
                            log,
                        });
                    }
                    None => tried.push(format!("{}: {}", node.shown, node.words(&error))),
                },
            }
        }
        Err(refused.unwrap_or(Error::NoNode { tried }))
    }

    /// What each node answers that can be asked; those that do not answer are left out.
    pub(crate) async fn each<T, F, A>(&self, ask: F) -> Vec<T>
    where
        F: Fn(HttpClient) -> A,
        A: Future<Output = Result<T, tendermint_rpc::Error>>,
    {
        let nodes = self.nodes.iter().filter(|node| node.is_of_the_chain());
        let answers = join_all(nodes.map(|node| ask(node.client.clone())));
        answers.await.into_iter().flatten().collect()
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
            shown: shown(rpc),
            hidden: parts(rpc).2.to_string(),
            client,
            of_another: AtomicBool::new(false),
        })
    }

    async fn status(&self) -> Result<Status> {
        let status = self.client.status().await.map_err(|error| Error::NoNode {
            tried: vec![format!("{}: {}", self.shown, self.words(&error))],
        })?;
        let sync = status.sync_info;
        Ok(Status {
            rpc: self.shown.clone(),
            chain_id: status.node_info.network.to_string(),
            height: sync.latest_block_height.value(),
            time: u64::try_from(sync.latest_block_time.unix_timestamp())
                .map_err(Error::unreadable("a block's time"))?,
            catching_up: sync.catching_up,
        })
    }

    /// Whether it is not known to be of another chain.
    fn is_of_the_chain(&self) -> bool {
        !self.of_another.load(Ordering::Relaxed)
    }

    /// An error's words, which may repeat the address.
    fn words(&self, error: &tendermint_rpc::Error) -> String {
        match self.hidden.trim_matches('/') {
            "" => error.to_string(),
            hidden => error.to_string().replace(hidden, "..."),
        }
    }
}

/// Asks the module that serves `path`. What a node says that is ending is no answer.
pub(crate) async fn asked(
    client: &HttpClient,
    path: &str,
    question: Vec<u8>,
) -> Result<AbciQuery, tendermint_rpc::Error> {
    let answer = client
        .abci_query(Some(path.to_string()), question, None, false)
        .await?;
    match answer.code.is_err() && is_ending(&answer.log) {
        true => Err(tendermint_rpc::Error::server(answer.log)),
        false => Ok(answer),
    }
}

/// An RPC address for logs, metrics and files: its host and port. A name, a path or a
/// question in it may be the key of a paid node.
pub fn shown(rpc: &str) -> String {
    let (scheme, host, _) = parts(rpc);
    format!("{scheme}{host}{}", if may_hold_a_key(rpc) { "/..." } else { "" })
}

/// Whether an RPC address has more than host and port.
pub fn may_hold_a_key(rpc: &str) -> bool {
    let (_, _, rest) = parts(rpc);
    !rest.trim_matches('/').is_empty() || rpc.contains('@')
}

/// Scheme, host with port, and the rest.
fn parts(rpc: &str) -> (&str, &str, &str) {
    let begin = rpc.find("://").map_or(0, |at| at.saturating_add(3));
    let (scheme, rest) = rpc.split_at(begin);
    let (place, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    (scheme, host, path)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_host_and_port_are_shown() {
        for (rpc, expected) in [
            ("http://127.0.0.1:26657", "http://127.0.0.1:26657"),
            ("http://127.0.0.1:26657/", "http://127.0.0.1:26657"),
            ("https://rpc.example.com/v1/KEY", "https://rpc.example.com/..."),
            ("https://rpc.example.com?key=KEY", "https://rpc.example.com/..."),
            (
                "https://me:KEY@rpc.example.com:443",
                "https://rpc.example.com:443/...",
            ),
        ] {
            assert_eq!(shown(rpc), expected);
        }
    }

    #[tokio::test]
    async fn no_error_repeats_the_key_in_an_address() {
        let rpcs = ["http://127.0.0.1:1/KEY", "http://me:KEY@127.0.0.1:1/?of=KEY"].map(String::from);
        let nodes = Nodes::new(&rpcs).unwrap();
        let answers = [
            nodes.freshest("test-1").await.unwrap_err().to_string(),
            nodes.account("wasm1").await.unwrap_err().to_string(),
        ];
        for words in answers {
            assert!(
                words.contains("127.0.0.1:1/...") && !words.contains("KEY"),
                "{words}"
            );
        }
    }
}
