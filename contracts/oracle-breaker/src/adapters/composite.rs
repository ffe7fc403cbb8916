//! Another market of this breaker times a rate: `stATOM/USD` is `ATOM/USD` times
//! what one stATOM redeems for.
//!
//! The other market is read live, with all its sources, and judged by its own
//! record and parameters as a poke would judge it. With its median *m*, the wider
//! side *w* of its band around *m*, and the rate *r* ± *c*:
//!
//! - price = *m* · *r*, rounded down;
//! - confidence = *w* · *r* + *c* · (*m* + *w*), rounded up: no source of either
//!   supports more than that;
//! - time = the oldest publish time of the market's good sources that have one.
//!
//! Traps:
//!
//! - **A market that is unwell has no price.** In an open trip, with a market
//!   fault, or without a quorum that agrees, it is a dependency that failed.
//! - **The rate ages apart.** It may be updated once a day where the market is
//!   every minute, so its time is no part of the composite's: a rate that is older
//!   than `rate_max_age`, further ahead than `max_future`, or of no known time is
//!   unavailable.
//! - **Questions multiply.** Only a market without composites is read, and all
//!   sources that a reading asks, those of the markets it reads among them, are at
//!   most [`MAX_SOURCES`]. That is checked when a market is added or updated, and
//!   again here, because the other market may have been changed since.

use backstop_core::breaker::{Assessment, assess};
use backstop_core::math::{self, MathError};
use backstop_types::breaker::{
    MAX_SOURCES, MarketConfig, Observation, Source, SourceKind, Unreadable, Watch,
};
use backstop_types::{InputError, Price, Seconds};
use cosmwasm_std::{Addr, BlockInfo, Decimal, Deps, Env, Storage, Uint256};

use crate::state::{MARKET_CONFIGS, RECORDS};

/// 1 with a price's 18 decimals.
const WHOLE: u64 = 1_000_000_000_000_000_000;

/// What the composite says now.
pub(super) fn read(
    deps: Deps,
    env: &Env,
    config: &MarketConfig<Addr>,
    market: &str,
    rate: &SourceKind<Addr>,
    rate_max_age: Seconds,
) -> Result<Observation, Unreadable> {
    let other = plain(deps.storage, market).ok_or(Unreadable::Nested)?;
    if asked(deps.storage, config) > MAX_SOURCES {
        return Err(Unreadable::Nested);
    }
    let part = dependency(deps, env, market, &other)?;
    let rate = match super::feed(&deps.querier, &env.block, rate)? {
        Observation::Priced {
            price,
            confidence,
            publish_time: Some(at),
        } if current(&env.block, at, rate_max_age, config.params.max_future) => (price, confidence),
        Observation::NonPositive { .. } => {
            let publish_time = part.publish_time;
            return Ok(Observation::NonPositive { publish_time });
        }
        _ => return Err(Unreadable::Unavailable),
    };
    let (price, confidence) = product(&part, rate).map_err(|_| Unreadable::Overflow)?;
    if price.is_zero() {
        return Err(Unreadable::Overflow);
    }
    Ok(Observation::Priced {
        price,
        confidence,
        publish_time: part.publish_time,
    })
}

/// Checks what a config says of other markets.
pub fn check(storage: &dyn Storage, name: &str, config: &MarketConfig<Addr>) -> Result<(), InputError> {
    for source in &config.sources {
        let SourceKind::Composite { market, rate, .. } = &source.kind else {
            continue;
        };
        if market == name || plain(storage, market).is_none() {
            let bound = "another market that was added, without composites";
            return Err(InputError::bounds("sources.market", format!("{market:?}"), bound));
        }
        if !Source::new("rate", "rate", rate.as_ref().clone()).timed() {
            let bound = "a feed whose answers have a time, or rate_max_age could not be kept";
            return Err(InputError::bounds("sources.rate", "without a time", bound));
        }
    }
    let asked = asked(storage, config);
    if asked > MAX_SOURCES {
        let asked = format!("{asked} with those of the markets that composites read");
        return Err(InputError::bounds(
            "sources",
            asked,
            format!("at most {MAX_SOURCES}"),
        ));
    }
    Ok(())
}

/// The config of a market that is there and has no composites.
fn plain(storage: &dyn Storage, market: &str) -> Option<MarketConfig<Addr>> {
    let config = MARKET_CONFIGS.may_load(storage, market).ok()??;
    let composite = |source: &Source<Addr>| matches!(source.kind, SourceKind::Composite { .. });
    (!config.sources.iter().any(composite)).then_some(config)
}

/// How many sources a reading asks: a composite's rate, and each source of its
/// market.
fn asked(storage: &dyn Storage, config: &MarketConfig<Addr>) -> usize {
    let behind = |source: &Source<Addr>| match &source.kind {
        SourceKind::Composite { market, .. } => plain(storage, market).map_or(0, |other| other.sources.len()),
        _ => 0,
    };
    config
        .sources
        .iter()
        .map(behind)
        .fold(config.sources.len(), usize::saturating_add)
}

/// The part that another market has in a composite.
#[derive(Debug, PartialEq)]
struct Part {
    median: Price,
    /// The wider side of the band around the median.
    side: Uint256,
    publish_time: Option<u64>,
}

fn dependency(deps: Deps, env: &Env, market: &str, config: &MarketConfig<Addr>) -> Result<Part, Unreadable> {
    let record = RECORDS.load(deps.storage, market);
    let record = record.map_err(|_| Unreadable::Dependency)?;
    if record.open_trip.is_some() {
        return Err(Unreadable::Dependency);
    }
    let observed = super::observe_all(deps, env, market, config);
    // A halt is the composite's own to find, since its own last reading: the other
    // market may not have been poked for long.
    let watch = Watch {
        read: None,
        ..record.watch
    };
    let reading = assess(&observed, &watch, &config.params, (&env.block).into());
    part(&reading).ok_or(Unreadable::Dependency)
}

fn part(reading: &Assessment) -> Option<Part> {
    let (median, band) = reading.sound()?;
    let middle = median.0.atomics();
    let below = middle.saturating_sub(band.low.0.atomics());
    let above = band.high.0.atomics().saturating_sub(middle);
    let good = reading.sources.iter().filter(|source| source.findings.is_empty());
    let times = good.map(|source| match source.observation {
        Observation::Priced { publish_time, .. } => publish_time,
        Observation::NonPositive { .. } | Observation::Unreadable { .. } => None,
    });
    Some(Part {
        median,
        side: below.max(above).into(),
        publish_time: times.flatten().min(),
    })
}

/// Whether a rate of that time may be used. A second that has begun counts.
fn current(block: &BlockInfo, at: u64, max_age: Seconds, max_future: Seconds) -> bool {
    let age = Seconds::clock(block.time).saturating_sub(at);
    age <= max_age.0 && at.saturating_sub(block.time.seconds()) <= max_future.0
}

/// Price and confidence of the two together.
fn product(part: &Part, (rate, doubt): (Price, Price)) -> Result<(Price, Price), MathError> {
    let whole = Uint256::from(WHOLE);
    let [median, rate, doubt] = [part.median, rate, doubt].map(|price| Uint256::from(price.0.atomics()));
    let price = math::mul_div_floor(median, rate, whole)?;
    let most = median.checked_add(part.side)?;
    // One of the rounded-up parts may be one too many of 10⁻¹⁸.
    let own = math::mul_div_ceil(part.side, rate, whole)?;
    let confidence = own.checked_add(math::mul_div_ceil(most, doubt, whole)?)?;
    let shown = |atomics| math::narrow(atomics).map(|atomics| Price(Decimal::new(atomics)));
    Ok((shown(price)?, shown(confidence)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn price(text: &str) -> Price {
        Price(text.parse().unwrap())
    }

    fn part(median: &str, side: &str) -> Part {
        Part {
            median: price(median),
            side: price(side).0.atomics().into(),
            publish_time: None,
        }
    }

    #[test]
    fn the_confidence_holds_every_product_of_the_two() {
        let (m, w, r, c) = ("4", "0.1", "1.25", "0.01");
        let (price_of, confidence) = product(&part(m, w), (price(r), price(c))).unwrap();
        assert_eq!(price_of, price("5"));
        // 0.1 · 1.25 + 0.01 · 4.1
        assert_eq!(confidence, price("0.166"));
    }

    #[test]
    fn a_rate_has_an_age_and_may_not_be_far_ahead() {
        let mut block = cosmwasm_std::testing::mock_env().block;
        block.time = cosmwasm_std::Timestamp::from_nanos(1_000_000_000_001);
        let current = |at| super::current(&block, at, Seconds(10), Seconds(5));
        assert_eq!([990, 991, 1_005, 1_006].map(current), [false, true, true, false]);
    }

    proptest! {
        #[test]
        fn any_product_is_a_price_or_an_error(m: u128, w: u128, r: u128, c: u128) {
            let price = |atomics| Price(Decimal::raw(atomics));
            let part = Part { median: price(m), side: w.into(), publish_time: None };
            let _ = product(&part, (price(r), price(c)));
        }
    }
}
