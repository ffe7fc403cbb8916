//! Everything that is stored. The sums that most messages need are in one
//! record; positions, shortfalls and haircuts each have their own keys, and
//! nothing is ever found by looping.

use backstop_core::math::{mul_div_floor, narrow};
use backstop_core::perps::adl::rank;
use backstop_core::perps::book::SideBook;
use backstop_core::perps::compensation::{Haircut, Round};
use backstop_core::perps::fill::Curve;
use backstop_core::perps::lp::{BuyIn, Sunk};
use backstop_core::perps::margin::{Exposure, sinking_rank};
use backstop_core::perps::shortfall::{AdlWindow, MadeGood, PriceClock};
use backstop_core::perps::{Side, Size};
use backstop_types::breaker::{Action, OracleBreaker};
use backstop_types::vault::{BackstopVault, CoverResponse};
use backstop_types::{Assets, Bps, Denom, Nanos, Price, Shares, Unauthorized};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Decimal, Empty, Order as Scan, OverflowError, StdResult, Storage, Timestamp, Uint256,
};
use cw_storage_plus::{Item, Map};

use crate::error::ContractError;
use crate::params::Params;

/// What the exchange is and how it is tuned.
pub const CONFIG: Item<Config> = Item::new("config");
/// All sums.
pub const LEDGER: Item<Ledger> = Item::new("ledger");
/// Open positions by number.
pub const POSITIONS: Map<u64, Position> = Map::new("positions");
/// The numbers of a trader's open positions.
pub const POSITIONS_BY_OWNER: Map<(&Addr, u64), Empty> = Map::new("positions_by_owner");
/// How many positions a trader has open.
pub const POSITION_COUNT: Map<&Addr, u32> = Map::new("position_count");
/// Positions by side, rank and number: the order of deleveraging.
pub const ADL_QUEUE: Map<(u8, u128, u64), Empty> = Map::new("adl_queue");
/// Positions by side, rank and number: the order in which their losses outgrow
/// their margins.
pub const SINKING: Map<(u8, u128, u64), Empty> = Map::new("sinking");
/// Orders by number, until they are executed or returned.
pub const ORDERS: Map<u64, Order> = Map::new("orders");
/// The numbers of a sender's orders.
pub const ORDERS_BY_OWNER: Map<(&Addr, u64), Empty> = Map::new("orders_by_owner");
/// How many orders a sender has.
pub const ORDER_COUNT: Map<&Addr, u32> = Map::new("order_count");
/// Liquidity providers' shares.
pub const LIQUIDITY: Map<&Addr, Provider> = Map::new("liquidity");
/// Shortfalls by number. Never dropped.
pub const SHORTFALLS: Map<u64, Shortfall> = Map::new("shortfalls");
/// The positions that a shortfall gathers, by both numbers.
pub const PARTS: Map<(u64, u64), Part> = Map::new("parts");
/// The settlement that was announced, while there is one.
pub const SETTLEMENT: Item<Settlement> = Item::new("settlement");
/// Haircuts of a shortfall in rounds.
pub const ROUNDS: Map<(u64, u32), Round> = Map::new("rounds");
/// A trader's haircuts by shortfall and round.
pub const HAIRCUTS: Map<(&Addr, u64, u32), Haircut> = Map::new("haircuts");
/// What liquidations and deleveraging left for traders. It waits here, because
/// a payment that fails must not stop a liquidation.
pub const CREDITS: Map<&Addr, Assets> = Map::new("credits");

/// What the exchange is and how it is tuned.
#[cw_serde]
pub struct Config {
    /// The token of margins and liquidity.
    pub asset: Denom,
    /// Where shortfalls go.
    pub vault: BackstopVault,
    /// Where prices and permissions come from.
    pub breaker: OracleBreaker,
    /// The market, as the breaker and the policy name it.
    pub market: String,
    /// What the owner may change.
    pub params: Params,
}

/// All sums, counted by the exchange itself; it never reads its balance.
#[cw_serde]
#[derive(Copy)]
pub struct Ledger {
    /// The liquidity pool's money: what is set aside for positions and what is
    /// free.
    pub cash: Assets,
    /// The liquidity providers' shares.
    pub shares: Shares,
    /// The insurance fund.
    pub insurance: Assets,
    /// Kept from opening fees for bounties, so that the fund's being empty does not
    /// leave them unpaid.
    pub bounties: Assets,
    /// Booked for deleveraged traders and not yet taken.
    pub compensation: Assets,
    /// Left for traders and not yet withdrawn.
    pub credits: Assets,
    /// Kept aside for orders: margins and liquidity that are to come.
    pub ordered: Assets,
    /// Long positions.
    pub long: SideBook,
    /// Short positions.
    pub short: SideBook,
    /// Positions opened so far: the number of the last one.
    pub positions: u64,
    /// Orders placed so far: the number of the last one.
    pub orders: u64,
    /// Shortfalls so far: the number of the last one.
    pub shortfalls: u64,
    /// The shortfall that gathers closings of longs, if one does.
    pub gathers_long: Option<u64>,
    /// The same of shorts.
    pub gathers_short: Option<u64>,
    /// When there was a price last, and how long there was none.
    pub clock: PriceClock,
    /// How often the pool was worth nothing and began anew: shares from before are
    /// none.
    pub epoch: u32,
    /// Σ of what the pool misses of shortfalls: those who buy in pay for it.
    pub missing: Assets,
    /// Shortfalls up to this number are no provider's any more: the last one
    /// left after them, or was gone before. What is paid on them is the
    /// insurance fund's.
    pub forgone: u64,
}

impl Ledger {
    /// Of an exchange that begins now.
    pub fn new(now: Timestamp) -> Self {
        Self {
            cash: Assets::ZERO,
            shares: Shares::ZERO,
            insurance: Assets::ZERO,
            bounties: Assets::ZERO,
            compensation: Assets::ZERO,
            credits: Assets::ZERO,
            ordered: Assets::ZERO,
            long: SideBook::default(),
            short: SideBook::default(),
            positions: 0,
            orders: 0,
            shortfalls: 0,
            gathers_long: None,
            gathers_short: None,
            clock: PriceClock::new(now),
            epoch: 0,
            missing: Assets::ZERO,
            forgone: 0,
        }
    }

    /// The shortfall that gathers closings of a side.
    pub fn gathers(&mut self, side: Side) -> &mut Option<u64> {
        match side {
            Side::Long => &mut self.gathers_long,
            Side::Short => &mut self.gathers_short,
        }
    }

    /// The size of all positions of a side.
    pub fn open(&self, side: Side) -> Size {
        match side {
            Side::Long => self.long.size,
            Side::Short => self.short.size,
        }
    }

    /// One side's sums.
    pub fn side(&mut self, side: Side) -> &mut SideBook {
        match side {
            Side::Long => &mut self.long,
            Side::Short => &mut self.short,
        }
    }

    /// Whether any position is open.
    pub fn has_positions(&self) -> bool {
        self.long.positions > 0 || self.short.positions > 0
    }

    /// What the pool misses of the shortfall of this number.
    pub fn misses(&self, id: u64, books: &MadeGood) -> Assets {
        if id <= self.forgone {
            return Assets::ZERO;
        }
        books.remaining()
    }

    /// Books what a shortfall brought the pool.
    pub fn receive(&mut self, id: u64, amount: Assets) -> Result<(), OverflowError> {
        let to = if id <= self.forgone {
            &mut self.insurance
        } else {
            &mut self.cash
        };
        *to = to.checked_add(amount)?;
        Ok(())
    }

    /// While there is no provider, nobody waits for the shortfalls so far.
    pub fn forgo(&mut self) {
        if self.shares.is_zero() {
            self.forgone = self.shortfalls;
            self.missing = Assets::ZERO;
            self.gathers_long = None;
            self.gathers_short = None;
        }
    }

    /// What the pool keeps for open positions: the most that they can win.
    pub fn set_aside(&self) -> Result<Assets, OverflowError> {
        self.long.set_aside.checked_add(self.short.set_aside)
    }

    /// The pool's cash that is not set aside.
    pub fn free(&self) -> Result<Assets, OverflowError> {
        Ok(self.cash.saturating_sub(self.set_aside()?))
    }

    /// All that the exchange owes or keeps: cash, margins, insurance fund, bounties,
    /// compensation, credits, orders. Its balance is never less.
    pub fn counted(&self) -> Result<Assets, OverflowError> {
        self.cash
            .checked_add(self.long.margin)?
            .checked_add(self.short.margin)?
            .checked_add(self.insurance)?
            .checked_add(self.bounties)?
            .checked_add(self.compensation)?
            .checked_add(self.credits)?
            .checked_add(self.ordered)
    }
}

/// What a position keeps of the parameters under which it was opened, so that
/// no change of them liquidates it or makes its closing dearer.
#[cw_serde]
#[derive(Copy)]
pub struct Terms {
    /// See [`Params::maintenance_margin`].
    pub maintenance_margin: Bps,
    /// See [`Params::keeper_fee`].
    pub keeper_fee: Bps,
    /// See [`Params::insurance_fee`].
    pub insurance_fee: Bps,
    /// See [`Params::curve`]; where that of now is cheaper, it counts.
    pub curve: Curve,
    /// What an order to close it brings at least, if no less is asked then; see
    /// [`Params::order_fee`].
    pub order_fee: Assets,
}

/// One open position.
#[cw_serde]
pub struct Position {
    /// Whose.
    pub owner: Addr,
    /// Side, size, entry, margin.
    pub exposure: Exposure,
    /// Under which terms.
    pub terms: Terms,
    /// Since when.
    pub opened_at: Timestamp,
}

impl Position {
    /// Refuses a sender whose position it is not.
    pub fn belongs_to(&self, sender: &Addr, id: u64) -> Result<(), Unauthorized> {
        let role = format_args!("the owner of position {id}");
        Unauthorized::unless(self.owner == *sender, sender, role)
    }
}

/// A wish that waits for a price from after it.
#[cw_serde]
pub struct Order {
    /// Whose.
    pub owner: Addr,
    /// What is wished.
    pub wish: Wish,
    /// It is executed at a price that was published after this: when it was placed, and
    /// [`Params::order_delay`] on top.
    pub price_after: Timestamp,
    /// In which block it was placed.
    pub height: u64,
    /// Until when it can be executed; after it, it is only returned.
    pub expires_at: Timestamp,
    /// What whoever executes it gets.
    pub fee: Assets,
}

/// What an order wishes.
#[cw_serde]
pub enum Wish {
    /// To open a position.
    Open {
        /// Long or short.
        side: Side,
        /// How much of the base.
        size: Size,
        /// The worst fill to accept.
        limit: Option<Price>,
        /// What was paid for margin and opening fee.
        paid: Assets,
    },
    /// To close one.
    Close {
        /// Its number.
        position: u64,
        /// The worst fill to accept.
        limit: Option<Price>,
    },
    /// To close anybody's long that can win no more.
    CloseAtCeiling {
        /// Its number.
        position: u64,
    },
    /// To add liquidity.
    AddLiquidity {
        /// How much.
        paid: Assets,
        /// The fewest shares to accept.
        min_shares: Option<Shares>,
    },
    /// To take liquidity out.
    RemoveLiquidity {
        /// How many shares.
        shares: Shares,
        /// The fewest assets to accept.
        min_assets: Option<Assets>,
    },
}

impl Wish {
    /// What is kept aside for it, its fee not counted.
    pub fn paid(&self) -> Assets {
        match self {
            Self::Open { paid, .. } | Self::AddLiquidity { paid, .. } => *paid,
            Self::Close { .. } | Self::CloseAtCeiling { .. } | Self::RemoveLiquidity { .. } => Assets::ZERO,
        }
    }

    /// What the breaker is asked for.
    pub fn action(&self) -> Action {
        match self {
            Self::Open { .. } | Self::AddLiquidity { .. } => Action::Open,
            Self::Close { .. } | Self::CloseAtCeiling { .. } | Self::RemoveLiquidity { .. } => Action::Reduce,
        }
    }
}

impl Order {
    /// All that is kept aside for it, its fee included.
    pub fn kept(&self) -> Result<Assets, OverflowError> {
        self.wish.paid().checked_add(self.fee)
    }
}

/// One liquidity provider.
#[cw_serde]
#[derive(Copy)]
pub struct Provider {
    /// Its shares.
    pub shares: Shares,
    /// When it last added some: all of them stay for a while from then on.
    pub added_at: Timestamp,
    /// Of which beginning of the pool they are.
    pub epoch: u32,
    /// What an order to take them out brings at least, if no less is asked then: the
    /// smallest fee of when some were added, and at most 1 % of these.
    pub order_fee: Assets,
}

/// A settlement at the last clean price, because there has been none for long.
#[cw_serde]
#[derive(Copy)]
pub struct Settlement {
    /// At which price.
    pub price: Price,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// From when on positions are settled.
    pub from: Timestamp,
}

impl Settlement {
    /// Whether it stands, as far as the last clean price tells: one from after the
    /// announcement ends it.
    pub fn stands(&self, clean_at: Timestamp) -> bool {
        clean_at <= self.announced_at
    }
}

/// Losses that neither margins nor insurance fund have paid: those of one side's
/// closings within a short time, asked for together. Never dropped.
#[cw_serde]
pub struct Shortfall {
    /// The side of its positions; the opposing one is deleveraged.
    pub side: Side,
    /// How many positions.
    pub parts: u32,
    /// Σ missing × the breaker's price at the closing, in 10⁻¹⁸.
    pub weighted: Uint256,
    /// The first closing.
    pub closed_at: Timestamp,
    /// The breaker whose prices these are.
    pub breaker: Addr,
    /// All dark time before it.
    pub dark: Nanos,
    /// How often it was sent.
    pub sent: u32,
    /// What the vault answered, if it did.
    pub answer: Option<Answer>,
    /// Who has made it good so far.
    pub books: MadeGood,
    /// Rounds of haircuts so far.
    pub rounds: u32,
    /// Rounds whose haircuts were paid back whole.
    pub filled: u32,
}

/// What one position adds to a shortfall.
#[cw_serde]
pub struct Part {
    /// Whose it was.
    pub trader: Addr,
    /// Its size.
    pub size: Size,
    /// The breaker's price at the closing.
    pub price: Price,
    /// What was missing.
    pub missing: Assets,
}

/// What the vault answered to a shortfall.
#[cw_serde]
pub struct Answer {
    /// When.
    pub at: Timestamp,
    /// The answer.
    pub cover: CoverResponse,
}

impl Shortfall {
    /// Adds a closing.
    pub fn gather(&mut self, part: &Part) -> Result<(), ContractError> {
        let weighted = part.missing.wide().checked_mul(part.price.0.atomics().into())?;
        self.parts = self.parts.saturating_add(1);
        self.weighted = self.weighted.checked_add(weighted)?;
        self.books.asked = self.books.asked.checked_add(part.missing)?;
        Ok(())
    }

    /// The price that it is asked at: the mean of its closings' by what is missing,
    /// rounded down.
    pub fn price(&self) -> Result<Price, ContractError> {
        let asked = self.books.asked.wide().max(Uint256::one());
        let mean = mul_div_floor(self.weighted, Uint256::one(), asked)?;
        Ok(Price(Decimal::new(narrow(mean)?)))
    }

    /// When deleveraging may begin.
    pub fn begins(&self) -> Timestamp {
        let answered = self.answer.as_ref().map(|answer| answer.at);
        AdlWindow::of(self.closed_at, answered, Nanos::default()).from
    }

    /// When deleveraging may happen, as of now.
    pub fn window(&self, clock: &PriceClock, now: Timestamp) -> AdlWindow {
        let answered = self.answer.as_ref().map(|answer| answer.at);
        let dark = clock.dark_until(now).saturating_sub(self.dark);
        AdlWindow::of(self.closed_at, answered, dark)
    }

    /// Refuses a shortfall of which nothing is missing, and says why.
    pub fn misses_something(&self, ledger: &Ledger, id: u64) -> Result<(), ContractError> {
        if !ledger.misses(id, &self.books).is_zero() {
            return Ok(());
        }
        if self.books.written_off.is_zero() && self.books.remaining().is_zero() {
            return Err(ContractError::MadeGood { shortfall: id });
        }
        Err(ContractError::WrittenOff { shortfall: id })
    }
}

/// The most sunken positions that a leaver's payment looks at.
const SUNKEN: usize = 10;

/// By how much the losses of sunken positions are more than their margins. An error
/// where there are more of them than are looked at: they are to be liquidated first.
pub fn sunk(storage: &dyn Storage, price: Price) -> Result<Sunk, ContractError> {
    Ok(Sunk {
        long: sunk_of(storage, Side::Long, price)?,
        short: sunk_of(storage, Side::Short, price)?,
    })
}

fn sunk_of(storage: &dyn Storage, side: Side, price: Price) -> Result<Assets, ContractError> {
    let sinking = SINKING.sub_prefix(side.key());
    let mut all = Assets::ZERO;
    for (seen, key) in sinking.keys(storage, None, None, Scan::Ascending).enumerate() {
        let (_, id) = key?;
        let missing = position(storage, id)?.exposure.equity(price)?.missing();
        if missing.is_zero() {
            break;
        }
        if seen >= SUNKEN {
            return Err(ContractError::Sunken { side, price });
        }
        all = all.checked_add(missing)?;
    }
    Ok(all)
}

/// What those who buy in pay for.
pub fn buy_in(storage: &dyn Storage, ledger: &Ledger) -> StdResult<BuyIn> {
    let longs = ADL_QUEUE.sub_prefix(Side::Long.key());
    let first = longs.keys(storage, None, None, Scan::Ascending).next();
    let lowest = match first.transpose()? {
        Some((_, id)) => Some(POSITIONS.load(storage, id)?.exposure.entry),
        None => None,
    };
    Ok(BuyIn {
        cash: ledger.cash,
        missing: ledger.missing,
        long: ledger.long,
        short: ledger.short,
        lowest,
    })
}

/// The position, or an error that names it.
pub fn position(storage: &dyn Storage, id: u64) -> Result<Position, ContractError> {
    POSITIONS
        .may_load(storage, id)?
        .ok_or(ContractError::UnknownPosition { position: id })
}

/// The shortfall, or an error that names it.
pub fn shortfall(storage: &dyn Storage, id: u64) -> Result<Shortfall, ContractError> {
    SHORTFALLS
        .may_load(storage, id)?
        .ok_or(ContractError::UnknownShortfall { shortfall: id })
}

/// Stores a new position with its indexes and adds it to its side's sums.
pub fn insert(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    position: &Position,
) -> Result<(), ContractError> {
    let Exposure { side, entry, .. } = position.exposure;
    ledger.side(side).add(&position.exposure)?;
    POSITIONS.save(storage, id, position)?;
    POSITIONS_BY_OWNER.save(storage, (&position.owner, id), &Empty {})?;
    POSITION_COUNT.update(storage, &position.owner, |count| {
        StdResult::Ok(count.unwrap_or_default().saturating_add(1))
    })?;
    ADL_QUEUE.save(storage, (side.key(), rank(side, entry), id), &Empty {})?;
    SINKING.save(storage, sinking(&position.exposure, id)?, &Empty {})?;
    Ok(())
}

fn sinking(exposure: &Exposure, id: u64) -> Result<(u8, u128, u64), ContractError> {
    let side = exposure.side;
    Ok((side.key(), sinking_rank(side, exposure.sinks_beyond()?), id))
}

/// Stores a position whose size or margin changed.
pub fn replace(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    position: &Position,
    after: Exposure,
) -> Result<(), ContractError> {
    let book = ledger.side(position.exposure.side);
    book.remove(&position.exposure)?;
    book.add(&after)?;
    SINKING.remove(storage, sinking(&position.exposure, id)?);
    SINKING.save(storage, sinking(&after, id)?, &Empty {})?;
    let changed = Position {
        exposure: after,
        ..position.clone()
    };
    Ok(POSITIONS.save(storage, id, &changed)?)
}

/// Drops a position with its indexes. Its money must find its place in the same
/// message.
pub fn remove(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    position: &Position,
) -> Result<(), ContractError> {
    let Exposure { side, entry, .. } = position.exposure;
    ledger.side(side).remove(&position.exposure)?;
    POSITIONS.remove(storage, id);
    POSITIONS_BY_OWNER.remove(storage, (&position.owner, id));
    ADL_QUEUE.remove(storage, (side.key(), rank(side, entry), id));
    SINKING.remove(storage, sinking(&position.exposure, id)?);
    match POSITION_COUNT.load(storage, &position.owner)? {
        0 | 1 => POSITION_COUNT.remove(storage, &position.owner),
        count => POSITION_COUNT.save(storage, &position.owner, &count.saturating_sub(1))?,
    }
    Ok(())
}

/// Leaves an amount for a trader to withdraw.
pub fn credit(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    trader: &Addr,
    amount: Assets,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        return Ok(());
    }
    let before = CREDITS.may_load(storage, trader)?.unwrap_or_default();
    CREDITS.save(storage, trader, &before.checked_add(amount)?)?;
    ledger.credits = ledger.credits.checked_add(amount)?;
    Ok(())
}

/// Adds an order to its owner's.
pub fn place(storage: &mut dyn Storage, ledger: &mut Ledger, order: &Order) -> Result<u64, ContractError> {
    ledger.orders = ledger.orders.saturating_add(1);
    ledger.ordered = ledger.ordered.checked_add(order.kept()?)?;
    let id = ledger.orders;
    ORDERS.save(storage, id, order)?;
    ORDERS_BY_OWNER.save(storage, (&order.owner, id), &Empty {})?;
    ORDER_COUNT.update(storage, &order.owner, |count| {
        StdResult::Ok(count.unwrap_or_default().saturating_add(1))
    })?;
    Ok(id)
}

/// Drops an order. What was kept aside for it must find its place in the same
/// message.
pub fn drop_order(
    storage: &mut dyn Storage,
    ledger: &mut Ledger,
    id: u64,
    order: &Order,
) -> Result<(), ContractError> {
    ledger.ordered = ledger.ordered.checked_sub(order.kept()?)?;
    ORDERS.remove(storage, id);
    ORDERS_BY_OWNER.remove(storage, (&order.owner, id));
    match ORDER_COUNT.load(storage, &order.owner)? {
        0 | 1 => ORDER_COUNT.remove(storage, &order.owner),
        count => ORDER_COUNT.save(storage, &order.owner, &count.saturating_sub(1))?,
    }
    Ok(())
}

/// The order, or an error that names it.
pub fn order(storage: &dyn Storage, id: u64) -> Result<Order, ContractError> {
    ORDERS
        .may_load(storage, id)?
        .ok_or(ContractError::UnknownOrder { order: id })
}

/// A provider's shares, if they are of this beginning of the pool.
pub fn provider(storage: &dyn Storage, ledger: &Ledger, who: &Addr) -> StdResult<Option<Provider>> {
    let provider = LIQUIDITY.may_load(storage, who)?;
    Ok(provider.filter(|provider| provider.epoch == ledger.epoch))
}
