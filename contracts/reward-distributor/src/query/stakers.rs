//! Stakers: what each has earned, and how the records compare with the vault.

use backstop_core::rewards::Account;
use backstop_types::distributor::{
    Drift, DriftResponse, PendingRewardsResponse, Reward, StakerRecord, StakerResponse, StakersResponse,
};
use backstop_types::paging::Scan;
use backstop_types::vault::BackstopVault;
use backstop_types::{UncheckedDenom, input, paging};
use cosmwasm_std::{Deps, Env, Order};
use cw_storage_plus::Bound;

use super::denoms;
use crate::error::ContractError;
use crate::ledger;
use crate::state::{ACCOUNTS, VAULT, vault_shares};

/// What a claim would pay now.
pub fn pending(
    deps: Deps,
    env: Env,
    staker: &str,
    start_after: Option<UncheckedDenom>,
    limit: Option<u32>,
) -> Result<PendingRewardsResponse, ContractError> {
    let staker = input::address(deps.api, "staker", staker)?;
    let ledger = ledger::as_of(deps.storage, env.block.time)?;
    let mut account: Account = ACCOUNTS.may_load(deps.storage, &staker)?.unwrap_or_default();
    account.settle(&ledger.flows, vault_shares(deps, &staker)?)?;
    let mut rewards = Vec::new();
    for (slot, record) in denoms::page(deps, start_after, limit)? {
        rewards.push(Reward {
            denom: record.denom,
            amount: account.due(slot)?,
        });
    }
    Ok(PendingRewardsResponse { staker, rewards })
}

/// A staker's shares, as recorded and as the vault has them.
pub fn staker(deps: Deps, staker: &str) -> Result<StakerResponse, ContractError> {
    let staker = input::address(deps.api, "staker", staker)?;
    let account = ACCOUNTS.may_load(deps.storage, &staker)?.unwrap_or_default();
    Ok(StakerResponse {
        recorded: account.shares,
        active: vault_shares(deps, &staker)?,
        staker,
    })
}

/// Stakers' shares as recorded.
pub fn stakers(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<StakersResponse, ContractError> {
    let after = paging::after(deps.api, start_after)?;
    let start = after.as_ref().map(Bound::exclusive);
    let all = ACCOUNTS.range(deps.storage, start, None, Order::Ascending);
    paging::rows(all, limit, |(staker, account)| {
        Ok(StakerRecord {
            staker,
            recorded: account.shares,
        })
    })
    .map(|stakers| StakersResponse { stakers })
}

/// Of a page of records those that differ from the vault's.
pub fn drift(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<DriftResponse, ContractError> {
    let vault = BackstopVault(VAULT.load(deps.storage)?);
    let after = paging::after(deps.api, start_after)?;
    let start = after.as_ref().map(Bound::exclusive);
    let all = ACCOUNTS.range(deps.storage, start, None, Order::Ascending);
    let Scan { rows, next } = paging::scan(all, limit)?;
    let mut drifts = Vec::new();
    for (staker, account) in rows {
        let active = vault.stake(&deps.querier, &staker)?.active;
        if active != account.shares {
            drifts.push(Drift {
                recorded: account.shares,
                active,
                hook_failures: vault.hook_failures(&deps.querier, &staker)?,
                staker,
            });
        }
    }
    Ok(DriftResponse { drifts, next })
}
