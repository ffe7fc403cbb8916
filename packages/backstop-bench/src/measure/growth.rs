//! The same operations with ten stakers, streams and losses, and with many: no
//! operation may cost more because there are more of them.

use super::{REWARDS, STAKE, claim, ticket};
use crate::Result;
use crate::chain::{Message, address};
use crate::figures::Growth;
use crate::world::{Backstop, HOUR, Oracle, Setup, World};

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
struct Size {
    stakers: u32,
    streams: u32,
    losses: u32,
}

const SMALL: Size = Size {
    stakers: 10,
    streams: 10,
    losses: 10,
};

/// Where shortfalls are paid at once, and where they wait.
const INSTANT: &str = "B3/USD";
const DELAYED: &str = "B8/USD";
/// What one shortfall asks for.
const ASKED: u128 = 1_000_000;
/// Messages in one transaction.
const BATCH: usize = 250;

type Figures = Vec<(&'static str, u64)>;

pub fn measure(world: &mut World, oracle: &Oracle, stakers: u32) -> Result<()> {
    let backstop = Backstop::deploy(
        world,
        &Setup {
            denoms: 1,
            breaker: &oracle.breaker,
        },
    )?;
    let holder = world.account("holder").address;
    backstop.cover(world, &holder, INSTANT, 1_000_000_000_000)?;
    backstop.cover(world, &holder, DELAYED, 0)?;
    world.execute("alice", &backstop.deposit(STAKE, None)?)?;
    let none = Size {
        stakers: 1,
        streams: 0,
        losses: 0,
    };
    let large = Size {
        stakers,
        streams: 100,
        losses: 100,
    };
    fill(world, &backstop, none, SMALL)?;
    let small_figures = figures(world, oracle, &backstop, "small")?;
    fill(world, &backstop, SMALL, large)?;
    let large_figures = figures(world, oracle, &backstop, "large")?;
    for ((name, small), (_, large)) in small_figures.into_iter().zip(large_figures) {
        world.growth.push(Growth::new(name, small, large));
    }
    Ok(())
}

/// Brings everything from one size to another, many messages a transaction.
fn fill(world: &mut World, backstop: &Backstop, from: Size, to: Size) -> Result<()> {
    let deposits: Vec<Message> = (from.stakers..to.stakers)
        .map(|number| backstop.deposit(STAKE, Some(address(number))))
        .collect::<Result<_>>()?;
    let streams: Vec<Message> = (from.streams..to.streams)
        .map(|number| backstop.fund(1, REWARDS, number % 52 + 1))
        .collect::<Result<_>>()?;
    let losses: Vec<Message> = (from.losses..to.losses)
        .map(|_| backstop.shortfall(INSTANT, ASKED, "10.01"))
        .collect::<Result<_>>()?;
    batches(world, "stakers", "bob", from.stakers, &deposits)?;
    batches(world, "streams", "owner", from.streams, &streams)?;
    batches(world, "losses", "holder", from.losses, &losses)
}

fn batches(world: &mut World, what: &str, sender: &str, from: u32, messages: &[Message]) -> Result<()> {
    let sender = world.account(sender);
    let mut count = from as usize;
    for some in messages.chunks(BATCH) {
        count += some.len();
        world.chain.progress.part(&format!("growth: {count} {what}"));
        world.chain.batch(&sender, some)?;
    }
    Ok(())
}

fn figures(world: &mut World, oracle: &Oracle, backstop: &Backstop, size: &str) -> Result<Figures> {
    world.chain.progress.part(&format!("growth: measuring, {size}"));
    let mut figures = stakers(world, backstop)?;
    figures.extend(cover(world, oracle, backstop)?);
    Ok(figures)
}

fn stakers(world: &mut World, backstop: &Backstop) -> Result<Figures> {
    // The first change of a stake after a loss keeps the old one.
    let after = gas(world, "alice", &backstop.deposit(STAKE, None)?)?;
    let deposit = gas(world, "alice", &backstop.deposit(STAKE, None)?)?;
    let opened = world.execute("alice", &backstop.unbond(STAKE / 4)?)?;
    let cancel = gas(world, "alice", &backstop.cancel(ticket(&opened)?)?)?;
    let claim = gas(world, "alice", &backstop.claim_rewards()?)?;
    let fund = gas(world, "owner", &backstop.fund(1, REWARDS, 6)?)?;
    world.execute("alice", &backstop.unbond(STAKE / 4)?)?;
    Ok(vec![
        ("deposit, first after a loss", after),
        ("deposit", deposit),
        ("unbond", opened.gas),
        ("cancel", cancel),
        ("claim rewards", claim),
        ("fund", fund),
    ])
}

fn cover(world: &mut World, oracle: &Oracle, backstop: &Backstop) -> Result<Figures> {
    let asked = backstop.shortfall(INSTANT, ASKED, "10.01")?;
    let paid = world.execute("holder", &asked)?;
    let delayed = world.execute("holder", &backstop.shortfall(DELAYED, ASKED, "10.01")?)?;
    let poke = gas(world, "keeper", &oracle.poke(INSTANT)?)?;
    let recover = gas(world, "owner", &backstop.recover(claim(&paid)?, ASKED)?)?;
    let claimed = gas(world, "alice", &backstop.claim_recovery(claim(&paid)?)?)?;
    world.chain.advance(HOUR + 1)?;
    let settle = gas(world, "keeper", &backstop.settle(claim(&delayed)?)?)?;
    let withdraw = gas(world, "alice", &backstop.withdraw()?)?;
    Ok(vec![
        ("shortfall, instant", paid.gas),
        ("shortfall, delayed", delayed.gas),
        ("poke, 3 sources", poke),
        ("recover", recover),
        ("claim recovery", claimed),
        ("settle, delayed", settle),
        ("withdraw one ticket", withdraw),
    ])
}

fn gas(world: &mut World, sender: &str, call: &Message) -> Result<u64> {
    Ok(world.execute(sender, call)?.gas)
}
