//! What the vault stores and others may read raw; the keys are in
//! [`crate::keys`].

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, OverflowError, Timestamp, Uint256};

use super::cover::CoverReason;
use crate::breaker::{Band, TripCause};
use crate::rows::row;
use crate::{Assets, Bps, Nanos, Open, Price, Seconds, Shares, named};

/// A limit that refills continuously over the window W.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Bucket {
    /// What is used, times W in nanoseconds: nothing is lost to rounding.
    pub used: Uint256,
    /// What time has refilled since the beginning, used or not, times W. A
    /// claim keeps its value at filing, so that what was refilled since then is
    /// not given back a second time when the claim is declined.
    pub refilled: Uint256,
    /// When `used` was true.
    pub at: Timestamp,
}

/// The vault's totals. Stored as a bare list in the order of the fields: each
/// deposit and exit writes them, and a chain charges by the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pool {
    /// What the shares are worth together. Counted, never read from the bank.
    pub assets: Assets,
    /// Shares that earn.
    pub active: Shares,
    /// Shares that are unbonding; they bear losses and earn nothing.
    pub queued: Shares,
    /// Losses booked so far: the number of the last one.
    pub losses: u64,
    /// Tickets opened so far: the number of the last one.
    pub tickets: u64,
    /// Claims that are pending now.
    pub pending: u64,
}

row! { Pool { assets, active, queued, losses, tickets, pending } }

/// One staker's shares. Stored as a bare list in the order of the fields, like
/// [`Pool`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stake {
    /// Shares that earn.
    pub active: Shares,
    /// Shares that are unbonding.
    pub queued: Shares,
    /// Open tickets.
    pub tickets: u32,
}

row! { Stake { active, queued, tickets } }

/// A shortfall whose answer changed the books: its number is not answered so a
/// second time. Stored as a bare list in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredShortfall {
    /// The claim that it became; none if all of it was the deductible.
    pub claim: Option<u64>,
    /// What the policyholder bore.
    pub deductible: Assets,
}

row! { AnsweredShortfall { claim, deductible } }

/// How a claim stands.
#[cw_serde]
pub enum ClaimStatus {
    /// All of it is paid.
    Paid {},
    /// Its price was judged; the rest is paid when the delay has passed.
    Delayed {},
    /// The breaker denied it at filing; its price is judged at the end of the
    /// trip.
    Held(Held),
    /// The owner refused the rest, and said why.
    Declined {
        /// The owner's reason.
        reason: String,
    },
    /// It was held, and its price did not stand or its time ran out.
    Lapsed {
        /// Which of the two.
        reason: LapseReason,
    },
}

named! {
    /// The name of a [`ClaimStatus`].
    pub enum ClaimStatusName {
        /// See [`ClaimStatus::Paid`].
        Paid = "paid",
        /// See [`ClaimStatus::Delayed`].
        Delayed = "delayed",
        /// See [`ClaimStatus::Held`].
        Held = "held",
        /// See [`ClaimStatus::Declined`].
        Declined = "declined",
        /// See [`ClaimStatus::Lapsed`].
        Lapsed = "lapsed",
    }

    /// What ended the wait of a held claim, so that it was judged.
    pub enum JudgedBy {
        /// The clean readings that ended the trip.
        Trip = "trip",
        /// The last clean reading after filing and before the next trip.
        Reading = "reading",
        /// The poke of the settlement, which allowed.
        Poke = "poke",
    }

    /// Why a held claim lapsed.
    pub enum LapseReason {
        /// Its price lies outside the span of the trip.
        PriceOutsideSpan = "price_outside_span",
        /// The trip had not ended by the claim's latest date.
        Expired = "expired",
    }
}

impl ClaimStatus {
    /// Whether the claim waits for a payment, or for its end without one.
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::Delayed {} | Self::Held(_))
    }

    /// The status without its circumstances.
    pub const fn name(&self) -> ClaimStatusName {
        match self {
            Self::Paid {} => ClaimStatusName::Paid,
            Self::Delayed {} => ClaimStatusName::Delayed,
            Self::Held(_) => ClaimStatusName::Held,
            Self::Declined { .. } => ClaimStatusName::Declined,
            Self::Lapsed { .. } => ClaimStatusName::Lapsed,
        }
    }
}

/// Why a claim is held, and what it is judged by.
#[cw_serde]
pub struct Held {
    /// The breaker that denied.
    pub breaker: Addr,
    /// The number of the market's trip, if it was in one.
    pub trip: Option<u64>,
    /// The market's trips by then: the number of the last one. Without a trip
    /// at filing, the next one says how long the market was well.
    pub trips: u64,
    /// Who began the trip.
    pub cause: Option<Open<TripCause>>,
    /// The last clean band known at filing.
    pub last_clean: Option<Band>,
    /// The band at filing, if the trip was the guardian's and no market fault
    /// had been found in it: the claim is judged by this band alone.
    pub at_filing: Option<Band>,
}

/// By what a held claim's price was judged.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Judged {
    /// Its span, the prices that stood: the band at filing alone, where [`Held`] has one;
    /// else from the last clean band before to that in which what it waited for ended.
    pub span: Band,
    /// What ended that.
    pub by: JudgedBy,
    /// The trip's number, if it was a trip that ended.
    pub trip: Option<u64>,
}

/// One shortfall that was granted. It has the number of its loss.
#[cw_serde]
pub struct Claim {
    /// Who asked.
    pub policyholder: Addr,
    /// For which market.
    pub market: String,
    /// When.
    pub filed_at: Timestamp,
    /// The oracle's price at the closing, as the policyholder named it.
    pub price: Option<Price>,
    /// What was asked for.
    pub asked: Assets,
    /// What the policyholder bore first.
    pub deductible: Assets,
    /// What left the assets.
    pub granted: Assets,
    /// Of that, what has been paid to the policyholder so far.
    pub paid: Assets,
    /// Of that, what waits: the pot.
    pub pot: Assets,
    /// The policy's delay when it was filed.
    pub delay: Seconds,
    /// The guardian's pauses of payouts before it was filed, together: later ones
    /// stop its clock.
    pub paused_before: Nanos,
    /// The pool's assets before the grant, by which the fraction was taken.
    pub assets_before: Assets,
    /// [`Bucket::refilled`] of the pool at filing.
    pub pool_refilled: Uint256,
    /// [`Bucket::refilled`] of the policy's deductible at filing.
    pub deductible_refilled: Uint256,
    /// How it stands.
    pub status: ClaimStatus,
    /// Why less than was asked was granted, if it was. This and what follows is not
    /// stored where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Open<CoverReason>>,
    /// Why the pot was not paid at once, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Open<CoverReason>>,
    /// Why it was held, once it is not held any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was_held: Option<Held>,
    /// By what the price of a held one was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    /// When the price of a held one was found to stand before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood_at: Option<Timestamp>,
    /// When its pot was paid or given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Of what was paid, the pot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_later: Option<Assets>,
    /// Who declined it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined_by: Option<Addr>,
}

/// What a claim cost the stakers and what came back.
#[cw_serde]
pub struct Loss {
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The shares that bore it, active and unbonding.
    pub stake: Shares,
    /// What it took from the assets.
    pub granted: Assets,
    /// What came back of the pot: declined or lapsed.
    pub from_pot: Assets,
    /// What was repaid later, at most what was paid.
    pub repaid: Assets,
    /// What the cohort has taken of the two.
    pub taken: Assets,
    /// Its place in the log of losses on which money came back: a later one each
    /// time that some does. None before the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_back: Option<u64>,
}

impl Stake {
    /// Active and queued shares: what bears a loss.
    pub fn total(&self) -> Result<Shares, OverflowError> {
        self.active.checked_add(self.queued)
    }
}

impl Pool {
    /// Active and queued shares.
    pub fn shares(&self) -> Result<Shares, OverflowError> {
        self.active.checked_add(self.queued)
    }
}

impl PremiumLedger {
    /// Whether no premium was ever asked or paid: then it is not stored.
    pub fn is_unused(&self) -> bool {
        *self == Self::default()
    }
}

impl Loss {
    /// What came back in all.
    pub fn recovered(&self) -> Result<Assets, OverflowError> {
        self.from_pot.checked_add(self.repaid)
    }
}

/// Sums of what is set aside beside the assets.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Reserves {
    /// Granted and not yet paid, declined or lapsed.
    pub pots: Assets,
    /// Came back on losses and has not been taken.
    pub recoveries: Assets,
    /// Premiums that are not earned, or earned and not yet sent.
    #[serde(default)]
    pub premiums: Assets,
    /// Refunds and the treasury's parts that have not been taken.
    #[serde(default)]
    pub credits: Assets,
    /// What the treasury's parts of premiums so far have been rounded down by, in parts of
    /// a unit: the next part has it.
    #[serde(default)]
    pub treasury_left: Bps,
}

/// What a policyholder has paid for a policy and what of it is still in the
/// vault. Earned by `now` is ⌈`unearned` · (`now` − `from`) / (`until` − `from`)⌉ of
/// it. The policy is in force from `from` until `until`, the last moment not
/// included.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct PremiumLedger {
    /// What was not earned at `from`.
    pub unearned: Assets,
    /// From when it earns: the last payment or change of the terms, or the
    /// beginning of cover that is still to come.
    pub from: Timestamp,
    /// Until when cover is paid.
    pub until: Timestamp,
    /// Of what has been earned since `from`, what was sent.
    pub sent: Assets,
    /// Earned before `from`, and not yet sent.
    pub earned: Assets,
}

/// A guardian's pause, whole or past.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Pause {
    /// When the last one began.
    pub since: Timestamp,
    /// When it ends or ended.
    pub until: Timestamp,
    /// All pauses before it together.
    pub before: Nanos,
    /// Pauses so far: the number of the last one.
    #[serde(default)]
    pub number: u64,
}

/// Shares that are unbonding.
#[cw_serde]
#[derive(Copy)]
pub struct Ticket {
    /// How many.
    pub shares: Shares,
    /// Since when.
    pub opened_at: Timestamp,
    /// The unbonding period then: the longest that it can take.
    pub delay: Seconds,
    /// Whether anybody may withdraw it for its owner. Not stored where it is not so.
    #[serde(default, skip_serializing_if = "is_not")]
    pub auto_withdraw: bool,
}

fn is_not(flag: &bool) -> bool {
    !flag
}

impl Pause {
    /// Whether it is in force at `now`.
    pub fn active(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.until
    }

    /// All pauses together up to `now`.
    pub fn total(&self, now: Timestamp) -> Nanos {
        self.before
            .saturating_add(Nanos::between(self.since, self.until.min(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn hot_records_are_stored_as_bare_lists() {
        let pool = Pool {
            assets: 7.into(),
            active: 8.into(),
            queued: 9.into(),
            losses: 1,
            tickets: 2,
            pending: 3,
        };
        let stored = to_json_string(&pool).unwrap();
        assert_eq!(stored, r#"["7","8","9",1,2,3]"#);
        assert_eq!(from_json::<Pool>(stored.as_bytes()).unwrap(), pool);

        let stake = Stake {
            active: 5.into(),
            queued: 6.into(),
            tickets: 1,
        };
        let stored = to_json_string(&stake).unwrap();
        assert_eq!(stored, r#"["5","6",1]"#);
        assert_eq!(from_json::<Stake>(stored.as_bytes()).unwrap(), stake);
    }

    #[test]
    fn a_list_may_grow_at_its_end_and_lacks_no_field() {
        let stake = Stake {
            active: 5.into(),
            queued: 6.into(),
            tickets: 1,
        };
        for later in [r#"["5","6",1,"7"]"#, r#"["5","6",1,{"a":[1]},null,3]"#] {
            assert_eq!(from_json::<Stake>(later).unwrap(), stake, "{later}");
        }
        for bad in [r#"["5","6"]"#, "[]", "{}", "7", r#"["5",6,1]"#] {
            assert!(from_json::<Stake>(bad).is_err(), "{bad}");
        }
        let answered = AnsweredShortfall {
            claim: None,
            deductible: 7.into(),
        };
        let stored = to_json_string(&answered).unwrap();
        assert_eq!(stored, r#"[null,"7"]"#);
        assert_eq!(from_json::<AnsweredShortfall>(stored).unwrap(), answered);
    }
}
