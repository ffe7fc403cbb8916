//! Looks after every message, and remembers what it saw.

use std::collections::BTreeMap;

use backstop_types::Denom;
use backstop_types::vault::ExecuteMsg;
use cosmwasm_std::{Addr, StdResult, Uint128};
use cw_multi_test::App;
use sample_perps::invariants::{Listed, violations_of};
use sample_perps::state::{LEDGER, POSITIONS, Position};

use super::cohorts::Cohorts;
use super::grants::Grants;
use super::mirror::{Mirror, number};
use super::rewards::RewardsView;
use super::vault::VaultView;
use super::{Subjects, Violation, books, exits, payouts};

/// The moment before, and the history of stakes and grants.
pub struct Watcher {
    vault: VaultView,
    rewards: RewardsView,
    cohorts: Cohorts,
    grants: Grants,
    /// The exchange's sums, as stored at the last look.
    exchange: Vec<u8>,
    /// Its positions, read again where they changed.
    positions: Mirror<Position>,
    listed: BTreeMap<u64, Listed>,
    checks: u64,
}

impl Watcher {
    /// A watcher that has not looked yet: its first look takes the vault as it
    /// finds it.
    pub fn new() -> Self {
        Self {
            vault: VaultView::new(),
            rewards: RewardsView::new(),
            cohorts: Cohorts::default(),
            grants: Grants::default(),
            exchange: vec![],
            positions: Mirror::new(&POSITIONS.key(0)),
            listed: BTreeMap::new(),
            checks: 0,
        }
    }

    /// How many looks and messages it has judged.
    pub fn checks(&self) -> u64 {
        self.checks
    }

    /// Looks without a message having been sent.
    pub fn look(&mut self, app: &App, subjects: &Subjects) -> Vec<Violation> {
        self.after(app, subjects, None)
    }

    /// Looks after a message of `sender`, or after something that nobody sent.
    pub fn after(&mut self, app: &App, subjects: &Subjects, sender: Option<&Addr>) -> Vec<Violation> {
        self.checks += 1;
        self.compare(app, subjects, sender)
            .unwrap_or_else(|error| vec![Violation::new(0, error.to_string())])
    }

    /// Counts a message that touched nothing of what the rules are about: what the last
    /// look found still holds.
    pub fn untouched(&mut self) {
        self.checks += 1;
    }

    /// What is wrong with the vault having refused `msg` of `sender`, by what it
    /// held at the last look.
    pub fn refused(&self, app: &App, sender: &Addr, msg: &ExecuteMsg) -> Option<Violation> {
        exits::refused(&self.vault, sender, msg, app.block_info().time)
    }

    fn compare(
        &mut self,
        app: &App,
        subjects: &Subjects,
        sender: Option<&Addr>,
    ) -> StdResult<Vec<Violation>> {
        let storage = app.contract_storage(&subjects.vault);
        let changes = self.vault.refresh(&*storage)?;
        let balance = self.balance(app, &subjects.vault)?;
        let mut found = books::audit(&self.vault, balance, subjects.stray)?;
        let sender = sender.map(Addr::as_str);
        found.extend(self.cohorts.follow(&self.vault, &changes, sender)?);
        found.extend(self.grants.follow(&self.vault, &changes, app.block_info().time)?);
        // The first look finds claims that were paid before it.
        if self.checks > 1 {
            found.extend(payouts::judge(app, &self.vault, &changes)?);
        }
        found.extend(self.rewards.audit(
            app,
            &subjects.distributor,
            &self.vault,
            &*storage,
            &changes.stakes,
            sender,
        )?);
        found.extend(self.exchange(app, &subjects.perps)?);
        Ok(found)
    }

    /// 11: the exchange's own rules. Every message of it that moves money or
    /// positions changes its sums, so they need looking at only then.
    fn exchange(&mut self, app: &App, perps: &Addr) -> StdResult<Vec<Violation>> {
        let storage = app.contract_storage(perps);
        let sums = storage.get(LEDGER.as_slice()).unwrap_or_default();
        if sums == self.exchange {
            return Ok(vec![]);
        }
        self.exchange = sums;
        let balance = Uint128::new(self.balance(app, perps)?);
        for change in self.positions.refresh(&*storage)? {
            let id = number(&change.key)?;
            match change.after {
                Some(position) => self.listed.insert(id, Listed::of(id, &position)?),
                None => self.listed.remove(&id),
            };
        }
        let broken = violations_of(&*storage, balance, &self.listed)?;
        Ok(broken.into_iter().map(|what| Violation::new(11, what)).collect())
    }

    /// What `holder` really has of the vault's asset.
    fn balance(&self, app: &App, holder: &Addr) -> StdResult<u128> {
        let amount = match self.vault.config.as_ref().map(|config| &config.asset) {
            Some(Denom::Native(denom)) => app.wrap().query_balance(holder, denom)?.amount,
            Some(Denom::Cw20(token)) => {
                let balances = app.contract_storage(token);
                cw20_base::state::BALANCES
                    .may_load(&*balances, holder)?
                    .unwrap_or_default()
            }
            None => Uint128::zero(),
        };
        Ok(amount.u128())
    }
}

impl Default for Watcher {
    fn default() -> Self {
        Self::new()
    }
}
