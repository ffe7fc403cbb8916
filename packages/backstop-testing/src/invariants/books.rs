//! 1, 2, 3 and 7 as far as one moment shows them: the sums of the vault's
//! books.

use std::collections::BTreeMap;

use backstop_types::vault::{Claim, ClaimStatus, Loss, Stake};
use cosmwasm_std::{StdResult, Uint256};

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::VaultView;

/// What is wrong with the sums, given what the vault really holds.
pub fn audit(view: &VaultView, balance: u128, stray: Option<u128>) -> StdResult<Vec<Violation>> {
    let mut found = vec![];
    solvent(view, balance, stray, &mut found);
    premiums(view, &mut found);
    stakes(view, &mut found)?;
    backed(view, &mut found);
    losses(view, &mut found)?;
    Ok(found)
}

/// 1: what the vault holds is what it owes.
fn solvent(view: &VaultView, balance: u128, stray: Option<u128>, found: &mut Vec<Violation>) {
    let (assets, pots) = (view.pool.assets.u128(), view.reserves.pots.u128());
    let recoveries = view.reserves.recoveries.u128();
    let (premiums, credits) = (view.reserves.premiums.u128(), view.reserves.credits.u128());
    let parts = [assets, pots, recoveries, premiums, credits];
    let owed = parts.into_iter().fold(0, u128::saturating_add);
    let counted = format!(
        "{assets} of assets, {pots} in pots, {recoveries} of recoveries, {premiums} of premiums and {credits} of credits"
    );
    if balance < owed {
        found.push(Violation::new(
            1,
            format!("the vault holds {balance} and owes {counted}"),
        ));
    }
    if let Some(stray) = stray.filter(|stray| balance > owed.saturating_add(*stray)) {
        let what = format!("the vault holds {balance}, {stray} of it stray, and counts only {counted}");
        found.push(Violation::new(1, what));
    }
}

/// 1: the premiums held are what the policies have not earned or not sent, the
/// credits are those of the accounts, and the limits those of active policies.
fn premiums(view: &VaultView, found: &mut Vec<Violation>) {
    let (mut held, mut limits) = (0, Uint256::zero());
    for (_, policy) in view.policies.iter() {
        let ledger = &policy.premium;
        held += ledger.unearned.u128() + ledger.earned.u128() - ledger.sent.u128();
        if policy.closed_at.is_none() {
            limits += policy.terms.limit.wide();
        }
    }
    let credits: u128 = view.credits.iter().map(|(_, credit)| credit.u128()).sum();
    let counted = (view.reserves.premiums.u128(), view.reserves.credits.u128());
    if (held, credits) != counted || limits != view.limits {
        let what = format!(
            "premiums, credits and limits sum to {held}, {credits} and {limits}, the vault counts {counted:?} and {}",
            view.limits
        );
        found.push(Violation::new(1, what));
    }
}

/// 2: stakes and tickets sum to the shares.
fn stakes(view: &VaultView, found: &mut Vec<Violation>) -> StdResult<()> {
    let mut queued: BTreeMap<&[u8], (u128, u32)> = BTreeMap::new();
    for (key, ticket) in view.tickets.iter() {
        let (staker, _) = pair(key)?;
        let sum = queued.entry(staker).or_default();
        *sum = (sum.0 + ticket.shares.u128(), sum.1 + 1);
    }
    let (mut active_sum, mut queued_sum) = (0, 0);
    for (staker, stake) in view.stakes.iter() {
        active_sum += stake.active.u128();
        queued_sum += stake.queued.u128();
        let (tickets, count) = queued.remove(staker).unwrap_or_default();
        own_tickets(text(staker)?, stake, tickets, count, found);
    }
    for (staker, (shares, _)) in queued {
        let what = format!("{} has tickets for {shares} shares and no stake", text(staker)?);
        found.push(Violation::new(2, what));
    }
    let (active, queued) = (view.pool.active.u128(), view.pool.queued.u128());
    if (active_sum, queued_sum) != (active, queued) {
        let what = format!(
            "the stakes sum to {active_sum} active and {queued_sum} queued shares, the pool counts {active} and {queued}"
        );
        found.push(Violation::new(2, what));
    }
    Ok(())
}

fn own_tickets(staker: &str, stake: &Stake, shares: u128, count: u32, found: &mut Vec<Violation>) {
    if (shares, count) != (stake.queued.u128(), stake.tickets) {
        let what = format!(
            "{staker} has {count} tickets for {shares} shares, the stake counts {} for {}",
            stake.tickets, stake.queued
        );
        found.push(Violation::new(2, what));
    }
}

/// 3: shares are never worth more than one unit each, nor nothing.
fn backed(view: &VaultView, found: &mut Vec<Violation>) {
    let (assets, shares) = (view.pool.assets.u128(), view.shares());
    if assets > shares {
        found.push(Violation::new(
            3,
            format!("{assets} assets back only {shares} shares"),
        ));
    }
    if assets == 0 && shares > 0 {
        found.push(Violation::new(3, format!("nothing backs {shares} shares")));
    }
}

/// 7: each loss and its claim tell one story, and the reserves are their sums.
fn losses(view: &VaultView, found: &mut Vec<Violation>) -> StdResult<()> {
    let (mut pots, mut recoveries, mut pending) = (0, 0, 0);
    for (key, loss) in view.losses.iter() {
        let n = number(key)?;
        recoveries += loss.from_pot.u128() + loss.repaid.u128();
        recoveries = recoveries.saturating_sub(loss.taken.u128());
        match view.claims.get(key) {
            None => found.push(Violation::new(7, format!("loss {n} has no claim"))),
            Some(claim) => {
                pots += claim.pot.u128();
                pending += u64::from(is_pending(claim));
                one_story(n, loss, claim, found);
            }
        }
        logged(n, loss, view, found);
    }
    let logged = view.came_back.iter().count();
    let back = view.losses.iter().filter(|(_, loss)| loss.came_back.is_some());
    if logged != back.count() {
        let what = format!("the log of what came back has {logged} entries, the losses have others");
        found.push(Violation::new(7, what));
    }
    let counts = (
        view.losses.iter().count() as u64,
        view.claims.iter().count() as u64,
    );
    if counts != (view.pool.losses, view.pool.losses) {
        let what = format!(
            "{counts:?} losses and claims, the pool counts {}",
            view.pool.losses
        );
        found.push(Violation::new(7, what));
    }
    let counted = (
        view.reserves.pots.u128(),
        view.reserves.recoveries.u128(),
        view.pool.pending,
    );
    if (pots, recoveries, pending) != counted {
        let what = format!(
            "pots, recoveries and pending claims sum to {:?}, the vault counts {counted:?}",
            (pots, recoveries, pending)
        );
        found.push(Violation::new(7, what));
    }
    Ok(())
}

/// A loss on which money came back is in the log, where it says it is.
fn logged(n: u64, loss: &Loss, view: &VaultView, found: &mut Vec<Violation>) {
    let recovered = loss.from_pot.u128() + loss.repaid.u128();
    let entry = loss
        .came_back
        .map(|place| view.came_back.get(&place.to_be_bytes()));
    let right = match entry {
        Some(entry) => recovered > 0 && entry == Some(&n),
        None => recovered == 0,
    };
    if !right {
        let what = format!(
            "{recovered} came back on loss {n}, which is in the log at {:?}",
            loss.came_back
        );
        found.push(Violation::new(7, what));
    }
}

/// Whether the claim still waits.
pub fn is_pending(claim: &Claim) -> bool {
    matches!(claim.status, ClaimStatus::Delayed {} | ClaimStatus::Held(_))
}

fn one_story(n: u64, loss: &Loss, claim: &Claim, found: &mut Vec<Violation>) {
    let parts = claim.paid.u128() + claim.pot.u128() + loss.from_pot.u128();
    if loss.granted != claim.granted || parts != loss.granted.u128() {
        let what = format!(
            "loss {n} of {}: its claim of {} is {} paid, {} in the pot and {} returned",
            loss.granted, claim.granted, claim.paid, claim.pot, loss.from_pot
        );
        found.push(Violation::new(7, what));
    }
    if loss.repaid > claim.paid {
        let what = format!("loss {n}: {} repaid of {} paid", loss.repaid, claim.paid);
        found.push(Violation::new(7, what));
    }
    let recovered = loss.from_pot.u128() + loss.repaid.u128();
    if loss.taken.u128() > recovered {
        let what = format!("loss {n}: {} taken of {recovered} recovered", loss.taken);
        found.push(Violation::new(7, what));
    }
    if !is_pending(claim) && !claim.pot.is_zero() {
        let what = format!("claim {n} waits for nothing, and {} is in its pot", claim.pot);
        found.push(Violation::new(7, what));
    }
}
