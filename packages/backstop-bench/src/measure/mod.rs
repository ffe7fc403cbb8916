//! What is measured, a file per group: who acts, in which state, and under
//! which name. Amounts and states are the same for a peer and for ours.

mod breaker;
mod cover;
mod growth;
mod peers;
mod stakers;

use backstop_types::events::vault::{ShortfallAnswered, Unbonded};

use crate::Result;
use crate::args::Args;
use crate::chain::Receipt;
use crate::world::{ASSET, Oracle, World};

/// What a staker moves.
const STAKE: u128 = 1_000_000_000;
/// What a funding brings.
const REWARDS: u128 = 1_000_000_000;

/// Everything, in this order.
pub fn all(world: &mut World, args: &Args) -> Result<()> {
    let owner = world.account("owner");
    let alice = world.account("alice");
    // An account's first transaction also stores its public key.
    for name in ["alice", "keeper", "holder"] {
        let account = world.account(name);
        world.chain.bank_send(&account, &owner.address, STAKE, ASSET)?;
    }
    let sent = world.chain.bank_send(&owner, &alice.address, STAKE, ASSET)?;
    world.record("bank send", &sent);
    peers::measure(world)?;
    let oracle = Oracle::deploy(world)?;
    let backstop = stakers::measure(world, &oracle)?;
    breaker::measure(world, &oracle)?;
    cover::measure(world, &oracle, &backstop)?;
    if !args.no_growth {
        growth::measure(world, &oracle, args.stakers)?;
    }
    Ok(())
}

/// The ticket that an unbonding opened.
fn ticket(receipt: &Receipt) -> Result<u64> {
    let opened: Unbonded = receipt.emitted(Unbonded::NAME)?;
    Ok(opened.ticket)
}

/// The claim that a shortfall was granted.
fn claim(receipt: &Receipt) -> Result<u64> {
    let answered: ShortfallAnswered = receipt.emitted(ShortfallAnswered::NAME)?;
    answered
        .claim
        .ok_or_else(|| receipt.lacks(ShortfallAnswered::NAME, "claim"))
}
