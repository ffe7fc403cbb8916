//! What the program is told.

use std::path::PathBuf;

use clap::Parser;

/// Measures the gas of every operation on one wasmd node, beside its peers'.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub struct Args {
    /// The chain's program.
    #[arg(long)]
    pub wasmd: PathBuf,
    /// The folder of our contracts.
    #[arg(long, default_value = "target/wasm")]
    pub wasm: PathBuf,
    /// The folder of the peers' contracts.
    #[arg(long)]
    pub peers: PathBuf,
    /// Where the report goes.
    #[arg(long, default_value = "target/bench.json")]
    pub out: PathBuf,
    /// Fails with the lines that do not hold.
    #[arg(long)]
    pub check: bool,
    /// Prints the report as JSON in place of the table.
    #[arg(long)]
    pub json: bool,
    /// Puts the table into this file, between its two marks.
    #[arg(long)]
    pub readme: Option<PathBuf>,
    /// Leaves out the large sizes, and what is asserted about growth.
    #[arg(long)]
    pub no_growth: bool,
    /// Stakers at the large size.
    #[arg(long, default_value_t = 10_000)]
    pub stakers: u32,
    /// Keeps the node's folder, and says where it is.
    #[arg(long)]
    pub keep: bool,
}
