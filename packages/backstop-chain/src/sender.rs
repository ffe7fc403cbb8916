//! Sends transactions, each at most once.
//!
//! A transaction is simulated, signed with a last block in which it may be, put
//! into the journal, and only then given to a node. From then on the same bytes are
//! given to whichever node answers, until a block has them or the last block has
//! passed. Only after that is anything else signed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cosmrs::proto::cosmos::auth::v1beta1::{QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmrs::proto::prost::Message as _;
use cosmwasm_std::{Coin, Decimal};
use sha2::{Digest, Sha256};
use tendermint_rpc::{Client, endpoint};

use crate::committed::{Committed, committed};
use crate::error::{Error, Result};
use crate::journal::{Entry, Journal, Outcome};
use crate::key::Key;
use crate::message::Message;
use crate::nodes::{Nodes, answered, asked};
use crate::price::GasPrice;
use crate::question::{ACCOUNT, Account};
use crate::sign::{SignMode, Unsigned, has_messages};
use crate::words::plain;

/// How soon it is looked for in a block the first time, and how often at last.
const FIRST_LOOK: Duration = Duration::from_millis(80);
const LAST_LOOK: Duration = Duration::from_secs(1);
/// How many looks pass before the newest node is asked, and given the same bytes again.
const LOOKS_A_ROUND: u32 = 10;
/// How often a node's state is looked at until it has what was sent last.
const STATE_LOOKS: u32 = 50;
/// A node writes its index a moment after the block: so many blocks later it is done.
const INDEXED: u64 = 2;

/// How transactions are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The chain.
    pub chain_id: String,
    /// What gas costs.
    pub gas_price: GasPrice,
    /// The gas that is paid for, over what the simulation used; 1.3 is usual.
    pub gas_adjustment: Decimal,
    /// The most gas that is paid for in one transaction. What a simulation says is a node's
    /// word alone: without a bound, one lie takes the whole balance as a fee.
    pub max_gas: u64,
    /// For how many blocks a transaction may wait.
    pub timeout_blocks: u64,
    /// What is signed.
    pub mode: SignMode,
}

/// One key's transactions on one chain.
#[derive(Debug)]
pub struct Sender {
    nodes: Nodes,
    key: Key,
    settings: Settings,
    journal: Journal,
    /// The least that the account's sequence can be by now.
    next: u64,
}

impl Sender {
    /// Sends by these nodes with this key.
    pub fn new(nodes: Nodes, key: Key, settings: Settings, journal: Journal) -> Self {
        Self {
            nodes,
            key,
            settings,
            journal,
            next: 0,
        }
    }

    /// The nodes.
    pub fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// Who signs.
    pub fn address(&self) -> &str {
        self.key.address()
    }

    /// How it signs from now on.
    pub fn set_mode(&mut self, mode: SignMode) {
        self.settings.mode = mode;
    }

    /// The gas that these messages would use, or why they would fail.
    pub async fn simulate(&self, label: &str, messages: &[Message]) -> Result<u64> {
        let account = self.account().await?;
        let unsigned = Unsigned {
            messages,
            chain_id: &self.settings.chain_id,
            account,
            gas: 0,
            // A fee that is no coin would leave out the gas of paying it: some 20,000.
            fee: self.fee(1)?,
            timeout_height: 0,
            mode: SignMode::Direct,
        };
        let question = SimulateRequest {
            tx_bytes: unsigned.for_simulation(&self.key)?,
            ..Default::default()
        };
        let path = "/cosmos.tx.v1beta1.Service/Simulate";
        let simulated: SimulateResponse =
            self.nodes
                .ask(path, &question)
                .await
                .map_err(|error| match error {
                    Error::Query { log, .. } => Error::WouldFail {
                        label: label.to_string(),
                        log,
                    },
                    other => other,
                })?;
        Ok(simulated.gas_info.map(|info| info.gas_used).unwrap_or_default())
    }

    /// Simulates, signs, sends, and waits for the block. What was left without an end is
    /// followed first: it may have done already what this is for.
    pub async fn send(&mut self, label: &str, messages: &[Message]) -> Result<Committed> {
        self.resume().await?;
        let used = self.simulate(label, messages).await?;
        let gas = cosmwasm_std::Uint128::from(used)
            .checked_mul_ceil(self.settings.gas_adjustment)
            .ok()
            .and_then(|gas| u64::try_from(gas.u128()).ok())
            .ok_or_else(|| Error::Setting {
                field: "gas_adjustment",
                value: self.settings.gas_adjustment.to_string(),
                bound: "from 1 to 10".to_string(),
            })?;
        if gas > self.settings.max_gas {
            return Err(Error::TooMuchGas {
                label: label.to_string(),
                gas,
                most: self.settings.max_gas,
            });
        }
        self.commit(label, messages, gas).await
    }

    /// The same with so much gas, without a simulation: it may fail on the chain.
    pub async fn send_with(&mut self, label: &str, messages: &[Message], gas: u64) -> Result<Committed> {
        self.resume().await?;
        self.commit(label, messages, gas).await
    }

    async fn commit(&mut self, label: &str, messages: &[Message], gas: u64) -> Result<Committed> {
        let entry = self.sign(label, messages, gas).await?;
        self.journal.begin(entry.clone())?;
        self.follow(&entry, true).await
    }

    /// Follows what has no end yet to its end; each with what it was for. An error is of
    /// the whole: some of them have no end yet.
    pub async fn resume(&mut self) -> Result<Vec<(String, Result<Committed>)>> {
        let mut ends = vec![];
        for entry in self.journal.without_end().to_vec() {
            if entry.chain_id != self.settings.chain_id {
                continue;
            }
            let end = self.follow(&entry, false).await;
            if outcome(&end).is_none() {
                end?;
                continue;
            }
            ends.push((entry.label, end));
        }
        Ok(ends)
    }

    /// A committed transaction by its hash; none where no block has it.
    pub async fn committed(&self, hash: &str) -> Result<Option<Committed>> {
        let (_, found) = self.find(hash).await?;
        found.map(|found| committed(found, hash)).transpose()
    }

    /// The hash of the last transaction of this label that the journal knows to be in a
    /// block: one that was sent by an earlier process, too. An error if it did something
    /// else than these messages would.
    pub fn committed_as(&self, label: &str, messages: &[Message]) -> Result<Option<String>> {
        let Some(entry) = self.journal.committed(&self.settings.chain_id, label)? else {
            return Ok(None);
        };
        if has_messages(&entry.bytes, messages, self.key.address())? {
            return Ok(Some(entry.hash));
        }
        Err(Error::OtherContents {
            label: entry.label,
            hash: entry.hash,
        })
    }

    async fn sign(&self, label: &str, messages: &[Message], gas: u64) -> Result<Entry> {
        let status = self.nodes.freshest(&self.settings.chain_id).await?;
        let account = self.account().await?;
        let timeout_height = status.height.saturating_add(self.settings.timeout_blocks);
        let unsigned = Unsigned {
            messages,
            chain_id: &self.settings.chain_id,
            account,
            gas,
            fee: self.fee(gas)?,
            timeout_height,
            mode: self.settings.mode,
        };
        let bytes = unsigned.sign(&self.key)?;
        Ok(Entry {
            hash: hash(&bytes),
            label: label.to_string(),
            chain_id: self.settings.chain_id.clone(),
            sequence: account.sequence,
            timeout_height,
            bytes: bytes.into(),
        })
    }

    /// The account, as a node has it that has seen what was sent last: a node names a block
    /// a moment before its state has it.
    async fn account(&self) -> Result<Account> {
        for _ in 0..STATE_LOOKS {
            let account = self.nodes.account(self.key.address()).await?;
            if account.sequence >= self.next {
                return Ok(account);
            }
            tokio::time::sleep(FIRST_LOOK).await;
        }
        self.nodes.account(self.key.address()).await
    }

    /// The fee for so much gas; no coin where gas is free.
    fn fee(&self, gas: u64) -> Result<Vec<Coin>> {
        let fee = self.settings.gas_price.fee(gas)?;
        Ok(Some(fee)
            .into_iter()
            .filter(|coin| !coin.amount.is_zero())
            .collect())
    }

    /// Gives the bytes to a node and looks for them, until their end is known. While no
    /// node can have them, one that refuses them ends it.
    async fn follow(&mut self, entry: &Entry, nobody_has_it: bool) -> Result<Committed> {
        let (mut look, mut pause) = (0u32, FIRST_LOOK);
        let mut nobody_has_it = nobody_has_it;
        loop {
            let ended = if look.is_multiple_of(LOOKS_A_ROUND) {
                self.broadcast_and_look(entry, &mut nobody_has_it).await
            } else {
                self.look(entry).await
            };
            match ended {
                Err(Error::OnItsWay { .. }) => {}
                Err(error) if error.is_network() => self.still_in_time(entry, error).await?,
                ended => return self.end(entry, ended),
            }
            look = look.wrapping_add(1);
            tokio::time::sleep(pause).await;
            pause = pause.mul_f32(1.2).min(LAST_LOOK);
        }
    }

    /// With no node to ask, it is waited for as long as the blocks of its time take;
    /// then the journal keeps it for the next time.
    async fn still_in_time(&self, entry: &Entry, error: Error) -> Result<()> {
        tokio::time::sleep(LAST_LOOK).await;
        match self.nodes.freshest(&entry.chain_id).await {
            Err(Error::NoNode { .. }) => Err(error),
            other => other.map(drop),
        }
    }

    fn end(&mut self, entry: &Entry, ended: Result<Committed>) -> Result<Committed> {
        if let Some(outcome) = outcome(&ended) {
            if matches!(outcome, Outcome::Committed | Outcome::Failed) {
                self.next = self.next.max(entry.sequence.saturating_add(1));
            }
            self.journal.end(&entry.hash, outcome)?;
        }
        ended
    }

    async fn broadcast_and_look(&self, entry: &Entry, nobody_has_it: &mut bool) -> Result<Committed> {
        // It may be in a block already, and a node would refuse it for its sequence. The
        // node that answered last may be one that is behind.
        if !*nobody_has_it {
            self.nodes.freshest(&entry.chain_id).await?;
            match self.look(entry).await {
                Err(Error::OnItsWay { .. }) => {}
                ended => return ended,
            }
        }
        let asked = AtomicUsize::new(0);
        let answer = self
            .nodes
            .first(|client| {
                let bytes = entry.bytes.to_vec();
                asked.fetch_add(1, Ordering::Relaxed);
                async move { client.broadcast_tx_sync(bytes).await }
            })
            .await;
        // A node that did not answer may have it.
        let only_this_one = *nobody_has_it && asked.load(Ordering::Relaxed) == 1;
        match answer {
            Ok(answer) if answer.code.is_err() && only_this_one && !has_it(&answer) => {
                Err(refusal(entry, &answer))
            }
            // Its pool has it, or is full, or another node has it: it is looked for. One
            // that has just begun refuses whatever it is given, so its word is not final.
            Ok(_) | Err(Error::Query { .. }) => {
                *nobody_has_it = false;
                self.look(entry).await
            }
            Err(other) => {
                *nobody_has_it = false;
                Err(other)
            }
        }
    }

    /// Whether a block has it, or none can have it any more.
    async fn look(&self, entry: &Entry) -> Result<Committed> {
        let (height, found) = self.find(&entry.hash).await?;
        match found {
            Some(found) => committed(found, &entry.label),
            None if height > entry.timeout_height.saturating_add(INDEXED) => self.after_its_time(entry).await,
            None => Err(on_its_way(entry)),
        }
    }

    /// Its last block has passed, and one node does not know it. A node may have no index,
    /// or blocks only since a while ago, so that alone ends nothing. The account's sequence
    /// is in the state of every node: while it is not above the transaction's own, no block
    /// has it.
    async fn after_its_time(&self, entry: &Entry) -> Result<Committed> {
        let hash = entry.hash.parse().map_err(Error::unreadable("a hash"))?;
        let found = self
            .nodes
            .each(|client| async move { client.tx(hash, false).await });
        if let Some(found) = found.await.into_iter().next() {
            return committed(found, &entry.label);
        }
        let untraced = || Error::Untraced {
            label: entry.label.clone(),
            hash: entry.hash.clone(),
        };
        match self.sequence_after(entry.timeout_height).await? {
            Some(sequence) if sequence <= entry.sequence => Err(Error::Expired {
                label: entry.label.clone(),
                timeout_height: entry.timeout_height,
            }),
            Some(_) => Err(untraced()),
            None => Err(on_its_way(entry)),
        }
    }

    /// The account's sequence in a state after this block; none if no node has one. The highest
    /// that any node has: one that is behind knows less.
    async fn sequence_after(&self, height: u64) -> Result<Option<u64>> {
        let question = QueryAccountRequest {
            address: self.key.address().to_string(),
        }
        .encode_to_vec();
        let answers = self.nodes.each(|client| {
            let question = question.clone();
            async move { asked(&client, ACCOUNT, question).await }
        });
        let mut highest = None;
        for answer in answers.await {
            if answer.height.value() <= height || answer.code.is_err() {
                continue;
            }
            let answer = QueryAccountResponse::decode(answer.value.as_slice());
            let answer = answer.map_err(Error::unreadable("an account"))?;
            highest = highest.max(Some(Account::of(answer, self.key.address())?.sequence));
        }
        Ok(highest)
    }

    /// A node's last block, and the transaction if a block up to it has it: of one node
    /// both, since another may be behind. The height first, for the same reason.
    async fn find(&self, hash: &str) -> Result<(u64, Option<endpoint::tx::Response>)> {
        let hash = hash.parse().map_err(Error::unreadable("a hash"))?;
        self.nodes
            .first(|client| async move {
                let height = client.status().await?.sync_info.latest_block_height.value();
                match client.tx(hash, false).await {
                    Ok(found) => Ok((height, Some(found))),
                    Err(error) if answered(&error).is_some_and(|words| is_unknown(&words)) => {
                        Ok((height, None))
                    }
                    Err(error) => Err(error),
                }
            })
            .await
    }
}

/// Whether these are the words of a node that does not know a transaction, or keeps none.
fn is_unknown(words: &str) -> bool {
    words.contains("not found") || words.contains("indexing is disabled")
}

/// What became of a transaction; none while that is not known.
fn outcome(ended: &Result<Committed>) -> Option<Outcome> {
    match ended {
        Ok(_) => Some(Outcome::Committed),
        Err(Error::Failed { .. }) => Some(Outcome::Failed),
        Err(Error::Refused { .. }) => Some(Outcome::Refused),
        Err(Error::Expired { .. }) => Some(Outcome::Expired),
        Err(_) => None,
    }
}

/// Whether a node that refuses it says that its pool has it.
fn has_it(answer: &endpoint::broadcast::tx_sync::Response) -> bool {
    const IN_POOL: u32 = 19;
    answer.codespace == "sdk" && answer.code.value() == IN_POOL
}

fn on_its_way(entry: &Entry) -> Error {
    Error::OnItsWay {
        label: entry.label.clone(),
        timeout_height: entry.timeout_height,
    }
}

fn refusal(entry: &Entry, answer: &endpoint::broadcast::tx_sync::Response) -> Error {
    Error::Refused {
        label: entry.label.clone(),
        code: answer.code.value(),
        codespace: answer.codespace.clone(),
        log: plain(&answer.log),
    }
}

/// A transaction's hash, in capital hex digits.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}
