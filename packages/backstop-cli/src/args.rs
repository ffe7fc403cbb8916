//! The command line.

#[cfg(feature = "chain")]
pub mod deploy;
#[cfg(feature = "chain")]
pub mod operator;

use std::path::PathBuf;

use backstop_prices::Wanted;
use backstop_replay::change::Change;
use clap::{Parser, Subcommand};

use crate::backtest::Parameter;
use crate::infer::NamedFile;
use crate::seeds::Seeds;

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
    /// Says what the confirmation of a jump costs and saves, over many crashes and false prints.
    ///
    /// Runs each row under several seeds and three settings: without a breaker, with a breaker that confirms no
    /// jump, and with the shipped defaults; and shows the means side by side. A run is a replay.
    #[command(after_long_help = BACKTEST_HELP)]
    Backtest(BacktestArgs),
    /// Reads a message as a contract would, and says which field is wrong.
    ///
    /// Prints a message or a query as the contract has it. A contract itself says only "Invalid type" of a number where a
    /// text is wanted, and names no field.
    #[command(after_long_help = DECODE_HELP)]
    Decode(DecodeArgs),
    /// Puts a backstop on a chain, hands it over to its timelock, and checks it.
    ///
    /// Uploads and makes the contracts, wires them, tries them out, gives them to the timelock, and writes the
    /// addresses. Each step is recorded: run it again after a failure, and it goes on where it stopped.
    #[cfg(feature = "chain")]
    #[command(after_long_help = deploy::HELP)]
    Deploy(deploy::DeployArgs),
    /// Shows a deployed backstop on one screen.
    ///
    /// Pool, pending claims with what they wait for, policies with their rooms, the breaker's markets with their
    /// reasons, who is leaving, rewards, changes that wait, pauses and custody.
    #[cfg(feature = "chain")]
    #[command(after_long_help = operator::STATUS_HELP)]
    Status(operator::StatusArgs),
    /// Does on a chain what anybody may do and somebody has to.
    ///
    /// Pokes the breaker, settles claims, passes on premiums, applies changes that are due, and serves sample-perps; each
    /// task has a switch in the settings. Every transaction is simulated first, and sent once.
    #[cfg(feature = "chain")]
    #[command(after_long_help = operator::KEEPER_HELP)]
    Keeper(operator::KeeperArgs),
    /// Writes scenarios, and lists the shipped ones.
    Scenario {
        /// What to do.
        #[command(subcommand)]
        command: ScenarioCommand,
    },
}

/// What to read.
#[derive(clap::Args, Debug, Clone)]
pub struct DecodeArgs {
    /// Which contract the message is for.
    #[arg(value_enum)]
    pub contract: Contract,

    /// A file with the message's JSON, or - for standard input.
    #[arg(value_name = "FILE.json")]
    pub file: PathBuf,
}

/// A contract that takes messages.
#[derive(clap::ValueEnum, Debug, Clone, Copy)]
pub enum Contract {
    /// The vault.
    Vault,
    /// The distributor.
    Distributor,
    /// The breaker.
    Breaker,
    /// The sample exchange.
    Exchange,
    /// The timelock.
    Timelock,
}

/// What to do with scenarios.
#[derive(Subcommand, Debug)]
pub enum ScenarioCommand {
    /// Writes a commented scenario that price files suggest.
    ///
    /// Asks nothing: market, time, blocks, sources, people, pool and breaker are inferred from the files, each
    /// with a comment that says why. The breaker needs two lineages; beside a single file there are two more
    /// sources that follow it, which the scenario says.
    #[command(after_long_help = NEW_HELP)]
    New(NewArgs),
    /// Lists the scenarios that are inside of the program; `backstop replay NAME` replays one.
    List,
    /// Prints one of these as its file, to change it: `backstop scenario show NAME > my.toml`.
    Show {
        /// Its name.
        name: PathBuf,
    },
}

/// What to infer from, and where to write it.
#[derive(clap::Args, Debug, Clone)]
pub struct NewArgs {
    /// Price files, CSV, one for each source, of one market; see packages/backstop-cli/README.md for formats.
    #[arg(required = true, value_name = "FILE.csv")]
    pub files: Vec<PathBuf>,

    /// The scenario's name, in place of the market's and the first day's.
    #[arg(long)]
    pub name: Option<String>,

    /// The market, in place of what the files or their names say.
    #[arg(long, value_name = "ATOM/USD")]
    pub market: Option<String>,

    /// Writes it to this file in place of standard output; the paths in it are relative to it.
    #[arg(long, value_name = "FILE.toml")]
    pub out: Option<PathBuf>,

    /// Overwrites the file if it is there.
    #[arg(long, requires = "out")]
    pub force: bool,

    /// How the files are read.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// How price files are read where they do not say so themselves.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct ReadArgs {
    /// Takes the price of the price files from this column, in place of the usual names.
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,

    /// Takes their time from this column.
    #[arg(long, value_name = "NAME")]
    pub time_column: Option<String>,

    /// Takes so many of the last digits of their whole numbers for decimals, as a feed's answers on a chain
    /// have them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=18))]
    pub decimals: Option<u32>,

    /// Takes this instrument of files that have several.
    #[arg(long, value_name = "SYMBOL")]
    pub symbol: Option<String>,
}

impl ReadArgs {
    /// The same for the reader.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            price: self.column.clone(),
            time: self.time_column.clone(),
            decimals: self.decimals,
            symbol: self.symbol.clone(),
        }
    }
}

/// How to replay.
#[derive(clap::Args, Debug, Clone)]
#[command(group = clap::ArgGroup::new("many").args(["seeds", "all"]).multiple(true))]
pub struct ReplayArgs {
    /// The scenario, a TOML file or the name of a shipped one; inferred from the price files where there is
    /// none. A price file is taken for `--prices`.
    #[arg(required_unless_present_any = ["prices", "all"])]
    pub scenario: Option<PathBuf>,

    /// Takes a source's prices from a CSV file in place of what the scenario says; may be repeated. The source
    /// keeps its lag, confidence, floor and silences, and columns are found by name. Without a scenario each
    /// NAME is a source.
    #[arg(long, value_name = "NAME=FILE")]
    pub prices: Vec<NamedFile>,

    /// How the price files are read.
    #[command(flatten)]
    pub read: ReadArgs,

    /// Draws the population from this number in place of the scenario's seed.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Runs it under each of these seeds, and shows how far the figures lie apart; 20 is 1..20.
    ///
    /// With --compare, --against and --set it also shows what they change seed by seed: the same people at the
    /// same prices. --out then writes DIR/seeds.html, DIR/seeds.json and DIR/plots/seeds-*.svg.
    #[arg(long, value_name = "1..20", conflicts_with = "seed")]
    pub seeds: Option<Seeds>,

    /// Runs so many seeds at once, in place of one for each core.
    #[arg(long, value_name = "N", requires = "many", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    pub jobs: Option<u16>,

    /// Runs every shipped scenario under the seeds, 1..20 without --seeds, and prints one table.
    #[arg(long, conflicts_with_all = ["scenario", "prices", "seed", "out", "column", "time_column", "decimals", "symbol"])]
    pub all: bool,

    /// Prints the table of --all as Markdown.
    #[arg(long, requires = "all", conflicts_with_all = ["json", "scenario", "prices"])]
    pub markdown: bool,

    /// Also runs it without a breaker (the first source raw, no price ever judged wrong) and shows the two
    /// side by side.
    #[arg(long)]
    pub compare: bool,

    /// Also runs it with the parameters of this file laid over the scenario's, and shows the two side by side.
    ///
    /// A TOML file with any of the scenario's tables of parameters (vault, policy, breaker, perps): what a proposal
    /// would change.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,

    /// Also runs it with this parameter changed, such as policy.limit=+50%; may be repeated, and is laid over
    /// the file of --against.
    ///
    /// A value as the scenario would have it, amounts in base units, or a part more or less than what the parameter is,
    /// rounded down.
    #[arg(long, value_name = "TABLE.PARAMETER=VALUE")]
    pub set: Vec<Change>,

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

/// What to run, and how to show it.
#[derive(clap::Args, Debug, Clone)]
pub struct BacktestArgs {
    /// Runs each row under the seeds from 1 to this number.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub seeds: u64,

    /// Runs only the row of this name; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub row: Vec<String>,

    /// Adds a fourth setting: the defaults with this parameter of the breaker, such as confirm_readings=10.
    #[arg(long, value_name = "PARAMETER=VALUE")]
    pub with: Option<Parameter>,

    /// Runs so many at once, in place of one for each core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    pub jobs: Option<u16>,

    /// Prints the table as JSON.
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,

    /// Prints the table as Markdown.
    #[arg(long)]
    pub markdown: bool,

    /// Shows no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

const DECODE_HELP: &str = "\
Exit codes:
  0  the contract reads the message so
  2  it does not: the message says which field, what is wrong, and what to do next

Examples:
  backstop decode vault message.json
  echo '{\"unbond\":{\"shares\":\"5\"}}' | backstop decode vault -";

const BACKTEST_HELP: &str = "\
Rows:
  true crashes    slide-80 fall-35 doubling gap-45 gap-45-back v-shape halt-8h
  false prints    print-2m print-10m pump-20m pump-40m factor-2000th factor-1000 one-wrong two-wrong
                  pinned-pair
  shipped         the names of the files in packages/backstop-cli/scenarios

Exit codes:
  0  all ran, and every invariant held; they are checked under the first seed
  1  an invariant failed, or an event could not be read
  2  bad input: the message says what, which bound, and what to do next

Examples:
  backstop backtest
  backstop backtest --row gap-45 --row print-2m --seeds 5
  backstop backtest --with confirm_readings=10 --markdown
  backstop backtest --json | jq '.rows[] | {name, bad_debt: [.settings[].bad_debt]}'";

const REPLAY_HELP: &str = "\
Exit codes:
  0  it ran, every invariant held and everything that the scenario expects came true
  1  an invariant failed, something expected did not happen, or an event could not be read
  2  bad input: the message says where, what, which bound, and what to do next
  3  it ran and tested nothing: the report says first why

Examples:
  backstop replay luna-2022-05
  backstop replay btc-flash-2021-09 --compare --out target/btc
  backstop replay luna-2022-05 --seeds 1..20 --compare
  backstop replay --all --compare
  backstop replay black-thursday-2020-03 --seeds 20 --set policy.limit=+50%
  backstop replay black-thursday-2020-03 --set policy.limit=+50% --set breaker.max_jump=3000
  backstop replay my.toml --seed 7 --json | jq .shortfalls
  backstop replay my.toml --prices venue-a=BTCUSDT-1m.csv --prices venue-b=Gemini_BTCUSD_1m.csv
  backstop replay --prices binance=LUNAUSDT-1m-2022-05.csv
  backstop replay LUNAUSDT-1m-2022-05.csv

The same scenario and seed give the same trace_sha256. Colour shows on a terminal only, and
NO_COLOR=1 turns it off. The scenario format is in packages/backstop-cli/README.md.";

const NEW_HELP: &str = "\
Examples:
  backstop scenario new LUNAUSDT-1m-2022-05.csv
  backstop scenario new Coinbase_ATOMUSD_1m.csv Gemini_ATOMUSD_1m.csv --out atom.toml
  backstop scenario new prices.csv --market ATOM/USD --name atom-crash --out atom.toml --force
  backstop replay atom.toml --compare";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
