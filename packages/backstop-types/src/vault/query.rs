//! What can be read from the vault, and the answers.

use cosmwasm_schema::schemars::JsonSchema;
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Decimal, Timestamp};
use serde::Serialize;

use super::cover::CoverReason;
use super::params::PolicyTerms;
use super::state::{Claim, Held, Judged, LapseReason, Loss, Stake};
use crate::{Assets, Open, Price, Shares};

// How it is read from JSON is in `read`.
/// What can be read from the vault.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, QueryResponses)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(crate = "cosmwasm_schema::schemars")]
pub enum QueryMsg {
    /// What it is and how it is tuned.
    #[returns(super::params::Config)]
    Config {},
    /// Totals and share price.
    #[returns(PoolResponse)]
    Pool {},
    /// What the guardian has paused.
    #[returns(PausesResponse)]
    Pauses {},
    /// One staker's shares and their worth.
    #[returns(StakeResponse)]
    Stake {
        /// Who.
        staker: String,
    },
    /// Stakers by address.
    #[returns(StakesResponse)]
    Stakes {
        /// The last one of the page before.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// One staker's open tickets by number.
    #[returns(TicketsResponse)]
    Tickets {
        /// Who.
        staker: String,
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What all shares are worth together.
    #[returns(Assets)]
    TotalAssets {},
    /// What assets are in shares now, rounded down.
    #[returns(Shares)]
    ConvertToShares {
        /// How much.
        assets: Assets,
    },
    /// What shares are worth now, rounded down.
    #[returns(Assets)]
    ConvertToAssets {
        /// How many.
        shares: Shares,
    },
    /// The shares that a deposit would get now: rounded down.
    #[returns(Shares)]
    PreviewDeposit {
        /// How much.
        assets: Assets,
    },
    /// The fewest shares that would be paid so much now, if their time had come:
    /// rounded up.
    #[returns(Shares)]
    PreviewWithdraw {
        /// How much.
        assets: Assets,
    },
    /// What shares would be paid now, if their time had come: rounded down.
    #[returns(Assets)]
    PreviewRedeem {
        /// How many.
        shares: Shares,
    },
    /// The largest deposit that the vault would take now: nothing while deposits are
    /// paused, before there is a distributor, and for a receiver that is refused.
    #[returns(Assets)]
    MaxDeposit {
        /// Who would get the shares.
        receiver: String,
    },
    /// What the owner would be paid by one withdrawal without numbers now.
    #[returns(Assets)]
    MaxWithdraw {
        /// Whose.
        owner: String,
    },
    /// The shares in the tickets that one withdrawal of the owner's without numbers takes
    /// now: at most 30 that are ready, of the oldest 101.
    #[returns(Shares)]
    MaxRedeem {
        /// Whose.
        owner: String,
    },
    /// One policy with what is left of its buckets.
    #[returns(PolicyResponse)]
    Policy {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
    },
    /// Policies by policyholder and market.
    #[returns(PoliciesResponse)]
    Policies {
        /// The last one of the page before.
        start_after: Option<(String, String)>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What a shortfall would be answered now, what binds it, and when it would be
    /// granted whole. The breaker is asked by its live verdict.
    #[returns(super::CoverQuote)]
    QuoteCover {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
        /// What would be missing.
        amount: Assets,
        /// The price it would name.
        price: Option<Price>,
        /// The number that it has or would have; a new one by default.
        shortfall: Option<u64>,
    },
    /// What an active policy's premium is now, and what an amount would buy.
    #[returns(PremiumQuote)]
    QuotePremium {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
        /// What would be paid.
        amount: Option<Assets>,
    },
    /// What an account may take by `WithdrawCredit`.
    #[returns(CreditResponse)]
    Credit {
        /// Whose.
        account: String,
    },
    /// One claim.
    #[returns(ClaimResponse)]
    Claim {
        /// Its number.
        claim: u64,
    },
    /// What became of one claim: each decision with its time and reason.
    #[returns(ClaimTimelineResponse)]
    ClaimTimeline {
        /// Its number.
        claim: u64,
    },
    /// Claims by number.
    #[returns(ClaimsResponse)]
    Claims {
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Claims that are pending, by number.
    #[returns(ClaimsResponse)]
    OpenClaims {
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// One loss.
    #[returns(LossResponse)]
    Loss {
        /// Its number.
        loss: u64,
    },
    /// Losses by number.
    #[returns(LossesResponse)]
    Losses {
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The losses that a staker bore, and what of them came back, by number.
    #[returns(StakerLossesResponse)]
    StakerLosses {
        /// Who.
        staker: String,
        /// The `next` of the page before.
        start_after: Option<u64>,
        /// How many losses to look at, also of those that the staker did not bear:
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Stakers whose unbonding the distributor could not be told, by address,
    /// with the number of times, as long as its record differs from the vault's:
    /// a later notice, a claim or the distributor's `Sync` mends it.
    #[returns(HookFailuresResponse)]
    HookFailures {
        /// The last one of the page before.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Owner, pending owner and expiry.
    #[returns(cw_ownable::Ownership<String>)]
    Ownership {},
}

/// Totals and share price.
#[cw_serde]
pub struct PoolResponse {
    /// What the shares are worth together.
    pub assets: Assets,
    /// Active and queued shares.
    pub shares: Shares,
    /// Shares that earn.
    pub active: Shares,
    /// Shares that are unbonding.
    pub queued: Shares,
    /// Assets per share, rounded down; one while there are no shares.
    pub share_price: Decimal,
    /// Losses booked so far.
    pub losses: u64,
    /// Claims that are pending now.
    pub pending_claims: u64,
    /// Granted and not yet paid, declined or lapsed.
    pub pots: Assets,
    /// Came back on losses and has not been taken.
    pub recoveries: Assets,
    /// What grants may still take now.
    pub room: Assets,
    /// Premiums that are not earned, or earned and not yet sent.
    #[serde(default)]
    pub premiums: Assets,
    /// Refunds and the treasury's parts that have not been taken.
    #[serde(default)]
    pub credits: Assets,
}

/// What cover under a policy costs now.
#[cw_serde]
pub struct PremiumQuote {
    /// The limits of all active policies over the active assets, rounded up; none
    /// while there are no active assets.
    pub utilisation: Option<Decimal>,
    /// A year's price as a part of the limit, the policy's multiplier included,
    /// rounded up: what `max_rate`, in Bps, is compared with.
    pub rate: Decimal,
    /// A year's price, rounded up.
    pub yearly: Assets,
    /// What the amount that was named would buy. None if none was named, if it is too
    /// little, or if cover is paid as far ahead as it can be.
    pub purchase: Option<PremiumPurchase>,
    /// The least that buys something now; none if cover is paid as far ahead as it can be.
    pub least: Option<Assets>,
}

/// What a payment buys.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct PremiumPurchase {
    /// What is kept of it.
    pub kept: Assets,
    /// What is sent back: it would be for more than 30 days ahead.
    pub returned: Assets,
    /// From when the cover is in force: now, if it is already.
    pub from: Timestamp,
    /// Until when it is then paid.
    pub until: Timestamp,
}

/// How a policy's premium stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct PremiumState {
    /// Whether the policy covers now, as far as its premium goes; a policy that
    /// asks no premium always does.
    pub in_force: bool,
    /// Since when, or from when, it is paid; none if it never was.
    pub from: Option<Timestamp>,
    /// Until when it is or was paid.
    pub until: Option<Timestamp>,
    /// Paid and not earned yet.
    pub unearned: Assets,
    /// Earned and not yet sent.
    pub unsent: Assets,
    /// A year's price now as a part of the limit, the multiplier included; none
    /// if no premium is asked.
    pub rate: Option<Decimal>,
}

/// What an account may take.
#[cw_serde]
pub struct CreditResponse {
    /// Whose.
    pub account: Addr,
    /// How much.
    pub amount: Assets,
}

/// The two things that the guardian can pause.
#[cw_serde]
pub struct PausesResponse {
    /// The pause of deposits that is in force.
    pub deposits: Option<PauseResponse>,
    /// The pause of payouts that is in force.
    pub payouts: Option<PauseResponse>,
}

/// A pause that is in force.
#[cw_serde]
#[derive(Copy)]
pub struct PauseResponse {
    /// Its number.
    pub pause: u64,
    /// When it ends.
    pub until: Timestamp,
}

/// One staker's shares and their worth.
#[cw_serde]
pub struct StakeResponse {
    /// Who.
    pub staker: Addr,
    /// The shares.
    pub stake: StakeShares,
    /// What all of them would be paid now.
    pub assets: Assets,
}

/// A staker's shares, by name.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct StakeShares {
    /// Shares that earn.
    pub active: Shares,
    /// Shares that are unbonding.
    pub queued: Shares,
    /// Open tickets.
    pub tickets: u32,
}

impl From<Stake> for StakeShares {
    fn from(
        Stake {
            active,
            queued,
            tickets,
        }: Stake,
    ) -> Self {
        Self {
            active,
            queued,
            tickets,
        }
    }
}

/// A page of stakers.
#[cw_serde]
pub struct StakesResponse {
    /// By address.
    pub stakes: Vec<StakeResponse>,
}

/// One ticket.
#[cw_serde]
pub struct TicketResponse {
    /// Its number.
    pub ticket: u64,
    /// The shares.
    pub shares: Shares,
    /// What they would be paid now.
    pub assets: Assets,
    /// Since when.
    pub opened_at: Timestamp,
    /// From when it can be withdrawn.
    pub ready_at: Timestamp,
    /// Whether anybody may withdraw it for its owner.
    pub auto_withdraw: bool,
}

/// A page of tickets.
#[cw_serde]
pub struct TicketsResponse {
    /// By number.
    pub tickets: Vec<TicketResponse>,
}

/// One policy with what is left of its buckets now.
#[cw_serde]
pub struct PolicyResponse {
    /// The derivatives contract.
    pub policyholder: Addr,
    /// Its market.
    pub market: String,
    /// The cover.
    pub terms: PolicyTerms,
    /// When it was closed, if it was.
    pub closed_at: Option<Timestamp>,
    /// What is left of the limit.
    pub room: Assets,
    /// What is left to bear of the deductible.
    pub deductible_left: Assets,
    /// What is left to be paid at once.
    pub instant_left: Assets,
    /// How its premium stands; an older vault says nothing.
    #[serde(default)]
    pub premium: Option<PremiumState>,
}

/// A page of policies.
#[cw_serde]
pub struct PoliciesResponse {
    /// By policyholder and market.
    pub policies: Vec<PolicyResponse>,
}

/// One claim.
#[cw_serde]
pub struct ClaimResponse {
    /// Its number.
    pub claim: u64,
    /// The record.
    pub record: Claim,
    /// When its delay has passed, if no further pause stops the clock. Of an ended one by
    /// the pauses until then.
    pub payable_at: Timestamp,
    /// The latest date of a held one, likewise. One that was held without a trip
    /// may wait longer for a trip that began later.
    pub latest: Timestamp,
}

/// What became of one claim.
#[cw_serde]
pub struct ClaimTimelineResponse {
    /// Its number.
    pub claim: u64,
    /// In the order of time.
    pub steps: Vec<ClaimStep>,
    /// When its delay has passed, if no further pause stops the clock. Of an ended one by
    /// the pauses until then.
    pub payable_at: Timestamp,
    /// The latest date of a held one, likewise. One that was held without a trip
    /// may wait longer for a trip that began later.
    pub latest: Timestamp,
}

/// One decision on a claim.
#[cw_serde]
pub struct ClaimStep {
    /// When; none if it was taken before the vault kept such times.
    pub at: Option<Timestamp>,
    /// Which.
    pub what: ClaimDecision,
}

/// What was decided on a claim, or happened to it.
#[cw_serde]
pub enum ClaimDecision {
    /// The policyholder asked.
    Filed {
        /// How much.
        asked: Assets,
        /// At which price.
        price: Option<Price>,
    },
    /// It became a loss.
    Granted {
        /// What left the assets.
        amount: Assets,
        /// What the policyholder bore first.
        deductible: Assets,
        /// What was not covered.
        uncovered: Assets,
        /// What bound it, if it was less than asked; none too in a claim that was
        /// filed before the vault kept it.
        bound: Option<Open<CoverReason>>,
    },
    /// The instant part was paid.
    PaidAtOnce {
        /// How much.
        amount: Assets,
    },
    /// It waited for the breaker.
    Held {
        /// How much.
        amount: Assets,
        /// Denied, or no answer; none as in `bound`.
        reason: Option<Open<CoverReason>>,
        /// By which trip it is judged.
        held: Held,
    },
    /// It waited for the policy's delay from its filing on.
    Delayed {
        /// How much.
        amount: Assets,
        /// Why it was not paid at once; none as in `bound`.
        reason: Option<Open<CoverReason>>,
    },
    /// A pause of payouts stopped its clock.
    Paused {
        /// The pause's number.
        pause: u64,
        /// When it ends or ended.
        until: Timestamp,
    },
    /// The price of a held one was found to stand: delayed from then on.
    Stood {
        /// By what; none as `at` is.
        judged: Option<Judged>,
    },
    /// What waited was paid.
    Paid {
        /// How much.
        amount: Assets,
        /// Of a held one that was judged when it was paid: by what.
        judged: Option<Judged>,
    },
    /// The owner refused what waited.
    Declined {
        /// How much.
        amount: Assets,
        /// The owner then; none as `at` is.
        by: Option<Addr>,
        /// The owner's reason.
        reason: String,
    },
    /// A held one ended without payment.
    Lapsed {
        /// How much.
        amount: Assets,
        /// By which rule.
        reason: LapseReason,
        /// By what its price was judged, if it was.
        judged: Option<Judged>,
    },
}

/// A page of claims.
#[cw_serde]
pub struct ClaimsResponse {
    /// By number.
    pub claims: Vec<ClaimResponse>,
}

/// One loss.
#[cw_serde]
pub struct LossResponse {
    /// Its number, the same as its claim's.
    pub loss: u64,
    /// Of what was granted, what has been paid to the policyholder.
    pub paid: Assets,
    /// Of what was granted, what waits in the claim's pot.
    pub pot: Assets,
    /// What came back: from the pot, and repaid.
    pub recovered: Assets,
    /// The record.
    pub record: Loss,
}

/// A page of losses.
#[cw_serde]
pub struct LossesResponse {
    /// By number.
    pub losses: Vec<LossResponse>,
}

/// What one staker bore of one loss.
#[cw_serde]
pub struct StakerLoss {
    /// The loss's number.
    pub loss: u64,
    /// The staker's shares when it was booked.
    pub stake: Shares,
    /// All shares then.
    pub total: Shares,
    /// What it cost the staker, rounded up.
    pub borne: Assets,
    /// The staker's part of what has come back so far.
    pub recovered: Assets,
    /// What the staker has taken of it.
    pub taken: Assets,
    /// What the staker can take now.
    pub due: Assets,
}

/// A page of the losses that a staker bore.
#[cw_serde]
pub struct StakerLossesResponse {
    /// By number.
    pub losses: Vec<StakerLoss>,
    /// Where the next page begins after; none on the last one. A page may have
    /// fewer than its limit, or none, that the staker bore.
    pub next: Option<u64>,
}

/// The answer to [`super::ExecuteMsg::ClaimRecovery`].
#[cw_serde]
pub struct ClaimRecoveryResponse {
    /// What was taken.
    pub amount: Assets,
    /// Of how many losses.
    pub losses: u32,
    /// Whether money came back on further losses that the staker has not looked at:
    /// the message without numbers goes on with them.
    pub more: bool,
}

/// Times that the distributor could not be told.
#[cw_serde]
pub struct HookFailure {
    /// Of whose unbonding.
    pub staker: Addr,
    /// How often.
    pub failures: u64,
}

/// A page of hook failures.
#[cw_serde]
pub struct HookFailuresResponse {
    /// By address.
    pub failures: Vec<HookFailure>,
    /// Where the next page begins after; none on the last one. A page may have
    /// fewer than its limit, or none, that still differ.
    pub next: Option<Addr>,
}
