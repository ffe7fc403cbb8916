//! 6: grants of a policy, and of the pool, stay within their limit × (1 + t/W)
//! over any time t. Each new grant is held against every span that ends with
//! it.

use std::collections::BTreeMap;

use backstop_types::vault::PolicyTerms;
use cosmwasm_std::{StdResult, Uint256};

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::{Changes, VaultView};

/// One, with 18 decimals.
const ONE: u128 = 1_000_000_000_000_000_000;

/// Every grant so far.
#[derive(Default)]
pub struct Grants {
    /// By policy, as text: when, how much, under which limit.
    policies: BTreeMap<String, Vec<Grant>>,
    /// Of the pool, by claim.
    pool: Vec<u64>,
    /// The largest fraction of the pool so far, in 10⁻¹⁸.
    fraction: u128,
    /// The largest limit of each policy so far.
    limits: BTreeMap<String, u128>,
    looked: bool,
}

struct Grant {
    at: u64,
    amount: u128,
}

impl Grants {
    /// Holds the grants since the last look against the limits.
    pub fn follow(&mut self, view: &VaultView, changes: &Changes) -> StdResult<Vec<Violation>> {
        let mut found = vec![];
        let Some(config) = &view.config else {
            return Ok(found);
        };
        let window = config.window.0;
        self.fraction = self.fraction.max(config.params.pool_fraction.atomics().u128());
        for change in &changes.policies {
            let Some(policy) = &change.after else { continue };
            let limit = self.limits.entry(policy_name(&change.key)?).or_default();
            *limit = largest(*limit, &policy.terms);
        }
        for change in &changes.claims {
            let (None, Some(claim)) = (&change.before, &change.after) else {
                continue;
            };
            if !self.looked {
                continue;
            }
            let n = number(&change.key)?;
            let policy = format!("{} {}", claim.policyholder, claim.market);
            let grant = Grant {
                at: claim.filed_at.seconds(),
                amount: claim.granted.u128(),
            };
            self.policies.entry(policy.clone()).or_default().push(grant);
            self.pool.push(n);
            self.of_policy(&policy, window, &mut found);
            self.of_pool(view, window, &mut found);
        }
        self.looked = true;
        Ok(found)
    }

    fn of_policy(&self, policy: &str, window: u64, found: &mut Vec<Violation>) {
        let limit = self.limits.get(policy).copied().unwrap_or_default();
        let grants = self.policies.get(policy).map_or(&[][..], Vec::as_slice);
        let now = grants.last().map_or(0, |grant| grant.at);
        let mut sum: u128 = 0;
        for grant in grants.iter().rev() {
            sum = sum.saturating_add(grant.amount);
            let time = now.saturating_sub(grant.at);
            // Σ ≤ L · (1 + t/W), times W.
            let allowed = Uint256::from(limit) * Uint256::from(window.saturating_add(time));
            if Uint256::from(sum) * Uint256::from(window) > allowed {
                let what = format!(
                    "{policy} was granted {sum} within {time} s, with a limit of {limit} in {window} s"
                );
                found.push(Violation::new(6, what));
                return;
            }
        }
    }

    fn of_pool(&self, view: &VaultView, window: u64, found: &mut Vec<Violation>) {
        let claim = |n: &u64| view.claims.get(&n.to_be_bytes());
        let now = self
            .pool
            .last()
            .and_then(claim)
            .map_or(0, |claim| claim.filed_at.seconds());
        let mut sum = Uint256::zero();
        for n in self.pool.iter().rev() {
            let (Some(claim), Some(loss)) = (claim(n), view.losses.get(&n.to_be_bytes())) else {
                continue;
            };
            let kept = claim.granted.u128().saturating_sub(loss.from_pot.u128());
            let assets = claim.assets_before.u128().max(1);
            sum += Uint256::from(kept) * Uint256::from(ONE) / Uint256::from(assets);
            let time = now.saturating_sub(claim.filed_at.seconds());
            let allowed = Uint256::from(self.fraction) * Uint256::from(window.saturating_add(time));
            if sum * Uint256::from(window) > allowed {
                let what = format!(
                    "the pool granted {sum} of 10^18 of its assets within {time} s, with a limit of {} in {window} s",
                    self.fraction
                );
                found.push(Violation::new(6, what));
                return;
            }
        }
    }
}

fn largest(limit: u128, terms: &PolicyTerms) -> u128 {
    limit.max(terms.limit.u128())
}

fn policy_name(key: &[u8]) -> StdResult<String> {
    let (policyholder, market) = pair(key)?;
    Ok(format!("{} {}", text(policyholder)?, text(market)?))
}
