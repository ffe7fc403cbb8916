//! Shortfalls: through a liquidation on the exchange, answered at once and held
//! in a trip; straight from a policyholder's account; settled and repaid.

use backstop_core::perps::{Side, Size};
use backstop_types::{Bps, UncheckedDenom};
use sample_perps::msg::{ExecuteMsg, InstantiateMsg};
use sample_perps::params::Params;

use super::{STAKE, claim};
use crate::Result;
use crate::chain::Message;
use crate::world::{ASSET, Backstop, HOUR, Oracle, World};

const MARKET: &str = "ATOM/USD";
/// A position of a hundred million at a price of ten, with a margin of a tenth.
const SIZE: u128 = 10_000_000;
const MARGIN: u128 = 10_500_000;
/// All of a policy's limit, so that everything is instant.
const WHOLE: u128 = 1_000_000_000_000;

pub fn measure(world: &mut World, oracle: &Oracle, backstop: &Backstop) -> Result<()> {
    let exchange = exchange(world, oracle, backstop)?;
    world.execute("provider", &liquidity(&exchange)?)?;
    for _ in 0..2 {
        world.execute("trader", &open(&exchange)?)?;
    }
    // The orders are filled at a price from after them.
    world.chain.advance(31)?;
    oracle.report_for(world, "10", |market| market == MARKET)?;
    for order in 1..=2 {
        let fill = Message::new(&exchange, &ExecuteMsg::ExecuteOrder { order })?;
        world.execute("keeper", &fill)?;
    }
    oracle.report_for(world, "8.5", |market| market == MARKET)?;
    let instant = world.measure(
        "liquidate with shortfall, instant",
        "keeper",
        &liquidate(&exchange, 1)?,
    )?;
    let paid = claim(&instant)?;
    let held = in_a_trip(world, oracle, &exchange)?;
    let delayed = direct(world, backstop)?;
    recovered(world, oracle)?;
    world.chain.advance(HOUR)?;
    world.measure("settle, held", "keeper", &backstop.settle(held)?)?;
    world.measure("settle, delayed", "keeper", &backstop.settle(delayed)?)?;
    world.measure("recover", "owner", &backstop.recover(paid, 100_000)?)?;
    world.measure("claim recovery", "alice", &backstop.claim_recovery(paid)?)?;
    Ok(())
}

fn exchange(world: &mut World, oracle: &Oracle, backstop: &Backstop) -> Result<String> {
    let owner = world.account("owner");
    let msg = InstantiateMsg {
        owner: owner.address.clone(),
        asset: UncheckedDenom::Native(ASSET.to_string()),
        vault: backstop.vault.clone(),
        breaker: oracle.breaker.clone(),
        market: MARKET.to_string(),
        // Each liquidation sends its shortfall, and its margin is small.
        params: Params {
            gather_count: 1,
            initial_margin: Bps(1_000),
            maintenance_margin: Bps(500),
            ..Params::default()
        },
    };
    let code = world.code("sample-perps");
    let exchange = world.chain.instantiate(&owner, code, &msg, "exchange")?;
    backstop.cover(world, &exchange, MARKET, WHOLE)?;
    Ok(exchange)
}

/// The market falls by more than half, trips, and is reseeded: positions can be
/// closed again, payouts wait for clean readings.
fn in_a_trip(world: &mut World, oracle: &Oracle, exchange: &str) -> Result<u64> {
    oracle.report_for(world, "4", |market| market == MARKET)?;
    world.measure("poke that trips, 3 sources", "keeper", &oracle.poke(MARKET)?)?;
    world.execute("owner", &oracle.reseed(MARKET, 1)?)?;
    let held = world.measure(
        "liquidate with shortfall, held",
        "keeper",
        &liquidate(exchange, 2)?,
    )?;
    claim(&held)
}

/// Two of a plain account: one instant, one delayed. The delayed one's number.
fn direct(world: &mut World, backstop: &Backstop) -> Result<u64> {
    let holder = world.account("holder").address;
    backstop.cover(world, &holder, "B3/USD", WHOLE)?;
    backstop.cover(world, &holder, "B2/USD", 0)?;
    let (one, other) = (
        backstop.shortfall("B3/USD", STAKE / 1_000, "10.01")?,
        backstop.shortfall("B2/USD", STAKE / 1_000, "10.01")?,
    );
    world.measure("shortfall, instant", "holder", &one)?;
    let delayed = world.measure("shortfall, delayed", "holder", &other)?;
    claim(&delayed)
}

/// Clean readings until the trip has ended.
fn recovered(world: &mut World, oracle: &Oracle) -> Result<()> {
    for _ in 0..3 {
        world.chain.advance(61)?;
        oracle.report_for(world, "4", |market| market == MARKET)?;
        world.execute("keeper", &oracle.poke(MARKET)?)?;
    }
    Ok(())
}

fn liquidity(exchange: &str) -> Result<Message> {
    let add = ExecuteMsg::AddLiquidity {
        min_shares: None,
        lifetime: None,
    };
    Ok(Message::new(exchange, &add)?.with(1_000 * STAKE, ASSET))
}

fn open(exchange: &str) -> Result<Message> {
    let open = ExecuteMsg::Open {
        side: Side::Long,
        size: Size::new(SIZE),
        limit: None,
        lifetime: None,
    };
    Ok(Message::new(exchange, &open)?.with(MARGIN, ASSET))
}

fn liquidate(exchange: &str, position: u64) -> Result<Message> {
    Message::new(exchange, &ExecuteMsg::Liquidate { position })
}
