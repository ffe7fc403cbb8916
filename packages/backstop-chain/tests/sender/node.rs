//! A node as its RPC shows it, with the faults that a real one has.

use std::sync::{Arc, Mutex};

use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountResponse};
use cosmrs::proto::cosmos::base::abci::v1beta1::GasInfo;
use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, SimulateResponse, TxRaw};
use cosmrs::proto::prost::Message;
use cosmrs::tx::MessageExt;
use cosmwasm_std::Binary;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const CHAIN: &str = "test-1";

/// What a node has and does.
#[derive(Default)]
pub struct State {
    pub height: u64,
    /// The transactions that are in a block of this node's.
    pub blocks: Vec<String>,
    /// Those that it was given, each time.
    pub given: Vec<String>,
    /// After so many looks at a transaction it puts what it was given into a block.
    pub commits_after: Option<u32>,
    /// It ends its connections instead of answering for a transaction.
    pub dies_at_a_look: bool,
    pub looks: u32,
    /// It has no index: it knows no transaction, whatever its blocks have.
    pub without_index: bool,
    /// By how many blocks its state is behind what it says of itself; it has none of the
    /// transactions.
    pub state_lag: u64,
    /// A simulation succeeds also once something is in a block.
    pub goes_on: bool,
    /// For so many questions its state is a block behind.
    pub state_behind: u64,
    /// The sequences of what it was given.
    pub sequences: Vec<u64>,
    /// It answers every question with an error.
    pub ill: bool,
    /// It is of this chain, in place of the test's.
    pub chain: Option<&'static str>,
    /// What a simulation says that it used; 100,000 if nothing is named.
    pub gas: Option<u64>,
}

/// A running node.
#[derive(Clone)]
pub struct Node {
    pub rpc: String,
    state: Arc<Mutex<State>>,
}

impl Node {
    pub async fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let node = Self {
            rpc: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::new(Mutex::new(state)),
        };
        let serving = node.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let node = serving.clone();
                tokio::spawn(async move { node.serve(stream).await });
            }
        });
        node
    }

    pub fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }

    /// One question a connection.
    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let question: Value = serde_json::from_slice(&body(&mut stream).await?).ok()?;
        let answer = self.with(|state| state.answer(&question))?;
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        stream.write_all((head + &text).as_bytes()).await.ok()
    }
}

async fn body(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut read = vec![];
    loop {
        let mut part = [0; 4096];
        let many = stream.read(&mut part).await.ok()?;
        read.extend(&part[..many]);
        let text = String::from_utf8_lossy(&read).to_lowercase();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text.split("content-length: ").nth(1)?.lines().next()?.trim();
            let body = &read[end + 4..];
            if body.len() >= length.parse().ok()? {
                return Some(body.to_vec());
            }
        }
        if many == 0 {
            return None;
        }
    }
}

impl State {
    /// None ends the connection.
    fn answer(&mut self, question: &Value) -> Option<Value> {
        let params = &question["params"];
        let result = match self.ill {
            true => Err("no space left on device".to_string()),
            false => self.result(question, params)?,
        };
        let id = &question["id"];
        Some(match result {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err(words) => json!({"jsonrpc": "2.0", "id": id,
                "error": {"code": -32603, "message": "Internal error", "data": words}}),
        })
    }

    fn result(&mut self, question: &Value, params: &Value) -> Option<Result<Value, String>> {
        Some(match question["method"].as_str()? {
            "status" => Ok(self.status()),
            "abci_query" => Ok(self.abci(params["path"].as_str()?)),
            "broadcast_tx_sync" => Ok(self.broadcast(params["tx"].as_str()?)),
            "tx" => self.tx(params["hash"].as_str()?)?,
            other => panic!("{other} is not asked"),
        })
    }

    fn status(&self) -> Value {
        let hash = "AA".repeat(32);
        json!({
            "node_info": {"protocol_version": {"p2p": "8", "block": "11", "app": "0"},
                "id": "c855c9766ccd48bc7a5009d4b994f8e699070b21", "listen_addr": "tcp://127.0.0.1:1",
                "network": self.chain.unwrap_or(CHAIN), "version": "0.38.19", "channels": "402021222330386061", "moniker": "node",
                "other": {"tx_index": "on", "rpc_address": "tcp://127.0.0.1:2"}},
            "sync_info": {"latest_block_hash": hash, "latest_app_hash": hash,
                "latest_block_height": self.height.to_string(), "latest_block_time": "2026-01-01T00:00:00Z",
                "earliest_block_hash": hash, "earliest_app_hash": hash, "earliest_block_height": "1",
                "earliest_block_time": "2026-01-01T00:00:00Z", "catching_up": false},
            "validator_info": {"address": "3FAABCC17DFA2B32329E32CD3C3C156EF8AA22B4", "voting_power": "1000",
                "pub_key": {"type": "tendermint/PubKeyEd25519",
                    "value": "vmrc4lf9+0Jcuf1aSrsmmW8e44lALC1T7+p/X07XDrg="}},
        })
    }

    /// A simulation fails once something is in a block: it is done.
    fn abci(&mut self, path: &str) -> Value {
        let value = match path {
            "/cosmos.auth.v1beta1.Query/Account" => self.account(),
            "/cosmos.tx.v1beta1.Service/Simulate" if !self.blocks.is_empty() && !self.goes_on => {
                return json!({"response": {"code": 5, "log": "it is done already", "info": "", "index": "0",
                    "key": null, "value": null, "proofOps": null, "height": "0", "codespace": "sdk"}});
            }
            "/cosmos.tx.v1beta1.Service/Simulate" => SimulateResponse {
                gas_info: Some(GasInfo {
                    gas_wanted: 0,
                    gas_used: self.gas.unwrap_or(100_000),
                }),
                result: None,
            }
            .encode_to_vec(),
            other => panic!("{other} is not asked"),
        };
        json!({"response": {"code": 0, "log": "", "info": "", "index": "0", "key": null,
            "value": Binary::from(value), "proofOps": null, "height": (self.height - self.state_lag).to_string(),
            "codespace": ""}})
    }

    fn account(&mut self) -> Vec<u8> {
        let behind = u64::from(self.state_behind > 0 || self.state_lag > 0);
        self.state_behind = self.state_behind.saturating_sub(1);
        let account = BaseAccount {
            address: "wasm1".to_string(),
            account_number: 7,
            sequence: u64::try_from(self.blocks.len()).unwrap().saturating_sub(behind),
            pub_key: None,
        };
        let account = cosmrs::Any {
            type_url: "/cosmos.auth.v1beta1.BaseAccount".to_string(),
            value: account.to_bytes().unwrap(),
        };
        QueryAccountResponse {
            account: Some(account),
        }
        .encode_to_vec()
    }

    fn broadcast(&mut self, tx: &str) -> Value {
        let hash = hash(tx);
        self.given.push(hash.clone());
        let raw = TxRaw::decode(Binary::from_base64(tx).unwrap().as_slice()).unwrap();
        let signed = AuthInfo::decode(raw.auth_info_bytes.as_slice()).unwrap();
        self.sequences.push(signed.signer_infos[0].sequence);
        json!({"code": 0, "data": "", "log": "", "codespace": "", "hash": hash})
    }

    /// None ends the connection.
    fn tx(&mut self, asked: &str) -> Option<Result<Value, String>> {
        if self.dies_at_a_look {
            return None;
        }
        let hash: String = Binary::from_base64(asked)
            .ok()?
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        self.looks += 1;
        if self.commits_after.is_some_and(|looks| self.looks > looks) {
            let taken = self.given.contains(&hash) && !self.blocks.contains(&hash);
            self.blocks.extend(taken.then(|| hash.clone()));
        }
        if self.without_index || !self.blocks.contains(&hash) {
            return Some(Err(format!("tx ({hash}) not found")));
        }
        Some(Ok(
            json!({"hash": hash, "height": "150", "index": 0, "tx": "AA==",
            "tx_result": {"code": 0, "data": null, "log": "", "info": "", "gas_wanted": "150000",
                "gas_used": "100000", "events": [], "codespace": ""}}),
        ))
    }
}

fn hash(tx: &str) -> String {
    let bytes = Binary::from_base64(tx).unwrap();
    Sha256::digest(bytes.as_slice())
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}
