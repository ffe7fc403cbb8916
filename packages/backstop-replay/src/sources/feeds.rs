//! The sources: what each has published by now goes on chain, with its lag.

use std::path::Path;

use backstop_prices::decimal::double;
use backstop_types::{Bps, Price, Seconds};
use cosmwasm_std::{Addr, Decimal};

use super::heard::Heard;
use super::series::{self, Series};
use crate::chain::{Chain, Person};
use crate::error::ReplayError;
use crate::random::Stream;
use crate::scenario::tables::{Kind, Scenario, Span};

/// The sources of a scenario.
pub struct Feeds {
    sources: Vec<Feed>,
}

struct Feed {
    kind: Kind,
    lag: u64,
    series: Series,
    last: Option<Price>,
    /// When that was published, in seconds since the epoch.
    last_at: u64,
    silent: Vec<Span>,
    heard: Heard,
}

impl Feeds {
    /// Looks through every source's series.
    pub fn load(path: &Path, scenario: &Scenario, seed: u64) -> Result<Self, ReplayError> {
        let rng = |index| Stream::Source(index).rng(seed);
        let series = series::load(path, scenario, &rng)?;
        let sources = scenario.sources.iter().zip(series).map(|(source, series)| Feed {
            kind: source.kind,
            lag: source.lag,
            heard: Heard::of(source),
            series,
            last: None,
            last_at: 0,
            silent: source.silent.clone(),
        });
        Ok(Self {
            sources: sources.collect(),
        })
    }

    /// Publishes what has reached the chain by now.
    pub fn publish(&mut self, chain: &mut Chain) -> Result<(), ReplayError> {
        let now = chain.now();
        for (index, feed) in self.sources.iter_mut().enumerate() {
            let Some(seen) = feed.series.take(now.saturating_sub(feed.lag))? else {
                continue;
            };
            let part = Decimal::from_ratio(seen.confidence_bps, 10_000_u64);
            let confidence = seen.price.checked_mul(part).unwrap_or(Decimal::MAX);
            let kind = match feed.kind {
                Kind::Pyth => "pyth/set_feed",
                Kind::Reporter => "breaker/report",
            };
            let result = chain.world.publish(index, seen.price, confidence, seen.at);
            let sender = Person {
                addr: Addr::unchecked("source"),
                index,
            };
            chain.took_place(kind, &sender, &[seen.price.atomics().u128()], result)?;
            feed.last = Some(Price(seen.price));
            feed.last_at = seen.at;
        }
        chain.market = self.market();
        if let Some(price) = chain.market {
            chain.hourly_range.note(now, double(price.0));
        }
        Ok(())
    }

    /// The median of what all sources but the first published last; the lower
    /// middle of an even number.
    fn market(&self) -> Option<Price> {
        let mut prices: Vec<Price> = self.sources.iter().skip(1).filter_map(|feed| feed.last).collect();
        middle(&mut prices)
    }

    /// Notes what the sources say after a block; `bound` is how far they may differ. A
    /// silence that the scenario states is no source that publishes too seldom.
    pub fn hear(&mut self, now: u64, bound: Bps, max_age: Seconds) {
        let mut prices: Vec<Price> = self.sources.iter().filter_map(|feed| feed.last).collect();
        let all = prices.len() == self.sources.len();
        let median = middle(&mut prices).filter(|_| all);
        for feed in &mut self.sources {
            if !feed.silent.iter().any(|silent| silent.has(now)) {
                let age = now.saturating_sub(feed.last_at);
                feed.heard.listen(feed.last.is_some() && age <= max_age.0);
            }
            if let Some(price) = feed.last {
                feed.heard.note(price, median, bound);
            }
        }
    }

    /// What was heard of each.
    pub fn heard(&self) -> Vec<Heard> {
        let heard = |feed: &Feed| {
            let mut heard = feed.heard.clone();
            heard.used = feed.series.used;
            heard
        };
        self.sources.iter().map(heard).collect()
    }

    /// The prices that the sources published last.
    pub fn prices(&self) -> impl Iterator<Item = Price> {
        self.sources.iter().filter_map(|feed| feed.last)
    }

    /// What each source published last.
    pub fn last(&self) -> impl Iterator<Item = Option<f64>> {
        self.sources
            .iter()
            .map(|feed| feed.last.map(|price| double(price.0)))
    }
}

/// The middle one, the lower of two.
fn middle(prices: &mut [Price]) -> Option<Price> {
    prices.sort_unstable();
    prices.get(prices.len().saturating_sub(1) / 2).copied()
}
