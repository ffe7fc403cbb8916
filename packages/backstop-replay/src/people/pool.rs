//! What people do with the vault, each as the messages that the page would send.

use backstop_types::events::EventError;
use backstop_types::vault::{ExecuteMsg, Stake};
use backstop_types::{Shares, distributor};
use backstop_vault::state::{CLAIMS, CONFIG, LOSSES, STAKES, TAKEN};
use cosmwasm_std::Order;

use crate::chain::{Chain, Person, Sent};

/// Rows in one message at most.
const PAGE: usize = 30;

/// Deposits base units of the asset.
pub fn deposit(chain: &mut Chain, person: &Person, amount: u128) -> Result<Sent, EventError> {
    let result = chain.world.deposit(&person.addr, amount);
    chain.took_place("vault/deposit", person, &[amount], result)
}

/// Opens a ticket for so many shares, or for all.
pub fn unbond(chain: &mut Chain, person: &Person, shares: Option<u128>) -> Result<Sent, EventError> {
    let shares = shares.map(Shares::new);
    let vault = chain.world.vault.clone();
    chain.send(
        "vault/unbond",
        person,
        &vault,
        &ExecuteMsg::Unbond {
            shares,
            auto_withdraw: None,
        },
    )
}

/// Withdraws the tickets that are ready, as many as one message pays.
pub fn withdraw(chain: &mut Chain, person: &Person) -> Result<Sent, EventError> {
    let result = chain.world.withdraw(&person.addr);
    chain.took_place("vault/withdraw", person, &[], result)
}

/// Takes what came back on every loss, in as many messages as it needs.
pub fn take_back(chain: &mut Chain, person: &Person) -> Result<(), EventError> {
    let vault = chain.world.vault.clone();
    for losses in due(chain, person).chunks(PAGE) {
        let msg = ExecuteMsg::ClaimRecovery {
            losses: Some(losses.to_vec()),
            restake: None,
            limit: None,
        };
        chain.send("vault/claim_recovery", person, &vault, &msg)?;
    }
    Ok(())
}

/// Takes what premium and emissions brought.
pub fn earned(chain: &mut Chain, person: &Person) -> Result<(), EventError> {
    let msg = distributor::ExecuteMsg::Claim {
        denoms: None,
        receiver: None,
        restake: None,
    };
    let distributor = chain.world.distributor.clone();
    chain
        .send("distributor/claim", person, &distributor, &msg)
        .map(drop)
}

/// The losses on which something came back that this person has not taken.
fn due(chain: &Chain, person: &Person) -> Vec<u64> {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    let losses = LOSSES.range(&*storage, None, None, Order::Ascending).flatten();
    let back = losses.filter(|(n, loss)| {
        let recovered = loss.from_pot.u128() + loss.repaid.u128();
        recovered > loss.taken.u128() && !TAKEN.has(&*storage, (&person.addr, *n))
    });
    back.map(|(n, _)| n).collect()
}

/// What a person has in the vault.
pub fn stake(chain: &Chain, person: &Person) -> Stake {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    let stake = STAKES.may_load(&*storage, &person.addr).ok().flatten();
    stake.unwrap_or_default()
}

/// What is set aside for claims that are neither paid nor over.
pub fn waiting(chain: &Chain) -> u128 {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    let claims = CLAIMS.range(&*storage, None, None, Order::Ascending).flatten();
    claims.map(|(_, claim)| claim.pot.u128()).sum()
}

/// How long a ticket waits, in seconds.
pub fn unbonding_period(chain: &Chain) -> u64 {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    CONFIG
        .load(&*storage)
        .map_or(0, |config| config.params.unbonding_period.0)
}
