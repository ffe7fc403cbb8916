//! 8: whoever has shares can unbond, and whoever has waited can withdraw. A
//! refusal is held against what the vault held before it.

use backstop_types::Shares;
use backstop_types::vault::{ExecuteMsg, Stake};
use cosmwasm_std::{Addr, StdResult, Timestamp};

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::VaultView;

/// What is wrong with the vault having refused `msg` of `sender`.
pub fn refused(view: &VaultView, sender: &Addr, msg: &ExecuteMsg, now: Timestamp) -> Option<Violation> {
    let due = match msg {
        ExecuteMsg::Unbond { shares } => may_unbond(view, sender, *shares),
        ExecuteMsg::Withdraw {
            tickets,
            min_assets: None,
            limit,
        } => may_withdraw(view, sender, tickets.as_deref(), *limit, now).unwrap_or(false),
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

fn may_withdraw(
    view: &VaultView,
    sender: &Addr,
    tickets: Option<&[u64]>,
    limit: Option<u32>,
    now: Timestamp,
) -> StdResult<bool> {
    let mut ready = vec![];
    let mut waiting = 0;
    for (key, ticket) in view.tickets.iter() {
        let (staker, n) = pair(key)?;
        if text(staker)? != sender.as_str() {
            continue;
        }
        let period = view
            .config
            .as_ref()
            .map_or(u64::MAX, |c| c.params.unbonding_period.0);
        let ready_at = ticket
            .opened_at
            .seconds()
            .saturating_add(ticket.delay.0.min(period));
        if ready_at <= now.seconds() {
            ready.push(number(n)?);
        } else {
            waiting += 1;
        }
    }
    Ok(match tickets {
        Some(named) => {
            let distinct = named.iter().enumerate().all(|(i, n)| !named[..i].contains(n));
            distinct && (1..=30).contains(&named.len()) && named.iter().all(|n| ready.contains(n))
        }
        // The vault looks at so many tickets, ready or not.
        None => !ready.is_empty() && ready.len() + waiting <= limit.unwrap_or(10).min(30) as usize,
    })
}
