//! Exits: unbond, cancel, withdraw. No pause, oracle, distributor, policy or
//! claim can stop an unbonding or a withdrawal.

use backstop_core::exits::{self, MOST_TICKETS, may_withdraw, ready_at};
use backstop_core::shares;
use backstop_types::events::vault::{UnbondCancelled, Unbonded, Withdrawn};
use backstop_types::vault::{Stake, Ticket};
use backstop_types::{Assets, Seconds, Shares, input, paging};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Order, Response, StdResult, Storage, Timestamp};

use super::hook;
use crate::error::ContractError;
use crate::state::{CONFIG, POOL, STAKES, TICKETS};

/// Tickets in one withdrawal.
pub const MAX_TICKETS: usize = 30;

/// `Unbond`.
pub fn unbond(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    shares: Option<Shares>,
    auto_withdraw: bool,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let staker = info.sender;
    let config = CONFIG.load(deps.storage)?;
    let mut pool = POOL.load(deps.storage)?;
    let mut stake = STAKES.may_load(deps.storage, &staker)?.unwrap_or_default();
    let shares = shares.unwrap_or(stake.active);
    exits::may_open(
        shares,
        &stake,
        config.params.min_ticket,
        config.params.max_tickets,
    )?;

    let before = stake.active;
    stake.active = before.checked_sub(shares)?;
    stake.queued = stake.queued.checked_add(shares)?;
    stake.tickets = stake.tickets.saturating_add(1);
    pool.active = pool.active.checked_sub(shares)?;
    pool.queued = pool.queued.checked_add(shares)?;
    pool.tickets = pool.tickets.saturating_add(1);
    let ticket = Ticket {
        shares,
        opened_at: env.block.time,
        delay: config.params.unbonding_period,
        auto_withdraw,
    };

    TICKETS.save(deps.storage, (&staker, pool.tickets), &ticket)?;
    STAKES.save(deps.storage, &staker, &stake, pool.losses)?;
    POOL.save(deps.storage, &pool)?;
    let hook = hook::tolerant(&config, &staker, before, stake.active)?;
    let event = Unbonded {
        staker,
        ticket: pool.tickets,
        shares,
        ready_at: Seconds::clock(ready_at(&ticket, ticket.delay)),
        auto_withdraw,
    };
    Ok(Response::new().add_submessages(hook).add_event(event))
}

/// `CancelUnbond`.
pub fn cancel_unbond(deps: DepsMut, info: MessageInfo, ticket: u64) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let staker = info.sender;
    let config = CONFIG.load(deps.storage)?;
    let shares = load_ticket(deps.storage, &staker, ticket)?.shares;
    let mut pool = POOL.load(deps.storage)?;
    let mut stake = STAKES.load(deps.storage, &staker)?;

    let before = stake.active;
    stake.active = before.checked_add(shares)?;
    stake.queued = stake.queued.checked_sub(shares)?;
    stake.tickets = stake.tickets.saturating_sub(1);
    pool.active = pool.active.checked_add(shares)?;
    pool.queued = pool.queued.checked_sub(shares)?;

    TICKETS.remove(deps.storage, (&staker, ticket));
    STAKES.save(deps.storage, &staker, &stake, pool.losses)?;
    POOL.save(deps.storage, &pool)?;
    let hook = hook::required(&config, &staker, before, stake.active)?;
    let event = UnbondCancelled {
        staker,
        ticket,
        shares,
    };
    Ok(Response::new().add_submessage(hook).add_event(event))
}

/// `Withdraw`.
pub fn withdraw(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    tickets: Option<Vec<u64>>,
    min_assets: Option<Assets>,
    limit: Option<u32>,
    staker: Option<String>,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let sender = info.sender;
    let staker = match staker {
        Some(staker) => input::address(deps.api, "staker", &staker)?,
        None => sender.clone(),
    };
    let config = CONFIG.load(deps.storage)?;
    let wanted = Wanted {
        staker: &staker,
        is_owner: staker == sender,
        period: config.params.unbonding_period,
        now: env.block.time,
    };
    let ready = match tickets {
        Some(named) => wanted.named(deps.storage, &named)?,
        None => wanted.oldest(deps.storage, paging::page(limit.or(Some(u32::MAX))))?,
    };
    let mut shares = Shares::ZERO;
    for (number, ticket) in &ready {
        shares = shares.checked_add(ticket.shares)?;
        TICKETS.remove(deps.storage, (&staker, *number));
    }

    let mut pool = POOL.load(deps.storage)?;
    let mut stake = STAKES.load(deps.storage, &staker)?;
    let paid = shares::worth(shares, pool.assets, pool.shares()?)?;
    // Nobody closes another's tickets one by one for less than a unit each.
    let least = if wanted.is_owner {
        Assets::ZERO
    } else {
        Assets::ONE
    };
    let min = min_assets.unwrap_or_default().max(least);
    if paid < min {
        return Err(ContractError::TooFewAssets { paid, min });
    }
    pool.assets = pool.assets.checked_sub(paid)?;
    pool.queued = pool.queued.checked_sub(shares)?;
    stake.queued = stake.queued.checked_sub(shares)?;
    let count = u32::try_from(ready.len()).unwrap_or(u32::MAX);
    stake.tickets = stake.tickets.saturating_sub(count);

    if stake == Stake::default() {
        STAKES.remove(deps.storage, &staker, pool.losses)?;
    } else {
        STAKES.save(deps.storage, &staker, &stake, pool.losses)?;
    }
    POOL.save(deps.storage, &pool)?;
    let payment = config.asset.pay(&staker, paid.0)?;
    let event = Withdrawn {
        sender,
        staker,
        tickets: count,
        shares,
        assets: paid,
        total_assets: pool.assets,
        total_shares: pool.shares()?,
    };
    Ok(Response::new().add_messages(payment).add_event(event))
}

/// Whose tickets a withdrawal takes, and by when they must be ready.
struct Wanted<'a> {
    staker: &'a Addr,
    /// Whether the sender is the staker.
    is_owner: bool,
    period: Seconds,
    now: Timestamp,
}

impl Wanted<'_> {
    /// The named tickets, all of which must be ready, and the sender's to withdraw.
    fn named(&self, storage: &dyn Storage, numbers: &[u64]) -> Result<Vec<(u64, Ticket)>, ContractError> {
        input::distinct("tickets", numbers, MAX_TICKETS)?;
        let check = |number: &u64| {
            let ticket = load_ticket(storage, self.staker, *number)?;
            if !may_withdraw(&ticket, self.is_owner) {
                return Err(ContractError::NotAutoWithdraw {
                    ticket: *number,
                    staker: self.staker.clone(),
                });
            }
            let ready = ready_at(&ticket, self.period);
            if ready > self.now {
                return Err(ContractError::TicketNotReady {
                    ticket: *number,
                    left: Seconds::left(self.now, ready),
                });
            }
            Ok((*number, ticket))
        };
        numbers.iter().map(check).collect()
    }

    /// Of the oldest tickets, such as are ready, at most `limit`; at least one. A
    /// staker who holds more than are looked at names those behind.
    fn oldest(&self, storage: &dyn Storage, limit: usize) -> Result<Vec<(u64, Ticket)>, ContractError> {
        let fits = |ticket: &Ticket| {
            may_withdraw(ticket, self.is_owner) && ready_at(ticket, self.period) <= self.now
        };
        let ready: Vec<_> = TICKETS
            .prefix(self.staker)
            .range(storage, None, None, Order::Ascending)
            .take(MOST_TICKETS)
            .filter(|row| row.as_ref().map_or(true, |(_, ticket)| fits(ticket)))
            .take(limit)
            .collect::<StdResult<_>>()?;
        if ready.is_empty() {
            let staker = self.staker.clone();
            return Err(match self.is_owner {
                true => ContractError::NothingToWithdraw { staker },
                false => ContractError::NothingToAutoWithdraw { staker },
            });
        }
        Ok(ready)
    }
}

fn load_ticket(storage: &dyn Storage, staker: &Addr, ticket: u64) -> Result<Ticket, ContractError> {
    TICKETS
        .may_load(storage, (staker, ticket))?
        .ok_or_else(|| ContractError::not_found("ticket", ticket))
}
