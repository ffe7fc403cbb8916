//! 5: the distributor holds what it owes and still streams, and it counts the
//! shares that the vault has.

use backstop_core::rewards::{Account, Ledger, SCALE, week_of};
use backstop_vault::state::HOOK_FAILURES;
use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint256};
use cw_multi_test::App;
use reward_distributor::codec::Compact;
use reward_distributor::ledger;
use reward_distributor::state::{self, DenomRecord};

use super::Violation;
use super::mirror::{Mirror, text};
use super::vault::VaultView;

/// The distributor's storage.
pub struct RewardsView {
    accounts: Mirror<Account>,
    denoms: Mirror<DenomRecord>,
    /// The ledger and what is held, by denom, when the sums were last looked at.
    seen: Option<(Ledger, Vec<u128>)>,
}

impl RewardsView {
    /// A view that has not looked yet.
    pub fn new() -> Self {
        Self {
            accounts: Mirror::decoding(&state::ACCOUNTS.key(&Addr::unchecked("")), Account::decode),
            denoms: Mirror::new(&state::DENOMS.key(0)),
            seen: None,
        }
    }

    /// Looks again and audits what it sees.
    pub fn audit(
        &mut self,
        app: &App,
        distributor: &Addr,
        vault: &VaultView,
        vault_storage: &dyn Storage,
    ) -> StdResult<Vec<Violation>> {
        let mut found = vec![];
        let storage = app.contract_storage(distributor);
        let Some(stored) = state::LEDGER.may_load(&*storage)? else {
            return Ok(found);
        };
        let changed = !self.accounts.refresh(&*storage)?.is_empty();
        self.denoms.refresh(&*storage)?;
        self.records(vault, vault_storage, stored.clock.shares.u128(), &mut found)?;
        let held = self.held(app, distributor)?;
        let seen = Some((stored, held));
        if changed || self.seen != seen {
            // Settlements may be later than the stored ledger, so all is as of now.
            let now = ledger::as_of(&*storage, app.block_info().time).map_err(unreadable)?;
            for (slot, held) in (0..).zip(seen.iter().flat_map(|(_, held)| held)) {
                self.denom(&*storage, &now, slot, *held, &mut found)?;
            }
            self.seen = seen;
        }
        Ok(found)
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

fn unreadable(error: impl std::fmt::Display) -> StdError {
    StdError::generic_err(error.to_string())
}
