//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Replays crashes through the backstop's own contracts.
#[derive(Parser, Debug)]
#[command(name = "backstop", version, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Replays a scenario through the contracts, block by block.
    ///
    /// Reads a TOML file that says what the price sources published, who trades, who stakes, and how the
    /// contracts are tuned; drives vault, distributor, breaker and exchange through it in a simulated chain;
    /// checks the invariants after every message; and says what happened to everybody.
    #[command(after_long_help = REPLAY_HELP)]
    Replay(ReplayArgs),
}

/// How to replay.
#[derive(clap::Args, Debug, Clone)]
pub struct ReplayArgs {
    /// The scenario, a TOML file.
    pub scenario: PathBuf,

    /// Draws the population from this number in place of the scenario's seed.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Also runs it without a breaker (the first source raw, no price ever judged wrong) and shows the two
    /// side by side.
    #[arg(long, conflicts_with = "against")]
    pub compare: bool,

    /// Also runs it with the parameters of this file laid over the scenario's, and shows the two side by side.
    ///
    /// A TOML file with any of the scenario's tables [vault], [policy], [breaker], [perps]: what a proposal
    /// would change.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,

    /// Writes DIR/report.html, DIR/report.json and DIR/plots/*.svg; makes DIR where it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Prints the report as JSON on standard output in place of the summary.
    #[arg(long)]
    pub json: bool,

    /// Prints no summary and no progress; errors and failed expectations still show.
    #[arg(long, short)]
    pub quiet: bool,
}

const REPLAY_HELP: &str = "\
Exit codes:
  0  it ran, every invariant held and everything that the scenario expects came true
  1  an invariant failed, or something expected did not happen
  2  bad input: the message says where, what, which bound, and what to do next

Examples:
  backstop replay packages/backstop-cli/scenarios/luna-2022-05.toml
  backstop replay packages/backstop-cli/scenarios/btc-flash-2021-09.toml --compare --out target/btc
  backstop replay my.toml --seed 7 --json | jq .shortfalls

The same scenario and seed give the same trace_sha256. Colour shows on a terminal only, and
NO_COLOR=1 turns it off. The scenario format is in packages/backstop-cli/README.md.";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
