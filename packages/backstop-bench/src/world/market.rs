//! The breaker with markets of several sizes, and the reporters that are their
//! sources.

use std::cell::Cell;
use std::time::Duration;

use backstop_types::breaker::{
    Action, ExecuteMsg, InstantiateMsg, MarketConfig, MarketParams, Report, Source,
};
use backstop_types::{Bps, Price, Seconds};

use super::World;
use crate::Result;
use crate::chain::Message;

/// The breaker and its reporters.
pub struct Oracle {
    /// The breaker.
    pub breaker: String,
    /// The newest time that any reporter has reported for.
    published: Cell<u64>,
}

/// Reporters, and so the most sources of a market.
const REPORTERS: [&str; 8] = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "guardian"];

impl Oracle {
    /// A market for each number of sources: `B2/USD`, `B3/USD`, `B8/USD`, and
    /// `ATOM/USD` with three.
    pub fn deploy(world: &mut World) -> Result<Self> {
        let owner = world.account("owner");
        let msg = InstantiateMsg {
            owner: owner.address.clone(),
            guardian: Some(world.account("guardian").address),
        };
        let code = world.code("oracle-breaker");
        let breaker = world.chain.instantiate(&owner, code, &msg, "breaker")?;
        let oracle = Self {
            breaker,
            published: Cell::new(0),
        };
        for (market, sources) in markets() {
            let sources = REPORTERS
                .iter()
                .take(sources)
                .map(|name| Source::reporter(*name, *name, world.account(name).address))
                .collect();
            let add = ExecuteMsg::AddMarket {
                market: market.to_string(),
                config: MarketConfig {
                    sources,
                    params: params(),
                },
            };
            world.execute("owner", &oracle.tell(&add)?)?;
        }
        oracle.report(world, "10")?;
        Ok(oracle)
    }

    /// All reporters bring the same price for all their markets.
    pub fn report(&self, world: &mut World, price: &str) -> Result<()> {
        self.report_for(world, price, |_| true)
    }

    /// The same for some of the markets.
    pub fn report_for(&self, world: &mut World, price: &str, which: impl Fn(&str) -> bool) -> Result<()> {
        self.wait_for_a_newer_time(world)?;
        for (place, name) in REPORTERS.iter().enumerate() {
            let publish_time = world.chain.now()?;
            self.published.set(publish_time);
            let reports: Vec<Report> = markets()
                .into_iter()
                .filter(|(market, sources)| place < *sources && which(market))
                .map(|(market, _)| Report {
                    market: market.to_string(),
                    price: Price(price.parse().unwrap_or_default()),
                    confidence: None,
                    publish_time,
                })
                .collect();
            if !reports.is_empty() {
                world.execute(name, &self.tell(&ExecuteMsg::Report { reports })?)?;
            }
        }
        Ok(())
    }

    /// A reporter is refused that brings no newer time, and a chain with two
    /// blocks a second has the same one twice.
    fn wait_for_a_newer_time(&self, world: &World) -> Result<()> {
        while world.chain.now()? <= self.published.get() {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Asks for a verdict on one market.
    pub fn poke(&self, market: &str) -> Result<Message> {
        self.tell(&ExecuteMsg::Poke {
            markets: vec![market.to_string()],
            action: Some(Action::Payout),
        })
    }

    /// Begins the recovery of a market in this trip at the price its sources have.
    pub fn reseed(&self, market: &str, trip: u64) -> Result<Message> {
        self.tell(&ExecuteMsg::Reseed {
            market: market.to_string(),
            trip,
        })
    }

    fn tell(&self, msg: &ExecuteMsg) -> Result<Message> {
        Message::new(&self.breaker, msg)
    }
}

fn markets() -> [(&'static str, usize); 4] {
    [("ATOM/USD", 3), ("B2/USD", 2), ("B3/USD", 3), ("B8/USD", 8)]
}

/// Prices stay good for a day, so that the clock can be moved; a fall by half
/// trips.
fn params() -> MarketParams {
    MarketParams {
        max_age: Seconds::DAY,
        max_jump: Bps(5_000),
        reference_slew: Bps(10_000),
        guard_threshold: Bps(10_000),
        cooldown: Seconds(60),
        recovery_readings: 1,
        recovery_spacing: Seconds(1),
        ..MarketParams::default()
    }
}
