//! 6: grants of a policy, and of the pool, stay within their limit × (1 + t/W)
//! over any time t. That is what a bucket keeps which refills at the limit in
//! force, so each grant is poured into one that is kept here: `u' = max(0, u −
//! L·Δt)` until now, at the rate that was in force all that time, `u = u' + g·W`,
//! and then `u ≤ L·W` under the limit in force when it was granted. The limit
//! may change at any time: what is refilled until then is refilled at the old
//! rate. W and t are in nanoseconds, as the vault counts them.

use std::collections::BTreeMap;

use backstop_types::vault::Claim;
use backstop_vault::state::Policy;
use cosmwasm_std::{StdResult, Timestamp, Uint256};

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::{Changes, VaultView};

/// One, with 18 decimals.
const ONE: u128 = 1_000_000_000_000_000_000;

/// What grants have used so far.
#[derive(Default)]
pub struct Grants {
    /// By policy, as text: in base units times W.
    policies: BTreeMap<String, Bucket>,
    pool: Pool,
    looked: bool,
}

/// A limit that refills.
#[derive(Default, Clone, Copy)]
struct Bucket {
    /// Times W.
    used: Uint256,
    /// What is refilled in a nanosecond.
    rate: Uint256,
    /// The most that a grant may be part of, as a limit; nothing while the
    /// policy is closed.
    limit: Uint256,
    /// When `used` was true, in nanoseconds.
    at: u64,
}

impl Bucket {
    fn refill(&mut self, now: u64) {
        let elapsed = Uint256::from(now.saturating_sub(self.at));
        self.used = self.used.saturating_sub(self.rate.saturating_mul(elapsed));
        self.at = self.at.max(now);
    }
}

/// The pool's bucket, in 10⁻¹⁸ of its assets times W. What lapses or is declined
/// is taken out of its past, so it is poured anew then.
#[derive(Default)]
struct Pool {
    bucket: Bucket,
    past: Vec<Past>,
}

#[derive(Clone, Copy)]
enum Past {
    /// A grant by its claim's number.
    Granted(u64),
    /// Another fraction, from this nanosecond on.
    Fraction(u64, u128),
}

impl Grants {
    /// Holds the grants since the last look against the limits. A limit that
    /// changed since then changed now.
    pub fn follow(
        &mut self,
        view: &VaultView,
        changes: &Changes,
        now: Timestamp,
    ) -> StdResult<Vec<Violation>> {
        let mut found = vec![];
        let Some(config) = &view.config else {
            return Ok(found);
        };
        let window = config.window.nanos().u64();
        // Of a limit that changes in the same look as a grant, either counts.
        let mut before = BTreeMap::new();
        for change in &changes.policies {
            let Some(policy) = &change.after else { continue };
            let name = policy_name(&change.key)?;
            let bucket = self.policies.entry(name.clone()).or_default();
            before.insert(name, bucket.limit);
            bucket.change(policy, now.nanos());
        }
        let old = self.pool.bucket.limit;
        self.pool
            .change(config.params.pool_fraction.atomics().u128(), now.nanos());
        if changes.losses.iter().any(|change| change.before.is_some()) {
            self.pool.pour_anew(view, window);
        }
        for change in &changes.claims {
            let (None, Some(claim), true) = (&change.before, &change.after, self.looked) else {
                continue;
            };
            let name = format!("{} {}", claim.policyholder, claim.market);
            let old_limit = before.get(&name).copied().unwrap_or_default();
            let bucket = self.policies.entry(name.clone()).or_default();
            found.extend(bucket.grant(&name, claim, old_limit, window));
            found.extend(self.pool.grant(view, number(&change.key)?, claim, old, window));
        }
        self.looked = true;
        Ok(found)
    }
}

impl Bucket {
    fn change(&mut self, policy: &Policy, now: u64) {
        self.refill(now);
        self.rate = policy.terms.limit.wide();
        self.limit = match policy.closed_at {
            None => self.rate,
            Some(_) => Uint256::zero(),
        };
    }

    fn grant(&mut self, name: &str, claim: &Claim, old_limit: Uint256, window: u64) -> Option<Violation> {
        self.refill(claim.filed_at.nanos());
        let window = Uint256::from(window);
        self.used += claim.granted.wide() * window;
        let limit = self.limit.max(old_limit);
        (self.used > limit.saturating_mul(window)).then(|| {
            let what = format!(
                "{name} was granted {}, so that {} of its limit of {limit} in {window} ns are used",
                claim.granted,
                self.used / window
            );
            Violation::new(6, what)
        })
    }
}

impl Pool {
    fn change(&mut self, fraction: u128, now: u64) {
        let rate = Uint256::from(fraction);
        if rate != self.bucket.rate {
            self.past.push(Past::Fraction(now, fraction));
            self.bucket.turn(now, fraction);
        }
    }

    /// Pours everything again, with what each grant has kept.
    fn pour_anew(&mut self, view: &VaultView, window: u64) {
        let now = self.bucket.at;
        self.bucket = Bucket::default();
        for past in &self.past {
            match past {
                Past::Fraction(at, fraction) => self.bucket.turn(*at, *fraction),
                Past::Granted(n) => self.bucket.pour(view, *n, window),
            }
        }
        self.bucket.refill(now);
    }

    fn grant(
        &mut self,
        view: &VaultView,
        n: u64,
        claim: &Claim,
        old: Uint256,
        window: u64,
    ) -> Option<Violation> {
        self.past.push(Past::Granted(n));
        self.bucket.pour(view, n, window);
        let limit = self.bucket.limit.max(old);
        let window = Uint256::from(window);
        (self.bucket.used > limit.saturating_mul(window)).then(|| {
            let what = format!(
                "the pool granted {} of {}, so that {} of 10^18 of its assets are used, with a limit of {limit} in {window} ns",
                claim.granted,
                claim.assets_before,
                self.bucket.used / window
            );
            Violation::new(6, what)
        })
    }
}

impl Bucket {
    fn turn(&mut self, now: u64, fraction: u128) {
        self.refill(now);
        self.rate = Uint256::from(fraction);
        self.limit = self.rate;
    }

    /// Adds what a claim has kept of its grant, rounded down by less than 10⁻¹⁸
    /// of the assets in a nanosecond of the window.
    fn pour(&mut self, view: &VaultView, n: u64, window: u64) {
        let key = n.to_be_bytes();
        let (Some(claim), Some(loss)) = (view.claims.get(&key), view.losses.get(&key)) else {
            return;
        };
        self.refill(claim.filed_at.nanos());
        let kept = claim.granted.wide().saturating_sub(loss.from_pot.wide());
        let assets = claim.assets_before.wide().max(Uint256::one());
        // At most 2¹²⁸ × 2⁶⁰ × 2⁵³.
        self.used += kept * Uint256::from(ONE) * Uint256::from(window) / assets;
    }
}

fn policy_name(key: &[u8]) -> StdResult<String> {
    let (policyholder, market) = pair(key)?;
    Ok(format!("{} {}", text(policyholder)?, text(market)?))
}
