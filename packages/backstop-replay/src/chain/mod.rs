//! The one way in which a replay sends a message: it is executed, checked
//! against the invariants, traced and tallied, and the mirror of positions
//! follows what it did.

use backstop_testing::World;
use backstop_types::breaker::{Band, MarketState};
use backstop_types::events::{self, Any, EventError, perps};
use backstop_types::vault::Pool;
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{Addr, Binary, Event, StdResult, Timestamp};
use cw_multi_test::AppResponse;
use cw_multi_test::error::{AnyError, AnyResult};
use sample_perps::msg::ExecuteMsg;
use serde::Serialize;

mod book;
mod evidence;
mod hourly_range;
mod liquidation_cost;
mod orders;
mod tally;
mod trace;
mod truth;
mod unseen;

pub use book::{Book, Held};
pub use evidence::{Evidence, Said};
pub use hourly_range::HourlyRange;
pub use liquidation_cost::{Due, LiquidationCost, Selling, liquidated};
pub use orders::{Fate, Orders};
pub use tally::{Adl, Answered, Exchange, Tally, Transition};
pub use truth::{Harm, Truth};
pub use unseen::{Hole, Unseen};

use trace::{Step, Trace};

/// The chain, and what a replay knows of it.
pub struct Chain {
    /// The contracts.
    pub world: World,
    /// What happened so far.
    pub tally: Tally,
    /// The open positions.
    pub book: Book,
    /// The orders that were placed.
    pub orders: Orders,
    /// When most lineages had published, by the last poke.
    pub published: Option<u64>,
    /// The breaker's median after the last poke.
    pub median: Option<f64>,
    /// The same, exactly.
    pub price: Option<Price>,
    /// The band of the breaker's last answer; none where it is off.
    pub band: Option<Band>,
    /// The median of what all sources but the first published last.
    pub market: Option<Price>,
    /// How wide that has ranged within the hour.
    pub hourly_range: HourlyRange,
    /// The breaker's state after the last poke; none where it is off.
    pub state: Option<MarketState>,
    /// Whether it let positions be liquidated then.
    pub liquidates: bool,
    /// Seconds of blocks in which it did not, or had no price.
    pub denied: u64,
    /// What open positions are below zero at the market's price.
    pub unseen: Unseen,
    /// What prices that were not true did.
    pub harm: Harm,
    /// Whether any open position was ever below its maintenance margin at a source's
    /// price.
    pub was_due: bool,
    /// The vault's assets once everybody who is to come has come.
    pub expected: Assets,
    /// The vault's totals when the first block began.
    pub start: Pool,
    trace: Trace,
}

/// Who sends a message: an account, and its number among its kind.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub addr: Addr,
    /// The number.
    pub index: usize,
}

/// What came of a message.
pub struct Sent {
    /// The answer, if it went through.
    pub data: Option<Binary>,
    /// The events of ours, without the chain's own.
    pub events: Vec<Any>,
    /// Why it did not go through.
    pub error: Option<AnyError>,
}

impl Sent {
    /// Whether it went through, and the breaker did not deny it.
    pub fn ok(&self) -> bool {
        let denied = |event: &Any| matches!(event, Any::Perps(perps::Emitted::ActionDenied(_)));
        self.error.is_none() && !self.events.iter().any(denied)
    }
}

impl Chain {
    /// A chain on which nothing has happened yet.
    pub fn new(world: World) -> Self {
        Self {
            world,
            tally: Tally::default(),
            book: Book::default(),
            orders: Orders::default(),
            published: None,
            median: None,
            price: None,
            band: None,
            market: None,
            hourly_range: HourlyRange::default(),
            state: None,
            liquidates: false,
            denied: 0,
            unseen: Unseen::default(),
            harm: Harm::default(),
            was_due: false,
            expected: Assets::ZERO,
            start: Pool::default(),
            trace: Trace::default(),
        }
    }

    /// Makes an account, by the name of its kind and its number.
    pub fn person(&mut self, kind: &str, index: usize) -> Person {
        Person {
            addr: self.world.addr(&format!("{kind}-{index}")),
            index,
        }
    }

    /// Takes the vault as it is now for the beginning; so much is still to come.
    pub fn begin(&mut self, to_come: Assets) -> StdResult<()> {
        self.start = self.pool()?;
        self.expected = Assets(self.start.assets.0 + to_come.0);
        Ok(())
    }

    /// Looks whether anybody could be liquidated at one of these prices.
    pub fn look_for_due(&mut self, prices: impl Iterator<Item = Price>) {
        if !self.was_due {
            let liquidated = self.tally.exchange.liquidated > 0;
            self.was_due = liquidated || self.book.any_due(prices);
        }
    }

    /// Begins the next block.
    pub fn next_block(&mut self, seconds: u64) {
        self.world.next_block(Seconds(seconds));
    }

    /// Ends a block of so many seconds: how deep the hole is, and whether positions
    /// could be liquidated.
    pub fn end_block(&mut self, seconds: u64) {
        if let Some(price) = self.market {
            self.unseen.note(self.time(), price, self.book.underwater(price));
        }
        if self.price.is_none() || !self.liquidates {
            self.denied += seconds;
        }
    }

    /// Asks the breaker what its changes of state in this block stood on.
    pub fn weigh(&mut self) -> StdResult<()> {
        let bare = |change: &&mut Transition| change.stood_on.is_none();
        let new = self.tally.transitions.iter_mut().filter(bare);
        let new: Vec<_> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        let count = u32::try_from(new.len()).unwrap_or(u32::MAX);
        let kept = evidence::last(&self.world, count)?;
        // Of more than the breaker keeps the newest have theirs.
        for (change, evidence) in new.into_iter().rev().zip(kept.into_iter().rev()) {
            change.stood_on = Some(evidence);
        }
        Ok(())
    }

    /// Now, in seconds since the epoch.
    pub fn now(&self) -> u64 {
        self.world.now()
    }

    /// The same as the contracts have it.
    pub fn time(&self) -> Timestamp {
        self.world.app.block_info().time
    }

    /// Sends a message without money.
    pub fn send<M: Serialize + std::fmt::Debug>(
        &mut self,
        kind: &'static str,
        sender: &Person,
        contract: &Addr,
        msg: &M,
    ) -> Result<Sent, EventError> {
        let result = self.world.execute(&sender.addr, contract, msg, &[]);
        self.took_place(kind, sender, &[], result)
    }

    /// Sends a message with an amount of the asset.
    pub fn pay(
        &mut self,
        kind: &'static str,
        sender: &Person,
        contract: &Addr,
        amount: u128,
        msg: &impl Serialize,
        hook: &impl Serialize,
    ) -> Result<Sent, EventError> {
        let result = self.world.send_asset(&sender.addr, contract, amount, msg, hook);
        self.took_place(kind, sender, &[amount], result)
    }

    /// Sends an order to the exchange that brings nothing but its fee.
    pub fn order(
        &mut self,
        kind: &'static str,
        sender: &Person,
        fee: u128,
        msg: &ExecuteMsg,
    ) -> Result<Sent, EventError> {
        let result = self.world.order(&sender.addr, fee, msg);
        self.took_place(kind, sender, &[fee], result)
    }

    /// Traces and tallies what came of a message that was sent by other means.
    /// An event of ours that cannot be read is an error.
    pub fn took_place(
        &mut self,
        kind: &'static str,
        sender: &Person,
        given: &[u128],
        result: AnyResult<AppResponse>,
    ) -> Result<Sent, EventError> {
        let mut amounts: Vec<String> = given.iter().map(u128::to_string).collect();
        let (data, events, error) = match result {
            Ok(response) => {
                amounts.extend(numbers(&response.events));
                (response.data, events::ours(&response.events)?, None)
            }
            Err(error) => (None, vec![], Some(error)),
        };
        let block = self.world.app.block_info();
        self.trace.add(Step {
            height: block.height,
            time: block.time.seconds(),
            kind,
            sender: sender.index,
            ok: error.is_none(),
            amounts: &amounts,
        });
        self.tally.read(block.time, &events);
        self.harm.read(&self.book, &events);
        self.book.follow(&self.world, &events);
        self.orders.follow(None, &events);
        Ok(Sent { data, events, error })
    }

    /// The vault's totals.
    pub fn pool(&self) -> StdResult<Pool> {
        let storage = self.world.app.contract_storage(&self.world.vault);
        backstop_vault::state::POOL.load(&*storage)
    }

    /// Assets per share of the vault; one while it has no shares.
    pub fn share_price(&self) -> StdResult<f64> {
        let pool = self.pool()?;
        let shares = pool.active.u128() + pool.queued.u128();
        if shares == 0 {
            return Ok(1.0);
        }
        Ok(pool.assets.u128() as f64 / shares as f64)
    }

    /// The hash of all that happened, and how many messages that was.
    pub fn finish_trace(&mut self) -> (String, u64) {
        let trace = std::mem::take(&mut self.trace);
        let steps = trace.steps();
        (trace.finish(), steps)
    }
}

/// The digits of every whole number in the contracts' events, in order, whatever
/// it means: for the trace only.
fn numbers(events: &[Event]) -> impl Iterator<Item = String> {
    let contracts = events.iter().filter(|event| event.ty.starts_with("wasm-"));
    contracts
        .flat_map(|event| &event.attributes)
        .map(|attribute| attribute.value.clone())
        .filter(|value| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_ours_that_cannot_be_read_ends_the_replay_and_is_counted_as_nothing() {
        let mut chain = Chain::new(World::builder().build());
        let keeper = chain.person("keeper", 0);
        let mut closed = |event: Event| {
            let response = AppResponse {
                events: vec![event],
                ..AppResponse::default()
            };
            chain
                .took_place("perps/liquidate", &keeper, &[], Ok(response))
                .map(drop)
        };
        // As if an attribute, or the event, had another name than in the table.
        let renamed = Event::new("wasm-perps_withdraw").add_attribute("trader", "a");
        let missing = EventError::Missing {
            event: "wasm-perps_withdraw".to_string(),
            key: "amount",
        };
        assert_eq!(closed(renamed), Err(missing));
        let unknown = closed(Event::new("wasm-perps_withdrew"));
        assert!(
            matches!(unknown, Err(EventError::UnknownEvent { .. })),
            "{unknown:?}"
        );
        // The chain's own events are nobody's figures.
        assert_eq!(closed(Event::new("transfer")), Ok(()));
    }
}
