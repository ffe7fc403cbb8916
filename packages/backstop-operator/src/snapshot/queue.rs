//! The stakers who are leaving, and their tickets.

use backstop_chain::Result;
use backstop_chain::paged::{ROWS, pages};
use backstop_types::Assets;
use backstop_types::vault::{QueryMsg, StakeResponse, StakesResponse, TicketResponse, TicketsResponse};
use serde::{Deserialize, Serialize};

use super::{Look, Snapshot};
use crate::chain::Chain;

/// A withdrawal looks at the oldest 101 tickets of a staker; so do four pages.
const TICKET_PAGES: u32 = 4;

/// The tickets that were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueState {
    /// How many tickets the stakers that were read have.
    pub open: u64,
    /// How many stakers were read.
    pub stakers: u64,
    /// The tickets, by staker and number.
    pub tickets: Vec<TicketLine>,
    /// The last staker that was read, if there may be more.
    pub after: Option<String>,
}

/// One ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketLine {
    /// Whose.
    pub staker: String,
    /// Its number.
    pub ticket: u64,
    /// What it would be paid now.
    pub assets: Assets,
    /// From when it can be withdrawn.
    pub ready_at: cosmwasm_std::Timestamp,
    /// Whether anybody may withdraw it for its owner.
    pub auto_withdraw: bool,
}

/// Reads it into the snapshot.
pub(super) async fn read(chain: &impl Chain, snapshot: &mut Snapshot, look: &Look) {
    let queue = tickets(chain, &snapshot.addresses.vault, look).await;
    let queue = snapshot.keep("queue", queue);
    snapshot.stopped("stakers", queue.as_ref().and_then(|queue| queue.after.clone()));
    snapshot.queue = queue;
}

async fn tickets(chain: &impl Chain, vault: &str, look: &Look) -> Result<QueueState> {
    let ask = async |start_after| {
        let limit = Some(ROWS);
        let page: StakesResponse = chain
            .smart(vault, &QueryMsg::Stakes { start_after, limit })
            .await?;
        Ok(page.stakes)
    };
    let key = |row: &StakeResponse| row.staker.to_string();
    let (stakes, after) = pages(look.pages, look.queue_after.clone(), key, ask).await?;
    let mut tickets = vec![];
    for stake in stakes.iter().filter(|stake| stake.stake.tickets > 0) {
        let staker = stake.staker.to_string();
        let of_one = tickets_of(chain, vault, &staker).await?;
        tickets.extend(of_one.into_iter().map(|ticket| TicketLine {
            staker: staker.clone(),
            ticket: ticket.ticket,
            assets: ticket.assets,
            ready_at: ticket.ready_at,
            auto_withdraw: ticket.auto_withdraw,
        }));
    }
    Ok(QueueState {
        open: stakes.iter().map(|stake| u64::from(stake.stake.tickets)).sum(),
        stakers: u64::try_from(stakes.len()).unwrap_or(u64::MAX),
        tickets,
        after,
    })
}

async fn tickets_of(chain: &impl Chain, vault: &str, staker: &str) -> Result<Vec<TicketResponse>> {
    let ask = async |start_after| {
        let question = QueryMsg::Tickets {
            staker: staker.to_string(),
            start_after,
            limit: Some(ROWS),
        };
        let page: TicketsResponse = chain.smart(vault, &question).await?;
        Ok(page.tickets)
    };
    let (tickets, _) = pages(TICKET_PAGES, None, |row: &TicketResponse| row.ticket, ask).await?;
    Ok(tickets)
}
