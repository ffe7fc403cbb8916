//! The sources: what each has published by now goes on chain, with its lag.

use std::path::Path;

use cosmwasm_std::{Addr, Decimal};

use super::Stream;
use super::book::price_f64;
use super::chain::{Chain, Person};
use crate::error::BadInput;
use crate::scenario::tables::{Kind, Scenario};
use crate::series::{self, Series};
use backstop_types::Price;

/// The sources of a scenario.
pub struct Feeds {
    sources: Vec<Feed>,
}

struct Feed {
    kind: Kind,
    lag: u64,
    series: Series,
    last: Option<Price>,
}

impl Feeds {
    /// Looks through every source's series.
    pub fn load(path: &Path, scenario: &Scenario, seed: u64) -> Result<Self, BadInput> {
        let rng = |index| Stream::Source(index).rng(seed);
        let series = series::load(path, scenario, &rng)?;
        let sources = scenario.sources.iter().zip(series).map(|(source, series)| Feed {
            kind: source.kind,
            lag: source.lag,
            series,
            last: None,
        });
        Ok(Self {
            sources: sources.collect(),
        })
    }

    /// Publishes what has reached the chain by now.
    pub fn publish(&mut self, chain: &mut Chain) -> Result<(), BadInput> {
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
        }
        chain.market = self.market();
        if let Some(price) = chain.market {
            chain.turbulence.note(now, price_f64(price));
        }
        Ok(())
    }

    /// The median of what all sources but the first published last; the lower
    /// middle of an even number.
    fn market(&self) -> Option<Price> {
        let mut prices: Vec<Price> = self.sources.iter().skip(1).filter_map(|feed| feed.last).collect();
        prices.sort_unstable();
        prices.get(prices.len().saturating_sub(1) / 2).copied()
    }

    /// What each source published last.
    pub fn last(&self) -> impl Iterator<Item = Option<f64>> {
        self.sources.iter().map(|feed| feed.last.map(price_f64))
    }
}
