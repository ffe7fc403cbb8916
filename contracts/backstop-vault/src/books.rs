//! What the answer to a shortfall depends on: loaded and judged alike by the message
//! and by its quote.

use backstop_core::cover::{Permission, Shortfall};
use backstop_types::vault::{Bucket, Config, Pause, Pool};
use backstop_types::{Assets, Price};
use cosmwasm_std::{StdResult, Storage, Timestamp};

use crate::state::{CONFIG, PAUSES, POOL, POOL_BUCKET, Policy, pool_facts};

/// The books as an answer finds them.
pub struct Books {
    /// What the vault is, and how it is tuned.
    pub config: Config,
    /// Its totals.
    pub pool: Pool,
    /// What is used of its fraction.
    pub bucket: Bucket,
    /// The policy asked under.
    pub policy: Policy,
    /// The guardian's pause of payouts, present or past.
    pub payouts: Pause,
}

impl Books {
    /// With a policy that was loaded before.
    pub fn load(storage: &dyn Storage, policy: Policy) -> StdResult<Self> {
        Ok(Self {
            config: CONFIG.load(storage)?,
            pool: POOL.load(storage)?,
            bucket: POOL_BUCKET.load(storage)?,
            policy,
            payouts: PAUSES.load(storage)?.payouts,
        })
    }

    /// A shortfall to be decided by these books.
    pub fn shortfall(
        &self,
        amount: Assets,
        price: Option<Price>,
        permission: Permission,
        now: Timestamp,
    ) -> Shortfall<'_> {
        Shortfall {
            amount,
            price,
            terms: &self.policy.terms,
            buckets: &self.policy.buckets,
            pool: pool_facts(&self.config, &self.pool, self.bucket),
            permission,
            payouts_paused: self.payouts.active(now),
            now,
        }
    }
}
