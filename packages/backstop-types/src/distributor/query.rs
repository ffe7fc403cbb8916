//! What can be read from the distributor. Everything is as of now: what has
//! been released since the last message is counted.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Decimal256, Timestamp, Uint128, Uint256};

use crate::{Denom, Price, Seconds, Shares, UncheckedDenom};

/// What can be read from the distributor.
#[cw_serde]
#[derive(QueryResponses)]
#[serde(deny_unknown_fields)]
pub enum QueryMsg {
    /// The vault that it serves.
    #[returns(Config)]
    Config {},
    /// Every denom ever listed, in the order of listing.
    #[returns(DenomsResponse)]
    Denoms {
        /// The last one of the page before.
        start_after: Option<UncheckedDenom>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What a claim would pay a staker now, by denom in the order of listing.
    #[returns(PendingRewardsResponse)]
    PendingRewards {
        /// Who.
        staker: String,
        /// The last denom of the page before.
        start_after: Option<UncheckedDenom>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// A staker's shares as recorded here and as the vault has them.
    #[returns(StakerResponse)]
    Staker {
        /// Who.
        staker: String,
    },
    /// Of the stakers on record, those whose shares differ from the vault's,
    /// with the hooks that failed. `Sync` mends each.
    #[returns(DriftResponse)]
    Drift {
        /// The `next` of the page before.
        start_after: Option<String>,
        /// How many records to compare: 10 by default, at least 1, at most 30.
        limit: Option<u32>,
    },
    /// The records of stakers by address.
    #[returns(StakersResponse)]
    Stakers {
        /// The last one of the page before.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The rate changes of a denom that lie ahead, by week.
    #[returns(ScheduleResponse)]
    Schedule {
        /// Which.
        denom: UncheckedDenom,
        /// The last week of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What staking earns in a year, now and from each rate change on that lies
    /// ahead, while the shares stay what they are.
    #[returns(YieldsResponse)]
    Yields {
        /// What denoms are worth, for a yield in value: the vault's asset and
        /// any others, each once. Those without a price count for nothing.
        #[serde(default)]
        prices: Vec<DenomPrice>,
    },
    /// The history of a denom: who funded it, by number, with what became of the
    /// stream.
    #[returns(FundingsResponse)]
    Fundings {
        /// Which.
        denom: UncheckedDenom,
        /// The last number of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The clock that counts only the seconds with somebody staked.
    #[returns(ClockResponse)]
    Clock {},
    /// Owner, pending owner and expiry.
    #[returns(cw_ownable::Ownership<String>)]
    Ownership {},
}

/// What the distributor is.
#[cw_serde]
pub struct Config {
    /// The vault whose active shares are rewarded. Never changes.
    pub vault: Addr,
}

/// One denom: `funded = released + unreleased + refunded`. What was paid of it is in the
/// events of claims, and what one staker is owed in `PendingRewards`.
#[cw_serde]
pub struct DenomResponse {
    /// Which.
    pub denom: Denom,
    /// Whether it can be funded.
    pub listed: bool,
    /// The lowest rate that a funding may have, in base units a week.
    pub min_rate: Uint128,
    /// Base units released in a second of staked time, all streams together,
    /// rounded down.
    pub rate: Decimal256,
    /// What one share has earned since the listing, in 2⁻¹²⁸ base units, modulo
    /// 2²⁵⁶: only differences have a meaning.
    pub index: Uint256,
    /// Base units that were ever funded. Money that was refunded can come again,
    /// so this may be more than there can be at once.
    pub funded: Uint256,
    /// Of these, what the streams have released, rounded down.
    pub released: Uint128,
    /// Of these, what the streams have left, rounded up. What was returned after
    /// a failed hook is among it again, though it is in no funding's stream.
    pub unreleased: Uint128,
    /// Of these, what was sent back to those who funded streams that were stopped.
    pub refunded: Uint256,
}

/// A page of denoms.
#[cw_serde]
pub struct DenomsResponse {
    /// In the order of listing.
    pub denoms: Vec<DenomResponse>,
}

/// An amount of one denom.
#[cw_serde]
pub struct Reward {
    /// Which.
    pub denom: Denom,
    /// Base units, rounded down.
    pub amount: Uint128,
}

/// A page of what a claim would pay.
#[cw_serde]
pub struct PendingRewardsResponse {
    /// Whom.
    pub staker: Addr,
    /// By denom in the order of listing, zeros too.
    pub rewards: Vec<Reward>,
}

/// A staker's active shares. The two differ only after the vault could not
/// tell of an unbonding, and `Sync` makes them equal.
#[cw_serde]
pub struct StakerResponse {
    /// Who.
    pub staker: Addr,
    /// As recorded here.
    pub recorded: Shares,
    /// As the vault has them.
    pub active: Shares,
}

/// A staker whose record differs from the vault.
#[cw_serde]
pub struct Drift {
    /// Who.
    pub staker: Addr,
    /// As recorded here.
    pub recorded: Shares,
    /// As the vault has them.
    pub active: Shares,
    /// How often the vault could not tell of an unbonding of this staker's.
    pub hook_failures: u64,
}

/// A page of comparisons.
#[cw_serde]
pub struct DriftResponse {
    /// Those that differ, by address.
    pub drifts: Vec<Drift>,
    /// The last staker that was compared, if there may be more.
    pub next: Option<Addr>,
}

/// A staker's active shares as recorded.
#[cw_serde]
pub struct StakerRecord {
    /// Who.
    pub staker: Addr,
    /// As recorded here.
    pub recorded: Shares,
}

/// A page of stakers.
#[cw_serde]
pub struct StakersResponse {
    /// By address; those with neither shares nor rewards are left out.
    pub stakers: Vec<StakerRecord>,
}

/// A moment at which streams of a denom begin or end.
#[cw_serde]
pub struct RateChangeResponse {
    /// The number of the week on the grid.
    pub week: u64,
    /// The same in seconds of staked time.
    pub staked: Seconds,
    /// When that is if somebody stays staked from now on, and no sooner.
    pub earliest: Timestamp,
    /// Base units a second of staked time from then on, rounded down.
    pub rate: Decimal256,
}

/// A page of rate changes.
#[cw_serde]
pub struct ScheduleResponse {
    /// By week.
    pub changes: Vec<RateChangeResponse>,
}

/// What a denom is worth, by the caller's word.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct DenomPrice {
    /// Which.
    pub denom: UncheckedDenom,
    /// The price of one whole unit, in any one money; not zero.
    pub price: Price,
    /// One whole unit is 10 to the power of this many base units, at most 24.
    pub decimals: u8,
}

/// A yield from a point of the grid on.
#[cw_serde]
pub struct YieldChange {
    /// The number of the week on the grid.
    pub week: u64,
    /// When that is if somebody stays staked from now on, and no sooner.
    pub earliest: Timestamp,
    /// The yield from then on.
    pub to: Decimal256,
}

/// A yield now, and what is scheduled. At most 53 changes lie ahead.
#[cw_serde]
pub struct Projection {
    /// At the current rates.
    pub now: Decimal256,
    /// By week.
    pub changes: Vec<YieldChange>,
}

/// What one share earns of one denom.
#[cw_serde]
pub struct DenomYield {
    /// Which.
    pub denom: Denom,
    /// Base units a share and year of 365 days, rounded down. Where the denom
    /// is the vault's asset and a share is worth one base unit, `0.05` is 5 %.
    pub apr: Projection,
}

/// What staking earns.
#[cw_serde]
pub struct YieldsResponse {
    /// The shares on record, which share it.
    pub shares: Shares,
    /// By denom in the order of listing; empty while nobody is staked.
    pub denoms: Vec<DenomYield>,
    /// All priced denoms together, as a fraction of what the shares are worth:
    /// `0.05` is 5 % a year, not compounded. None without a price of the
    /// vault's asset, or while the shares are worth nothing.
    pub value: Option<Projection>,
}

/// One funding and the stream that it began:
/// `amount = released + unreleased + refunded`.
#[cw_serde]
pub struct FundingResponse {
    /// Its number within the denom.
    pub number: u64,
    /// Who funded it.
    pub funder: Addr,
    /// Base units.
    pub amount: Uint128,
    /// When.
    pub funded_at: Timestamp,
    /// The beginning of the stream in seconds of staked time.
    pub from: Seconds,
    /// The end of the stream in seconds of staked time, on the grid; as it was
    /// funded, also of a stopped one.
    pub until: Seconds,
    /// Base units that it has released, rounded down.
    pub released: Uint128,
    /// Base units that it has left, rounded up.
    pub unreleased: Uint128,
    /// Base units that were sent back to the funder.
    pub refunded: Uint128,
    /// When it was stopped, if it was.
    pub stopped_at: Option<Timestamp>,
}

/// A page of fundings.
#[cw_serde]
pub struct FundingsResponse {
    /// By number.
    pub fundings: Vec<FundingResponse>,
}

/// The clock of the streams.
#[cw_serde]
pub struct ClockResponse {
    /// Seconds with somebody staked so far.
    pub staked: Seconds,
    /// Active shares of all records: the clock runs while there are any.
    pub shares: Shares,
    /// The number of the current week on the grid of staked time.
    pub week: u64,
}
