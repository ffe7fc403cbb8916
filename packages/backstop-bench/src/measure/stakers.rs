//! What stakers and funders send, with one, two and four reward denoms.

use backstop_types::events::vault::Deposited;

use super::{REWARDS, STAKE, ticket};
use crate::Result;
use crate::world::{Backstop, HOUR, Oracle, Setup, World};

/// Every message of a staker; the backstop with one denom is handed on.
pub fn measure(world: &mut World, oracle: &Oracle) -> Result<Backstop> {
    let one = staker(world, oracle, 1)?;
    let alice = world.account("alice").address;
    world.chain.find(Deposited::NAME, "staker", &alice)?;
    exits(world, &one)?;
    staker(world, oracle, 2)?;
    staker(world, oracle, 4)?;
    beside(world)?;
    Ok(one)
}

fn staker(world: &mut World, oracle: &Oracle, denoms: usize) -> Result<Backstop> {
    let backstop = Backstop::deploy(
        world,
        &Setup {
            denoms,
            breaker: &oracle.breaker,
        },
    )?;
    let name = |what: &str| format!("{what}, {denoms} denom{}", if denoms == 1 { "" } else { "s" });
    world.execute("bob", &backstop.deposit(STAKE, None)?)?;
    for denom in 1..=denoms {
        world.execute("owner", &backstop.fund(denom, REWARDS, 4)?)?;
    }
    world.chain.advance(10)?;
    world.measure(&name("deposit, first"), "alice", &backstop.deposit(STAKE, None)?)?;
    world.chain.advance(10)?;
    world.measure(&name("deposit"), "alice", &backstop.deposit(STAKE, None)?)?;
    world.chain.advance(10)?;
    let opened = world.measure(&name("unbond"), "alice", &backstop.unbond(STAKE / 2)?)?;
    world.chain.advance(10)?;
    world.measure(&name("cancel"), "alice", &backstop.cancel(ticket(&opened)?)?)?;
    world.chain.advance(10)?;
    world.measure(&name("claim rewards"), "alice", &backstop.claim_rewards()?)?;
    Ok(backstop)
}

/// Withdrawing and funding, which know nothing of the number of denoms.
fn exits(world: &mut World, backstop: &Backstop) -> Result<()> {
    // To an end that another stream has, and to one of its own.
    world.measure("fund", "owner", &backstop.fund(1, REWARDS, 6)?)?;
    world.measure("fund, same end", "owner", &backstop.fund(1, REWARDS, 6)?)?;
    world.execute("alice", &backstop.unbond(STAKE / 2)?)?;
    world.execute("holder", &backstop.deposit(STAKE, None)?)?;
    world.execute("holder", &backstop.unbond(STAKE)?)?;
    world.chain.advance(HOUR + 1)?;
    world.measure("withdraw one ticket", "alice", &backstop.withdraw()?)?;
    world.measure("withdraw, all that is left", "holder", &backstop.withdraw()?)?;
    Ok(())
}

fn beside(world: &mut World) -> Result<()> {
    for (ours, peer) in [
        ("deposit, first, 1 denom", "dao-dao: stake, first, 1 distribution"),
        ("deposit, 1 denom", "dao-dao: stake, 1 distribution"),
        (
            "deposit, first, 2 denoms",
            "dao-dao: stake, first, 2 distributions",
        ),
        ("deposit, 2 denoms", "dao-dao: stake, 2 distributions"),
        ("unbond, 1 denom", "dao-dao: unstake, 1 distribution"),
        ("unbond, 2 denoms", "dao-dao: unstake, 2 distributions"),
        ("withdraw one ticket", "dao-dao: claim, no rewards"),
        ("withdraw, all that is left", "dao-dao: claim, no rewards"),
        (
            "claim rewards, 1 denom",
            "dao-dao: claim rewards 1, 1 distribution",
        ),
        ("fund", "dao-dao: fund 1, 1 distribution"),
        ("fund, same end", "dao-dao: fund 1, 1 distribution"),
    ] {
        world.beside(ours, peer)?;
    }
    Ok(())
}
