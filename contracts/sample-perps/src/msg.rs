//! What the exchange is told and asked.

use backstop_core::perps::compensation::{Haircut, Round};
use backstop_core::perps::margin::Valuation;
use backstop_core::perps::{Side, Size};
use backstop_types::{Assets, Price, Seconds, Shares, UncheckedDenom};
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Timestamp, Uint128};
use cw_ownable::Action;
use cw20::Cw20ReceiveMsg;

use crate::params::{Params, ParamsUpdate};
use crate::state::{Ledger, Order, Part, Position, Settlement, Shortfall};

/// How long an order waits for its price, if it does not say.
pub const LIFETIME: Seconds = Seconds(600);
/// How long it may wait at most: as the slowest prices that a breaker may take.
pub const LONGEST: Seconds = Seconds::DAY;

/// Sets the exchange up for one market.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Who may change the parameters; the DAO.
    pub owner: String,
    /// The token of margins and liquidity; must be the vault's asset.
    pub asset: UncheckedDenom,
    /// The backstop vault that shortfalls are sent to.
    pub vault: String,
    /// The oracle breaker that prices and permissions come from; must be the
    /// vault's.
    pub breaker: String,
    /// The market, as the breaker and the vault's policy name it.
    pub market: String,
    /// How it is tuned; `Params::default()` is a start.
    pub params: Params,
}

/// What can be asked of the exchange. Who may ask what: `contract.rs`. A message
/// that needs the breaker's leave and does not get it succeeds all the same: it
/// emits `perps_denied` and does nothing else.
///
/// `Open`, `Close`, `CloseAtCeiling`, `AddLiquidity` and `RemoveLiquidity` leave an order,
/// and bring its fee `order_fee`. Anyone executes it for that, a block later at the
/// earliest, at the first price that most lineages published more than `order_delay`
/// after it. What that price refuses is given back as a credit. An order waits for
/// `lifetime`, from a minute more than `order_delay` to a day and 10 minutes by default,
/// and is returned with its fee after that.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Orders that the coins that come with it, less the fee, are added to the
    /// liquidity pool; at once and without a fee while no position is open. A cw20
    /// asset comes by the token's `Send` with the hook of the same name.
    AddLiquidity {
        /// The fewest shares to accept.
        min_shares: Option<Shares>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// Orders that liquidity is taken out again, as far as it is not set aside for
    /// positions; at once while no position is open. It must have stayed for
    /// `min_stay` since the provider last added some. The coins that come with it are
    /// the order's fee; with a cw20 asset it comes by the token's `Send`.
    RemoveLiquidity {
        /// How many shares.
        shares: Shares,
        /// The fewest assets to accept.
        min_assets: Option<Assets>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// Orders a position; the coins that come with it are its margin, less the fees.
    Open {
        /// Long or short.
        side: Side,
        /// How much of the base, in base units.
        size: Size,
        /// The worst fill to accept: the highest for a long, the lowest for a
        /// short.
        limit: Option<Price>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// Adds the coins that come with it to the sender's position. Needs no
    /// price and is always open.
    AddMargin {
        /// The position's number.
        position: u64,
    },
    /// Orders the sender's position to be closed, and what is left to be paid; while
    /// a jump is confirmed, at the worse for the sender of median and reference. The
    /// coins that come with it are the order's fee.
    Close {
        /// The position's number.
        position: u64,
        /// The worst fill to accept: the lowest for a long, the highest for a
        /// short.
        limit: Option<Price>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// Executes an order at the breaker's price, for the order's fee. Without a price
    /// from after it the order stays, and `perps_order_waits` is emitted.
    ExecuteOrder {
        /// Its number.
        order: u64,
    },
    /// Returns an order that found no price in its time: what was kept aside for it
    /// becomes its owner's credit.
    ReturnOrder {
        /// Its number.
        order: u64,
    },
    /// Orders that a long is closed if it can win no more, at twice its entry and
    /// without slippage; what it pays out becomes its trader's credit. The coins that
    /// come with it are the order's fee.
    CloseAtCeiling {
        /// The position's number.
        position: u64,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// Closes a position below its maintenance margin, for a fee. What its
    /// margin and the insurance fund do not pay joins the shortfall that gathers
    /// its side's closings.
    Liquidate {
        /// The position's number.
        position: u64,
    },
    /// Sends a shortfall, which gathers no more then, or again one that got no answer,
    /// for a bounty; until an hour after its first closing. Refused while the
    /// vault would grant nothing, denied while it would hold it at a price that is not
    /// clean.
    SendShortfall {
        /// Its number.
        shortfall: u64,
    },
    /// Makes good what is left of an answered shortfall, or of one that had no
    /// answer for an hour, from the profits of the opposing side, for a bounty.
    /// Denied while a jump is confirmed.
    Deleverage {
        /// Its number.
        shortfall: u64,
        /// How many positions at most, up to the parameter `adl_cap`.
        limit: Option<u32>,
    },
    /// Announces that positions are settled at the last clean price, where there has
    /// been none for a week.
    AnnounceSettlement {},
    /// Closes a position at the announced price, three days after it was announced,
    /// for the keeper's fee. A price that is back calls the settlement off instead.
    Settle {
        /// The position's number.
        position: u64,
    },
    /// Books what the vault has paid on a shortfall's claim since, for a bounty.
    BookClaim {
        /// The shortfall's number.
        shortfall: u64,
    },
    /// Writes off what the pool still misses of a shortfall, once deleveraging
    /// is over and its claim has ended and is booked.
    WriteOff {
        /// Its number.
        shortfall: u64,
    },
    /// Takes what was booked for the sender's deleveraged profits.
    ClaimCompensation {
        /// Skips the sender's haircuts up to and with this shortfall.
        start_after: Option<u64>,
        /// How many haircuts to look at: 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Takes what liquidations, deleveraging and returned orders left for the sender.
    Withdraw {},
    /// Gives the coins that come with it to the insurance fund.
    FundInsurance {},
    /// The token contract's notice of a cw20 `Send`.
    Receive(Cw20ReceiveMsg),
    /// Owner: other parameters. Open positions keep their terms.
    UpdateParams {
        /// What is to change.
        update: Box<ParamsUpdate>,
    },
    /// Owner: takes the breaker that the vault asks now, in place of the old one.
    FollowBreaker {},
    /// Ownership in two steps: transfer, then accept.
    UpdateOwnership(Action),
    /// This contract to itself, where the breaker did not answer and a settlement goes on:
    /// that a further message was possible.
    ProveDepth {},
}

/// What can be asked with a cw20 `Send` of the asset.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum HookMsg {
    /// See [`ExecuteMsg::AddLiquidity`].
    AddLiquidity {
        /// The fewest shares to accept.
        min_shares: Option<Shares>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// See [`ExecuteMsg::Open`].
    Open {
        /// Long or short.
        side: Side,
        /// How much of the base, in base units.
        size: Size,
        /// The worst fill to accept.
        limit: Option<Price>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// See [`ExecuteMsg::RemoveLiquidity`].
    RemoveLiquidity {
        /// How many shares.
        shares: Shares,
        /// The fewest assets to accept.
        min_assets: Option<Assets>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// See [`ExecuteMsg::Close`].
    Close {
        /// The position's number.
        position: u64,
        /// The worst fill to accept: the lowest for a long, the highest for a
        /// short.
        limit: Option<Price>,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// See [`ExecuteMsg::CloseAtCeiling`].
    CloseAtCeiling {
        /// The position's number.
        position: u64,
        /// How long the order waits.
        lifetime: Option<Seconds>,
    },
    /// See [`ExecuteMsg::AddMargin`].
    AddMargin {
        /// The position's number.
        position: u64,
    },
    /// See [`ExecuteMsg::FundInsurance`].
    FundInsurance {},
}

/// Migrates to the code's version; the exchange needs nothing to be told.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}

/// What can be read.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What it is and how it is tuned.
    #[returns(crate::state::Config)]
    Config {},
    /// Cash, funds, shares, open interest.
    #[returns(PoolResponse)]
    Pool {
        /// Also the liquidity providers' equity at this price.
        price: Option<Price>,
    },
    /// One provider's shares.
    #[returns(LiquidityResponse)]
    Liquidity {
        /// Who.
        provider: String,
    },
    /// Liquidity providers by address.
    #[returns(LiquiditiesResponse)]
    Liquidities {
        /// The last one of the page before.
        start_after: Option<String>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// One position.
    #[returns(PositionResponse)]
    Position {
        /// Its number.
        position: u64,
        /// Also its value at this price.
        price: Option<Price>,
    },
    /// Open positions by number.
    #[returns(PositionsResponse)]
    Positions {
        /// Only this trader's.
        owner: Option<String>,
        /// Also their values at this price.
        price: Option<Price>,
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// One order.
    #[returns(OrderResponse)]
    Order {
        /// Its number.
        order: u64,
    },
    /// Orders by number.
    #[returns(OrdersResponse)]
    Orders {
        /// Only this sender's.
        owner: Option<String>,
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The settlement that was announced, if one was.
    #[returns(Option<Settlement>)]
    Settlement {},
    /// One shortfall.
    #[returns(ShortfallResponse)]
    Shortfall {
        /// Its number.
        shortfall: u64,
    },
    /// Shortfalls by number.
    #[returns(ShortfallsResponse)]
    Shortfalls {
        /// The last one of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The positions that a shortfall gathers, by number.
    #[returns(PartsResponse)]
    Parts {
        /// The shortfall's number.
        shortfall: u64,
        /// The last position of the page before.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The positions of a side in the order in which they are deleveraged.
    #[returns(PositionsResponse)]
    AdlQueue {
        /// Long or short.
        side: Side,
        /// Also their values at this price.
        price: Option<Price>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// What one trader lost to deleveraging and can take back.
    #[returns(CompensationResponse)]
    Compensation {
        /// Who.
        trader: String,
        /// Skips the haircuts up to and with this shortfall.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// Owner, pending owner and expiry.
    #[returns(cw_ownable::Ownership<String>)]
    Ownership {},
}

/// Cash, funds, shares, open interest.
#[cw_serde]
pub struct PoolResponse {
    /// All sums.
    pub ledger: Ledger,
    /// Of the pool's cash, what is set aside for open positions.
    pub set_aside: Assets,
    /// What the pool is worth at the price that was asked for: what leavers are
    /// paid from. None where too many sunken positions wait for a liquidation.
    pub equity: Option<Assets>,
    /// What those who add liquidity at that price pay for: with what it is still
    /// owed.
    pub buy_in: Option<Assets>,
    /// All that the exchange owes or keeps.
    pub counted: Assets,
    /// Its balance of the asset.
    pub balance: Uint128,
}

/// One provider's shares.
#[cw_serde]
pub struct LiquidityResponse {
    /// Who.
    pub provider: Addr,
    /// How many.
    pub shares: Shares,
    /// From when on they can be taken out; none where there are none.
    pub stays_until: Option<Timestamp>,
}

/// A page of providers.
#[cw_serde]
pub struct LiquiditiesResponse {
    /// By address.
    pub liquidities: Vec<LiquidityResponse>,
}

/// One position.
#[cw_serde]
pub struct PositionResponse {
    /// Its number.
    pub position: u64,
    /// The record.
    pub record: Position,
    /// Its value at the price that was asked for.
    pub value: Option<Valuation>,
}

/// A page of positions.
#[cw_serde]
pub struct PositionsResponse {
    /// In the order that was asked for.
    pub positions: Vec<PositionResponse>,
}

/// One order.
#[cw_serde]
pub struct OrderResponse {
    /// Its number.
    pub order: u64,
    /// The record.
    pub record: Order,
}

/// A page of orders.
#[cw_serde]
pub struct OrdersResponse {
    /// By number.
    pub orders: Vec<OrderResponse>,
}

/// What one position adds to a shortfall.
#[cw_serde]
pub struct PartResponse {
    /// The position's number.
    pub position: u64,
    /// The record.
    pub record: Part,
}

/// A page of what a shortfall gathers.
#[cw_serde]
pub struct PartsResponse {
    /// By position.
    pub parts: Vec<PartResponse>,
}

/// One shortfall.
#[cw_serde]
pub struct ShortfallResponse {
    /// Its number.
    pub shortfall: u64,
    /// The record.
    pub record: Shortfall,
    /// The price that it is asked at.
    pub price: Price,
    /// What the pool misses of it.
    pub remaining: Assets,
    /// Whether deleveraging may happen now.
    pub deleverage: bool,
}

/// A page of shortfalls.
#[cw_serde]
pub struct ShortfallsResponse {
    /// By number.
    pub shortfalls: Vec<ShortfallResponse>,
}

/// One haircut.
#[cw_serde]
pub struct HaircutResponse {
    /// The shortfall that it made good.
    pub shortfall: u64,
    /// The round within the shortfall.
    pub round: u32,
    /// What was taken, and taken back.
    pub haircut: Haircut,
    /// All haircuts of the round, and what was booked for them.
    pub of: Round,
    /// What can be taken back now.
    pub due: Assets,
}

/// What one trader can take.
#[cw_serde]
pub struct CompensationResponse {
    /// Left over from liquidations and deleveraging; see
    /// [`ExecuteMsg::Withdraw`].
    pub credit: Assets,
    /// By shortfall and round; see [`ExecuteMsg::ClaimCompensation`].
    pub haircuts: Vec<HaircutResponse>,
}
