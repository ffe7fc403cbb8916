//! What comes after: the vault's later payments are booked, the deleveraged
//! take theirs, and traders take what liquidations left them.

use backstop_types::Assets;
use backstop_types::events::perps::{ClaimBooked, CompensationClaimed, CreditWithdrawn};
use backstop_types::input::{no_funds, page};
use backstop_types::vault::ClaimFacts;
use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Order, Response, StdResult};
use cw_storage_plus::Bound;

use super::payment::pay;
use super::shortfall;
use crate::error::ContractError;
use crate::state::{self, CONFIG, CREDITS, Config, HAIRCUTS, LEDGER, ROUNDS, SHORTFALLS, Shortfall};

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
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(ClaimBooked {
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

/// The claim that a shortfall became: by the vault's answer or, where none could
/// be read, by the vault's record of the shortfall's number.
pub fn claim_of(
    deps: Deps,
    env: &Env,
    config: &Config,
    id: u64,
    shortfall: &Shortfall,
) -> StdResult<Option<(u64, ClaimFacts)>> {
    let claim = match &shortfall.answer {
        Some(answer) => answer.cover.claim,
        None => {
            let answered = config.vault.answered(&deps.querier, &env.contract.address, id)?;
            answered.and_then(|answered| answered.claim)
        }
    };
    let Some(claim) = claim else { return Ok(None) };
    let record = config.vault.claim(&deps.querier, claim)?;
    Ok(record.map(|record| (claim, record)))
}

/// Pays the sender what was booked for its haircuts.
pub fn compensation(
    deps: DepsMut,
    info: MessageInfo,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let start = start_after.map(|shortfall| Bound::exclusive((shortfall, u32::MAX)));
    let haircuts = HAIRCUTS
        .sub_prefix(&info.sender)
        .range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .collect::<StdResult<Vec<_>>>()?;
    let mut due = Assets::ZERO;
    for ((shortfall, number), mut haircut) in haircuts {
        let now = ROUNDS.load(deps.storage, (shortfall, number))?.due(&haircut)?;
        due = due.checked_add(now)?;
        haircut.claimed = haircut.claimed.checked_add(now)?;
        let key = (&info.sender, shortfall, number);
        if haircut.claimed == haircut.taken {
            HAIRCUTS.remove(deps.storage, key);
        } else if !now.is_zero() {
            HAIRCUTS.save(deps.storage, key, &haircut)?;
        }
    }
    if due.is_zero() {
        return Err(ContractError::NothingDue);
    }
    ledger.compensation = ledger.compensation.checked_sub(due)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(pay(&config.asset, &info.sender, due)?)
        .add_event(Event::from(CompensationClaimed {
            trader: info.sender,
            amount: due,
        })))
}

/// Pays the sender what liquidations and deleveraging left.
pub fn withdraw(deps: DepsMut, info: MessageInfo) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let Some(credit) = CREDITS.may_load(deps.storage, &info.sender)? else {
        return Err(ContractError::NothingDue);
    };
    CREDITS.remove(deps.storage, &info.sender);
    ledger.credits = ledger.credits.checked_sub(credit)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(pay(&config.asset, &info.sender, credit)?)
        .add_event(Event::from(CreditWithdrawn {
            trader: info.sender,
            amount: credit,
        })))
}
