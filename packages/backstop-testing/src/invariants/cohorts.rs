//! 3, 4 and 7 as far as they need the past: who held what when each loss was
//! booked, what that entitles them to, and whether any message took from
//! somebody who did not send it.

use std::collections::BTreeMap;

use backstop_types::vault::Loss;
use cosmwasm_std::{StdResult, Uint256};

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::{Changes, VaultView};

/// What the vault's stakers own, as of the last look.
#[derive(Default)]
pub struct Cohorts {
    /// By loss: who bore it.
    losses: BTreeMap<u64, Cohort>,
    /// By staker.
    people: BTreeMap<String, Person>,
    assets: u128,
    shares: u128,
    booked: u64,
    looked: bool,
}

#[derive(Default)]
struct Cohort {
    stakes: BTreeMap<String, u128>,
    total: u128,
    taken: BTreeMap<String, u128>,
    due: BTreeMap<String, u128>,
}

#[derive(Default, Clone, Copy)]
struct Person {
    shares: u128,
    /// What can be taken back now, over all losses.
    due: u128,
}

impl Cohorts {
    /// Compares the vault with the last look; `sender` sent the message since.
    pub fn follow(
        &mut self,
        view: &VaultView,
        changes: &Changes,
        sender: Option<&str>,
    ) -> StdResult<Vec<Violation>> {
        let mut found = vec![];
        let before = self.people.clone();
        let (assets, shares) = (self.assets, self.shares);
        self.people.values_mut().for_each(|person| person.shares = 0);
        for (key, stake) in view.stakes.iter() {
            let person = self.people.entry(text(key)?.to_string()).or_default();
            person.shares = stake.active.u128() + stake.queued.u128();
        }
        let granted = self.book(view, &mut found)?;
        self.redo_dues(view, changes, &mut found)?;
        (self.assets, self.shares) = (view.pool.assets.u128(), view.shares());
        if self.looked {
            self.price_moved(assets, shares, granted, &mut found);
            let paid = withdrawn_for(changes, assets, shares)?;
            let before = Before {
                people: &before,
                assets,
                shares,
                granted,
                paid: &paid,
            };
            self.taken_from(&before, sender, &mut found);
        }
        self.looked = true;
        Ok(found)
    }

    /// Fixes the cohorts of the losses booked since the last look. A grant
    /// changes no stake, so the stakes now are those at booking.
    fn book(&mut self, view: &VaultView, found: &mut Vec<Violation>) -> StdResult<u128> {
        let mut granted: u128 = 0;
        for n in self.booked + 1..=view.pool.losses {
            let Some(loss) = view.losses.get(&n.to_be_bytes()) else {
                continue;
            };
            if self.looked {
                granted = granted.saturating_add(loss.granted.u128());
                let stakes = self.people.iter().filter(|(_, person)| person.shares > 0);
                let stakes: BTreeMap<_, _> = stakes.map(|(who, p)| (who.clone(), p.shares)).collect();
                let total: u128 = stakes.values().sum();
                if total != loss.stake.u128() {
                    let what = format!("loss {n} was borne by {total} shares and counts {}", loss.stake);
                    found.push(Violation::new(7, what));
                }
                let cohort = Cohort {
                    stakes,
                    total,
                    ..Cohort::default()
                };
                self.losses.insert(n, cohort);
            }
        }
        self.booked = view.pool.losses;
        Ok(granted)
    }

    /// Brings what is due in line with the losses and takings that changed.
    fn redo_dues(
        &mut self,
        view: &VaultView,
        changes: &Changes,
        found: &mut Vec<Violation>,
    ) -> StdResult<()> {
        for change in &changes.taken {
            let (staker, loss) = pair(&change.key)?;
            if let Some(cohort) = self.losses.get_mut(&number(loss)?) {
                let taken = change.after.map_or(0, |taken| taken.u128());
                cohort.taken.insert(text(staker)?.to_string(), taken);
            }
        }
        for change in &changes.losses {
            let n = number(&change.key)?;
            let (Some(cohort), Some(loss)) = (self.losses.get_mut(&n), view.losses.get(&change.key)) else {
                continue;
            };
            cohort.redo(n, loss, &mut self.people, found);
        }
        Ok(())
    }

    /// 3: only a grant lowers the price, and only rounding raises it.
    fn price_moved(&self, assets: u128, shares: u128, granted: u128, found: &mut Vec<Violation>) {
        if shares == 0 || self.shares == 0 {
            return;
        }
        let left = Uint256::from(assets.saturating_sub(granted));
        // Before and after, each times both totals of shares.
        let was = left * Uint256::from(self.shares);
        let is = Uint256::from(self.assets) * Uint256::from(shares);
        let moved = format!(
            "{assets} assets of {shares} shares became {} of {}, with {granted} granted",
            self.assets, self.shares
        );
        if is < was {
            found.push(Violation::new(3, format!("the price fell: {moved}")));
        }
        // Deposit and withdrawal round by less than one unit each; a message
        // that does both rounds twice.
        let rounding = Uint256::from(shares) * Uint256::from(2_u128);
        if is > was + rounding {
            found.push(Violation::new(
                3,
                format!("the price rose by more than rounding: {moved}"),
            ));
        }
    }

    /// 4: nobody but the sender lost more than one unit, a grant aside, and what others
    /// withdrew for the owner at its wish.
    fn taken_from(&self, before: &Before, sender: Option<&str>, found: &mut Vec<Violation>) {
        let granted = before.granted;
        for (who, was) in before.people {
            if sender == Some(who.as_str()) {
                continue;
            }
            let Some(is) = self.people.get(who) else { continue };
            let borne = portion(granted, was.shares, before.shares).saturating_add(u128::from(granted > 0));
            let had = portion(before.assets, was.shares, before.shares) + was.due;
            let paid = before.paid.get(who).copied().unwrap_or_default();
            let has = portion(self.assets, is.shares, self.shares) + is.due + paid;
            if has + borne + 1 < had {
                let what = format!(
                    "{who} had {had} to withdraw and take back, now has {has}, and bore at most {borne} of a grant"
                );
                found.push(Violation::new(4, what));
            }
        }
    }
}

/// What a message found.
struct Before<'a> {
    people: &'a BTreeMap<String, Person>,
    assets: u128,
    shares: u128,
    /// What it granted.
    granted: u128,
    /// What it paid for tickets that others may withdraw.
    paid: &'a BTreeMap<String, u128>,
}

/// By owner, the worth of the tickets that are gone and that others may withdraw.
fn withdrawn_for(changes: &Changes, assets: u128, shares: u128) -> StdResult<BTreeMap<String, u128>> {
    let mut paid = BTreeMap::new();
    for change in &changes.tickets {
        let gone = change.before.filter(|ticket| ticket.auto_withdraw);
        if let (Some(ticket), None) = (gone, change.after) {
            let owner = text(pair(&change.key)?.0)?.to_string();
            *paid.entry(owner).or_default() += ticket.shares.u128();
        }
    }
    let worth = |(owner, queued)| (owner, portion(assets, queued, shares));
    Ok(paid.into_iter().map(worth).collect())
}

impl Cohort {
    fn redo(
        &mut self,
        n: u64,
        loss: &Loss,
        people: &mut BTreeMap<String, Person>,
        found: &mut Vec<Violation>,
    ) {
        let recovered = loss.from_pot.u128() + loss.repaid.u128();
        let sum: u128 = self.taken.values().sum();
        if sum != loss.taken.u128() {
            let what = format!("of loss {n} stakers took {sum}, it counts {}", loss.taken);
            found.push(Violation::new(7, what));
        }
        for (who, stake) in &self.stakes {
            let part = portion(recovered, *stake, self.total);
            let taken = self.taken.get(who).copied().unwrap_or_default();
            if taken > part {
                let what = format!("{who} took {taken} of loss {n}, and {part} was due for {stake} shares");
                found.push(Violation::new(7, what));
            }
            let due = part.saturating_sub(taken);
            let old = self.due.insert(who.clone(), due).unwrap_or_default();
            if let Some(person) = people.get_mut(who) {
                person.due = person.due.saturating_sub(old).saturating_add(due);
            }
        }
        for who in self.taken.keys().filter(|who| !self.stakes.contains_key(*who)) {
            found.push(Violation::new(
                7,
                format!("{who} took of loss {n} without having borne it"),
            ));
        }
    }
}

/// `amount × part / whole`, rounded down.
fn portion(amount: u128, part: u128, whole: u128) -> u128 {
    if whole == 0 {
        return 0;
    }
    let portion = Uint256::from(amount) * Uint256::from(part) / Uint256::from(whole);
    cosmwasm_std::Uint128::try_from(portion).map_or(u128::MAX, |portion| portion.u128())
}
