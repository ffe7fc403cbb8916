//! Why a run says nothing about the pool, or nothing that can be relied on. A pool that
//! nobody could ask for anything has not shown that it loses nothing.

use backstop_types::{Bps, Seconds};

use super::Tuned;
use crate::chain::Chain;
use crate::sources::Heard;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untested {
    /// In most blocks the last price of these sources was older than the breaker takes it.
    TooSeldom {
        /// Which.
        sources: Vec<String>,
        /// The least of them: in which part of the blocks.
        of_blocks: Bps,
        /// How old a price may be.
        max_age: Seconds,
    },
    /// A source was another market, quote or unit than the others: further from their
    /// median than the breaker allows, from the beginning and most of the time.
    Apart {
        /// Which.
        source: String,
        /// How far it was at the beginning, of the median.
        by: Bps,
        /// How far the breaker lets sources differ.
        bound: Bps,
    },
    /// The prices are of another market, by what their file says.
    AnotherMarket {
        /// The source that has them.
        source: String,
        /// What the file says.
        file: String,
        /// What the scenario says.
        scenario: String,
    },
    /// Nobody opened a position.
    NoPosition {
        /// How long the run was.
        within: Seconds,
        /// How long of it nobody could be liquidated, since there was no price that is
        /// taken, or it was denied.
        denied: Seconds,
    },
    /// No open position was below its maintenance margin at any source's price.
    NothingDue {
        /// The most that one of these prices moved, of its lowest.
        moved: Bps,
    },
}

/// All reasons: what did not happen, then what is wrong with the prices.
pub(crate) fn of(
    chain: &Chain,
    tuned: &Tuned,
    heard: &[Heard],
    breaker_on: bool,
    within: Seconds,
) -> Vec<Untested> {
    let mut found = vec![];
    let exchange = &chain.tally.exchange;
    if exchange.opened == 0 {
        found.push(Untested::NoPosition {
            within,
            denied: Seconds(chain.denied).min(within),
        });
    }
    if exchange.opened > 0 && !chain.was_due {
        let moved = heard.iter().map(Heard::moved).max().unwrap_or_default();
        found.push(Untested::NothingDue { moved });
    }
    let market = &tuned.breaker;
    if breaker_on {
        found.extend(too_seldom(heard, market.max_age));
    }
    for source in heard.iter().filter(|source| source.is_apart()) {
        found.push(Untested::Apart {
            source: source.name.clone(),
            by: source.apart_at_first.unwrap_or_default(),
            bound: market.max_disagreement,
        });
    }
    found
}

/// The sources that publish too seldom, all together.
fn too_seldom(heard: &[Heard], max_age: Seconds) -> Option<Untested> {
    let found = || {
        heard
            .iter()
            .filter_map(|source| Some((source, source.too_seldom()?)))
    };
    let of_blocks = found().map(|(_, part)| part).min()?;
    Some(Untested::TooSeldom {
        sources: found().map(|(source, _)| source.name.clone()).collect(),
        of_blocks,
        max_age,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_that_publish_too_seldom_are_named_together_with_the_least_of_them() {
        let heard = |name: &str, stale: u64| {
            let mut heard = Heard::default();
            heard.name = name.to_string();
            (0..10).for_each(|block| heard.listen(block >= stale));
            heard
        };
        let all = [heard("a", 9), heard("b", 5), heard("c", 6)];
        let expected = Untested::TooSeldom {
            sources: vec!["a".to_string(), "c".to_string()],
            of_blocks: Bps(6_000),
            max_age: Seconds(120),
        };
        assert_eq!(too_seldom(&all, Seconds(120)), Some(expected));
        assert_eq!(too_seldom(&all[1..2], Seconds(120)), None);
    }
}
