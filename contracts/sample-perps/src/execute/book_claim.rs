//! What the vault pays on a claim after its answer: its record says how much, and
//! anyone may have that booked.

use backstop_types::Assets;
use backstop_types::events::perps::ClaimBooked;
use backstop_types::input::no_funds;
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};

use super::bounty::{bounty, part_of_bounty};
use super::shortfall;
use crate::claim::claim_of;
use crate::error::ContractError;
use crate::state::{self, CONFIG, Config, LEDGER, SHORTFALLS, Shortfall};

/// Books what the vault has paid on the shortfall's claim since the last time.
/// The vault's record says how much; no balance is read.
pub fn book(deps: DepsMut, env: Env, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut shortfall = state::shortfall(deps.storage, id)?;
    let payment = paid_since(&deps, &env, &config, id, &shortfall)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let division = shortfall::book(deps.storage, &mut ledger, id, &mut shortfall, payment)?;
    SHORTFALLS.save(deps.storage, id, &shortfall)?;
    let most = part_of_bounty(&config.params, shortfall.parts, config.params.gather_count)?;
    let bounty = bounty(&config, &mut ledger, &info.sender, most, payment)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(bounty)
        .add_event(Event::from(ClaimBooked {
            shortfall: id,
            amount: payment,
            to_deleveraged: division.to_deleveraged,
            to_pool: division.to_pool,
        })))
}

/// What the claim's record has more than was booked, at least 1.
fn paid_since(
    deps: &DepsMut,
    env: &Env,
    config: &Config,
    id: u64,
    shortfall: &Shortfall,
) -> Result<Assets, ContractError> {
    let nothing = ContractError::NothingToBook { shortfall: id };
    let Some((claim, record)) = claim_of(deps.as_ref(), env, config, id, shortfall)? else {
        return Err(nothing);
    };
    if record.policyholder != env.contract.address || record.market != config.market {
        return Err(ContractError::ForeignClaim { claim });
    }
    match record.paid.saturating_sub(shortfall.books.received) {
        Assets::ZERO => Err(nothing),
        payment => Ok(payment),
    }
}
