//! What a replay found, as numbers, moments and states: whoever shows it makes
//! text of them.

mod bearers;
mod build;
mod figures;
mod limits;
mod pool_snapshot;
mod prices;
mod setting;
mod timeline;
mod tuned;
mod untested;
mod yields;

use std::collections::BTreeMap;

use backstop_types::vault::{ClaimStatus, CoverReason};
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{Decimal, Timestamp};

pub use crate::chain::{Adl, Answered, Evidence, Hole, LiquidationCost, Said, Transition};
pub use crate::people::{Rule, Stay};
pub use bearers::{Bearers, Undecided};
pub use figures::Figures;
pub use limits::{Limit, LimitKind};
pub use pool_snapshot::PoolSnapshot;
pub use prices::{PriceOrigin, PriceSource, Prices};
pub use setting::Setting;
pub use timeline::{Column, Span, Timeline, severity};
pub use tuned::Tuned;
pub use untested::Untested;
pub use yields::{Billionths, Yields};

/// The whole of it. Amounts are base units of the asset.
#[derive(Debug, Clone)]
pub struct Record {
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// What sets this run apart from another of the same scenario.
    pub setting: Setting,
    /// What the random draws started from.
    pub seed: u64,
    /// Blocks replayed.
    pub blocks: u64,
    /// The market's name.
    pub market: String,
    /// The settlement asset.
    pub asset: String,
    /// Its decimals: base units in one whole are ten to this power.
    pub decimals: u32,
    /// From when to when.
    pub time: Time,
    /// Why nothing was tested, or nothing that can be relied on; empty where all is well.
    pub untested: Vec<Untested>,
    /// Who bore what was missing in the end.
    pub bearers: Bearers,
    /// The limits of policy and pool, and which of them bound.
    pub limits: Vec<Limit>,
    /// All shortfalls together, and each.
    pub shortfalls: Shortfalls,
    /// Auto-deleveraging.
    pub adl: Adl,
    /// The pool.
    pub vault: Vault,
    /// The breaker.
    pub breaker: Breaker,
    /// The exchange.
    pub exchange: Exchange,
    /// The liquidity providers.
    pub providers: Providers,
    /// What liquidations cost, by cause.
    pub liquidation_cost: LiquidationCost,
    /// What stakers earn, and what cover would have to cost.
    pub yields: Yields,
    /// What leaving early, staying and coming late did.
    pub reference_stakers: Vec<Stay>,
    /// Where the prices come from.
    pub prices: Prices,
    /// What the contracts ran under.
    pub tuned: Tuned,
    /// What must always hold.
    pub invariants: Invariants,
    /// Messages sent.
    pub steps: u64,
    /// The hash of the canonical trace.
    pub trace_sha256: String,
}

/// From when to when.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    /// The scenario's start.
    pub start: Timestamp,
    /// The last block's time.
    pub end: Timestamp,
    /// Between blocks.
    pub block: Seconds,
}

/// All shortfalls: `asked = deductible + paid + pending + uncovered`.
#[derive(Debug, Clone)]
pub struct Shortfalls {
    /// What was missing.
    pub asked: Assets,
    /// Borne by the exchange under its policy.
    pub deductible: Assets,
    /// Paid in the answer.
    pub paid: Assets,
    /// Granted in the answer, to be paid or returned later; how that went is in
    /// the vault's losses.
    pub pending: Assets,
    /// Not covered.
    pub uncovered: Assets,
    /// Shortfalls that have no answer at the end.
    pub unanswered: u64,
    /// Answers by reason.
    pub reasons: BTreeMap<CoverReason, Reason>,
    /// Each answer, in order.
    pub answers: Vec<Answered>,
}

/// Answers with one reason.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reason {
    /// How many.
    pub count: u64,
    /// Pending and uncovered of them.
    pub not_paid: Assets,
}

/// The pool.
#[derive(Debug, Clone)]
pub struct Vault {
    /// Assets when the first block began.
    pub assets_start: Assets,
    /// Assets after the last block.
    pub assets_end: Assets,
    /// Assets per share when the first block began, rounded down.
    pub price_start: Decimal,
    /// Assets per share after the last block, rounded down.
    pub price_end: Decimal,
    /// What left the assets for claims.
    pub granted: Assets,
    /// Of that, what policyholders were paid, at once or later.
    pub paid: Assets,
    /// Of that, what still waits.
    pub waiting: Assets,
    /// Of that, what came back to those who bore it.
    pub recovered: Assets,
    /// Of what came back, what stakers have taken.
    pub taken_back: Assets,
    /// Each loss, in order.
    pub losses: Vec<Loss>,
}

/// One loss, and the claim of the same number.
#[derive(Debug, Clone)]
pub struct Loss {
    /// Its number.
    pub loss: u64,
    /// When it was booked.
    pub time: Timestamp,
    /// What left the assets.
    pub granted: Assets,
    /// Of that, what was paid.
    pub paid: Assets,
    /// Of that, what still waits.
    pub waiting: Assets,
    /// Of that, what came back.
    pub recovered: Assets,
    /// Of the assets before it, in millionths.
    pub of_assets_ppm: u64,
    /// The price at the closing, where the exchange gave one.
    pub price: Option<Price>,
    /// Why not all was paid at once.
    pub reason: Option<CoverReason>,
    /// Of the granted, what was paid in the answer.
    pub at_once: Assets,
    /// Why the rest of the granted waited, where some did.
    pub waits: Option<CoverReason>,
    /// How the claim stands.
    pub status: ClaimStatus,
}

/// The breaker.
#[derive(Debug, Clone)]
pub struct Breaker {
    /// Whether there was one.
    pub enabled: bool,
    /// Times that the market tripped.
    pub trips: u64,
    /// Seconds of blocks in which nobody could be liquidated: it was denied, or there
    /// was no price.
    pub denied: Seconds,
    /// Each change of state.
    pub transitions: Vec<Transition>,
}

/// The exchange.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Positions opened.
    pub opened: u64,
    /// Positions closed by their traders.
    pub closed: u64,
    /// Positions liquidated.
    pub liquidated: u64,
    /// Of these, those that left a shortfall.
    pub underwater: u64,
    /// Positions open at the end.
    pub open: u64,
    /// What positions open at the end were below zero, valued at the median of
    /// what all sources but the first had published last: a loss that the
    /// exchange had not seen, or could not close.
    pub underwater_at_market: Assets,
    /// The most that this was after any block; none if it never was anything.
    pub worst_hole: Option<Hole>,
    /// Margins put up, all together.
    pub margins: Assets,
    /// What the insurance fund paid before the pool was asked.
    pub from_insurance: Assets,
}

/// The liquidity providers, all together.
#[derive(Debug, Clone, Copy)]
pub struct Providers {
    /// What they put in.
    pub put_in: Assets,
    /// What they took out.
    pub took_out: Assets,
    /// What their pool is worth at the end, at the market's price, without what
    /// deleveraging or the vault may still bring.
    pub worth: Assets,
}

/// What must always hold.
#[derive(Debug, Clone, Default)]
pub struct Invariants {
    /// How often everything was looked at.
    pub checks: u64,
    /// How often something did not hold.
    pub failures: u64,
    /// The first of these, in words.
    pub found: Vec<String>,
}

impl Shortfalls {
    /// How many the vault answered.
    pub fn count(&self) -> u64 {
        self.answers.len() as u64
    }

    /// The answers to the largest, at most so many, in order of time.
    pub fn largest(&self, count: usize) -> Vec<&Answered> {
        let mut largest: Vec<_> = self.answers.iter().collect();
        largest.sort_by_key(|answer| std::cmp::Reverse(answer.asked));
        largest.truncate(count);
        largest.sort_by_key(|answer| answer.time);
        largest
    }
}

impl Providers {
    /// What they have won or lost, in the traders' trades, fees and slippage, and by what
    /// they bore of what was missing.
    pub fn result(&self) -> i128 {
        let ended = Assets(self.worth.0.saturating_add(self.took_out.0));
        signed(ended).saturating_sub(signed(self.put_in))
    }
}

/// An amount of which another can be taken off. None is as large as that holds.
pub fn signed(amount: Assets) -> i128 {
    i128::try_from(amount.u128()).unwrap_or(i128::MAX)
}

impl Stay {
    /// What it had of its deposit in the end, without what it earned.
    pub fn ended(&self) -> Assets {
        Assets(self.withdrew.0 + self.took_back.0)
    }
}
