//! Withdrawing tickets for their owners, where they have asked for that.

use std::collections::BTreeMap;

use backstop_chain::Result;
use backstop_types::Assets;
use backstop_types::vault::ExecuteMsg;

use super::action::Action;
use crate::config::Tickets;
use crate::snapshot::Snapshot;

/// The most tickets that one withdrawal names.
const NAMED: usize = 30;

/// Tickets that are ready and marked, one withdrawal for each staker: withdrawn together,
/// they are rounded once.
pub fn decide(snapshot: &Snapshot, settings: &Tickets) -> Result<Vec<Action>> {
    let now = snapshot.now();
    let mut by_staker: BTreeMap<&str, (Vec<u64>, Assets)> = BTreeMap::new();
    let tickets = snapshot.queue.iter().flat_map(|queue| &queue.tickets);
    for ticket in tickets.filter(|ticket| ticket.auto_withdraw && ticket.ready_at <= now) {
        let (numbers, assets) = by_staker.entry(&ticket.staker).or_default();
        if numbers.len() < NAMED {
            numbers.push(ticket.ticket);
            *assets = assets.checked_add(ticket.assets).unwrap_or(*assets);
        }
    }
    let worth = by_staker
        .into_iter()
        .filter(|(_, (_, assets))| assets.0 >= settings.minimum);
    worth
        .map(|(staker, (numbers, _))| {
            let withdraw = ExecuteMsg::Withdraw {
                tickets: Some(numbers),
                min_assets: None,
                limit: None,
                staker: Some(staker.to_string()),
            };
            Action::call(format!("tickets {staker}"), &snapshot.addresses.vault, &withdraw)
        })
        .collect()
}
