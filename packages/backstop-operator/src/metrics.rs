//! What the keeper tells Prometheus: the snapshot in numbers, and what it did itself. A
//! value that is not known is absent, never zero.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use backstop_types::Named;
use backstop_types::breaker::MarketState;
use cosmwasm_std::{Decimal, Timestamp, Uint128};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::snapshot::{BreakerState, NodeLine, Snapshot, VaultState};
use crate::task::Task;

/// Names with values.
type Labels = Vec<(&'static str, String)>;
/// A gauge by its labels.
type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;
/// Seconds by their labels.
type Times = Family<Labels, Histogram, fn() -> Histogram>;

/// What came of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TxResult {
    /// It is in a block and did what it was for.
    Committed,
    /// The simulation said that there is nothing to do.
    Nothing,
    /// It is in a block and failed: somebody was faster, or its gas was too little.
    Failed,
    /// A node refused it, or no block took it.
    NotTaken,
    /// No node answered, or not as it should.
    Error,
    /// It would have been sent.
    DryRun,
}

impl TxResult {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Committed,
        Self::Nothing,
        Self::Failed,
        Self::NotTaken,
        Self::Error,
        Self::DryRun,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Nothing => "nothing",
            Self::Failed => "failed",
            Self::NotTaken => "not_taken",
            Self::Error => "error",
            Self::DryRun => "dry_run",
        }
    }
}

/// Declares the gauges with their names and what they say, once.
macro_rules! gauges {
    ($( $field:ident = $name:literal, $help:literal; )*) => {
        /// All metrics.
        #[derive(Debug)]
        pub struct Metrics {
            registry: Registry,
            txs: Family<Labels, Counter>,
            tx_latency: Times,
            $( $field: Gauges, )*
        }

        impl Metrics {
            fn registered(mut registry: Registry, txs: Family<Labels, Counter>, tx_latency: Times) -> Self {
                $( let $field = Gauges::default(); registry.register($name, $help, $field.clone()); )*
                Self { registry, txs, tx_latency, $( $field, )* }
            }
        }
    };
}

gauges! {
    oracle_age_seconds = "oracle_age_seconds", "Seconds since most sources of a market had published";
    poke_age_seconds = "poke_age_seconds", "Seconds since a reading of a market was recorded";
    breaker_state = "breaker_state", "1 for the state that a market is in, 0 for the others";
    queue_length = "queue_length", "Open unbonding tickets, as counted in the last whole look at the queue";
    queued_shares = "queued_shares", "Shares that are unbonding";
    coverage_ratio = "coverage_ratio", "Assets over the limits of all policies";
    tvl = "tvl", "Assets of the pool, in base units";
    share_price = "share_price", "Assets per share";
    pending_claims = "pending_claims", "Claims that are pending";
    claims_ready = "claims_ready", "Claims that can be settled now";
    pending_shortfall = "pending_shortfall", "Granted and not yet paid, declined or lapsed, in base units";
    recoveries = "recoveries", "What came back on losses and was not taken, in base units";
    payouts_paused = "payouts_paused", "1 while the guardian's pause of payouts lasts";
    custody = "custody", "1 if the timelock has all contracts";
    changes_due = "changes_due", "Changes in the timelock that can be applied now";
    wallet_balance = "wallet_balance", "What the keeper has to pay fees, in base units";
    wallet_low = "wallet_low", "1 if that is below low_balance";
    fees_day = "fees_day", "Fees that the keeper paid in the last 24 hours, in base units";
    block_lag = "block_lag", "Seconds that a node's newest block is behind this machine's clock";
    node_up = "node_up", "1 if a node answers";
    problems = "problems", "Parts of the snapshot that could not be read";
    last_success_ts = "last_success_ts", "When a task last succeeded, in seconds since the epoch";
    allowed_seconds = "allowed_seconds", "Seconds that a task may go without a success";
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("backstop");
        let txs = Family::<Labels, Counter>::default();
        registry.register("txs", "Transactions by task and result", txs.clone());
        let buckets: fn() -> Histogram =
            || Histogram::new([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0]);
        let latency = Times::new_with_constructor(buckets);
        let help = "Seconds from the simulation of a transaction to its block";
        registry.register("tx_latency", help, latency.clone());
        Self::registered(registry, txs, latency)
    }
}

impl Metrics {
    /// As Prometheus reads them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(error) => format!("# {error}\n"),
        }
    }

    /// Begins at zero what is counted, so that the first event is an increase.
    pub fn begin(&self, tasks: &[(Task, u64)]) {
        for (task, allowed) in tasks {
            for result in TxResult::ALL {
                drop(self.txs.get_or_create(&of_tx(*task, result)));
            }
            set(&self.allowed_seconds, of_task(*task), *allowed as f64);
        }
    }

    /// Counts a transaction.
    pub fn tx(&self, task: Task, result: TxResult, took: Duration) {
        self.txs.get_or_create(&of_tx(task, result)).inc();
        if result == TxResult::Committed {
            self.tx_latency
                .get_or_create(&of_task(task))
                .observe(took.as_secs_f64());
        }
    }

    /// Notes a task's success.
    pub fn success(&self, task: Task, clock: Timestamp) {
        set(&self.last_success_ts, of_task(task), clock.seconds() as f64);
    }

    /// What the keeper has to pay fees.
    pub fn wallet(&self, denom: &str, balance: u128, low: bool) {
        set(
            &self.wallet_balance,
            vec![("denom", denom.to_string())],
            balance as f64,
        );
        set(&self.wallet_low, vec![], flag(low));
    }

    /// What the keeper has paid in fees in the last 24 hours.
    pub fn fees(&self, spent: u128) {
        set(&self.fees_day, vec![], spent as f64);
    }

    /// How the nodes are.
    pub fn nodes(&self, nodes: &[NodeLine], clock: Timestamp) {
        self.block_lag.clear();
        for node in nodes {
            let labels = vec![("rpc", node.rpc.clone())];
            set(&self.node_up, labels.clone(), flag(node.error.is_none()));
            if let Some(lag) = node.lag(clock) {
                set(&self.block_lag, labels, lag as f64);
            }
        }
    }

    /// Open tickets after a whole look at the queue.
    pub fn queue(&self, open: u64) {
        set(&self.queue_length, vec![], open as f64);
    }

    /// The snapshot in numbers.
    pub fn observe(&self, snapshot: &Snapshot) {
        let now = snapshot.now();
        set(&self.problems, vec![], snapshot.problems.len() as f64);
        self.vault(snapshot.vault.as_ref(), now);
        self.breaker(snapshot.breaker.as_ref(), now);
        let timelock = snapshot.timelock.as_ref();
        known(
            &self.custody,
            timelock.map(|timelock| flag(timelock.custody.complete)),
        );
        let due = timelock.map(|timelock| {
            timelock
                .changes
                .iter()
                .filter(|change| change.is_due(now))
                .count()
        });
        known(&self.changes_due, due.map(|due| due as f64));
    }

    fn vault(&self, vault: Option<&VaultState>, now: Timestamp) {
        let pool = vault.map(|vault| &vault.pool);
        known(&self.tvl, pool.map(|pool| amount(pool.assets.0)));
        known(&self.queued_shares, pool.map(|pool| amount(pool.queued.0)));
        known(&self.share_price, pool.map(|pool| decimal(pool.share_price)));
        known(&self.pending_claims, pool.map(|pool| pool.pending_claims as f64));
        known(&self.pending_shortfall, pool.map(|pool| amount(pool.pots.0)));
        known(&self.recoveries, pool.map(|pool| amount(pool.recoveries.0)));
        known(
            &self.coverage_ratio,
            vault.and_then(|vault| vault.coverage).map(decimal),
        );
        let paused = |vault: &VaultState| vault.pauses.payouts.is_some_and(|pause| now < pause.until);
        known(&self.payouts_paused, vault.map(|vault| flag(paused(vault))));
        let ready = vault.map(|vault| vault.claims.iter().filter(|claim| claim.is_ready()).count());
        known(&self.claims_ready, ready.map(|ready| ready as f64));
    }

    fn breaker(&self, breaker: Option<&BreakerState>, now: Timestamp) {
        self.oracle_age_seconds.clear();
        self.poke_age_seconds.clear();
        self.breaker_state.clear();
        for line in breaker.iter().flat_map(|breaker| &breaker.markets) {
            let of_market = vec![("market", line.market.clone())];
            let age = |then: u64| now.seconds().saturating_sub(then) as f64;
            if let Some(published) = line.live.as_ref().and_then(|live| live.published) {
                set(&self.oracle_age_seconds, of_market.clone(), age(published));
            }
            if let Some(read) = line.read_at {
                set(&self.poke_age_seconds, of_market.clone(), age(read.seconds()));
            }
            for state in MarketState::ALL {
                let labels = vec![("market", line.market.clone()), ("state", state.to_string())];
                set(&self.breaker_state, labels, flag(*state == line.state_now()));
            }
        }
    }
}

fn of_task(task: Task) -> Labels {
    vec![("task", task.to_string())]
}

fn of_tx(task: Task, result: TxResult) -> Labels {
    vec![("task", task.to_string()), ("result", result.name().to_string())]
}

fn set(gauges: &Gauges, labels: Labels, value: f64) {
    gauges.get_or_create(&labels).set(value);
}

/// The value, or none at all.
fn known(gauges: &Gauges, value: Option<f64>) {
    gauges.clear();
    if let Some(value) = value {
        set(gauges, vec![], value);
    }
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// Prometheus knows no other numbers: 15 digits are kept.
fn amount(amount: Uint128) -> f64 {
    amount.u128() as f64
}

fn decimal(decimal: Decimal) -> f64 {
    decimal.atomics().u128() as f64 / 1e18
}
