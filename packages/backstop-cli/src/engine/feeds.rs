//! The sources: what each has published by now goes on chain, with its lag.

use std::path::Path;

use cosmwasm_std::{Addr, Decimal};

use super::chain::{Chain, Person};
use super::Stream;
use crate::error::BadInput;
use crate::scenario::tables::{Kind, Scenario};
use crate::series::{self, Series};

/// The sources of a scenario.
pub struct Feeds {
    sources: Vec<Feed>,
}

struct Feed {
    kind: Kind,
    lag: u64,
    series: Series,
    last: Option<f64>,
}

impl Feeds {
    /// Reads every source's series.
    pub fn load(path: &Path, scenario: &Scenario, seed: u64) -> Result<Self, BadInput> {
        let (start, end) = (scenario.time.start.0, scenario.time.end.0);
        let sources = scenario.sources.iter().enumerate().map(|(index, source)| {
            let mut rng = Stream::Source(index).rng(seed);
            Ok(Feed {
                kind: source.kind,
                lag: source.lag,
                series: series::load(path, source, start, end, &mut rng)?,
                last: None,
            })
        });
        Ok(Self {
            sources: sources.collect::<Result<_, BadInput>>()?,
        })
    }

    /// Publishes what has reached the chain by now.
    pub fn publish(&mut self, chain: &mut Chain) {
        let now = chain.now();
        for (index, feed) in self.sources.iter_mut().enumerate() {
            let Some(seen) = feed.series.take(now.saturating_sub(feed.lag)) else {
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
            chain.took_place(kind, &sender, &[seen.price.atomics().u128()], result);
            feed.last = seen.price.to_string().parse().ok();
        }
    }

    /// What each source published last.
    pub fn last(&self) -> impl Iterator<Item = Option<f64>> {
        self.sources.iter().map(|feed| feed.last)
    }
}
