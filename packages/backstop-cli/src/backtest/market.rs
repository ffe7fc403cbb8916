//! A small market that is written in code: three sources of three lineages, fifty
//! traders, a pool that is large enough, and an hour and a half of calm before
//! anything happens.

use backstop_replay::chain::Truth;
use backstop_replay::scenario::draw::Draw;
use backstop_replay::scenario::tables::{
    Expect, Keepers, Kind, Lps, Market, Path, Point, Scenario, Source, Span, Stakers, Time, Traders, Venues,
    Yield,
};
use backstop_replay::scenario::values::{Exact, Moment};
use cosmwasm_std::Decimal;

/// The first block, 2026-01-01T00:00:00Z.
const START: u64 = 1_767_225_600;
/// From then to what happens: everybody has come, and the reference stands.
const CALM: u64 = 5_400;
/// A minute, an hour, in seconds.
pub const MINUTE: u64 = 60;
/// See [`MINUTE`].
pub const HOUR: u64 = 3_600;
/// Where every price begins.
pub const BEFORE: f64 = 100.0;

/// A scenario, and what the market was worth where the scenario does not say.
#[derive(Debug, Clone)]
pub struct Case {
    /// The scenario.
    pub scenario: Scenario,
    /// The true price.
    pub truth: Option<Truth>,
}

/// A path of prices: seconds after the calm, and the price then. In between it
/// goes by equal ratios.
pub type PricePath = Vec<(u64, f64)>;

/// What happens in a market.
#[derive(Debug, Clone)]
pub struct Story {
    /// The row's name.
    pub name: &'static str,
    /// What it is in one line.
    pub title: &'static str,
    /// The true price.
    pub truth: PricePath,
    /// What each source says, where it does not say the truth.
    pub said: [Option<PricePath>; 3],
    /// The lowest price that each source publishes.
    pub floors: [Option<u64>; 3],
    /// From when to when the chain stands still.
    pub halt: Option<(u64, u64)>,
    /// When it ends.
    pub ends: u64,
}

impl Story {
    /// A story in which the sources say the truth, until `hours` after its last
    /// point.
    pub fn of(name: &'static str, title: &'static str, truth: PricePath, hours: u64) -> Self {
        let last = truth.last().map_or(0, |(at, _)| *at);
        Self {
            name,
            title,
            truth,
            said: [None, None, None],
            floors: [None, None, None],
            halt: None,
            ends: last + hours * HOUR,
        }
    }

    /// A story in which the market is worth what it was, and so many of the
    /// sources say something else.
    pub fn false_print(
        name: &'static str,
        title: &'static str,
        liars: usize,
        said: PricePath,
        hours: u64,
    ) -> Self {
        let mut story = Self::of(name, title, said.clone(), hours);
        story.truth = vec![(0, BEFORE)];
        for place in story.said.iter_mut().take(liars) {
            *place = Some(said.clone());
        }
        story
    }

    /// The story under a seed, which draws people and noise, and moves what
    /// happens within a minute: no figure should hang on where a block falls.
    pub fn told(&self, seed: u64) -> Case {
        let shift = CALM + seed.wrapping_mul(13) % MINUTE;
        let points = |path: &PricePath| points(path, shift);
        let said = |i: usize| self.said[i].as_ref().unwrap_or(&self.truth);
        let sources = (0..3).map(|i| source(i, points(said(i)), self.floors[i]));
        let halts = self.halt.iter().map(|(from, until)| Span {
            from: Moment(START + shift + from),
            until: Moment(START + shift + until),
        });
        let time = Time {
            start: Moment(START),
            end: Moment(START + shift + self.ends),
            block: MINUTE,
            halts: halts.collect(),
        };
        let truth = Truth {
            points: points(&self.truth),
            path: Path::Geometric,
        };
        Case {
            scenario: scenario(self.name, self.title, seed, time, sources.collect()),
            truth: Some(truth),
        }
    }
}

/// A price that is another one from one second to the next.
pub fn step(at: u64, from: f64, to: f64) -> PricePath {
    vec![(at, from), (at + 1, to)]
}

/// From `BEFORE` to `price` at once, and back after so many seconds.
pub fn spike(price: f64, lasts: u64) -> PricePath {
    [step(0, BEFORE, price), step(lasts, price, BEFORE)].concat()
}

fn points(path: &PricePath, shift: u64) -> Vec<Point> {
    let first = path.first().map(|(_, price)| (0, *price));
    // Published ten minutes before the first block, too.
    let early = first.map(|(_, price)| point(START - 10 * MINUTE, price));
    let rest = path.iter().map(|(at, price)| point(START + shift + at, *price));
    early.into_iter().chain(rest).collect()
}

fn point(at: u64, price: f64) -> Point {
    const PARTS: u64 = 1_000_000;
    Point {
        at: Moment(at),
        price: Exact(Decimal::from_ratio((price * PARTS as f64).round() as u128, PARTS)),
        confidence_bps: None,
        published: false,
    }
}

/// One of the three: a feed and two venues, each with noise of its own and two
/// seconds later than the one before.
fn source(i: usize, points: Vec<Point>, floor: Option<u64>) -> Source {
    let name = ["feed", "venue-a", "venue-b"][i];
    Source {
        name: name.to_string(),
        kind: if i == 0 { Kind::Pyth } else { Kind::Reporter },
        lineage: name.to_string(),
        confidence_bps: 10,
        lag: 2 * i as u64,
        csv: None,
        column: None,
        time_column: None,
        decimals: None,
        symbol: None,
        another_price: false,
        points,
        points_of: None,
        floor: floor.map(|floor| Exact(Decimal::from_ratio(floor, 1_u64))),
        path: Path::Geometric,
        every: 10,
        noise_bps: 5.0,
        silent: vec![],
    }
}

fn scenario(name: &str, title: &str, seed: u64, time: Time, sources: Vec<Source>) -> Scenario {
    let policy = [
        ("limit", 500_000_000_000),
        ("deductible", 0),
        ("instant", 100_000_000_000),
        ("minimum", 1),
        ("delay", 3_600_i64),
    ];
    // An exchange that hurts: ten times leverage, which nothing that ships allows.
    let perps = [
        ("initial_margin", 1_000_i64),
        ("maintenance_margin", 500),
        ("max_open_interest", 10_000_000_000_000),
    ];
    Scenario {
        name: name.to_string(),
        title: title.to_string(),
        seed,
        references: vec![],
        time,
        market: Market {
            name: "COIN/USD".to_string(),
            asset: "uusd".to_string(),
            decimals: 6,
            cw20: false,
        },
        sources,
        traders: Traders {
            margin: lognormal(2_500e6, 1.1, 100e6, 100_000e6),
            leverage: lognormal(4.0, 0.5, 1.0, 9.0),
            ..Traders::default()
        },
        keepers: Keepers::default(),
        venues: Venues::default(),
        lps: Lps {
            count: 5,
            deposit: Draw::Fixed { value: 1_000_000e6 },
        },
        stakers: Stakers {
            count: 10,
            deposit: lognormal(100_000e6, 0.8, 10_000e6, 500_000e6),
            ..Stakers::default()
        },
        vault: toml::Table::new(),
        policy: table(policy),
        breaker: toml::Table::new(),
        perps: table(perps),
        yields: Yield::default(),
        expect: Expect::default(),
    }
}

fn table<const N: usize>(rows: [(&str, i64); N]) -> toml::Table {
    rows.map(|(name, value)| (name.to_string(), value.into()))
        .into_iter()
        .collect()
}

fn lognormal(median: f64, sigma: f64, min: f64, max: f64) -> Draw {
    Draw::Lognormal {
        median,
        sigma,
        min,
        max,
    }
}
