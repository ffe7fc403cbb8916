//! How often a calm market trips or is guarded, as it is in the breaker's README.

use backstop_types::Bps;
use backstop_types::breaker::{Faults, MarketParams};

use crate::calm::stretches;
use crate::markets::Market;
use crate::watched::{Lineage, watch};

/// What a market's calm stretches came to.
#[derive(Default)]
pub struct Counted {
    pub minutes: u64,
    pub guarded: u64,
    pub tripped: u64,
    pub trips: u64,
    /// What tripped.
    pub faults: Faults,
}

impl Counted {
    fn and(self, other: &Self) -> Self {
        Self {
            minutes: self.minutes + other.minutes,
            guarded: self.guarded + other.guarded,
            tripped: self.tripped + other.tripped,
            trips: self.trips + other.trips,
            faults: self.faults.union(other.faults),
        }
    }

    fn days(&self) -> f64 {
        self.minutes as f64 / 1_440.0
    }

    /// Guarded minutes a market-day.
    pub fn guarded_a_day(&self) -> f64 {
        self.guarded as f64 / self.days()
    }
}

/// Reads each calm stretch of the market from a fresh start.
pub fn count(market: &Market, params: &MarketParams) -> Counted {
    let mut counted = Counted::default();
    let begins = market.lineages.iter().map(Lineage::begins).max().unwrap();
    for (from, to) in stretches(&market.bars) {
        let from = from.max(begins.next_multiple_of(60));
        let seen = watch(&market.lineages, from, to, params);
        let trips = seen.trips();
        counted = counted.and(&Counted {
            minutes: seen.minutes,
            guarded: seen.guarded,
            tripped: seen.tripped,
            trips: trips.len() as u64,
            faults: trips
                .iter()
                .fold(Faults::NONE, |all, (_, faults)| all.union(*faults)),
        });
    }
    counted
}

/// The lines of the table: the days that the defaults were checked on, then the
/// others, each with their sum.
pub fn lines(markets: &[Market]) -> Vec<String> {
    let head = "| market | its lineages | calm market-days | trips | by | guarded minutes a market-day |";
    let mut lines = vec![
        head.to_string(),
        "| --- | --- | --- | --- | --- | --- |".to_string(),
    ];
    for (tuning, title) in [(true, "**checked on**"), (false, "**reported on**")] {
        let mut sum = Counted::default();
        for market in markets.iter().filter(|market| market.tuning == tuning) {
            let counted = count(market, &market.params);
            lines.push(line(market.name, market.made, &counted));
            sum = sum.and(&counted);
        }
        lines.push(line(title, "", &sum));
    }
    lines
}

fn line(name: &str, made: &str, counted: &Counted) -> String {
    format!(
        "| {name} | {made} | {:.1} | {} | {} | {:.1} |",
        counted.days(),
        counted.trips,
        if counted.trips == 0 {
            "–".to_string()
        } else {
            format!("`{}`", counted.faults)
        },
        counted.guarded_a_day()
    )
}

/// The bounds of the prices made narrower or wider by a factor.
pub fn scaled(params: &MarketParams, percent: u32) -> MarketParams {
    let by = |bound: Bps| Bps(bound.0 * percent / 100);
    MarketParams {
        max_outlier: by(params.max_outlier),
        max_disagreement: by(params.max_disagreement),
        max_jump: by(params.max_jump),
        ..*params
    }
}
