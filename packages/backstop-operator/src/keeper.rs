//! `backstop keeper`: rounds, until it is told to end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use backstop_chain::{Journal, Key, Nodes, Sender, Settings, SignMode};
use rand::Rng;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::addresses::Addresses;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::health::Health;
use crate::log;
use crate::metrics::Metrics;
use crate::round::{Outcome, Rounds};
use crate::serve::{Shared, serve};
use crate::status::clock;

/// The longest wait after rounds in which no node answered.
const LONGEST: u64 = 300;

/// How it is run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// One round only.
    pub once: bool,
    /// Nothing is sent.
    pub dry_run: bool,
    /// The mnemonic's file; the environment's variable where none is named.
    pub key_file: Option<PathBuf>,
}

/// Reads the settings and keeps. Returns whether all went as it should: of one round, its
/// tasks; else that it was told to end.
pub async fn run(path: &Path, options: Options) -> Result<bool> {
    let config = Config::read(path)?;
    log::begin(&config.log)?;
    let addresses = config.addresses()?;
    let sender = sender(&config, &addresses, &options)?;
    let stop = stop()?;
    let tasks = config.tasks.allowed();
    let shared = Arc::new(Shared::new(Metrics::default(), Health::new(&tasks)));
    let serving = match config.metrics.on && !options.once {
        true => Some(serve(config.metrics.listen, shared.clone(), stop.clone()).await?),
        false => None,
    };
    let names: Vec<_> = tasks.iter().map(|(task, _)| task.name()).collect();
    let listen = serving.as_ref().map(|(address, _)| address.to_string());
    let (address, vault) = (sender.address(), &addresses.vault);
    tracing::info!(
        address,
        vault,
        ?names,
        listen,
        dry_run = options.dry_run,
        "the keeper begins"
    );
    let good = keep(sender, config, addresses, shared, stop, &options).await?;
    if let Some((_, serving)) = serving {
        // Its own error is in the log already.
        let _ = serving.await;
    }
    tracing::info!("the keeper ends");
    Ok(good)
}

fn sender(config: &Config, addresses: &Addresses, options: &Options) -> Result<Sender> {
    let key = Key::load(options.key_file.as_deref(), &addresses.prefix(), config.account)?;
    let settings = Settings {
        chain_id: addresses.chain_id.clone().unwrap_or_default(),
        gas_price: config.gas_price()?,
        gas_adjustment: config.gas_adjustment,
        max_gas: config.max_gas,
        timeout_blocks: config.timeout_blocks,
        mode: SignMode::Direct,
    };
    // A dry run beside a running keeper must not wait for its journal.
    let journal = match options.dry_run {
        true => config.journal.with_extension("dry-run"),
        false => config.journal.clone(),
    };
    let nodes = Nodes::new(&addresses.rpc)?;
    Ok(Sender::new(nodes, key, settings, Journal::open(&journal)?))
}

async fn keep(
    sender: Sender,
    config: Config,
    addresses: Addresses,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
    options: &Options,
) -> Result<bool> {
    let (interval, jitter) = (config.interval, config.jitter);
    let Some(addresses) = complete(&sender, addresses, &shared, &mut stop, options.once).await? else {
        return Ok(true);
    };
    let mut rounds = Rounds::new(sender, config, addresses, shared, stop.clone(), options.dry_run)?;
    let mut unanswered = 0u32;
    loop {
        let outcome = rounds.round(clock()).await;
        if options.once {
            return Ok(outcome.is_good());
        }
        unanswered = unanswered_rounds(&outcome, unanswered);
        let pause = pause(interval, jitter, unanswered);
        if ended(&mut stop, pause).await {
            return Ok(true);
        }
    }
}

/// What the vault knows of the addresses. A node that is not up yet is waited for, except
/// in a single round.
async fn complete(
    sender: &Sender,
    addresses: Addresses,
    shared: &Shared,
    stop: &mut watch::Receiver<bool>,
    once: bool,
) -> Result<Option<Addresses>> {
    let mut unanswered = 0u32;
    loop {
        match addresses.clone().complete(sender).await {
            Err(Error::Chain(error)) if error.is_network() && !once => {
                tracing::warn!(%error, "waiting for a node");
                shared.health(|health| health.node(Some(error.to_string())));
            }
            completed => return completed.map(Some),
        }
        unanswered = unanswered.saturating_add(1);
        if ended(stop, pause(1, 0, unanswered)).await {
            return Ok(None);
        }
    }
}

fn unanswered_rounds(outcome: &Outcome, before: u32) -> u32 {
    match outcome.nothing {
        Some(_) => before.saturating_add(1),
        None => 0,
    }
}

/// The interval, twice as long after each round without an answer, and a little more by
/// chance: keepers that were started together do not all send in one block.
fn pause(interval: u64, jitter: u64, unanswered: u32) -> Duration {
    let longest = LONGEST.max(interval);
    let seconds = interval
        .saturating_mul(2u64.saturating_pow(unanswered))
        .min(longest);
    let later = rand::rng().random_range(0..=jitter.saturating_mul(1_000));
    Duration::from_secs(seconds).saturating_add(Duration::from_millis(later))
}

/// Waits, and says whether it was told to end meanwhile.
async fn ended(stop: &mut watch::Receiver<bool>, pause: Duration) -> bool {
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => true,
        () = tokio::time::sleep(pause) => false,
    }
}

/// True from the first SIGTERM or SIGINT on. What is on its way to a block is waited for.
fn stop() -> Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::System)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::System)?;
    let (told, stop) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to end: after the transaction that is on its way");
        // Nobody waits any more: the keeper has ended.
        let _ = told.send(true);
        std::future::pending::<()>().await;
    });
    Ok(stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_answer_each_pause_is_twice_as_long_up_to_five_minutes() {
        let seconds = |unanswered| pause(15, 0, unanswered).as_secs();
        assert_eq!([0, 1, 2, 4, 5, 99].map(seconds), [15, 30, 60, 240, 300, 300]);
        assert_eq!(pause(3_600, 0, 9).as_secs(), 3_600);
    }

    #[test]
    fn the_jitter_is_never_more_than_it_may_be() {
        let later = (0..200).map(|_| pause(15, 3, 0).as_millis() - 15_000);
        assert!(later.clone().all(|later| later <= 3_000) && later.max() > Some(0));
    }
}
