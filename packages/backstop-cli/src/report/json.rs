//! `report.json`: a report as other programs read it. Amounts are decimal
//! strings in base units of the asset, times are RFC 3339 in UTC.

mod of;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::compare::Difference;
use super::expectations::Expectation;
use super::parameters::Parameter;

/// The whole report.
#[derive(Debug, Clone, Serialize)]
pub struct Json {
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// What sets this run apart: `with the breaker`, `without a breaker`, or
    /// whose parameters it had.
    pub setting: String,
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
    /// Why nothing was tested, or nothing that can be relied on, in words; empty where
    /// all is well.
    pub untested: Vec<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// That one run is one draw of the people.
    pub one_draw: String,
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
    /// The liquidity providers, all together.
    pub liquidity_providers: Providers,
    /// What liquidations cost, by cause.
    pub liquidation_cost: LiquidationCost,
    /// What stakers earn, and what cover would have to cost.
    pub yields: Yields,
    /// What leaving early, staying and coming late did.
    pub reference_stakers: Vec<ReferenceStaker>,
    /// What the contracts ran under.
    pub parameters: Vec<Parameter>,
    /// What must always hold.
    pub invariants: Invariants,
    /// What the scenario expected.
    pub expectations: Vec<Expectation>,
    /// Messages sent.
    pub steps: u64,
    /// The hash of the canonical trace.
    pub trace_sha256: String,
    /// The version of the program.
    pub version: String,
    /// The command that makes this report again.
    pub command: String,
    /// The same without a breaker, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off: Option<Box<Json>>,
    /// The same under other parameters, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Box<Json>>,
    /// This run beside each of those, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
}

/// From when to when.
#[derive(Debug, Clone, Serialize)]
pub struct Time {
    /// The first block's time.
    pub start: String,
    /// The last block's time.
    pub end: String,
    /// Seconds between blocks.
    pub block: u64,
}

/// Who bore what was missing:
/// `missing = insurance + pool + winners + providers + open`.
#[derive(Debug, Clone, Serialize)]
pub struct Bearers {
    /// What positions were below zero: those that were closed, at the exchange's
    /// price, and those that are open at the end, at the market's.
    pub missing: String,
    /// The insurance fund's.
    pub insurance: String,
    /// The pool's, net of what came back.
    pub pool: String,
    /// The winners', by deleveraging, net of what came back.
    pub winners: String,
    /// The liquidity providers'.
    pub providers: String,
    /// What nobody has borne for good yet: the sum of what follows.
    pub open: String,
    /// Set aside by the pool for claims that wait.
    pub open_waiting: String,
    /// Left of shortfalls that deleveraging may still make good.
    pub open_deleveraging: String,
    /// In positions that nobody has closed.
    pub open_unclosed: String,
}

/// A limit.
#[derive(Debug, Clone, Serialize)]
pub struct Limit {
    /// `policy`, `pool`, `instant`, `deductible` or `minimum`.
    pub limit: &'static str,
    /// How large it is; the pool's by its assets once everybody has come.
    pub size: String,
    /// How many shortfalls it bound.
    pub bound: u64,
    /// What it kept back of them: what was not granted, was not paid at once, or was
    /// the exchange's own.
    pub kept_back: String,
}

/// All shortfalls: `asked = deductible + paid + pending + uncovered`.
#[derive(Debug, Clone, Serialize)]
pub struct Shortfalls {
    /// How many the vault answered.
    pub count: u64,
    /// What was missing.
    pub asked: String,
    /// Borne by the exchange under its policy.
    pub deductible: String,
    /// Paid in the answer.
    pub paid: String,
    /// Granted in the answer, to be paid or returned later; how that went is in
    /// `vault.losses`.
    pub pending: String,
    /// Not covered.
    pub uncovered: String,
    /// Shortfalls that have no answer at the end.
    pub unanswered: u64,
    /// Answers by reason: how many, and what of them was not paid at once.
    pub reasons: BTreeMap<String, Reason>,
    /// Each answer, in order.
    pub answers: Vec<Answer>,
}

/// Answers with one reason.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// How many.
    pub count: u64,
    /// Pending and uncovered of them.
    pub not_paid: String,
}

/// One answer to a shortfall.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// When.
    pub time: String,
    /// The price at the closing.
    pub price: String,
    /// The four parts sum to it.
    pub asked: String,
    /// Borne by the exchange.
    pub deductible: String,
    /// Paid at once.
    pub paid: String,
    /// Granted and waiting.
    pub pending: String,
    /// Not covered.
    pub uncovered: String,
    /// The number of the claim and of the loss, if anything was granted.
    pub claim: Option<u64>,
    /// Why not all was paid at once.
    pub reason: Option<String>,
}

/// Auto-deleveraging.
#[derive(Debug, Clone, Serialize)]
pub struct Adl {
    /// Positions closed, whole or in part.
    pub events: u64,
    /// What was closed, at the price.
    pub notional: String,
    /// The profit that was taken.
    pub taken: String,
    /// What the vault's later payments gave back of it.
    pub compensated: String,
}

/// The pool.
#[derive(Debug, Clone, Serialize)]
pub struct Vault {
    /// Assets when the first block began.
    pub assets_start: String,
    /// Assets after the last block.
    pub assets_end: String,
    /// Assets per share when the first block began.
    pub price_start: String,
    /// Assets per share after the last block.
    pub price_end: String,
    /// What left the assets for claims.
    pub granted: String,
    /// Of that, what policyholders were paid, at once or later.
    pub paid: String,
    /// Of that, what still waits.
    pub waiting: String,
    /// Of that, what came back to those who bore it.
    pub recovered: String,
    /// Of what came back, what stakers have taken.
    pub taken_back: String,
    /// Each loss, in order.
    pub losses: Vec<Loss>,
}

/// One loss.
#[derive(Debug, Clone, Serialize)]
pub struct Loss {
    /// Its number.
    pub loss: u64,
    /// When it was booked.
    pub time: String,
    /// What left the assets.
    pub granted: String,
    /// Of that, what was paid.
    pub paid: String,
    /// Of that, what still waits.
    pub waiting: String,
    /// Of that, what came back.
    pub recovered: String,
    /// Of the assets before it, in millionths.
    pub of_assets_ppm: u64,
    /// Why, in words.
    pub why: String,
}

/// The breaker.
#[derive(Debug, Clone, Serialize)]
pub struct Breaker {
    /// Whether there was one.
    pub enabled: bool,
    /// Times that the market tripped.
    pub trips: u64,
    /// Seconds of blocks in which nobody could be liquidated: it was denied, or there
    /// was no price.
    pub denied_seconds: u64,
    /// Each change of state.
    pub transitions: Vec<Transition>,
}

/// One change of state.
#[derive(Debug, Clone, Serialize)]
pub struct Transition {
    /// When.
    pub time: String,
    /// The state before.
    pub from: String,
    /// The state after.
    pub to: String,
    /// The faults that the reading had.
    pub reasons: Vec<String>,
    /// What each source said, and each fault's measure and bound.
    pub evidence: String,
}

/// The exchange.
#[derive(Debug, Clone, Serialize)]
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
    pub underwater_at_market: String,
    /// The most that this was after any block.
    pub worst_hole: Option<Hole>,
    /// Margins put up, all together.
    pub margins: String,
    /// What the insurance fund paid before the pool was asked.
    pub from_insurance: String,
}

/// What open positions were below zero at one moment.
#[derive(Debug, Clone, Serialize)]
pub struct Hole {
    /// When.
    pub time: String,
    /// How much.
    pub amount: String,
    /// The market's price then.
    pub price: String,
}

/// The liquidity providers.
#[derive(Debug, Clone, Serialize)]
pub struct Providers {
    /// What they put in.
    pub put_in: String,
    /// What they took out.
    pub took_out: String,
    /// What their pool is worth at the end, at the market's price.
    pub worth: String,
    /// What they have won, or lost where it is negative.
    pub result: String,
}

/// What liquidations cost: `missing = price + trips + keepers − rebound`, and
/// `missing = insured` + what
/// was asked of the pool. Slippage and fees came out of
/// margins and were never missing.
#[derive(Debug, Clone, Serialize)]
pub struct LiquidationCost {
    /// Positions liquidated.
    pub liquidations: u64,
    /// Of these, those that were below zero at their closing; the insurance fund
    /// made good some of them.
    pub below_zero: u64,
    /// What they were below zero at their closings, before the insurance fund.
    pub missing: String,
    /// Of that, what they were below zero when they became liquidatable.
    pub price: String,
    /// Of that, what was added while the breaker allowed no liquidation, or had no
    /// price.
    pub trips: String,
    /// Of that, what was added while keepers were late or crowded out.
    pub keepers: String,
    /// What a price that recovered gave back while positions waited.
    pub rebound: String,
    /// Of what was missing, what the insurance fund paid; the rest was asked of
    /// the pool.
    pub insured: String,
    /// Keepers' tries that did not get into their block.
    pub congested: u64,
    /// The most blocks from a position being liquidatable to its closing.
    pub longest_wait: u64,
    /// What the exchange charged for the size.
    pub slippage: String,
    /// The keepers' and the insurance fund's fees.
    pub fees: String,
    /// What selling what was closed on the venues would have cost the liquidity
    /// providers.
    pub unwinding: String,
}

/// A staker with a rule and the same deposit as the two others.
#[derive(Debug, Clone, Serialize)]
pub struct ReferenceStaker {
    /// `early leaver`, `stayer` or `late depositor`.
    pub who: String,
    /// What it put in; zero if it never came, or could not.
    pub put_in: String,
    /// When.
    pub came: Option<String>,
    /// When it began to unbond, if before the end of the replay.
    pub left: Option<String>,
    /// What its shares were paid in the end.
    pub withdrew: String,
    /// What came back to it on losses.
    pub took_back: String,
    /// What premium and emissions brought it.
    pub earned: String,
}

/// What stakers earn, and what cover would have to cost. Parts are decimals of a whole.
#[derive(Debug, Clone, Serialize)]
pub struct Yields {
    /// The premium of a year, of the policy's limit.
    pub premium_rate: String,
    /// Whether the scenario states it; otherwise the vault's curve does.
    pub premium_stated: bool,
    /// The stakers' premium of a year.
    pub premium: String,
    /// Their emissions of a year.
    pub emissions: String,
    /// How many crashes like this a year's premium is to meet.
    pub crashes_a_year: String,
    /// What the pool gave in this run and did not get back, paid or waiting.
    pub lost: String,
    /// What the stayer earned in this run, of its deposit.
    pub gross_return: Value,
    /// The same less what it lost.
    pub net_return: Value,
    /// Premium and emissions of a year, of the pool's assets.
    pub quiet_year: Value,
    /// What the stayer lost of its deposit, less what came back to it.
    pub stayer_loss: Value,
    /// A quiet year less that, as often a year as crashes come.
    pub year_with_crashes: Value,
    /// The premium of a year that meets what was lost here.
    pub break_even_premium: Option<String>,
    /// The same of the limit. Rates of different limits cannot be compared.
    pub break_even_rate: Option<Value>,
}

/// Two runs side by side, the proposed one first.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// The first's setting.
    pub first: String,
    /// The second's.
    pub second: String,
    /// What was changed between them.
    pub changed: Vec<Changed>,
    /// Each figure.
    pub figures: Vec<Difference>,
}

/// A parameter that the two do not share.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it counts.
    pub unit: String,
    /// The first's.
    pub first: String,
    /// The second's.
    pub second: String,
}

/// What must always hold.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Invariants {
    /// How often everything was looked at.
    pub checks: u64,
    /// How often something did not hold.
    pub failures: u64,
    /// The first of these, in words.
    pub found: Vec<String>,
}
