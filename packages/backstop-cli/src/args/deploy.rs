//! The arguments of `backstop deploy`.

use std::path::{Path, PathBuf};

/// What the help adds.
pub(super) const HELP: &str = "\
Exit codes:
  0  it is deployed, and all of it is as the chain's file says
  1  the chain refused a step or cannot be reached, or something is not as the file says
  2  bad input: the message says which field or file, which bound, and what to do next

Examples:
  backstop deploy my-chain.toml --key-file key --dry-run
  backstop deploy my-chain.toml --key-file key
  backstop deploy my-chain.toml --check --json | jq .wrong";

/// What to deploy, and with which key.
#[derive(clap::Args, Debug, Clone)]
pub struct DeployArgs {
    /// The chain's file; see packages/backstop-deploy/README.md for its fields.
    #[arg(value_name = "CHAIN.toml")]
    pub chain: PathBuf,

    /// Where the built contracts are.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    pub wasm: PathBuf,

    /// The record of what was done, in place of CHAIN.state.json; the journal of transactions is beside it.
    #[arg(long, value_name = "FILE.json")]
    pub state: Option<PathBuf>,

    /// Writes the addresses to this file in place of CHAIN.addresses.json.
    #[arg(long, value_name = "FILE.json")]
    pub out: Option<PathBuf>,

    /// Reads the key's mnemonic from this file, which nobody else may read (mode 600); from the variable
    /// BACKSTOP_MNEMONIC if none is named.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Takes the account of this index of the mnemonic: m/44'/118'/0'/0/N.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub key_index: u32,

    /// The version of the chain's wasmd, for a chain that does not say.
    #[arg(long, value_name = "X.Y.Z")]
    pub wasmd_version: Option<String>,

    /// Sends nothing: checks files and chain, and shows each step with its gas and fee.
    #[arg(long, conflicts_with = "check")]
    pub dry_run: bool,

    /// Sends nothing and needs no key: compares what is deployed with the chain's file.
    #[arg(long)]
    pub check: bool,

    /// Prints the result as JSON on standard output.
    #[arg(long)]
    pub json: bool,

    /// Prints no progress on standard error.
    #[arg(long, short)]
    pub quiet: bool,
}

impl DeployArgs {
    /// The record of what was done.
    pub fn state(&self) -> PathBuf {
        self.state
            .clone()
            .unwrap_or_else(|| self.chain.with_extension("state.json"))
    }

    /// The transactions that were sent.
    pub fn journal(&self) -> PathBuf {
        self.state().with_extension("journal.jsonl")
    }

    /// Where the addresses go.
    pub fn out(&self) -> PathBuf {
        self.out
            .clone()
            .unwrap_or_else(|| self.chain.with_extension("addresses.json"))
    }

    /// The key's file.
    pub fn key_file(&self) -> Option<&Path> {
        self.key_file.as_deref()
    }
}
