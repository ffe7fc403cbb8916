//! 5: the distributor holds what it owes and still streams, it counts the
//! shares that the vault has, and what it owes and pays to each staker is what
//! the staker has earned.

use backstop_core::rewards::{Account, Ledger, SCALE, week_of};
use backstop_types::vault::Stake;
use backstop_vault::state::HOOK_FAILURES;
use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint256};
use cw_multi_test::App;
use reward_distributor::codec::Compact;
use reward_distributor::ledger;
use reward_distributor::state::{self, DenomRecord, Stop};

use super::Violation;
use super::entitlements::Entitlements;
use super::mirror::{Change, Mirror, number, pair, text};
use super::vault::VaultView;

/// The distributor's storage.
pub struct RewardsView {
    accounts: Mirror<Account>,
    denoms: Mirror<DenomRecord>,
    stops: Mirror<Stop>,
    /// The ledger and what is held, by denom, when the sums were last looked at.
    seen: Option<(Ledger, Vec<u128>)>,
    due: Due,
}

/// What each staker is due.
enum Due {
    /// Not looked yet.
    Unknown,
    /// There were streams before the first look, so nobody's past is known.
    Untold,
    /// Counted from the beginning.
    Counted(Entitlements),
}

impl RewardsView {
    /// A view that has not looked yet.
    pub fn new() -> Self {
        Self {
            accounts: Mirror::decoding(&state::ACCOUNTS.key(&Addr::unchecked("")), Account::decode),
            denoms: Mirror::new(&state::DENOMS.key(0)),
            stops: Mirror::decoding(&state::STOPS.key((0, 0)), Stop::decode),
            seen: None,
            due: Due::Unknown,
        }
    }

    /// Looks again and audits what it sees.
    pub fn audit(
        &mut self,
        app: &App,
        distributor: &Addr,
        vault: &VaultView,
        vault_storage: &dyn Storage,
        stakes: &[Change<Stake>],
        sender: Option<&str>,
    ) -> StdResult<Vec<Violation>> {
        let mut found = vec![];
        let storage = app.contract_storage(distributor);
        let Some(stored) = state::LEDGER.may_load(&*storage)? else {
            return Ok(found);
        };
        let accounts = self.accounts.refresh(&*storage)?;
        let stops = self.stops.refresh(&*storage)?;
        self.denoms.refresh(&*storage)?;
        self.records(vault, vault_storage, stored.clock.shares.u128(), &mut found)?;
        let held = self.held(app, distributor)?;
        let seen = Some((stored, held));
        if !accounts.is_empty() || !stakes.is_empty() || !stops.is_empty() || self.seen != seen {
            // Settlements may be later than the stored ledger, so all is as of now.
            let time = app.block_info().time;
            let now = ledger::as_of(&*storage, time).map_err(unreadable)?;
            for (slot, held) in (0..).zip(seen.iter().flat_map(|(_, held)| held)) {
                self.denom(&*storage, &now, slot, *held, &mut found)?;
            }
            let before = self
                .seen
                .as_ref()
                .map(|(_, held)| held.clone())
                .unwrap_or_default();
            let events = Events {
                accounts,
                stops,
                stakes,
            };
            let moved = self.follow(&*storage, &now, time.seconds(), events, &mut found)?;
            let after = seen.iter().flat_map(|(_, held)| held).copied();
            if let Some(moved) = moved {
                let cash = before.into_iter().chain(std::iter::repeat(0)).zip(after);
                self.held_against(&now, moved, cash, sender, &mut found)?;
            }
            self.seen = seen;
        }
        Ok(found)
    }

    /// Brings what each staker is due up to now: what came in and went back, by
    /// denom, or nothing where it is not counted.
    fn follow(
        &mut self,
        storage: &dyn Storage,
        ledger: &Ledger,
        now: u64,
        events: Events,
        found: &mut Vec<Violation>,
    ) -> StdResult<Option<Vec<Moved>>> {
        let count = ledger.flows.len();
        if matches!(self.due, Due::Unknown) {
            let streams = (0..).zip(&ledger.flows);
            let untold = streams
                .map(|(slot, _)| state::FUNDINGS.may_load(storage, (slot, 1)))
                .collect::<StdResult<Vec<_>>>()?;
            self.due = match untold.iter().any(Option::is_some) {
                true => Due::Untold,
                false => Due::Counted(Entitlements::new(ledger.clock.staked.0, now)),
            };
        }
        let Due::Counted(due) = &mut self.due else {
            return Ok(None);
        };
        let mut moved = vec![Moved::default(); count];
        due.denoms(count);
        due.advance(now);
        for change in &events.accounts {
            due.record(&change.key, change.after.as_ref());
        }
        for change in events.stakes {
            due.stake(&change.key, change.after.map_or(0, |stake| stake.active.u128()));
        }
        let mut wrong = vec![];
        for change in &events.stops {
            let (Some(stop), Some((slot, n))) = (&change.after, slot_and_number(&change.key)?) else {
                continue;
            };
            if let Some(moved) = moved.get_mut(slot) {
                moved.refunded += stop.refunded.u128();
            }
            wrong.extend(due.stop(slot, n, stop));
        }
        for (slot, moved) in (0_u8..).zip(&mut moved) {
            let mut n = due.fundings(slot.into()) + 1;
            while let Some(funding) = state::FUNDINGS.may_load(storage, (slot, n))? {
                moved.funded += funding.amount.u128();
                wrong.extend(due.fund(slot.into(), n, &funding));
                n += 1;
            }
        }
        found.extend(wrong.into_iter().map(|what| Violation::new(5, what)));
        Ok(Some(moved))
    }

    /// Each staker's record is what it is due. What is missing from it was paid
    /// by its own message, and left the distributor.
    fn held_against(
        &mut self,
        ledger: &Ledger,
        moved: Vec<Moved>,
        cash: impl Iterator<Item = (u128, u128)>,
        sender: Option<&str>,
        found: &mut Vec<Violation>,
    ) -> StdResult<()> {
        let Due::Counted(due) = &mut self.due else {
            return Ok(());
        };
        for (slot, ((flow, moved), (before, after))) in ledger.flows.iter().zip(moved).zip(cash).enumerate() {
            let mut paid: u128 = 0;
            for staker in due.stakers() {
                let account = self.accounts.get(&staker);
                let accrual = account.and_then(|account| account.rewards.get(slot));
                let accrual = accrual.copied().unwrap_or_default();
                let real = Uint256::from(due.real(&staker));
                let claimable = accrual.owed + flow.earned_since(accrual.index).saturating_mul(real);
                let who = text(&staker)?;
                match due.hold(&staker, slot, claimable) {
                    Ok(0) => {}
                    Ok(units) => {
                        paid += units;
                        if sender.is_some_and(|sender| sender != who) {
                            let what = format!("{who} was paid {units} of denom {slot} by another's message");
                            found.push(Violation::new(5, what));
                        }
                    }
                    Err(what) => found.push(Violation::new(5, format!("{who} {what} of denom {slot}"))),
                }
            }
            let left = (before + moved.funded).saturating_sub(moved.refunded + after);
            if paid != left {
                let what = format!("{paid} of denom {slot} were taken off the records, and {left} left");
                found.push(Violation::new(5, what));
            }
        }
        Ok(())
    }

    /// What the distributor really has, by denom.
    fn held(&self, app: &App, distributor: &Addr) -> StdResult<Vec<u128>> {
        self.denoms
            .iter()
            .map(|(_, record)| Ok(record.denom.balance(&app.wrap(), distributor)?.u128()))
            .collect()
    }

    fn records(
        &self,
        vault: &VaultView,
        vault_storage: &dyn Storage,
        counted: u128,
        found: &mut Vec<Violation>,
    ) -> StdResult<()> {
        let sum: u128 = self
            .accounts
            .iter()
            .map(|(_, account)| account.shares.u128())
            .sum();
        if sum != counted {
            let what = format!("the distributor's records sum to {sum} shares, it counts {counted}");
            found.push(Violation::new(5, what));
        }
        for (key, stake) in vault.stakes.iter() {
            if !stake.active.is_zero() && self.accounts.get(key).is_none() {
                let what = format!("the distributor has no record of {}", text(key)?);
                found.push(Violation::new(5, what));
            }
        }
        for (key, account) in self.accounts.iter() {
            let active = vault.stakes.get(key).map_or(0, |stake| stake.active.u128());
            let recorded = account.shares.u128();
            if recorded == active {
                continue;
            }
            let staker = Addr::unchecked(text(key)?);
            // A hook that failed on unbonding leaves more on record, for `Sync`.
            if recorded < active || !HOOK_FAILURES.has(vault_storage, &staker) {
                let what =
                    format!("the distributor records {recorded} shares of {staker}, the vault {active}");
                found.push(Violation::new(5, what));
            }
        }
        Ok(())
    }

    /// `Σ owed + carry + unreleased ≤ held` in one denom.
    fn denom(
        &self,
        storage: &dyn Storage,
        ledger: &Ledger,
        slot: u8,
        held: u128,
        found: &mut Vec<Violation>,
    ) -> StdResult<()> {
        let place = usize::from(slot);
        let (Some(record), Some(flow)) = (self.denoms.get(&[slot]), ledger.flows.get(place)) else {
            return Ok(());
        };
        let ahead = ledger::changes(storage, slot, Some(week_of(ledger.clock.staked)), None)?;
        let streaming = flow.unreleased(&ahead).map_err(unreadable)?;
        let mut due = flow.carry.saturating_add(streaming);
        for (_, account) in self.accounts.iter() {
            let accrual = account.rewards.get(place).copied().unwrap_or_default();
            let earned = flow
                .earned_since(accrual.index)
                .saturating_mul(account.shares.wide());
            due = due.saturating_add(accrual.owed).saturating_add(earned);
        }
        if due > Uint256::from(held) * SCALE {
            let what = format!(
                "the distributor holds {held} {}; owed and streaming come to {}",
                record.denom,
                due / SCALE
            );
            found.push(Violation::new(5, what));
        }
        Ok(())
    }
}

/// What happened since the last look.
struct Events<'a> {
    accounts: Vec<Change<Account>>,
    stops: Vec<Change<Stop>>,
    stakes: &'a [Change<Stake>],
}

/// Base units that came in as fundings and went back by stops.
#[derive(Clone, Copy, Default)]
struct Moved {
    funded: u128,
    refunded: u128,
}

/// The parts of a funding's key.
fn slot_and_number(key: &[u8]) -> StdResult<Option<(usize, u64)>> {
    let (slot, n) = pair(key)?;
    let slot = slot.first().copied().map(usize::from);
    slot.map(|slot| Ok((slot, number(n)?))).transpose()
}

fn unreadable(error: impl std::fmt::Display) -> StdError {
    StdError::generic_err(error.to_string())
}
