//! A scenario as it is written: one struct a TOML table. Amounts are base
//! units of the vault's asset, times are seconds, shares of something are
//! basis points, prices are decimals in quotes. An unknown key is an error.

use backstop_prices::Wanted;
use serde::Deserialize;

use super::defaults;
pub use super::people::{Keepers, Lps, Stakers, Traders, Venues};
use super::values::{Amount, Exact, Moment};
pub use super::yields::Yield;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its short name, as in the report.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// What the random draws start from; `--seed` overrides it.
    #[serde(default = "defaults::seed")]
    pub seed: u64,
    /// Where what is published stands, at most 32 addresses. Only reports name them.
    #[serde(default)]
    pub references: Vec<String>,
    /// From when to when, and how fast the chain is.
    pub time: Time,
    /// The market, and the asset that everything is settled in.
    pub market: Market,
    /// The price sources, one to eight. The first one is what the exchange
    /// takes raw when the breaker is off.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    /// Who trades.
    #[serde(default)]
    pub traders: Traders,
    /// Who liquidates and settles.
    #[serde(default)]
    pub keepers: Keepers,
    /// Where what was liquidated can be sold.
    #[serde(default)]
    pub venues: Venues,
    /// Who takes the other side of the traders.
    #[serde(default)]
    pub lps: Lps,
    /// Whose capital the pool is.
    #[serde(default)]
    pub stakers: Stakers,
    /// The vault's window and parameters, by the names of its messages.
    #[serde(default)]
    pub vault: toml::Table,
    /// The terms of the exchange's policy, by the names of the vault's messages.
    #[serde(default)]
    pub policy: toml::Table,
    /// The breaker's thresholds, by the names of its messages.
    #[serde(default)]
    pub breaker: toml::Table,
    /// The exchange's configuration, by the names of its messages.
    #[serde(default)]
    pub perps: toml::Table,
    /// What stakers earn.
    #[serde(default, rename = "yield")]
    pub yields: Yield,
    /// What should happen.
    #[serde(default)]
    pub expect: Expect,
}

/// From when to when, and how fast the chain is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// The first block.
    pub start: Moment,
    /// The last one, at the latest.
    pub end: Moment,
    /// Seconds between blocks, 1 to 86,400.
    #[serde(default = "defaults::block")]
    pub block: u64,
    /// Times in which the chain makes no block, in order.
    #[serde(default, rename = "halt")]
    pub halts: Vec<Span>,
}

impl Time {
    /// When the block after the one at `now` is: after a halt, at its end.
    pub fn next(&self, now: u64) -> u64 {
        let next = now.saturating_add(self.block);
        let halt = self.halts.iter().find(|halt| halt.has(next));
        halt.map_or(next, |halt| halt.until.0)
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> u64 {
        if self.halts.is_empty() {
            return (self.end.0 - self.start.0) / self.block + 1;
        }
        let blocks = std::iter::successors(Some(self.start.0), |now| Some(self.next(*now)));
        blocks.take_while(|now| *now <= self.end.0).count() as u64
    }
}

/// The market, and the asset that everything is settled in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Such as `LUNA/USD`.
    pub name: String,
    /// The settlement asset's name, as summaries show it.
    #[serde(default = "defaults::asset")]
    pub asset: String,
    /// Its decimals, 0 to 18; only summaries use them.
    #[serde(default = "defaults::decimals")]
    pub decimals: u32,
    /// Whether it is a cw20 token rather than a coin of the bank.
    #[serde(default)]
    pub cw20: bool,
}

/// Which interface a source speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A feed of a Pyth contract.
    Pyth,
    /// A reporter that signs in with the breaker.
    Reporter,
}

/// How a price gets from one inline point to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// It stays until the next point.
    Step,
    /// By equal amounts.
    Linear,
    /// By equal ratios.
    #[default]
    Geometric,
}

/// One price source: a CSV file, points written in the scenario, or the series
/// of another source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name in summaries, unique.
    pub name: String,
    /// Which interface it speaks.
    pub kind: Kind,
    /// Where its data comes from; sources of one lineage count once.
    pub lineage: String,
    /// The confidence it publishes, of its price.
    #[serde(default = "defaults::confidence_bps")]
    pub confidence_bps: u64,
    /// From publishing to being on chain, at most a day.
    #[serde(default)]
    pub lag: u64,
    /// A price file, relative to the scenario's.
    pub csv: Option<String>,
    /// Which column of it is the price, in any spelling; without it the usual
    /// names are looked for, `price` and `close` first. A bar's close is known
    /// when the bar ends.
    pub column: Option<String>,
    /// Which column of it is the time, in place of the usual names.
    pub time_column: Option<String>,
    /// How many of a whole answer's last digits are decimals, at most 18.
    pub decimals: Option<u32>,
    /// Which instrument of it is taken, where it has several.
    pub symbol: Option<String>,
    /// Whether it is known to say another price than the market's, such as a feed at
    /// its floor: its file is not held against the other sources.
    #[serde(default)]
    pub another_price: bool,
    /// Inline points, in order of time.
    #[serde(default)]
    pub points: Vec<Point>,
    /// The name of a source whose series it repeats, before that one's floor and
    /// silences and under its own noise, floor, silences, lag and confidence.
    pub points_of: Option<String>,
    /// The lowest price that it publishes, as providers with a bound have one.
    pub floor: Option<Exact>,
    /// How a price gets from one point to the next.
    #[serde(default)]
    pub path: Path,
    /// Seconds between what is published along the points.
    #[serde(default = "defaults::every")]
    pub every: u64,
    /// The standard deviation of noise on a path of points, drawn from the seed. A
    /// tenth by default, since two feeds of one market differ in their last digits.
    #[serde(default = "defaults::noise_bps")]
    pub noise_bps: f64,
    /// Times in which it publishes nothing.
    #[serde(default)]
    pub silent: Vec<Span>,
}

impl Source {
    /// How its price file is read.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            price: self.column.clone(),
            time: self.time_column.clone(),
            decimals: self.decimals,
            symbol: self.symbol.clone(),
        }
    }
}

/// One inline point.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// When.
    pub at: Moment,
    /// The price then.
    pub price: Exact,
    /// The confidence from here to the next point, if not the source's.
    pub confidence_bps: Option<u64>,
    /// Whether this price was published, be it without its time of day; otherwise it is
    /// reconstructed. Only reports say it.
    #[serde(default)]
    pub published: bool,
}

/// A time in which a source publishes nothing, or the chain makes no block.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first moment.
    pub from: Moment,
    /// The first moment after it.
    pub until: Moment,
}

impl Span {
    /// Whether a moment, in seconds since the epoch, is in it.
    pub fn has(&self, moment: u64) -> bool {
        self.from.0 <= moment && moment < self.until.0
    }
}

/// What should happen; what is absent is not checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// With the breaker on.
    #[serde(default)]
    pub on: Outcome,
    /// With it off, which only `--compare` runs.
    #[serde(default)]
    pub off: Outcome,
}

/// The outcome of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Whether the market trips at all.
    pub tripped: Option<bool>,
    /// Reasons that a transition to Tripped must name, all of them.
    #[serde(default)]
    pub tripped_by: Vec<String>,
    /// The pool pays at least this, at once or later.
    pub pool_paid_min: Option<Amount>,
    /// The pool pays at most this.
    pub pool_paid_max: Option<Amount>,
    /// At least so many shortfalls.
    pub shortfalls_min: Option<u64>,
    /// At most so many shortfalls.
    pub shortfalls_max: Option<u64>,
    /// At least so many deleveraged positions.
    pub adl_min: Option<u64>,
}
