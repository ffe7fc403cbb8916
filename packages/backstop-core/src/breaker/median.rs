//! Feeds of one lineage count once: two feeds that copy one exchange are one
//! opinion. Each lineage's value is the median of its feeds, and the market's
//! median is taken over those values.

use std::collections::BTreeMap;

use backstop_types::Price;
use backstop_types::breaker::Band;
use cosmwasm_std::{Decimal, Uint128};

/// A source without a fault of its own.
#[derive(Clone, Copy)]
pub(super) struct Good<'a> {
    pub(super) lineage: &'a str,
    pub(super) price: Price,
    pub(super) confidence: Price,
    pub(super) publish_time: Option<u64>,
}

/// One value a lineage, in ascending order.
pub(super) fn values<'a>(good: impl Iterator<Item = &'a Good<'a>>) -> Vec<Price> {
    let mut lineages: BTreeMap<&str, Vec<Price>> = BTreeMap::new();
    for source in good {
        lineages.entry(source.lineage).or_default().push(source.price);
    }
    let mut values: Vec<Price> = lineages.into_values().filter_map(middle).collect();
    values.sort_unstable();
    values
}

/// The median over the lineages' values; none without a source.
pub(super) fn median<'a>(good: impl Iterator<Item = &'a Good<'a>>) -> Option<Price> {
    middle(values(good))
}

/// How many lineages there are.
pub(super) fn count<'a>(good: impl Iterator<Item = &'a Good<'a>>) -> u32 {
    u32::try_from(values(good).len()).unwrap_or(u32::MAX)
}

/// The lowest and the highest price that a source supports, each by its own
/// confidence; none without a source. The low end is at least the smallest
/// price there is.
pub(super) fn band<'a>(good: impl Iterator<Item = &'a Good<'a>>) -> Option<Band> {
    good.map(|source| {
        let (price, confidence) = (source.price.0.atomics(), source.confidence.0.atomics());
        Band {
            low: atomics(price.saturating_sub(confidence).max(Uint128::one())),
            high: atomics(price.saturating_add(confidence)),
        }
    })
    .reduce(Band::span)
}

/// The middle value; of an even number the mean of the two, rounded down.
pub fn middle(mut values: Vec<Price>) -> Option<Price> {
    values.sort_unstable();
    let upper = *values.get(values.len().checked_div(2)?)?;
    if !values.len().is_multiple_of(2) {
        return Some(upper);
    }
    let lower = *values.get(values.len().checked_div(2)?.checked_sub(1)?)?;
    // Half the difference on top of the lower: the sum could overflow.
    let half = upper
        .0
        .atomics()
        .abs_diff(lower.0.atomics())
        .checked_div(Uint128::new(2))
        .ok()?;
    Some(atomics(lower.0.atomics().saturating_add(half)))
}

fn atomics(atomics: Uint128) -> Price {
    Price(Decimal::new(atomics))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(lineage: &str, price: u128) -> Good<'_> {
        let price = Price(Decimal::raw(price));
        Good {
            lineage,
            price,
            confidence: Price(Decimal::raw(2)),
            publish_time: None,
        }
    }

    #[test]
    fn a_lineage_counts_once_however_many_feeds_it_has() {
        let sources = [
            good("a", 10),
            good("a", 12),
            good("a", 14),
            good("b", 100),
            good("c", 101),
        ];
        assert_eq!(
            values(sources.iter()),
            [12, 100, 101].map(|p| Price(Decimal::raw(p)))
        );
        assert_eq!(median(sources.iter()), Some(Price(Decimal::raw(100))));
    }

    #[test]
    fn the_median_of_two_is_their_mean_and_none_overflows() {
        let sources = [good("a", u128::MAX), good("b", u128::MAX - 2)];
        assert_eq!(median(sources.iter()), Some(Price(Decimal::raw(u128::MAX - 1))));
        assert_eq!(median([].iter()), None);
    }

    #[test]
    fn the_band_never_reaches_zero() {
        let sources = [good("a", 1), good("b", 7)];
        let band = band(sources.iter()).unwrap();
        assert_eq!(
            (band.low.0.atomics().u128(), band.high.0.atomics().u128()),
            (1, 9)
        );
    }
}
