//! What the sample perpetuals exchange emits.

use cosmwasm_std::{Addr, Uint128};

use crate::breaker::{Action, Faults, MarketState};
use crate::vault::CoverReason;
use crate::{Assets, Open, Price, Shares, Side};

crate::events! {
    /// Liquidity came in.
    LiquidityAdded => "perps_add_liquidity" {
        provider: Addr, assets: Assets, shares: Shares,
        /// Cash and shares of the whole pool afterwards.
        cash: Assets, total_shares: Shares,
    }
    /// Liquidity went out.
    LiquidityRemoved => "perps_remove_liquidity" {
        provider: Addr, assets: Assets, shares: Shares, cash: Assets, total_shares: Shares,
    }
    /// A position was opened.
    Opened => "perps_open" {
        trader: Addr, position: u64,
        side: Side,
        /// Base units of the market's base.
        size: Uint128,
        /// The breaker's price, and the fill.
        price: Price, entry: Price,
        margin: Assets, fee: Assets,
    }
    /// A position's margin grew.
    MarginAdded => "perps_add_margin" {
        trader: Addr, position: u64, amount: Assets,
        /// Afterwards.
        margin: Assets,
    }
    /// A trader closed a position.
    Closed => "perps_close" {
        trader: Addr, position: u64, price: Price, fill: Price,
        /// Margin and profit, less loss and slippage.
        paid: Assets,
    }
    /// A keeper closed a position.
    Liquidated => "perps_liquidate" {
        keeper: Addr, trader: Addr, position: u64, price: Price,
        keeper_fee: Assets, to_trader: Assets, to_insurance: Assets, from_insurance: Assets,
        to_pool: Assets, from_pool: Assets,
        /// What nobody has paid, and the number of the shortfall that it joined, if
        /// not zero.
        missing: Assets, shortfall: Option<u64>,
    }
    /// A position was closed at the announced price.
    Settled => "perps_settle" {
        keeper: Addr, trader: Addr, position: u64, price: Price,
        keeper_fee: Assets, to_trader: Assets, missing: Assets, shortfall: Option<u64>,
    }
    /// The breaker denied an action, or did not answer; the message succeeded
    /// and did nothing else.
    ActionDenied => "perps_denied" {
        /// What the breaker was asked for.
        action: Action,
        /// Who sent the message.
        sender: Addr,
        /// The market's state; none without an answer.
        state: Option<Open<MarketState>>,
        /// The breaker's reasons.
        reasons: Faults,
    }
    /// A wish was left for a price from after it.
    OrderPlaced => "perps_order" {
        order: u64, owner: Addr,
        /// What the breaker will be asked for.
        action: Action,
        /// What is kept aside for it, with the fee.
        kept: Assets,
        /// It is executed at a price that was published later than this, in whole seconds
        /// since the epoch.
        price_after: u64,
        /// In whole seconds since the epoch.
        expires_at: u64,
    }
    /// An order has no price from after it yet, or waits for liquidations.
    OrderWaits => "perps_order_waits" {
        order: u64,
        /// When most lineages had published, in seconds since the epoch.
        published: Option<u64>,
    }
    /// The price, or the exchange as it stood, refused an order.
    OrderRefused => "perps_order_refused" {
        order: u64, owner: Addr,
        /// Left for the owner to withdraw.
        returned: Assets,
        /// For people; it may be worded anew.
        reason: String,
    }
    /// An order found no price in its time.
    OrderReturned => "perps_order_returned" { order: u64, owner: Addr, returned: Assets }
    /// Positions will be settled at this price.
    SettlementAnnounced => "perps_announce_settlement" { by: Addr, price: Price, from: u64 }
    /// There is a price again.
    SettlementCalledOff => "perps_call_off_settlement" { by: Addr }
    /// The owner took the breaker that the vault asks now.
    BreakerFollowed => "perps_follow_breaker" { by: Addr, breaker: Addr }
    /// A shortfall was sent to the vault by somebody.
    ShortfallSent => "perps_send_shortfall" {
        shortfall: u64, sender: Addr, amount: Assets,
        /// How many positions it gathers, and the mean of their prices.
        parts: u32, price: Price,
    }
    /// The vault answered a shortfall.
    ShortfallAnswered => "perps_answer" {
        shortfall: u64, claim: Option<u64>,
        paid: Assets, pending: Assets, deductible: Assets, uncovered: Assets,
        reason: Option<Open<CoverReason>>,
    }
    /// The vault failed, or its answer could not be read; the shortfall stays
    /// open.
    ShortfallUnanswered => "perps_no_answer" {
        shortfall: u64,
        /// Whether the vault answered what could not be read.
        unreadable: bool,
    }
    /// A position was closed, whole or in part, and lost its profit.
    Deleveraged => "perps_deleverage" {
        shortfall: u64, trader: Addr, position: u64, price: Price,
        /// What was closed, in base units of the base and at the price.
        size: Uint128, notional: Assets,
        taken: Assets,
        /// Left for the trader to withdraw.
        released: Assets,
    }
    /// What nobody can make good any more was written off.
    ShortfallWrittenOff => "perps_write_off" { shortfall: u64, sender: Addr, amount: Assets }
    /// What the vault paid later was booked.
    ClaimBooked => "perps_book_claim" {
        shortfall: u64, amount: Assets, to_deleveraged: Assets, to_pool: Assets,
    }
    /// A deleveraged trader took what was booked.
    CompensationClaimed => "perps_claim_compensation" { trader: Addr, amount: Assets }
    /// A trader took what liquidations and deleveraging left.
    CreditWithdrawn => "perps_withdraw" { trader: Addr, amount: Assets }
    /// The insurance fund was given something.
    InsuranceFunded => "perps_fund_insurance" {
        sender: Addr, amount: Assets,
        /// Afterwards.
        insurance: Assets,
    }
    /// The owner changed the parameters.
    ParamsChanged => "perps_params" { by: Addr }
}
