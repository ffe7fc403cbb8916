//! One round of the keeper: look, decide, simulate, send, and wait for the end; task by task,
//! of which none stops another.

use std::sync::Arc;
use std::time::Instant;

use backstop_chain::{Error, GasPrice, Result};
use backstop_types::Seconds;
use cosmwasm_std::Timestamp;
use tokio::sync::watch;

use crate::addresses::Addresses;
use crate::chain::{Acts, Sent};
use crate::config::Config;
use crate::memory::Memory;
use crate::metrics::TxResult;
use crate::serve::Shared;
use crate::snapshot::{Look, Snapshot, look};
use crate::task::Task;
use crate::tasks::{Action, advance, changes, perps, poke, premium, settle, tickets};

/// What goes from round to round.
#[derive(Debug)]
pub struct Rounds<A> {
    chain: A,
    config: Config,
    gas_price: GasPrice,
    addresses: Addresses,
    shared: Arc<Shared>,
    stop: watch::Receiver<bool>,
    dry_run: bool,
    memory: Memory,
    resumed: bool,
    penniless: bool,
}

/// What a round came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What is in a block, or would have been sent.
    pub done: Vec<String>,
    /// Tasks that failed, with why.
    pub failed: Vec<(Task, String)>,
    /// Why no task was begun: no node answered.
    pub nothing: Option<String>,
}

impl Outcome {
    /// Whether every task did what it was there for.
    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && self.nothing.is_none()
    }
}

/// How a task's transactions went on.
enum Next {
    /// A transaction was sent, or would have been.
    Sent,
    /// There was nothing to send.
    Nothing,
    /// One may still get into a block.
    Stop,
}

impl<A: Acts> Rounds<A> {
    /// Rounds on this chain, until `stop` is true.
    pub fn new(
        chain: A,
        config: Config,
        addresses: Addresses,
        shared: Arc<Shared>,
        stop: watch::Receiver<bool>,
        dry_run: bool,
    ) -> Result<Self> {
        let gas_price = config.gas_price.parse()?;
        shared.metrics.begin(&config.tasks.allowed());
        Ok(Self {
            chain,
            config,
            gas_price,
            addresses,
            shared,
            stop,
            dry_run,
            memory: Memory::default(),
            resumed: false,
            penniless: false,
        })
    }

    /// What it sends by.
    pub fn chain(&self) -> &A {
        &self.chain
    }

    /// The same, to change.
    pub fn chain_mut(&mut self) -> &mut A {
        &mut self.chain
    }

    /// One round. `clock` is this machine's time; the contracts' is the block's.
    pub async fn round(&mut self, clock: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        let begun = self.begin(clock).await;
        let snapshot = match begun {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let error = error.to_string();
                tracing::warn!(error, "nothing is done");
                self.shared.health(|health| health.node(Some(error.clone())));
                outcome.nothing = Some(error);
                return outcome;
            }
        };
        self.shared.health(|health| health.node(None));
        for (task, _) in self.config.tasks.allowed() {
            if *self.stop.borrow() {
                break;
            }
            match self.task(task, &snapshot, clock, &mut outcome).await {
                Ok(()) => self.succeeded(task, clock),
                Err(error) => self.failed(task, error, &mut outcome),
            }
        }
        self.memory.forget(snapshot.now());
        outcome
    }

    /// What an earlier process left is followed to its end first; then all is read.
    async fn begin(&mut self, clock: Timestamp) -> Result<Snapshot> {
        self.resume().await?;
        let how = self.how(clock);
        let snapshot = look(&self.chain, &self.addresses, &how, clock).await?;
        self.shared.metrics.nodes(&snapshot.chain.nodes, clock);
        let height = snapshot.chain.height;
        if height < self.memory.height {
            // It has not seen what was sent, so it would be sent again.
            let why = format!(
                "it is at block {height}, before {} with the keeper's own",
                self.memory.height
            );
            return Err(Error::NoNode {
                tried: vec![format!("{}: {why}", snapshot.chain.rpc)],
            });
        }
        if snapshot.addresses != self.addresses {
            let (breaker, distributor) = (&snapshot.addresses.breaker, &snapshot.addresses.distributor);
            tracing::warn!(breaker, distributor, "the vault has named another contract");
            self.addresses = snapshot.addresses.clone();
        }
        self.shared.metrics.observe(&snapshot);
        for problem in &snapshot.problems {
            tracing::warn!(part = problem.part, error = problem.error, "cannot be read");
        }
        if how.queue {
            self.counted(&snapshot, clock);
        }
        self.wallet().await;
        Ok(snapshot)
    }

    async fn resume(&mut self) -> Result<()> {
        if self.resumed || self.dry_run {
            return Ok(());
        }
        for (label, end) in self.chain.resume().await? {
            match end {
                Ok(Sent { height, .. }) => {
                    tracing::info!(label, height, "sent by an earlier process: it is in a block");
                    self.memory.height = self.memory.height.max(height);
                }
                Err(error) => tracing::info!(label, %error, "sent by an earlier process: it came to nothing"),
            }
        }
        self.resumed = true;
        Ok(())
    }

    fn how(&self, clock: Timestamp) -> Look {
        let every = Seconds(self.config.tasks.tickets.every);
        let queue = &self.memory.queue;
        let time = queue
            .looked
            .is_none_or(|looked| Seconds::between(looked, clock) >= every);
        Look {
            pages: self.config.pages,
            queue: time || queue.after.is_some(),
            queue_after: queue.after.clone(),
        }
    }

    /// Counts the queue on; a whole look may take several rounds.
    fn counted(&mut self, snapshot: &Snapshot, clock: Timestamp) {
        let queue = &mut self.memory.queue;
        let Some(read) = &snapshot.queue else {
            return;
        };
        if queue.after.is_none() {
            queue.looked = Some(clock);
            queue.open = 0;
        }
        queue.open = queue.open.saturating_add(read.open);
        queue.after.clone_from(&read.after);
        if queue.after.is_none() {
            self.shared.metrics.queue(queue.open);
        }
    }

    async fn wallet(&mut self) {
        let denom = &self.gas_price.denom;
        match self.chain.balance(self.chain.address(), denom).await {
            Ok(balance) => {
                self.penniless = balance == 0 && !self.gas_price.amount.is_zero();
                let least = self.config.low_balance.u128();
                let address = self.chain.address();
                self.shared.metrics.wallet(denom, balance, balance < least);
                if balance < least {
                    tracing::warn!(
                        address,
                        balance,
                        least,
                        denom,
                        "fees run out: send the keeper coins"
                    );
                }
            }
            Err(error) => tracing::warn!(%error, "the keeper's balance cannot be read"),
        }
    }

    async fn task(
        &mut self,
        task: Task,
        snapshot: &Snapshot,
        clock: Timestamp,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let actions = self.decide(task, snapshot).await?;
        let mut first = None;
        let mut tried = 0usize;
        let begun = Instant::now();
        for action in actions {
            // What waits or has nothing to do takes nobody's place.
            if *self.stop.borrow() || tried >= self.config.batch {
                break;
            }
            if self.memory.waits(&action.label, snapshot.now()) {
                continue;
            }
            let next = self.act(task, &action, snapshot.now(), outcome).await;
            tried = tried.saturating_add(usize::from(!matches!(next, Ok(Next::Nothing))));
            match next {
                Ok(Next::Sent | Next::Nothing) => {
                    self.succeeded(task, Seconds(begun.elapsed().as_secs()).after(clock))
                }
                Ok(Next::Stop) => break,
                // Without a node the next one would fail the same way.
                Err(error) if error.is_network() => return Err(error),
                Err(error) => first = first.or(Some(error)),
            }
        }
        first.map_or(Ok(()), Err)
    }

    async fn decide(&mut self, task: Task, snapshot: &Snapshot) -> Result<Vec<Action>> {
        readable(task, snapshot)?;
        let tasks = &self.config.tasks;
        match task {
            Task::Poke => poke::decide(snapshot, &tasks.poke, &self.memory.poked),
            Task::Settle => settle::decide(snapshot),
            Task::Changes => changes::decide(snapshot),
            Task::Premium => premium::decide(snapshot, &tasks.premium),
            Task::Advance => advance::decide(snapshot, &tasks.advance),
            Task::Tickets => tickets::decide(snapshot, &tasks.tickets),
            Task::Perps => {
                let (pages, cursor) = (self.config.pages, self.memory.positions);
                let view = perps::look(&self.chain, snapshot, &tasks.perps, pages, cursor).await?;
                self.memory.positions = view.next;
                perps::decide(&view, &tasks.perps)
            }
        }
    }

    /// Simulates and sends one transaction, and waits for its end.
    async fn act(
        &mut self,
        task: Task,
        action: &Action,
        now: Timestamp,
        outcome: &mut Outcome,
    ) -> Result<Next> {
        let begun = Instant::now();
        let label = action.label.as_str();
        let sent = self.send(action, now).await;
        let result = sent.as_ref().map_or_else(result_of, |result| *result);
        self.shared.metrics.tx(task, result, begun.elapsed());
        if task == Task::Poke && sent.is_ok() {
            self.memory.poked.insert(label.to_string(), now);
        }
        match sent {
            Ok(_) => {
                self.memory.went_well(label);
                outcome.done.push(label.to_string());
                Ok(Next::Sent)
            }
            Err(error) => self.not_done(label, now, error),
        }
    }

    async fn send(&mut self, action: &Action, now: Timestamp) -> Result<TxResult> {
        let label = action.label.as_str();
        if self.dry_run {
            let gas = self.chain.simulate(label, &action.messages).await?;
            tracing::info!(label, gas, "would be sent");
            return Ok(TxResult::DryRun);
        }
        self.may_pay(now)?;
        let Sent {
            hash,
            height,
            gas_used,
            gas_wanted,
        } = self.chain.send(label, &action.messages).await?;
        tracing::info!(label, hash, height, gas_used, "done");
        self.memory.height = self.memory.height.max(height);
        self.paid(gas_wanted, now)?;
        Ok(TxResult::Committed)
    }

    /// Refuses to send once the day's fees are paid.
    fn may_pay(&self, now: Timestamp) -> Result<()> {
        let spent = self.memory.spent(now);
        match self.config.daily_fees {
            Some(most) if spent >= most.u128() => Err(Error::DailyFees {
                spent,
                most: most.u128(),
            }),
            _ => Ok(()),
        }
    }

    fn paid(&mut self, gas: u64, now: Timestamp) -> Result<()> {
        let fee = self.gas_price.fee(gas)?.amount.u128();
        self.memory.paid(fee, now);
        self.shared.metrics.fees(self.memory.spent(now));
        Ok(())
    }

    /// Nothing to do and a lost race are expected, and quiet. What else fails waits before
    /// it is tried again.
    fn not_done(&mut self, label: &str, now: Timestamp, error: Error) -> Result<Next> {
        match error {
            // A simulation pays a fee, too: of an empty wallet it tells nothing about the work.
            Error::WouldFail { log, .. } if !self.penniless => {
                tracing::debug!(label, log, "nothing to do");
                self.memory.went_well(label);
                Ok(Next::Nothing)
            }
            Error::Failed {
                hash,
                log,
                height,
                gas_wanted,
                ..
            } => {
                self.memory.height = self.memory.height.max(height);
                self.paid(gas_wanted, now)?;
                tracing::info!(
                    label,
                    hash,
                    log,
                    "in a block without effect: somebody may have been faster"
                );
                self.memory.failed(label, now);
                Ok(Next::Sent)
            }
            // It may still get into a block: nothing else of the task is begun before.
            Error::OnItsWay { .. } => Ok(Next::Stop),
            // It has not been tried: it goes on as soon as the day allows it.
            Error::DailyFees { .. } => Err(error),
            error => {
                self.memory.failed(label, now);
                Err(error)
            }
        }
    }

    fn succeeded(&self, task: Task, clock: Timestamp) {
        self.shared.metrics.success(task, clock);
        self.shared.health(|health| health.success(task, clock));
    }

    fn failed(&self, task: Task, error: Error, outcome: &mut Outcome) {
        let error = error.to_string();
        tracing::warn!(%task, error, "failed");
        self.shared.health(|health| health.failure(task, error.clone()));
        outcome.failed.push((task, error));
    }
}

/// A part that a task needs and that could not be read is the task's failure: with nothing
/// read there would be nothing to do for ever.
fn readable(task: Task, snapshot: &Snapshot) -> Result<()> {
    let parts: &[&str] = match task {
        Task::Poke => &["breaker"],
        Task::Settle | Task::Premium => &["vault"],
        Task::Changes => &["timelock"],
        Task::Advance => &["distributor"],
        Task::Tickets => &["queue"],
        Task::Perps => &[],
    };
    let problem = snapshot
        .problems
        .iter()
        .find(|problem| parts.contains(&problem.part.as_str()));
    match problem {
        Some(problem) => Err(Error::Unreadable {
            what: problem.part.clone(),
            why: problem.error.clone(),
        }),
        None => Ok(()),
    }
}

fn result_of(error: &Error) -> TxResult {
    match error {
        Error::WouldFail { .. } => TxResult::Nothing,
        Error::Failed { .. } => TxResult::Failed,
        Error::Refused { .. } | Error::Expired { .. } => TxResult::NotTaken,
        _ => TxResult::Error,
    }
}
