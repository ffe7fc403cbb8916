//! What a shortfall is answered or would be, and why.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{OverflowError, Timestamp};

use crate::{Assets, Open, named};

/// The answer to a shortfall: `paid + pending + deductible + uncovered` is the
/// amount asked.
#[cw_serde]
pub struct CoverResponse {
    /// The claim's number, where something was granted.
    pub claim: Option<u64>,
    /// In the policyholder's account now.
    pub paid: Assets,
    /// Granted and waiting; may still be declined or lapse.
    pub pending: Assets,
    /// Borne by the policyholder under its policy.
    pub deductible: Assets,
    /// Not covered.
    pub uncovered: Assets,
    /// Why something is pending or uncovered, or nothing new is paid. A reader
    /// keeps a reason that a later vault adds.
    pub reason: Option<Open<CoverReason>>,
}

impl CoverResponse {
    /// What is not in the policyholder's account now.
    pub fn missing(&self) -> Result<Assets, OverflowError> {
        self.pending
            .checked_add(self.deductible)?
            .checked_add(self.uncovered)
    }
}

/// What a shortfall would be answered now: the fields of [`CoverResponse`], and
/// beside them what binds it and until when.
#[cw_serde]
pub struct CoverQuote {
    /// The claim's number, where something would be granted.
    pub claim: Option<u64>,
    /// Paid at once.
    pub paid: Assets,
    /// Granted and waiting: `delayed` and `held` together.
    pub pending: Assets,
    /// Borne by the policyholder under its policy.
    pub deductible: Assets,
    /// Not covered.
    pub uncovered: Assets,
    /// The one reason that the answer would give.
    pub reason: Option<Open<CoverReason>>,
    /// Of what is pending, what would wait for the policy's delay alone. Nothing for
    /// a shortfall that was answered before: its claim's status says it.
    #[serde(default)]
    pub delayed: Assets,
    /// Of what is pending, what would wait for the breaker, and be judged then;
    /// likewise.
    #[serde(default)]
    pub held: Assets,
    /// All that keeps a part of the amount from being paid at once: what leaves some
    /// of it uncovered, then what makes some wait, then the deductible.
    #[serde(default)]
    pub binds: Vec<Open<CoverReason>>,
    /// The earliest time at which all but the deductible of that time would be
    /// granted, if nothing else happens until then; now, if it would be. None where
    /// time alone never brings it: more than a limit holds at its fullest, below the
    /// minimum, wholly the deductible's, a price that is refused, or past the
    /// premium's end.
    #[serde(default)]
    pub granted_at: Option<Timestamp>,
    /// Likewise the earliest time at which all but the deductible would be paid at
    /// once. None while the breaker does not allow, and for a policy without prices.
    #[serde(default)]
    pub paid_at: Option<Timestamp>,
}

/// What the answer would be.
impl From<CoverQuote> for CoverResponse {
    fn from(quote: CoverQuote) -> Self {
        Self {
            claim: quote.claim,
            paid: quote.paid,
            pending: quote.pending,
            deductible: quote.deductible,
            uncovered: quote.uncovered,
            reason: quote.reason,
        }
    }
}

named! {
    /// Why a shortfall was not paid whole and at once.
    pub enum CoverReason {
        /// More than the policy's limit has left in this window.
        PolicyLimit = "policy_limit",
        /// More than the pool's fraction has left in this window.
        PoolLimit = "pool_limit",
        /// What could be granted is less than the policy's minimum.
        BelowMinimum = "below_minimum",
        /// Named no price under a policy with prices.
        PriceMissing = "price_missing",
        /// The price is not in the breaker's band.
        PriceOutsideBand = "price_outside_band",
        /// More than the instant bucket has left: the rest is delayed.
        InstantLimit = "instant_limit",
        /// The policy has no prices: delayed.
        Unpriced = "unpriced",
        /// The guardian has paused payouts: delayed.
        PayoutsPaused = "payouts_paused",
        /// The policy's premium is not paid for now: nothing is covered.
        PremiumUnpaid = "premium_unpaid",
        /// The breaker denied: held.
        BreakerDenied = "breaker_denied",
        /// The breaker did not answer: held.
        BreakerUnavailable = "breaker_unavailable",
        /// The shortfall was answered before: the parts are what its claim is
        /// now, and nothing new is paid.
        AnsweredBefore = "answered_before",
        /// The deductible has so much left: borne by the policyholder. Only what binds a
        /// quote says this.
        Deductible = "deductible",
        /// More than the pool's fraction of the assets, also if nothing of it were used.
        /// What binds a quote, a claim's record and its timeline say this; an answer says
        /// `pool_limit`.
        Assets = "assets",
    }
}
