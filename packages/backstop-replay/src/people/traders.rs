//! Those who trade. Each comes at a time of their own, opens one position of a
//! drawn side, margin and leverage, closes it after a drawn time if it is not
//! liquidated or deleveraged first, and perhaps comes back.

use backstop_core::perps::{Side, Size};
use backstop_types::breaker::MarketState;
use backstop_types::events::{Any, EventError, perps};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::Order;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use sample_perps::msg;
use sample_perps::params::Params;
use sample_perps::state::{CONFIG, CREDITS, HAIRCUTS};

use crate::chain::{Chain, Fate, Held, Person};
use crate::random::{Stream, waiting};
use crate::scenario::tables::{self, Scenario};

/// How long a trader waits after the exchange refused, or would refuse.
const RETRY: u64 = 600;

/// All traders.
pub struct Traders {
    table: tables::Traders,
    params: Params,
    /// Of their orders.
    lifetime: Seconds,
    traders: Vec<Trader>,
    /// What had been booked for the deleveraged when they last looked.
    compensated: Assets,
}

struct Trader {
    person: Person,
    rng: ChaCha8Rng,
    state: State,
    /// When this trader acts next, in seconds since the epoch.
    next: u64,
}

#[derive(Clone, Copy)]
enum State {
    Flat,
    /// An order to open waits.
    Opening(u64),
    Open(u64),
    /// An order to close the position waits.
    Closing(u64, u64),
    Gone,
}

impl Traders {
    /// The scenario's traders, before any has come.
    pub fn new(chain: &mut Chain, scenario: &Scenario, seed: u64, lifetime: Seconds) -> Self {
        let table = scenario.traders.clone();
        let storage = chain.world.app.contract_storage(&chain.world.perps);
        let params = CONFIG
            .load(&*storage)
            .map(|config| config.params)
            .unwrap_or_default();
        drop(storage);
        let traders = (0..table.count).map(|index| {
            let mut rng = Stream::Trader(index).rng(seed);
            let wait = rng.random::<f64>() * table.arrive_within as f64;
            Trader {
                person: chain.person("trader", index),
                rng,
                state: State::Flat,
                next: scenario.time.start.0 + wait as u64,
            }
        });
        Self {
            params,
            lifetime,
            traders: traders.collect(),
            table,
            compensated: Assets::ZERO,
        }
    }

    /// What they do in this block.
    pub fn act(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let now = chain.now();
        let booked = chain.tally.adl.compensated > self.compensated;
        self.compensated = chain.tally.adl.compensated;
        for trader in &mut self.traders {
            if booked {
                trader.take_compensation(chain)?;
            }
            trader.follow_order(chain, &self.table)?;
            match trader.state {
                State::Open(id) if chain.book.get(id).is_none() => {
                    trader.take_credit(chain)?;
                    trader.ended(&self.table, now);
                }
                State::Open(id) if trader.next <= now => {
                    trader.close(chain, &self.params, self.lifetime, id)?
                }
                State::Flat if trader.next <= now => {
                    trader.open(chain, &self.table, &self.params, self.lifetime)?
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Trader {
    fn open(
        &mut self,
        chain: &mut Chain,
        table: &tables::Traders,
        params: &Params,
        lifetime: Seconds,
    ) -> Result<(), EventError> {
        let lifetime = Some(lifetime);
        self.next = chain.now() + RETRY;
        // The page shows the state: nobody sends what will be refused.
        let normal = chain.state.is_none_or(|state| state == MarketState::Normal);
        let (true, Some(price)) = (normal, chain.median.filter(|price| *price > 0.0)) else {
            return Ok(());
        };
        let share = table.long_share_bps as f64 / 10_000.0;
        let side = if self.rng.random::<f64>() < share {
            Side::Long
        } else {
            Side::Short
        };
        let margin = table.margin.sample(&mut self.rng);
        let leverage = table.leverage.sample(&mut self.rng).min(most_leverage(params));
        let size = Size::new((margin * leverage / price) as u128);
        let msg = msg::ExecuteMsg::Open {
            side,
            size,
            limit: None,
            lifetime,
        };
        let hook = msg::HookMsg::Open {
            side,
            size,
            limit: None,
            lifetime,
        };
        let perps = chain.world.perps.clone();
        let paid = margin as u128 + params.order_fee.u128();
        let sent = chain.pay("perps/open", &self.person, &perps, paid, &msg, &hook)?;
        if let Some(order) = sent.events.iter().find_map(placed) {
            self.state = State::Opening(order);
        }
        Ok(())
    }

    /// What became of an order that waited.
    fn follow_order(&mut self, chain: &mut Chain, table: &tables::Traders) -> Result<(), EventError> {
        let now = chain.now();
        match self.state {
            State::Opening(order) => match chain.orders.take(order) {
                None => {}
                Some(Fate::Opened(id)) => {
                    self.state = State::Open(id);
                    self.next = now.saturating_add(waiting(&mut self.rng, table.closes_per_day));
                }
                Some(_) => {
                    self.take_credit(chain)?;
                    self.state = State::Flat;
                    self.next = now + RETRY;
                }
            },
            State::Closing(order, position) => match chain.orders.take(order) {
                None => {}
                Some(Fate::Closed) => self.ended(table, now),
                // Liquidated or deleveraged meanwhile, or it is to be tried again.
                Some(_) => {
                    self.state = State::Open(position);
                    self.next = now + RETRY;
                }
            },
            State::Flat | State::Open(_) | State::Gone => {}
        }
        Ok(())
    }

    fn close(
        &mut self,
        chain: &mut Chain,
        params: &Params,
        lifetime: Seconds,
        position: u64,
    ) -> Result<(), EventError> {
        self.next = chain.now() + RETRY;
        // In a trip they wait, even where the breaker would let them out.
        let shut = chain
            .state
            .is_some_and(|state| state.rank() > MarketState::Recovering.rank());
        let under = chain.price.is_none_or(|price| {
            let equity = |held: &Held| held.exposure.equity(price);
            let equity = chain.book.get(position).and_then(|held| equity(held).ok());
            equity.is_none_or(|equity| !equity.missing().is_zero())
        });
        if shut || under {
            return Ok(());
        }
        let msg = msg::ExecuteMsg::Close {
            position,
            limit: None,
            lifetime: Some(lifetime),
        };
        let fee = params.order_fee.u128();
        let sent = chain.order("perps/close", &self.person, fee, &msg)?;
        if let Some(order) = sent.events.iter().find_map(placed) {
            self.state = State::Closing(order, position);
        }
        Ok(())
    }

    fn ended(&mut self, table: &tables::Traders, now: u64) {
        let back = self.rng.random::<f64>() * 10_000.0 < table.return_share_bps as f64;
        let stay = table.return_after as f64 * (0.5 + self.rng.random::<f64>());
        self.state = if back { State::Flat } else { State::Gone };
        self.next = now.saturating_add(stay as u64);
    }

    /// Takes what a liquidation or deleveraging left.
    fn take_credit(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let perps = chain.world.perps.clone();
        if CREDITS.has(&*chain.world.app.contract_storage(&perps), &self.person.addr) {
            let msg = msg::ExecuteMsg::Withdraw {};
            chain.send("perps/withdraw", &self.person, &perps, &msg)?;
        }
        Ok(())
    }

    /// Takes what was booked for a profit that deleveraging took.
    fn take_compensation(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let perps = chain.world.perps.clone();
        let storage = chain.world.app.contract_storage(&perps);
        let mut haircuts =
            HAIRCUTS
                .sub_prefix(&self.person.addr)
                .keys(&*storage, None, None, Order::Ascending);
        let any = haircuts.next().is_some();
        drop(haircuts);
        drop(storage);
        if any {
            let msg = msg::ExecuteMsg::ClaimCompensation {
                start_after: None,
                limit: Some(30),
            };
            chain.send("perps/claim_compensation", &self.person, &perps, &msg)?;
        }
        Ok(())
    }
}

/// The order that an event placed.
fn placed(event: &Any) -> Option<u64> {
    match event {
        Any::Perps(perps::Emitted::OrderPlaced(placed)) => Some(placed.order),
        _ => None,
    }
}

/// The most leverage that the exchange admits, with half a percent to
/// spare: equity after fee and slippage must reach the initial margin.
fn most_leverage(params: &Params) -> f64 {
    let part = |bps: backstop_types::Bps| f64::from(bps.0) / 10_000.0;
    let slippage = (part(params.base_slippage) + part(params.impact)).min(part(params.max_slippage));
    1.0 / (part(params.initial_margin) + part(params.open_fee) + slippage + 0.005)
}
