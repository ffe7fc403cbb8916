//! The vault's books, claims, policies, queue and rewards.

use backstop_types::Assets;
use backstop_types::vault::{ClaimStatus, PolicyResponse};
use cosmwasm_std::Timestamp;

use backstop_terminal::grouped;

use super::form::{Page, moment};
use crate::snapshot::{ClaimLine, RewardLine, Snapshot, Waits};

/// How many tickets are shown.
const SHOWN: usize = 5;

/// The books.
pub fn vault(page: &mut Page, snapshot: &Snapshot) {
    let Some(vault) = &snapshot.vault else {
        return;
    };
    let pool = &vault.pool;
    page.section(&format!("Pool {} of {}", snapshot.addresses.vault, vault.asset));
    page.pairs(&[
        ("assets", grouped(pool.assets)),
        ("shares", grouped(pool.shares)),
        ("share price", pool.share_price.to_string()),
        ("active", grouped(pool.active)),
        ("unbonding", grouped(pool.queued)),
    ]);
    page.pairs(&[
        ("pots", grouped(pool.pots)),
        ("recoveries owed", grouped(pool.recoveries)),
        ("premiums held", grouped(pool.premiums)),
        ("credits", grouped(pool.credits)),
        ("room for grants", grouped(pool.room)),
    ]);
    let coverage = vault
        .coverage
        .map_or("none: no policy".to_string(), |coverage| coverage.to_string());
    page.pairs(&[
        ("losses so far", grouped(pool.losses)),
        ("assets over all limits", coverage),
    ]);
}

/// Claims that are pending.
pub fn claims(page: &mut Page, snapshot: &Snapshot) {
    let Some(vault) = &snapshot.vault else {
        return;
    };
    page.section(&format!("Pending claims: {}", grouped(pool_claims(snapshot))));
    for line in &vault.claims {
        let record = &line.response.record;
        page.line(&format!(
            "  {} {} {}: {} of {} granted waits, {}",
            line.response.claim,
            record.market,
            record.policyholder,
            grouped(record.pot),
            grouped(record.granted),
            waits(page, line, snapshot.now()),
        ));
    }
}

fn pool_claims(snapshot: &Snapshot) -> u64 {
    snapshot
        .vault
        .as_ref()
        .map_or(0, |vault| vault.pool.pending_claims)
}

fn waits(page: &Page, line: &ClaimLine, now: Timestamp) -> String {
    let what = match line.waits {
        Waits::Settlement {} => return page.paint.warn("can be settled now"),
        Waits::Delay {} => "for its delay".to_string(),
        Waits::Pause {} => "for the end of the guardian's pause".to_string(),
        Waits::Trip { number } => format!("for the end of trip {number}"),
        Waits::Reading {} => "for a clean reading".to_string(),
    };
    let from = line
        .from
        .map(|from| format!(", not before {}", moment(from, now)));
    let latest = match line.response.record.status {
        ClaimStatus::Held(_) => format!(", lapses {}", moment(line.response.latest, now)),
        _ => String::new(),
    };
    format!("{what}{}{latest}", from.unwrap_or_default())
}

/// Policies that are not closed.
pub fn policies(page: &mut Page, snapshot: &Snapshot) {
    let Some(vault) = &snapshot.vault else {
        return;
    };
    page.section(&format!("Policies: {}", vault.policies.len()));
    for policy in &vault.policies {
        page.line(&format!("  {} {}", policy.market, policy.policyholder));
        let cover = [
            ("limit", grouped(policy.terms.limit)),
            ("room", grouped(policy.room)),
            ("instant room", grouped(policy.instant_left)),
            ("deductible left", grouped(policy.deductible_left)),
            ("premium", premium(page, policy, snapshot.now())),
        ];
        page.pairs(&cover.map(|(name, value)| (name, value)));
    }
}

fn premium(page: &Page, policy: &PolicyResponse, now: Timestamp) -> String {
    let Some(premium) = policy.premium.filter(|_| policy.terms.premium.is_some()) else {
        return "not asked".to_string();
    };
    let unsent = Some(premium.unsent).filter(|unsent| *unsent > Assets::ZERO);
    let unsent = unsent
        .map(|unsent| format!(", {} earned and not sent", grouped(unsent)))
        .unwrap_or_default();
    match premium.until {
        Some(until) if premium.in_force => format!("paid until {}{unsent}", moment(until, now)),
        Some(until) if until > now => format!("{}{unsent}", page.paint.warn("paid, and begins later")),
        Some(until) => format!(
            "{}{unsent}",
            page.paint.bad(&format!("ran out {}", moment(until, now)))
        ),
        None => page.paint.bad("never paid: nothing is covered"),
    }
}

/// The stakers who are leaving.
pub fn queue(page: &mut Page, snapshot: &Snapshot) {
    let Some(queue) = &snapshot.queue else {
        return;
    };
    let now = snapshot.now();
    let ready = queue.tickets.iter().filter(|ticket| ticket.ready_at <= now);
    page.section(&format!(
        "Unbonding: {} tickets, {} ready",
        grouped(queue.open),
        ready.count()
    ));
    let mut next: Vec<_> = queue
        .tickets
        .iter()
        .filter(|ticket| ticket.ready_at > now)
        .collect();
    next.sort_by_key(|ticket| ticket.ready_at);
    for ticket in next.iter().take(SHOWN) {
        let worth = grouped(ticket.assets);
        page.line(&format!(
            "  {} of {}: {worth}, ready {}",
            ticket.ticket,
            ticket.staker,
            moment(ticket.ready_at, now)
        ));
    }
    if next.len() > SHOWN {
        page.line(&format!("  and {} more", next.len() - SHOWN));
    }
}

/// What is streamed.
pub fn rewards(page: &mut Page, snapshot: &Snapshot) {
    let Some(state) = &snapshot.distributor else {
        return;
    };
    page.section(&format!("Rewards for {} shares", grouped(state.shares)));
    for reward in &state.rewards {
        page.line(&format!("  {}", reward_line(reward, snapshot.now())));
    }
}

fn reward_line(reward: &RewardLine, now: Timestamp) -> String {
    let listed = if reward.listed {
        ""
    } else {
        ", takes no funding any more"
    };
    match reward.until {
        Some(until) => format!(
            "{}: {} a second, {} left, last stream ends {}{listed}",
            reward.denom,
            reward.rate,
            grouped(reward.unreleased),
            moment(until, now),
        ),
        None => format!("{}: nothing streams{listed}", reward.denom),
    }
}
