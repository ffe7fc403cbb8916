//! What must be true after every message, checked over the raw storage. For tests
//! and the simulator: it loops over everything, which the contract never does.

use std::collections::BTreeMap;

use backstop_core::perps::book::SideBook;
use backstop_core::perps::margin::{Exposure, sinking_rank};
use backstop_core::perps::{Side, adl};
use backstop_types::Assets;
use cosmwasm_std::{Order, StdError, StdResult, Storage, Uint128};

use crate::error::ContractError;
use crate::state::{
    ADL_QUEUE, CREDITS, HAIRCUTS, LEDGER, LIQUIDITY, Ledger, ORDER_COUNT, ORDERS, ORDERS_BY_OWNER, PARTS,
    POSITION_COUNT, POSITIONS, POSITIONS_BY_OWNER, Position, ROUNDS, SHORTFALLS, SINKING,
};

/// The rules that are broken; empty when all is well. `balance` is what the
/// contract has of its asset.
///
/// 1. balance ≥ cash + Σ margins + insurance fund + compensation + credits + orders
/// 2. cash ≥ Σ of what is set aside for open positions
/// 3. each side's sums are those of its positions; the indexes match
/// 4. Σ liquidity shares, Σ credits, Σ of what is kept aside for orders are the
///    ledger's
/// 5. for each shortfall: to_pool + deleveraged + written_off ≤ asked; its parts sum
///    to asked, its rounds to deleveraged and their payments to what was booked for
///    them
/// 6. what the ledger misses is the sum of what remains of the shortfalls that
///    providers wait for
/// 7. compensation ≥ Σ that deleveraged traders can take, and exceeds it by
///    less than one unit a haircut
pub fn violations(storage: &dyn Storage, balance: Uint128) -> StdResult<Vec<String>> {
    let positions = POSITIONS.range(storage, None, None, Order::Ascending);
    let listed = positions.map(|row| {
        let (id, position) = row?;
        Ok((id, Listed::of(id, &position)?))
    });
    violations_of(storage, balance, &listed.collect::<StdResult<_>>()?)
}

/// A position, and where the indexes must name it.
pub struct Listed {
    exposure: Exposure,
    keys: [Vec<u8>; 3],
}

impl Listed {
    /// Of the position of this number.
    pub fn of(id: u64, position: &Position) -> StdResult<Self> {
        let exposure = position.exposure;
        let side = exposure.side;
        let sinks = exposure.sinks_beyond().map_err(std)?;
        let keys = [
            ADL_QUEUE
                .key((side.key(), adl::rank(side, exposure.entry), id))
                .to_vec(),
            SINKING.key((side.key(), sinking_rank(side, sinks), id)).to_vec(),
            POSITIONS_BY_OWNER.key((&position.owner, id)).to_vec(),
        ];
        Ok(Self { exposure, keys })
    }
}

/// [`violations`], where all positions that are stored have been read before.
pub fn violations_of(
    storage: &dyn Storage,
    balance: Uint128,
    listed: &BTreeMap<u64, Listed>,
) -> StdResult<Vec<String>> {
    let ledger = LEDGER.load(storage)?;
    let mut broken = vec![];
    let mut rule = |kept: bool, what: String| {
        if !kept {
            broken.push(what);
        }
    };
    let counted = ledger.counted()?;
    rule(
        balance >= counted.0,
        format!("balance {balance} < counted {counted}"),
    );
    let set_aside = ledger.set_aside()?;
    let cash = ledger.cash;
    rule(cash >= set_aside, format!("cash {cash} < set aside {set_aside}"));
    for what in positions(storage, &ledger, listed)? {
        rule(false, what);
    }
    for what in sums(storage, &ledger)? {
        rule(false, what);
    }
    for what in shortfalls(storage, &ledger)? {
        rule(false, what);
    }
    Ok(broken)
}

fn std(error: impl Into<ContractError>) -> StdError {
    StdError::generic_err(error.into().to_string())
}

fn positions(
    storage: &dyn Storage,
    ledger: &Ledger,
    listed: &BTreeMap<u64, Listed>,
) -> StdResult<Vec<String>> {
    let (mut long, mut short) = (SideBook::default(), SideBook::default());
    let mut broken = vec![];
    for (id, position) in listed {
        let book = match position.exposure.side {
            Side::Long => &mut long,
            Side::Short => &mut short,
        };
        book.add(&position.exposure).map_err(std)?;
        if position.keys.iter().any(|key| storage.get(key).is_none()) {
            broken.push(format!("position {id} is not indexed"));
        }
    }
    let indexed = listed.len();
    if (long, short) != (ledger.long, ledger.short) {
        broken.push(format!("sums of positions {long:?} {short:?} are not {ledger:?}"));
    }
    let queue = ADL_QUEUE.keys(storage, None, None, Order::Ascending).count();
    let owned = POSITIONS_BY_OWNER
        .keys(storage, None, None, Order::Ascending)
        .count();
    let mut counts = 0u64;
    for row in POSITION_COUNT.range(storage, None, None, Order::Ascending) {
        counts = counts.saturating_add(row?.1.into());
    }
    let sinking = SINKING.keys(storage, None, None, Order::Ascending).count();
    if queue != indexed || sinking != indexed || owned != indexed || counts != indexed as u64 {
        broken.push(format!(
            "{indexed} positions, {queue} queued, {sinking} sinking, {owned} owned, {counts} counted"
        ));
    }
    Ok(broken)
}

fn sums(storage: &dyn Storage, ledger: &Ledger) -> StdResult<Vec<String>> {
    let mut broken = vec![];
    let mut shares = backstop_types::Shares::ZERO;
    for row in LIQUIDITY.range(storage, None, None, Order::Ascending) {
        let provider = row?.1;
        if provider.epoch == ledger.epoch {
            shares = shares.checked_add(provider.shares)?;
        }
    }
    if shares != ledger.shares {
        broken.push(format!("Σ liquidity {shares} is not {}", ledger.shares));
    }
    let mut credits = Assets::ZERO;
    for row in CREDITS.range(storage, None, None, Order::Ascending) {
        credits = credits.checked_add(row?.1)?;
    }
    if credits != ledger.credits {
        broken.push(format!("Σ credits {credits} is not {}", ledger.credits));
    }
    let (mut ordered, mut orders, mut counted) = (Assets::ZERO, 0u64, 0u64);
    for row in ORDERS.range(storage, None, None, Order::Ascending) {
        let (id, order) = row?;
        ordered = ordered.checked_add(order.kept()?)?;
        orders = orders.saturating_add(1);
        if !ORDERS_BY_OWNER.has(storage, (&order.owner, id)) {
            broken.push(format!("order {id} is not indexed"));
        }
    }
    for row in ORDER_COUNT.range(storage, None, None, Order::Ascending) {
        counted = counted.saturating_add(row?.1.into());
    }
    if ordered != ledger.ordered || orders != counted {
        broken.push(format!(
            "Σ orders {ordered} is not {}, or {orders} are not {counted}",
            ledger.ordered
        ));
    }
    Ok(broken)
}

fn shortfalls(storage: &dyn Storage, ledger: &Ledger) -> StdResult<Vec<String>> {
    let mut broken = vec![];
    let mut missing = Assets::ZERO;
    for row in SHORTFALLS.range(storage, None, None, Order::Ascending) {
        let (id, shortfall) = row?;
        let books = shortfall.books;
        let (mut taken, mut paid) = (Assets::ZERO, Assets::ZERO);
        for number in 1..=shortfall.rounds {
            let round = ROUNDS.load(storage, (id, number))?;
            taken = taken.checked_add(round.taken)?;
            paid = paid.checked_add(round.paid)?;
        }
        missing = missing.checked_add(ledger.misses(id, &books))?;
        let made_good = books.to_pool.checked_add(books.deleveraged)?;
        let made_good = made_good.checked_add(books.written_off)?;
        let received = books.to_pool.checked_add(books.to_deleveraged)?;
        let mut parts = (0u32, Assets::ZERO);
        for part in PARTS.prefix(id).range(storage, None, None, Order::Ascending) {
            parts.0 = parts.0.saturating_add(1);
            parts.1 = parts.1.checked_add(part?.1.missing)?;
        }
        let ok = made_good <= books.asked
            && parts == (shortfall.parts, books.asked)
            && received == books.received
            && taken == books.deleveraged
            && paid == books.to_deleveraged;
        if !ok {
            broken.push(format!("shortfall {id}: {books:?}, rounds {taken} {paid}"));
        }
    }
    if missing != ledger.missing || ledger.forgone > ledger.shortfalls {
        broken.push(format!("Σ missing {missing} is not that of {ledger:?}"));
    }
    broken.extend(compensation(storage, ledger)?);
    Ok(broken)
}

fn compensation(storage: &dyn Storage, ledger: &Ledger) -> StdResult<Option<String>> {
    let (mut due, mut haircuts) = (Assets::ZERO, Assets::ZERO);
    for row in HAIRCUTS.range(storage, None, None, Order::Ascending) {
        let ((_, shortfall, number), haircut) = row?;
        let round = ROUNDS.load(storage, (shortfall, number))?;
        due = due.checked_add(round.due(&haircut).map_err(std)?)?;
        haircuts = haircuts.checked_add(Assets::ONE)?;
    }
    let kept = ledger.compensation;
    let dust = kept.saturating_sub(due);
    let ok = kept >= due && dust <= haircuts;
    Ok((!ok).then(|| format!("compensation {kept} for {due} due to {haircuts} haircuts")))
}
