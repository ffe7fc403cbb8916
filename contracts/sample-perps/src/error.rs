//! Everything that a message can be refused for.

use backstop_core::math::MathError;
use backstop_core::perps::Side;
use backstop_types::vault::CoverReason;
use backstop_types::{Assets, InputError, Open, Price, Seconds, Shares, Unauthorized};
use cosmwasm_std::{Addr, OverflowError, StdError, Timestamp};
use cw_ownable::OwnershipError;
use thiserror::Error;

/// Why a message was refused. Nothing has been changed or paid. That the breaker
/// denied is no error, since an error would take back what its poke recorded.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// The storage, a query, or JSON; storage that this code cannot take over.
    #[error("{0}")]
    Std(#[from] StdError),

    /// A value out of its bounds, or the wrong funds.
    #[error("{0}")]
    Input(#[from] InputError),

    /// Not the owner, or nothing to accept.
    #[error("{0}")]
    Ownership(#[from] OwnershipError),

    /// An amount that does not fit.
    #[error("{0}")]
    Overflow(#[from] OverflowError),

    /// An amount that does not fit.
    #[error("{0}")]
    Math(#[from] MathError),

    /// The vault's token is another.
    #[error("asset is {asset}: the vault's is {vault}")]
    AssetMismatch {
        /// What was named.
        asset: String,
        /// The vault's.
        vault: String,
    },

    /// The vault asks another breaker.
    #[error("breaker is {breaker}: the vault's is {vault}")]
    BreakerMismatch {
        /// What was named.
        breaker: String,
        /// What the vault asks.
        vault: String,
    },

    /// No open position has this number.
    #[error("position {position} is not open")]
    UnknownPosition {
        /// The number.
        position: u64,
    },

    /// The position is another's.
    #[error("{0}")]
    Unauthorized(#[from] Unauthorized),

    /// The fill is worse than the limit.
    #[error("filled at {filled}: the limit is {limit}")]
    PastLimit {
        /// The fill.
        filled: Price,
        /// The worst to accept.
        limit: Price,
    },

    /// Too little margin for the size.
    #[error("equity after opening is {equity}: must be at least {required}")]
    BelowInitialMargin {
        /// Margin less fee and slippage.
        equity: Assets,
        /// What the size asks for.
        required: Assets,
    },

    /// The position is smaller than the smallest one.
    #[error("notional is {notional}: must be at least {min}")]
    TooSmall {
        /// `size × fill`.
        notional: Assets,
        /// The parameter.
        min: Assets,
    },

    /// The side would have more open interest than it may.
    #[error("open interest of the {side} side would be {wanted}: must be at most {max}")]
    OpenInterest {
        /// Which side.
        side: Side,
        /// With the new position.
        wanted: Assets,
        /// The parameter.
        max: Assets,
    },

    /// More of the pool's cash would be set aside than may be.
    #[error("{wanted} of the pool's cash would be set aside: must be at most {max}")]
    Utilization {
        /// With the new position, both sides together.
        wanted: Assets,
        /// The parameter's part of the cash.
        max: Assets,
    },

    /// The pool has not enough free cash to set aside or to pay out.
    #[error("the pool's free cash is {free}: {wanted} is needed")]
    Liquidity {
        /// What is not set aside.
        free: Assets,
        /// What was to be.
        wanted: Assets,
    },

    /// The trader has as many positions as allowed.
    #[error("{open} positions are open: must be fewer than {max}")]
    TooManyPositions {
        /// The trader's.
        open: u32,
        /// The parameter.
        max: u32,
    },

    /// The loss is larger than the margin: only a liquidation can close it.
    #[error("position {position} is {missing} below zero: it can be liquidated, or given margin")]
    Underwater {
        /// The number.
        position: u64,
        /// The loss beyond the margin.
        missing: Assets,
    },

    /// The position meets its maintenance margin.
    #[error("position {position} has equity {equity}: at least the {required} it needs")]
    Healthy {
        /// The number.
        position: u64,
        /// At the breaker's price.
        equity: Assets,
        /// Its maintenance margin.
        required: Assets,
    },

    /// Fewer shares than asked for.
    #[error("{shares} shares: min_shares is {min}")]
    FewerShares {
        /// What it would be.
        shares: Shares,
        /// The least to accept.
        min: Shares,
    },

    /// Fewer assets than asked for.
    #[error("{assets} assets: min_assets is {min}")]
    FewerAssets {
        /// What it would be.
        assets: Assets,
        /// The least to accept.
        min: Assets,
    },

    /// More shares than the sender has.
    #[error("shares is {shares}: the sender has {owned}")]
    NotEnoughShares {
        /// What was asked.
        shares: Shares,
        /// What is there.
        owned: Shares,
    },

    /// No shortfall has this number.
    #[error("shortfall {shortfall} does not exist")]
    UnknownShortfall {
        /// The number.
        shortfall: u64,
    },

    /// No order has this number.
    #[error("order {order} does not exist")]
    UnknownOrder {
        /// The number.
        order: u64,
    },

    /// The sender has as many orders as allowed.
    #[error("{open} orders wait: must be fewer than {max}")]
    TooManyOrders {
        /// The sender's.
        open: u32,
        /// The most.
        max: u32,
    },

    /// An order is executed a block after it at the earliest.
    #[error("order {order} is of this block: execute it in the next")]
    TooEarly {
        /// The number.
        order: u64,
    },

    /// The order's time is over; it can be returned.
    #[error("order {order} ended at {at}: return it")]
    Expired {
        /// The number.
        order: u64,
        /// When.
        at: Timestamp,
    },

    /// The order still waits for its price.
    #[error("order {order} waits until {at}")]
    NotExpired {
        /// The number.
        order: u64,
        /// Until when.
        at: Timestamp,
    },

    /// The position can still win.
    #[error("position {position} is not at its ceiling of {ceiling} at {price}")]
    BelowCeiling {
        /// The number.
        position: u64,
        /// The breaker's price.
        price: Price,
        /// Where it is.
        ceiling: Price,
    },

    /// A short wins until the price is zero.
    #[error("position {position} is short, and has no ceiling")]
    NoCeiling {
        /// The number.
        position: u64,
    },

    /// More sunken positions than a leaver's payment looks at.
    #[error("too many {side} positions have sunk at {price}: liquidate them first")]
    Sunken {
        /// Their side.
        side: Side,
        /// The price.
        price: Price,
    },

    /// Liquidity that was added lately.
    #[error("the liquidity stays until {from}")]
    StaysUntil {
        /// When it can go.
        from: Timestamp,
    },

    /// The pool is worth so little for its shares that no more of them fit.
    #[error(
        "the pool of {shares} shares is worth {equity}: too little to add to; it begins anew once no position is open and nothing is missing, if its providers have left or no more than 1000 base units are in it"
    )]
    Exhausted {
        /// What it is worth.
        equity: Assets,
        /// Its shares.
        shares: Shares,
    },

    /// A settlement is announced already.
    #[error("a settlement is announced")]
    IsAnnounced,

    /// No settlement is announced, or its time has not come.
    #[error("positions are not settled now")]
    NotSettled {
        /// From when on they are, if it is announced.
        from: Option<Timestamp>,
    },

    /// There was a clean price lately.
    #[error("a settlement can be announced from {from}")]
    PricedLately {
        /// A week after it.
        from: Timestamp,
    },

    /// The market never had a clean price.
    #[error("the market has had no clean price")]
    NoPriceYet,

    /// The breaker to be followed has no clean price of the last day.
    #[error("the market's last clean price is of {clean_at}: poke the breaker first")]
    OldPrice {
        /// When it was.
        clean_at: Timestamp,
    },

    /// The vault did not answer: nothing of the sending is taken.
    #[error("the vault did not answer to shortfall {shortfall}: send it again within its hour")]
    NoAnswer {
        /// The number.
        shortfall: u64,
    },

    /// The vault asks the breaker that the exchange has.
    #[error("the vault asks breaker {breaker}, as the exchange does")]
    SameBreaker {
        /// Which.
        breaker: Addr,
    },

    /// The vault's breaker does not know the market.
    #[error("the vault's breaker has no market {market}")]
    UnknownMarket {
        /// Which.
        market: String,
    },

    /// The shortfall is too old, or traders have made it good.
    #[error("shortfall {shortfall} could be sent until {until}, and before deleveraging")]
    TooLate {
        /// The number.
        shortfall: u64,
        /// When.
        until: Timestamp,
    },

    /// The shortfall is older than the policy.
    #[error("shortfall {shortfall} is from before the policy, which began at {since}")]
    BeforePolicy {
        /// The number.
        shortfall: u64,
        /// When.
        since: Timestamp,
    },

    /// The vault has no policy of this exchange and market.
    #[error("the vault has no policy of this exchange and market")]
    NoPolicy,

    /// The prices of the shortfall are of a breaker that the vault no longer asks.
    #[error("shortfall {shortfall} has the prices of another breaker")]
    OtherBreaker {
        /// The number.
        shortfall: u64,
    },

    /// The vault has answered; it is not sent again.
    #[error("shortfall {shortfall} has been answered")]
    Answered {
        /// The number.
        shortfall: u64,
    },

    /// The vault would grant nothing now, or its breaker does not answer it.
    #[error("shortfall {shortfall} is not sent now: {reason}")]
    NotNow {
        /// The number.
        shortfall: u64,
        /// The vault's.
        reason: Open<CoverReason>,
    },

    /// What was missing is written off, or the last provider left it behind.
    #[error("shortfall {shortfall} is written off")]
    WrittenOff {
        /// The number.
        shortfall: u64,
    },

    /// It is too early to write it off.
    #[error("shortfall {shortfall} may be made good until {until}")]
    MayBeMadeGood {
        /// The number.
        shortfall: u64,
        /// When deleveraging and the wait for an answer are over.
        until: Timestamp,
    },

    /// The vault's claim waits, or has paid what is not booked.
    #[error("claim {claim} of shortfall {shortfall} is open: settle and book it first")]
    ClaimOpen {
        /// The number.
        shortfall: u64,
        /// The vault's claim.
        claim: u64,
    },

    /// Deleveraging waits for an answer, or an hour without one.
    #[error("shortfall {shortfall} has no answer: deleveraging begins {wait} s after it was sent, at {from}")]
    AwaitsAnswer {
        /// The number.
        shortfall: u64,
        /// How long.
        wait: Seconds,
        /// When.
        from: Timestamp,
    },

    /// Deleveraging is over; what is left is the pool's loss.
    #[error("deleveraging for shortfall {shortfall} ended at {until}")]
    WindowOver {
        /// The number.
        shortfall: u64,
        /// When.
        until: Timestamp,
    },

    /// The shortfall is made good.
    #[error("shortfall {shortfall} is made good")]
    MadeGood {
        /// The number.
        shortfall: u64,
    },

    /// No opposing position has a profit.
    #[error("no {side} position is in profit at {price}")]
    NothingToDeleverage {
        /// The opposing side.
        side: Side,
        /// The breaker's price.
        price: Price,
    },

    /// The vault has paid nothing since the last booking.
    #[error("nothing new was paid on shortfall {shortfall}")]
    NothingToBook {
        /// The number.
        shortfall: u64,
    },

    /// The vault's record is not of this exchange's shortfall.
    #[error("claim {claim} is not of this exchange and market")]
    ForeignClaim {
        /// The vault's claim.
        claim: u64,
    },

    /// Nothing is due to the sender.
    #[error("nothing is due")]
    NothingDue,

    /// A reply that this contract never asked for.
    #[error("reply {id} is unknown")]
    UnknownReply {
        /// Its id.
        id: u64,
    },
}

impl ContractError {
    /// Whether this is what a price, or the exchange as it stands, says to an order:
    /// then the order is given back. Anything else is a mistake of this code, and
    /// changes nothing.
    pub fn is_of_the_price(&self) -> bool {
        matches!(
            self,
            Self::PastLimit { .. }
                | Self::BelowInitialMargin { .. }
                | Self::TooSmall { .. }
                | Self::OpenInterest { .. }
                | Self::Utilization { .. }
                | Self::Liquidity { .. }
                | Self::TooManyPositions { .. }
                | Self::UnknownPosition { .. }
                | Self::Underwater { .. }
                | Self::FewerShares { .. }
                | Self::FewerAssets { .. }
                | Self::NotEnoughShares { .. }
                | Self::StaysUntil { .. }
                | Self::Exhausted { .. }
                | Self::BelowCeiling { .. }
        )
    }
}
