//! What the distributor emits.

use cosmwasm_std::{Addr, Uint128};

use crate::{Denom, Shares};

crate::events! {
    /// The vault told of a change of active shares.
    StakeRecorded => "backstop_stake_changed" { staker: Addr, before: Shares, after: Shares, total: Shares }
    /// A record was brought in line with the vault, by `Sync` or `Claim`.
    StakeSynced => "backstop_sync" { staker: Addr, before: Shares, after: Shares, total: Shares }
    /// What shares earned that were no longer there became a stream again.
    RewardReturned => "backstop_reward_returned" {
        staker: Addr, denom: Denom,
        /// Base units, rounded down.
        amount: Uint128,
    }
    /// A reward was sent, or deposited in the vault.
    RewardClaimed => "backstop_claim_reward" {
        staker: Addr, receiver: Addr, denom: Denom, amount: Uint128, restaked: bool,
    }
    /// A payment or a deposit failed; the reward is owed again.
    PayoutFailed => "backstop_payout_failed" { staker: Addr, denom: Denom, amount: Uint128 }
    /// A stream was funded.
    Funded => "backstop_fund" {
        funder: Addr, denom: Denom, amount: Uint128,
        /// The funding's number within the denom.
        number: u64,
        /// The stream's beginning and end in seconds of staked time.
        from: u64, until: u64,
    }
    /// A stream was stopped, and what it held went back to its funder.
    StreamStopped => "backstop_stop" {
        funder: Addr, denom: Denom, number: u64, refunded: Uint128,
        /// When, in seconds of staked time.
        staked: u64,
    }
    /// A denom was brought up to date.
    Advanced => "backstop_advance" {
        denom: Denom,
        /// Rate changes that were applied.
        changes: u32,
        /// Up to when, in seconds of staked time.
        staked: u64,
    }
    /// A denom may be funded, or at another minimum rate.
    DenomListed => "backstop_list_denom" { denom: Denom, min_rate: Uint128 }
    /// A denom may no longer be funded.
    DenomDelisted => "backstop_delist_denom" { denom: Denom }
}
