//! What `backstop status` and `backstop keeper` are told.

use std::path::PathBuf;

/// Which backstop, and how it is shown.
#[derive(clap::Args, Debug, Clone)]
pub struct StatusArgs {
    /// The addresses file that `backstop deploy` wrote.
    #[arg(required_unless_present = "vault", value_name = "ADDRESSES.json")]
    pub addresses: Option<PathBuf>,

    /// The vault, in place of the file's; the rest is found from it as far as the chain tells.
    #[arg(long, value_name = "ADDR")]
    pub vault: Option<String>,

    /// An RPC address, in place of the file's; may be repeated.
    #[arg(long, value_name = "URL")]
    pub rpc: Vec<String>,

    /// Prints it as JSON: amounts as text in base units, times as text in nanoseconds since the epoch.
    #[arg(long)]
    pub json: bool,

    /// Reads it again after so many seconds, until it is interrupted.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub watch: Option<u64>,

    /// Reads so many pages of 30 rows of any one list at most.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub pages: u32,
}

/// How to keep.
#[derive(clap::Args, Debug, Clone)]
pub struct KeeperArgs {
    /// The settings; packages/backstop-operator/operations/keeper.example.toml has all of them.
    #[arg(long, value_name = "FILE.toml")]
    pub config: PathBuf,

    /// Does each task once, and ends.
    #[arg(long)]
    pub once: bool,

    /// Simulates, and sends nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// The file with the mnemonic's words, which nobody else may read; the variable BACKSTOP_MNEMONIC where none
    /// is named.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// After the help of `status`.
pub const STATUS_HELP: &str = "\
Exit codes:
  0  all of it was read
  1  no node answered, or a part could not be read: the end of the screen says which
  2  bad input: the message says what, which bound, and what to do next

Examples:
  backstop status addresses.json
  backstop status --vault wasm1... --rpc http://127.0.0.1:26657
  backstop status addresses.json --watch 5
  backstop status addresses.json --json | jq '.vault.claims[] | {claim, waits, from}'";

/// After the help of `keeper`.
pub const KEEPER_HELP: &str = "\
Exit codes:
  0  it was told to end by SIGTERM or SIGINT; with --once every task succeeded
  1  with --once a task failed or no node answered; it could not listen
  2  bad input: the message says what, which bound, and what to do next

Examples:
  backstop keeper --config keeper.toml --key-file keeper.key
  backstop keeper --config keeper.toml --key-file keeper.key --once --dry-run
  curl -s http://127.0.0.1:9464/healthz";
