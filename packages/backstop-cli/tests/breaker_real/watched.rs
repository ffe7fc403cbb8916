//! A market read minute by minute by the pure core.

use backstop_core::breaker::{Block, Observed, SourceLimits, advance};
use backstop_types::Price;
use backstop_types::breaker::{Faults, Layer, MarketParams, MarketRecord, MarketState, Observation};
use cosmwasm_std::{Decimal, Timestamp, Uint128};

use crate::series::Bar;

/// How a lineage's prices come from a series.
#[derive(Clone)]
pub struct Lineage {
    pub name: &'static str,
    pub bars: Vec<Bar>,
    /// How much later than they are known it says them, in seconds.
    pub lag: u64,
    /// Whether it publishes its last price anew each minute, as feeds with a
    /// heartbeat do; if not, its price is as old as the last trade.
    pub heartbeat: bool,
    /// Whether it goes along a line between two known prices, as venues that go
    /// on trading would; for bars too wide to be read by the minute.
    pub smooth: bool,
}

impl Lineage {
    /// Says each price when it is known, with the time of that.
    pub fn of(name: &'static str, bars: &[Bar]) -> Self {
        Self {
            name,
            bars: bars.to_vec(),
            lag: 0,
            heartbeat: false,
            smooth: false,
        }
    }

    /// From when on it has a price.
    pub fn begins(&self) -> u64 {
        self.bars[0].known + self.lag
    }

    fn observation(&self, now: u64) -> Observation {
        let at = now - self.lag;
        let after = self.bars.partition_point(|bar| bar.known <= at);
        let Some(last) = self.bars[..after].last() else {
            return Observation::NonPositive { publish_time: None };
        };
        let next = self.bars.get(after).filter(|_| self.smooth);
        let price = next.map_or(last.close, |next| {
            let part = (at - last.known) as f64 / (next.known - last.known) as f64;
            last.close + (next.close - last.close) * part
        });
        let published = if self.heartbeat {
            now
        } else {
            last.known + self.lag
        };
        Observation::Priced {
            price: Price(Decimal::new(Uint128::new((price * 1e18) as u128))),
            confidence: Price(Decimal::zero()),
            publish_time: Some(published),
        }
    }
}

/// What was seen of a market.
#[derive(Debug, Default)]
pub struct Seen {
    /// Each change of state: when, to what, and the faults then.
    pub changes: Vec<(u64, MarketState, Faults)>,
    /// Minutes read.
    pub minutes: u64,
    /// Minutes in Guarded.
    pub guarded: u64,
    /// Minutes in a trip.
    pub tripped: u64,
}

impl Seen {
    /// The trips: when, and the faults of sources and market that began each.
    pub fn trips(&self) -> Vec<(u64, Faults)> {
        let trips = self.changes.iter().enumerate().filter(|(i, (_, state, _))| {
            let before = i.checked_sub(1).map(|before| self.changes[before].1);
            let open = before.is_some_and(|before| before.rank() >= MarketState::Recovering.rank());
            state.rank() >= MarketState::Tripped.rank() && !open
        });
        let faults = |faults: Faults| {
            faults
                .of_layer(Layer::Source)
                .union(faults.of_layer(Layer::Market))
        };
        trips.map(|(_, (at, _, found))| (*at, faults(*found))).collect()
    }
}

/// Reads the market each minute from `from` until `to`.
pub fn watch(lineages: &[Lineage], from: u64, to: u64, params: &MarketParams) -> Seen {
    let mut record = MarketRecord::new(Timestamp::from_seconds(from));
    let mut seen = Seen::default();
    for now in (from..to).step_by(60) {
        let observed: Vec<Observed> = lineages
            .iter()
            .map(|lineage| Observed {
                source: lineage.name,
                lineage: lineage.name,
                limits: SourceLimits::default(),
                observation: lineage.observation(now),
            })
            .collect();
        let block = Block {
            time: Timestamp::from_seconds(now),
            height: now / 6,
        };
        let next = advance(&record, &observed, params, block);
        if next.record.state != record.state {
            seen.changes.push((now, next.record.state, next.reading.faults));
        }
        seen.minutes += 1;
        match next.record.state {
            MarketState::Normal => {}
            MarketState::Guarded => seen.guarded += 1,
            MarketState::Recovering | MarketState::Tripped | MarketState::Latched => seen.tripped += 1,
        }
        record = next.record;
    }
    seen
}
