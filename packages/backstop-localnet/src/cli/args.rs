//! What the program is told.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::settings::MAX_VALIDATORS;

/// A wasmd network of one or several validators on this machine, on 127.0.0.1
/// only.
///
/// Ends with 0 if all went well, 1 if not, 2 if the arguments are wrong. `status`
/// ends with 3 if a node is down, and with 4 if there is no network.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// The folder that holds everything of the network.
    #[arg(long, global = true, default_value = "target/localnet")]
    pub home: PathBuf,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Makes the network if there is none, and starts every node that is down.
    Up(Make),
    /// Lets every source of every market publish a price as of now, and pokes the breaker.
    Price {
        /// The price, such as 9.5.
        price: String,
        /// Goes on, so often, until it is interrupted: prices grow old within minutes.
        #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600))]
        every: Option<u64>,
    },
    /// Moves the chain's clock ahead.
    Advance {
        /// By so many seconds.
        #[arg(value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
        seconds: u64,
    },
    /// A shortfall from its beginning to its settlement, by the test accounts: a fall of the
    /// price, a liquidation, the vault's answer, and the claim that is settled later.
    /// Once on a new network: prices that come back up trip the breaker, which denies a second.
    Crash,
    /// Stops all nodes, and the page; the chain stays and `up` goes on with it.
    Down,
    /// Says which nodes run, where, and how far they are.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Stops all nodes, deletes the chain and makes a new one.
    Reset(Make),
    /// Serves the page until it is told to end: what `up --web` starts.
    #[command(hide = true)]
    Serve {
        /// The built page.
        #[arg(long, value_name = "DIR")]
        page: PathBuf,
    },
}

/// What the network is to be like; what is not named stays as it is.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Make {
    /// How many validators; 1 for a new network.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=i64::from(MAX_VALIDATORS)))]
    pub validators: Option<u8>,
    /// The lowest port; each validator has ten from there. 26650 for a new
    /// network.
    #[arg(long)]
    pub port: Option<u16>,
    /// The built contracts, as `scripts/build-wasm` leaves them; those are deployed.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    pub wasm: PathBuf,
    /// Makes the chain alone, without contracts.
    #[arg(long)]
    pub bare: bool,
    /// Serves the stakers' page too, and says where it is and how Keplr is told of the chain.
    #[arg(long, conflicts_with = "bare")]
    pub web: bool,
    /// The built page that `--web` serves.
    #[arg(long, value_name = "DIR", default_value = "packages/staking-web/dist")]
    pub page: PathBuf,
    /// The chain's program, as `scripts/wasmd/build` prints it.
    #[arg(long, value_name = "PATH")]
    pub wasmd: Option<PathBuf>,
}
