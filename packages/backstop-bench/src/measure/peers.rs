//! The peers: cw-plus's staking, and DAO DAO's with no, one and two
//! distributions of rewards.

use super::{REWARDS, STAKE};
use crate::Result;
use crate::world::{Cw4Stake, DaoDao, World};

pub fn measure(world: &mut World) -> Result<()> {
    cw4_stake(world)?;
    for distributions in 0..=2 {
        dao_dao(world, distributions)?;
    }
    Ok(())
}

fn cw4_stake(world: &mut World) -> Result<()> {
    let peer = Cw4Stake::deploy(world)?;
    world.execute("bob", &peer.bond(STAKE)?)?;
    world.measure("cw4-stake: bond, first", "alice", &peer.bond(STAKE)?)?;
    world.measure("cw4-stake: bond", "alice", &peer.bond(STAKE)?)?;
    world.measure("cw4-stake: unbond", "alice", &peer.unbond(STAKE / 2)?)?;
    world.chain.advance(5)?;
    world.measure("cw4-stake: claim", "alice", &peer.claim()?)?;
    Ok(())
}

fn dao_dao(world: &mut World, distributions: usize) -> Result<()> {
    let peer = DaoDao::deploy(world, distributions)?;
    let name = |what: &str| match distributions {
        0 => format!("dao-dao: {what}, no rewards"),
        1 => format!("dao-dao: {what}, 1 distribution"),
        more => format!("dao-dao: {what}, {more} distributions"),
    };
    world.execute("bob", &peer.stake(STAKE)?)?;
    for number in 1..=distributions {
        world.execute("owner", &peer.fund(number, REWARDS)?)?;
        world.chain.advance(2)?;
        world.measure(
            &name(&format!("fund {number}")),
            "owner",
            &peer.fund(number, REWARDS)?,
        )?;
    }
    world.chain.advance(10)?;
    world.measure(&name("stake, first"), "alice", &peer.stake(STAKE)?)?;
    world.chain.advance(10)?;
    world.measure(&name("stake"), "alice", &peer.stake(STAKE)?)?;
    world.chain.advance(10)?;
    world.measure(&name("unstake"), "alice", &peer.unstake(STAKE / 2)?)?;
    world.chain.advance(10)?;
    world.measure(&name("claim"), "alice", &peer.claim()?)?;
    for number in 1..=distributions {
        world.chain.advance(10)?;
        world.measure(
            &name(&format!("claim rewards {number}")),
            "alice",
            &peer.claim_rewards(number)?,
        )?;
    }
    Ok(())
}
