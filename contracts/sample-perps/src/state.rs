//! Everything that is stored. The sums that most messages need are in one
//! record; positions, shortfalls and haircuts each have their own keys, and
//! nothing is ever found by looping.

use backstop_core::perps::adl::rank;
use backstop_core::perps::book::SideBook;
use backstop_core::perps::compensation::{Haircut, Round};
use backstop_core::perps::fill::Curve;
use backstop_core::perps::lp::BuyIn;
use backstop_core::perps::margin::Exposure;
use backstop_core::perps::shortfall::{AdlWindow, MadeGood};
use backstop_core::perps::{Side, Size};
use backstop_types::breaker::OracleBreaker;
use backstop_types::vault::{BackstopVault, CoverResponse};
use backstop_types::{Assets, Bps, Denom, Price, Shares, Unauthorized};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Order, OverflowError, StdResult, Storage, Timestamp};
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
/// Liquidity providers' shares.
pub const LIQUIDITY: Map<&Addr, Shares> = Map::new("liquidity");
/// Shortfalls by number. Never dropped.
pub const SHORTFALLS: Map<u64, Shortfall> = Map::new("shortfalls");
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
#[derive(Copy, Default)]
pub struct Ledger {
    /// The liquidity pool's money: what is set aside for positions and what is
    /// free.
    pub cash: Assets,
    /// The liquidity providers' shares.
    pub shares: Shares,
    /// The insurance fund.
    pub insurance: Assets,
    /// Booked for deleveraged traders and not yet taken.
    pub compensation: Assets,
    /// Left for traders and not yet withdrawn.
    pub credits: Assets,
    /// Long positions.
    pub long: SideBook,
    /// Short positions.
    pub short: SideBook,
    /// Positions opened so far: the number of the last one.
    pub positions: u64,
    /// Shortfalls so far: the number of the last one.
    pub shortfalls: u64,
    /// Σ of what the pool misses of shortfalls: those who buy in pay for it.
    pub missing: Assets,
    /// Shortfalls up to this number are no provider's any more: the last one
    /// left after them, or was gone before. What is paid on them is the
    /// insurance fund's.
    pub forgone: u64,
}

impl Ledger {
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

    /// All that the exchange owes or keeps: cash, margins, insurance fund,
    /// compensation, credits. Its balance is never less.
    pub fn counted(&self) -> Result<Assets, OverflowError> {
        self.cash
            .checked_add(self.long.margin)?
            .checked_add(self.short.margin)?
            .checked_add(self.insurance)?
            .checked_add(self.compensation)?
            .checked_add(self.credits)
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

/// A loss that neither margin nor insurance fund has paid. Never dropped.
#[cw_serde]
pub struct Shortfall {
    /// The position that left it.
    pub position: u64,
    /// Whose it was.
    pub trader: Addr,
    /// The side of that position; the opposing one is deleveraged.
    pub side: Side,
    /// Its size.
    pub size: Size,
    /// The breaker's price at the closing.
    pub price: Price,
    /// When it was first sent.
    pub asked_at: Timestamp,
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

/// What the vault answered to a shortfall.
#[cw_serde]
pub struct Answer {
    /// When.
    pub at: Timestamp,
    /// The answer.
    pub cover: CoverResponse,
}

impl Shortfall {
    /// When deleveraging may happen, trips aside; see [`crate::window`].
    pub fn window(&self) -> AdlWindow {
        AdlWindow::of(self.asked_at, self.answer.as_ref().map(|answer| answer.at))
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

/// What those who buy in pay for.
pub fn buy_in(storage: &dyn Storage, ledger: &Ledger) -> StdResult<BuyIn> {
    let longs = ADL_QUEUE.sub_prefix(Side::Long.key());
    let first = longs.keys(storage, None, None, Order::Ascending).next();
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
    Ok(())
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
