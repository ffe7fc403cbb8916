//! How a market is watched: its sources and its parameters. Messages carry
//! addresses as text; state has them checked.

use std::collections::BTreeSet;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Api};

use crate::{
    Bps, Seconds,
    input::{self, InputError},
};

/// The most sources a market can have.
pub const MAX_SOURCES: usize = 8;

/// A market as the breaker watches it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MarketConfig<A> {
    /// Where its prices come from: 2 to 8, with different names.
    pub sources: Vec<Source<A>>,
    /// How they are judged.
    pub params: MarketParams,
}

/// One price feed.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Source<A> {
    /// Its name within the market, spelt like a market's: 1 to 32 of
    /// `A-Z a-z 0-9 / . - _`.
    pub name: String,
    /// Where its data comes from in the end, spelt likewise. Feeds of one
    /// lineage count once.
    pub lineage: String,
    /// How it is read.
    pub kind: SourceKind<A>,
}

/// How a source is read.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum SourceKind<A> {
    /// A Pyth contract on this chain.
    Pyth {
        /// Its address.
        contract: A,
        /// The feed, as 64 hex digits in lower case without `0x`.
        price_id: String,
    },
    /// An account or contract that sends `Report`.
    Reporter {
        /// Its address.
        address: A,
    },
}

/// How a market's readings are judged.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub struct MarketParams {
    /// How old a price may be. 5 s to 1 day; 120 s by default.
    pub max_age: Seconds,
    /// How far ahead of the block's time a price may be. 0 to 300 s; 15 s by
    /// default.
    pub max_future: Seconds,
    /// How wide a price's confidence may be, in Bps of the price. 1 to 5,000;
    /// 200 by default.
    pub max_confidence: Bps,
    /// How far from the median of all a price may be, in Bps of the median. 10
    /// to 2,500 and at most half of `max_disagreement`, so that a source is
    /// dropped before it can trip the market; 250 by default.
    pub max_outlier: Bps,
    /// How many lineages must be left. 2 to 8, and no more than there are; 2 by
    /// default.
    pub min_lineages: u32,
    /// How far the lineages' prices may spread, in Bps of their median. 20 to
    /// 5,000; 500 by default.
    pub max_disagreement: Bps,
    /// How far from a fresh reference the median may be, in Bps of the
    /// reference. 50 to 9,000; 2,000 by default.
    pub max_jump: Bps,
    /// What is added to `max_jump` for each hour of the reference's age, in
    /// Bps. 1 to 10,000; 500 by default.
    pub jump_growth: Bps,
    /// How far the reference may move in a minute, in Bps of itself. 1 to
    /// 10,000; 100 by default. Must be more than
    /// `jump_growth / 60 / (1 − max_jump)`, so that a reference that followed a
    /// reading is near enough for the next one like it.
    pub reference_slew: Bps,
    /// From where the market is guarded, in Bps of the bounds of disagreement
    /// and jump. 1,000 to 10,000 (never); 6,000 by default.
    pub guard_threshold: Bps,
    /// How long a guarded market stays so after it was last unwell. 1 s to 1
    /// day; 300 s by default.
    pub guard_cooldown: Seconds,
    /// How long a trip lasts at least after the last faulty reading. 60 s to 7
    /// days; 1,800 s by default.
    pub cooldown: Seconds,
    /// How many clean readings end a trip. 1 to 20; 3 by default.
    pub recovery_readings: u32,
    /// How far apart they must be at least. 1 s to 1 hour; 60 s by default.
    pub recovery_spacing: Seconds,
    /// What a clean reading in a trip must keep, in Bps of `max_confidence`,
    /// `max_outlier`, `max_disagreement` and `max_jump`. 1,000 to 10,000; 5,000
    /// by default.
    pub recovery_tightness: Bps,
}

impl Default for MarketParams {
    fn default() -> Self {
        Self {
            max_age: Seconds(120),
            max_future: Seconds(15),
            max_confidence: Bps(200),
            max_outlier: Bps(250),
            min_lineages: 2,
            max_disagreement: Bps(500),
            max_jump: Bps(2_000),
            jump_growth: Bps(500),
            reference_slew: Bps(100),
            guard_threshold: Bps(6_000),
            guard_cooldown: Seconds(300),
            cooldown: Seconds(1_800),
            recovery_readings: 3,
            recovery_spacing: Seconds(60),
            recovery_tightness: Bps(5_000),
        }
    }
}

impl MarketParams {
    /// Checks each parameter against its bounds, and those that must fit
    /// together.
    pub fn check(&self) -> Result<(), InputError> {
        input::within("max_age", self.max_age.0, 5, Seconds::DAY.0)?;
        input::within("max_future", self.max_future.0, 0, 300)?;
        input::within("max_confidence", self.max_confidence.0, 1, 5_000)?;
        input::within("max_outlier", self.max_outlier.0, 10, 2_500)?;
        input::within("min_lineages", self.min_lineages, 2, MAX_SOURCES as u32)?;
        input::within("max_disagreement", self.max_disagreement.0, 20, 5_000)?;
        input::within("max_jump", self.max_jump.0, 50, 9_000)?;
        input::within("jump_growth", self.jump_growth.0, 1, 10_000)?;
        input::within("reference_slew", self.reference_slew.0, 1, 10_000)?;
        input::within("guard_threshold", self.guard_threshold.0, 1_000, 10_000)?;
        input::within("guard_cooldown", self.guard_cooldown.0, 1, Seconds::DAY.0)?;
        input::within("cooldown", self.cooldown.0, 60, Seconds::days(7).0)?;
        input::within("recovery_readings", self.recovery_readings, 1, 20)?;
        input::within("recovery_spacing", self.recovery_spacing.0, 1, Seconds::HOUR.0)?;
        input::within("recovery_tightness", self.recovery_tightness.0, 1_000, 10_000)?;
        self.check_outlier()?;
        self.check_slew()
    }

    /// `2 × max_outlier ≤ max_disagreement`: prices that are within
    /// `max_outlier` of their median spread over at most twice that. So what is
    /// left after the outliers were dropped never disagrees.
    fn check_outlier(&self) -> Result<(), InputError> {
        let most = self.max_disagreement.0 / 2;
        if self.max_outlier.0 > most {
            let bound = format!("at most {most}: half of max_disagreement");
            return Err(InputError::bounds("max_outlier", self.max_outlier, bound));
        }
        Ok(())
    }

    /// `slew × 60 × (1 − max_jump) > growth`: let d be the jump, a the age, b,
    /// g and s base, growth and slew. A reading with d ≤ b + g·a moves the
    /// reference by s·a; what is left of the jump is at most
    /// (d − s·a) / (1 − s·a), which is ≤ b if g ≤ s·(1 − b).
    fn check_slew(&self) -> Result<(), InputError> {
        let whole = u64::from(Bps::ONE.0);
        let room = whole.saturating_sub(u64::from(self.max_jump.0)).max(1);
        let per_hour = u64::from(self.jump_growth.0).saturating_mul(whole);
        let least = per_hour
            .checked_div(room.saturating_mul(60))
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        if u64::from(self.reference_slew.0) < least {
            let bound = format!("at least {least}: more than jump_growth / 60 / (1 - max_jump)");
            return Err(InputError::bounds("reference_slew", self.reference_slew, bound));
        }
        Ok(())
    }
}

impl<A> MarketConfig<A> {
    /// These sources under the default parameters.
    pub fn default_for(sources: Vec<Source<A>>) -> Self {
        Self {
            sources,
            params: MarketParams::default(),
        }
    }

    /// How many lineages the sources have.
    pub fn lineages(&self) -> u32 {
        let lineages: BTreeSet<&str> = self.sources.iter().map(|s| s.lineage.as_str()).collect();
        // At most MAX_SOURCES once checked.
        u32::try_from(lineages.len()).unwrap_or(u32::MAX)
    }

    /// Checks that the sources can make up the quorum.
    pub fn check_quorum(&self) -> Result<(), InputError> {
        let lineages = self.lineages();
        if self.params.min_lineages > lineages {
            let bound = format!("at most the number of lineages, {lineages}");
            return Err(InputError::bounds(
                "min_lineages",
                self.params.min_lineages,
                bound,
            ));
        }
        Ok(())
    }
}

impl MarketConfig<String> {
    /// The same with every value checked: bounds, names, addresses, and that no
    /// feed or reporter is named twice.
    pub fn check(self, api: &dyn Api) -> Result<MarketConfig<Addr>, InputError> {
        self.params.check()?;
        let names: Vec<&str> = self.sources.iter().map(|s| s.name.as_str()).collect();
        input::distinct("sources", &names, MAX_SOURCES)?;
        let sources: Vec<_> = self
            .sources
            .into_iter()
            .map(|s| s.check(api))
            .collect::<Result<_, _>>()?;
        let feeds: Vec<String> = sources.iter().map(|s| s.kind.feed()).collect();
        input::distinct("sources", &feeds, MAX_SOURCES)?;
        let config = MarketConfig {
            sources,
            params: self.params,
        };
        config.check_quorum()?;
        Ok(config)
    }
}

impl Source<String> {
    /// A source that reads a Pyth contract.
    pub fn pyth(
        name: impl Into<String>,
        lineage: impl Into<String>,
        contract: impl Into<String>,
        price_id: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            lineage: lineage.into(),
            kind: SourceKind::Pyth {
                contract: contract.into(),
                price_id: price_id.into(),
            },
        }
    }

    /// A source that reports by itself.
    pub fn reporter(name: impl Into<String>, lineage: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            lineage: lineage.into(),
            kind: SourceKind::Reporter {
                address: address.into(),
            },
        }
    }

    fn check(self, api: &dyn Api) -> Result<Source<Addr>, InputError> {
        input::market_name("sources.name", &self.name)?;
        input::market_name("sources.lineage", &self.lineage)?;
        Ok(Source {
            name: self.name,
            lineage: self.lineage,
            kind: self.kind.check(api)?,
        })
    }
}

impl SourceKind<String> {
    fn check(self, api: &dyn Api) -> Result<SourceKind<Addr>, InputError> {
        Ok(match self {
            Self::Pyth { contract, price_id } => SourceKind::Pyth {
                contract: input::address(api, "sources.contract", &contract)?,
                price_id: hex_id(price_id)?,
            },
            Self::Reporter { address } => SourceKind::Reporter {
                address: input::address(api, "sources.address", &address)?,
            },
        })
    }
}

impl SourceKind<Addr> {
    /// What is read, as text: two sources with the same are one feed.
    fn feed(&self) -> String {
        match self {
            Self::Pyth { contract, price_id } => format!("pyth {contract} {price_id}"),
            Self::Reporter { address } => format!("reporter {address}"),
        }
    }
}

fn hex_id(id: String) -> Result<String, InputError> {
    let hex = id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if id.len() != 64 || !hex {
        let shown: String = id.chars().take(80).collect();
        let bound = "64 hex digits in lower case without 0x";
        return Err(InputError::bounds(
            "sources.price_id",
            format!("{shown:?}"),
            bound,
        ));
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_accepted() {
        assert_eq!(MarketParams::default().check(), Ok(()));
    }

    #[test]
    fn a_source_must_be_dropped_before_it_can_make_a_disagreement() {
        let check = |outlier, disagreement| {
            let params = MarketParams {
                max_outlier: Bps(outlier),
                max_disagreement: Bps(disagreement),
                ..MarketParams::default()
            };
            params.check().map_err(|error| error.to_string())
        };
        for (outlier, disagreement) in [(10, 20), (10, 21), (250, 500), (2_500, 5_000)] {
            assert_eq!(check(outlier, disagreement), Ok(()));
        }
        for (outlier, disagreement, most) in [(251, 500, 250), (11, 21, 10), (2_500, 4_999, 2_499)] {
            let bound = format!("must be at most {most}: half of max_disagreement");
            let refused = format!("max_outlier is {outlier}: {bound}");
            assert_eq!(check(outlier, disagreement), Err(refused));
        }
    }

    #[test]
    fn the_reference_must_move_faster_than_the_bound_grows() {
        // 500 an hour / 60 / (1 - 0.2) is 10.4 a minute.
        let slew = |slew| MarketParams {
            reference_slew: Bps(slew),
            ..MarketParams::default()
        };
        assert_eq!(slew(11).check(), Ok(()));
        let refused = slew(10).check().unwrap_err().to_string();
        assert_eq!(
            refused,
            "reference_slew is 10: must be at least 11: more than jump_growth / 60 / (1 - max_jump)"
        );
    }

    #[test]
    fn feeds_of_one_lineage_are_one_lineage() {
        let source = |name: &str, lineage: &str| Source::reporter(name, lineage, name);
        let config = MarketConfig::default_for(vec![source("a", "x"), source("b", "x"), source("c", "y")]);
        assert_eq!(config.lineages(), 2);
        assert_eq!(config.check_quorum(), Ok(()));
    }
}
