//! 8: whoever has shares can unbond, and whoever has waited can withdraw. A
//! refusal is held against what the vault held before it.

use backstop_types::vault::{ExecuteMsg, Stake, Ticket};
use backstop_types::{Assets, Seconds, Shares};
use cosmwasm_std::{Addr, StdResult, Timestamp, Uint256};

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::VaultView;

/// What is wrong with the vault having refused `msg` of `sender`.
pub fn refused(view: &VaultView, sender: &Addr, msg: &ExecuteMsg, now: Timestamp) -> Option<Violation> {
    let due = match msg {
        ExecuteMsg::Unbond { shares, .. } => may_unbond(view, sender, *shares),
        ExecuteMsg::Withdraw {
            tickets,
            min_assets,
            limit,
            staker,
        } => {
            let owner = staker.as_deref().unwrap_or(sender.as_str());
            let mut ready = ready(view, owner, now).unwrap_or_default();
            // Of somebody else's, those that their owner has opened so.
            let is_owner = owner == sender.as_str();
            ready.retain(|(_, ticket)| is_owner || ticket.auto_withdraw);
            // Nobody closes another's for nothing.
            let least = if is_owner { Assets::ZERO } else { Assets::ONE };
            let least = Some(min_assets.unwrap_or_default().max(least));
            match tickets {
                Some(named) => named_of(&ready, named),
                None => ready.get(..ready.len().min(page(*limit))).map(<[_]>::to_vec),
            }
            .is_some_and(|chosen| !chosen.is_empty() && worth_at_least(view, &chosen, least))
        }
        _ => false,
    };
    due.then(|| Violation::new(8, format!("{sender} was refused {msg:?}")))
}

fn may_unbond(view: &VaultView, sender: &Addr, shares: Option<Shares>) -> bool {
    let Some(config) = &view.config else { return false };
    let none = Stake::default();
    let stake = view.stakes.get(sender.as_bytes()).unwrap_or(&none);
    let active = stake.active.u128();
    let shares = shares.map_or(active, Shares::u128);
    let room = stake.tickets < config.params.max_tickets && shares >= config.params.min_ticket.u128();
    shares > 0 && (shares == active || (shares < active && room))
}

/// Tickets in one withdrawal unless it says otherwise, and at the most.
fn page(limit: Option<u32>) -> usize {
    limit.unwrap_or(30).min(30) as usize
}

/// A staker's tickets that have waited, the oldest first: for the period in
/// force when they were opened, or the present one if that is shorter, to the
/// nanosecond.
fn ready(view: &VaultView, owner: &str, now: Timestamp) -> StdResult<Vec<(u64, Ticket)>> {
    let period = view.config.as_ref().map(|config| config.params.unbonding_period);
    let mut ready = vec![];
    for (key, ticket) in view.tickets.iter() {
        let (staker, n) = pair(key)?;
        if text(staker)? != owner {
            continue;
        }
        let Seconds(delay) = period.map_or(ticket.delay, |period| period.min(ticket.delay));
        let waited = u128::from(now.nanos()).checked_sub(u128::from(ticket.opened_at.nanos()));
        if waited.is_some_and(|waited| waited >= u128::from(delay) * 1_000_000_000) {
            ready.push((number(n)?, *ticket));
        }
    }
    Ok(ready)
}

/// The tickets of these numbers, if they can be named together and are all
/// ready.
fn named_of(ready: &[(u64, Ticket)], named: &[u64]) -> Option<Vec<(u64, Ticket)>> {
    let distinct = named.iter().enumerate().all(|(i, n)| !named[..i].contains(n));
    if !distinct || !(1..=30).contains(&named.len()) {
        return None;
    }
    let find = |n: &u64| ready.iter().find(|(number, _)| number == n).copied();
    named.iter().map(find).collect()
}

/// Whether the tickets together are worth what the withdrawal demands.
fn worth_at_least(view: &VaultView, tickets: &[(u64, Ticket)], min: Option<Assets>) -> bool {
    let shares = tickets
        .iter()
        .fold(Uint256::zero(), |sum, (_, ticket)| sum + ticket.shares.wide());
    let total = Uint256::from(view.shares().max(1));
    let worth = shares * view.pool.assets.wide() / total;
    min.is_none_or(|min| worth >= min.wide())
}
