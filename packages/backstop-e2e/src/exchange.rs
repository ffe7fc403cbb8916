//! Trading on the exchange, whose orders wait for a price from after them.

use backstop_chain::Committed;
use backstop_core::perps::Size;
use backstop_types::events::{all_of, perps::OrderPlaced};
use backstop_types::{Bps, Price, Seconds, Side};
use sample_perps::msg::{ExecuteMsg, HookMsg, PositionResponse, PositionsResponse, QueryMsg};

use crate::backstop::{Asset, Backstop, Setup};
use crate::stage::Stage;

/// What an order waits beside its price, with a second more.
const WAIT: u64 = 32;

impl Backstop<'_> {
    /// Adds liquidity at the last price.
    pub fn add_liquidity(&self, provider: &str, amount: u128, price: &str) -> Committed {
        let (min_shares, lifetime) = (None, None);
        let placed = self.pay(
            provider,
            &self.perps,
            amount,
            &ExecuteMsg::AddLiquidity { min_shares, lifetime },
            &HookMsg::AddLiquidity { min_shares, lifetime },
        );
        self.filled(placed, price)
    }

    /// Opens a position of so many base units.
    pub fn open(&self, trader: &str, side: Side, size: u128, margin: u128, price: &str) -> Committed {
        let size = Size::new(size);
        let (limit, lifetime) = (None, None);
        let placed = self.pay(
            trader,
            &self.perps,
            margin,
            &ExecuteMsg::Open {
                side,
                size,
                limit,
                lifetime,
            },
            &HookMsg::Open {
                side,
                size,
                limit,
                lifetime,
            },
        );
        self.filled(placed, price)
    }

    /// Executes the order that a message placed, at this price from after it; the
    /// message itself where it placed none.
    pub fn filled(&self, placed: Committed, price: &str) -> Committed {
        let orders: Vec<OrderPlaced> = all_of(&placed.events).unwrap();
        let Some(order) = orders.first() else {
            return placed;
        };
        self.stage.advance(WAIT);
        self.publish(price);
        let order = order.order;
        self.stage
            .execute("keeper", &self.perps, &ExecuteMsg::ExecuteOrder { order })
    }

    /// Every open position at a price.
    pub fn positions(&self, price: Option<&str>) -> Vec<PositionResponse> {
        let ask = QueryMsg::Positions {
            owner: None,
            price: price.map(|price| Price(price.parse().unwrap())),
            start_after: None,
            limit: None,
        };
        let answer: PositionsResponse = self.stage.ask(&self.perps, &ask);
        answer.positions
    }

    /// Liquidates a position.
    pub fn liquidate(&self, keeper: &str, position: u64) -> Committed {
        self.stage
            .execute(keeper, &self.perps, &ExecuteMsg::Liquidate { position })
    }
}

/// A pool with liquidity and one long, which a fall to 7 takes below zero.
pub fn lost(stage: &Stage, asset: Asset) -> (Backstop<'_>, u64) {
    let mut setup = Setup {
        asset,
        ..Setup::default()
    };
    setup.market.max_jump = Bps(6_000);
    setup.perps.gather_time = Seconds(0);
    setup.perps.gather_count = 1;
    let backstop = Backstop::deploy(stage, setup);
    backstop.deposit("alice", 100_000_000_000);
    backstop.add_liquidity("provider", 100_000_000_000, "10");
    backstop.open("trader", Side::Long, 1_000_000_000, 1_200_000_000, "10");
    let position = backstop.positions(None)[0].position;
    (backstop, position)
}
