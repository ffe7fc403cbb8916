//! What the vault emits.

use cosmwasm_std::{Addr, Decimal};

use super::{ClaimOutcome, PolicyChange};
use crate::vault::{CoverReason, LapseReason, Pausable};
use crate::{Assets, Bps, Price, Shares};

crate::events! {
    /// Assets came in for shares.
    Deposited => "backstop_deposit" {
        sender: Addr, staker: Addr, assets: Assets, shares: Shares,
        /// Assets and shares of the whole vault afterwards.
        total_assets: Assets, total_shares: Shares,
    }
    /// Shares began to unbond.
    Unbonded => "backstop_unbond" {
        staker: Addr, ticket: u64, shares: Shares,
        /// Seconds since the epoch when the ticket can be withdrawn.
        ready_at: u64,
        /// Whether anybody may withdraw it for the staker then.
        auto_withdraw: bool,
    }
    /// A ticket's shares became active again.
    UnbondCancelled => "backstop_cancel_unbond" { staker: Addr, ticket: u64, shares: Shares }
    /// Tickets were paid out to their owner, the staker.
    Withdrawn => "backstop_withdraw" {
        sender: Addr, staker: Addr, tickets: u32, shares: Shares, assets: Assets,
        total_assets: Assets, total_shares: Shares,
    }
    /// A shortfall was answered.
    ShortfallAnswered => "backstop_cover_shortfall" {
        policyholder: Addr,
        /// The policyholder's number of the shortfall.
        shortfall: u64,
        market: String, claim: Option<u64>, asked: Assets,
        deductible: Assets, paid: Assets, pending: Assets, uncovered: Assets,
        /// Why something is pending or uncovered.
        reason: Option<CoverReason>, price: Option<Price>,
        total_assets: Assets, total_shares: Shares,
    }
    /// A shortfall was sent that had been answered before: nothing changed.
    ShortfallRepeated => "backstop_repeat_shortfall" {
        policyholder: Addr, shortfall: u64, claim: Option<u64>,
    }
    /// A pending claim was paid, declined or lapsed, or its price was found to
    /// stand.
    ClaimSettled => "backstop_settle_claim" {
        claim: u64, policyholder: Addr, market: String, outcome: ClaimOutcome,
        /// Of the pot.
        amount: Assets,
        /// Why it lapsed; why it was declined is in its record.
        reason: Option<LapseReason>,
        /// The span by which a held one's price was judged.
        span_low: Option<Price>, span_high: Option<Price>,
    }
    /// Money came back on a loss.
    Recovered => "backstop_recover" { loss: u64, sender: Addr, amount: Assets }
    /// A staker took what came back.
    RecoveryClaimed => "backstop_claim_recovery" {
        staker: Addr, losses: u32, amount: Assets, restaked: bool,
        /// Whether losses are left on which money came back and which the staker has
        /// not looked at.
        more: bool,
    }
    /// A policy was added, changed or closed.
    PolicyChanged => "backstop_policy" {
        policyholder: Addr, market: String, change: PolicyChange,
        limit: Assets, deductible: Assets, instant: Assets, by: Addr,
        /// The multiplier of its premium; none asks no premium.
        premium: Option<Bps>,
    }
    /// A policyholder paid for time of its cover.
    PremiumPaid => "backstop_pay_premium" {
        policyholder: Addr, market: String,
        /// Kept of what was sent, and sent back.
        amount: Assets, returned: Assets,
        /// Of the limit a year, the multiplier included.
        rate: Decimal,
        /// Seconds since the epoch between which the policy is in force.
        from: u64, until: u64,
    }
    /// Earned premium was passed on.
    PremiumSent => "backstop_send_premium" {
        policyholder: Addr, market: String,
        /// To the distributor, for the stakers, and as the treasury's credit.
        stakers: Assets, treasury: Assets,
    }
    /// An account may take so much more from the vault: premium that is paid
    /// back, or the treasury's part.
    Credited => "backstop_credit" {
        account: Addr, amount: Assets,
        /// Of which policy's premium.
        policyholder: Addr, market: String,
    }
    /// An account took its credit.
    CreditWithdrawn => "backstop_withdraw_credit" { account: Addr, amount: Assets }
    /// A parameter of the vault changed.
    ParamsChanged => "backstop_params" { field: String, old: String, new: String }
    /// The guardian paused or resumed something.
    PauseChanged => "backstop_pause" { what: Pausable, pause: u64, until: Option<u64>, by: Addr }
    /// The distributor could not be told of an unbonding; `sync` mends it.
    HookFailed => "backstop_hook_failed" { staker: Addr, failures: u64 }
}
