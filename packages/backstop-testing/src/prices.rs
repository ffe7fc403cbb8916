//! Setting the prices of a world's sources, whatever interface they speak.

use backstop_types::breaker::{ExecuteMsg, Report, SourceKind};
use backstop_types::{Price, Seconds};
use cosmwasm_std::{Addr, Decimal};
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;

use crate::World;
use crate::mock_pyth;

/// A price as Pyth writes it: `mantissa × 10^expo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PythPrice {
    /// The price.
    pub price: i64,
    /// The confidence interval, with the same exponent.
    pub conf: u64,
    /// The exponent, −18 to 0.
    pub expo: i32,
}

/// `price` and `confidence` in Pyth's form: with eight decimals as most feeds
/// have, with more if the price needs them, with fewer if it does not fit.
/// Digits beyond that are cut off.
pub fn pyth_price(price: Decimal, confidence: Decimal) -> PythPrice {
    let fits = |expo: i32| {
        let power = 10_u128.pow(18_u32.saturating_sub(expo.unsigned_abs()));
        let mantissa = i64::try_from(price.atomics().u128() / power).ok()?;
        let conf = u64::try_from(confidence.atomics().u128() / power).ok()?;
        let exact = price.atomics().u128().is_multiple_of(power);
        Some((
            PythPrice {
                price: mantissa,
                conf,
                expo,
            },
            exact,
        ))
    };
    // From eight decimals to eighteen, the first that is exact; else the most
    // that fit.
    let finer = (8..=18).filter_map(|places: i32| fits(-places));
    let mut best = None;
    for (written, exact) in finer {
        best = Some(written);
        if exact {
            return written;
        }
    }
    let coarser = || (0..8).rev().find_map(|places: i32| fits(-places));
    best.or_else(|| coarser().map(|(written, _)| written))
        .unwrap_or(PythPrice {
            price: i64::MAX,
            conf: u64::MAX,
            expo: 0,
        })
}

impl World {
    /// Gives every source of the market this price as of now, with the
    /// confidence that it had, and pokes the breaker.
    pub fn set_price(&mut self, price: &str) {
        self.set_sources(price);
        let poke = ExecuteMsg::Poke {
            markets: vec![self.market.clone()],
            action: None,
        };
        let (owner, breaker) = (self.owner.clone(), self.breaker.clone());
        self.execute(&owner, &breaker, &poke, &[]).unwrap();
    }

    /// Gives every source of the market this price as of now, without a poke.
    /// Sources refuse what is not newer, so a second price within a second
    /// moves time on by one.
    pub fn set_sources(&mut self, price: &str) {
        self.quoted = price.to_string();
        let price: Decimal = price.parse().unwrap();
        if self.now() <= self.published {
            self.advance(Seconds(1));
        }
        let now = self.now();
        self.published = now;
        for index in 0..self.sources.len() {
            let confidence = price * Decimal::permille(1);
            self.publish(index, price, confidence, now).unwrap();
        }
    }

    /// Gives every source the price of before as of a second later, in a later
    /// block, without a poke.
    pub fn publish_again(&mut self) {
        self.advance(Seconds(1));
        self.set_sources(&self.quoted.clone());
    }

    /// Gives one source, by its place in the market's config, this price.
    /// Refused where a reporter's time is not later than its last.
    pub fn publish(
        &mut self,
        source: usize,
        price: Decimal,
        confidence: Decimal,
        publish_time: u64,
    ) -> AnyResult<AppResponse> {
        match self.sources[source].kind.clone() {
            SourceKind::Pyth { price_id, .. } => {
                let written = pyth_price(price, confidence);
                self.set_pyth(&price_id, written, publish_time)
            }
            SourceKind::Reporters { members, .. } => {
                let reports = vec![Report {
                    market: self.market.clone(),
                    price: Price(price),
                    confidence: Some(Price(confidence)),
                    publish_time,
                }];
                let (sender, breaker) = (Addr::unchecked(members[0].clone()), self.breaker.clone());
                self.execute(&sender, &breaker, &ExecuteMsg::Report { reports }, &[])
            }
            other => unreachable!("a world has no {other:?}"),
        }
    }

    /// Sets a feed of the Pyth contract to exactly this.
    pub fn set_pyth(&mut self, id: &str, price: PythPrice, publish_time: u64) -> AnyResult<AppResponse> {
        let time = i64::try_from(publish_time)?;
        let msg = mock_pyth::ExecuteMsg::SetFeed {
            feed: mock_pyth::PriceFeed::flat(id, price.price, price.conf, price.expo, time),
            force: false,
        };
        let (owner, pyth) = (self.owner.clone(), self.pyth.clone());
        self.execute(&owner, &pyth, &msg, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_written_as_a_feed_would() {
        for (price, mantissa, expo) in [
            ("43500", 4_350_000_000_000, -8),
            ("0.107", 10_700_000, -8),
            ("0.000000000000000001", 1, -18),
            ("123456789012", 1_234_567_890_120_000_000, -7),
            ("0.00005", 5_000, -8),
        ] {
            let written = pyth_price(price.parse().unwrap(), Decimal::zero());
            assert_eq!((written.price, written.expo), (mantissa, expo), "{price}");
        }
    }
}
