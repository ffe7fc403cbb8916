//! 5: what the distributor has paid, owes and still streams is at most what was
//! funded, and it counts the shares that the vault has.

use std::collections::BTreeMap;

use backstop_core::rewards::{Account, Flow, RateChange, SCALE};
use backstop_vault::state::HOOK_FAILURES;
use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint256};
use reward_distributor::state::{self, DenomRecord};

use super::Violation;
use super::mirror::{Mirror, number, pair, text};
use super::vault::VaultView;

/// The distributor's storage.
pub struct RewardsView {
    accounts: Mirror<Account>,
    denoms: Mirror<DenomRecord>,
    ahead: Mirror<Uint256>,
}

impl RewardsView {
    /// A view that has not looked yet.
    pub fn new() -> Self {
        Self {
            accounts: Mirror::new(&state::ACCOUNTS.key(&Addr::unchecked(""))),
            denoms: Mirror::new(&state::DENOMS.key(0)),
            ahead: Mirror::new(&state::AHEAD.key((0, 0))),
        }
    }

    /// Looks again and audits what it sees.
    pub fn audit(
        &mut self,
        storage: &dyn Storage,
        vault: &VaultView,
        vault_storage: &dyn Storage,
    ) -> StdResult<Vec<Violation>> {
        let mut found = vec![];
        let Some(ledger) = state::LEDGER.may_load(storage)? else {
            return Ok(found);
        };
        let changed = !self.accounts.refresh(storage)?.is_empty();
        let funded = !self.denoms.refresh(storage)?.is_empty();
        let streams = !self.ahead.refresh(storage)?.is_empty();
        self.records(vault, vault_storage, ledger.clock.shares.u128(), &mut found)?;
        if changed || funded || streams {
            for (slot, flow) in ledger.flows.iter().enumerate() {
                self.denom(u8::try_from(slot).unwrap_or(u8::MAX), flow, &mut found)?;
            }
        }
        Ok(found)
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

    fn denom(&self, slot: u8, flow: &Flow, found: &mut Vec<Violation>) -> StdResult<()> {
        let Some(record) = self.denoms.get(&[slot]) else {
            return Ok(());
        };
        let mut used = Uint256::from(record.paid) * SCALE + flow.carry;
        for (_, account) in self.accounts.iter() {
            let accrual = account
                .rewards
                .get(usize::from(slot))
                .copied()
                .unwrap_or_default();
            let earned = flow.earned_since(accrual.index) * account.shares.wide();
            used += accrual.owed + earned;
        }
        let ahead = self.ahead_of(slot)?;
        used += flow
            .unreleased(&ahead)
            .map_err(|error| StdError::generic_err(error.to_string()))?;
        if used > Uint256::from(record.funded) * SCALE {
            let what = format!(
                "{} was funded with {}; paid, owed and streaming come to {}",
                record.denom,
                record.funded,
                used / SCALE
            );
            found.push(Violation::new(5, what));
        }
        Ok(())
    }

    fn ahead_of(&self, slot: u8) -> StdResult<Vec<RateChange>> {
        let mut ahead = BTreeMap::new();
        for (key, drop) in self.ahead.iter() {
            let (place, week) = pair(key)?;
            if place == [slot] {
                ahead.insert(number(week)?, *drop);
            }
        }
        Ok(ahead
            .into_iter()
            .map(|(week, drop)| RateChange { week, drop })
            .collect())
    }
}
