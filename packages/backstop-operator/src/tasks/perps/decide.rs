//! What an exchange needs, from what was read. A message that the breaker denies succeeds
//! and does nothing, so it is not sent: a simulation would not tell.

use backstop_chain::Result;
use backstop_core::perps::shortfall::{ADL_WINDOW, ASK_WITHIN, would_stand};
use backstop_types::breaker::Action as Wanted;
use sample_perps::msg::{ExecuteMsg, OrderResponse, PositionResponse, ShortfallResponse};

use super::View;
use crate::config::Perps;
use crate::tasks::action::Action;

/// What is to be done to which number.
type Wish = (&'static str, u64, ExecuteMsg);

/// In the order in which time runs out: shortfalls are sent first, since a minute later a
/// falling price has left the breaker's band.
pub fn decide(view: &View, settings: &Perps) -> Result<Vec<Action>> {
    let afterwards = view
        .shortfalls
        .iter()
        .flat_map(|row| afterwards(view, settings, row));
    let wishes = sends(view, settings)
        .chain(liquidations(view, settings))
        .chain(view.orders.iter().flat_map(|row| of_order(view, settings, row)))
        .chain(afterwards);
    wishes
        .map(|(what, number, msg)| Action::call(format!("perps {what} {number}"), &view.exchange, &msg))
        .collect()
}

fn sends(view: &View, settings: &Perps) -> impl Iterator<Item = Wish> {
    let open = view
        .shortfalls
        .iter()
        .filter(move |row| settings.send && may_be_sent(view, row));
    open.map(|row| {
        let shortfall = row.shortfall;
        ("send", shortfall, ExecuteMsg::SendShortfall { shortfall })
    })
}

fn liquidations(view: &View, settings: &Perps) -> impl Iterator<Item = Wish> {
    let below = |row: &&PositionResponse| row.value.as_ref().is_some_and(|value| value.liquidatable);
    let below = view
        .positions
        .iter()
        .filter(move |_| settings.liquidate)
        .filter(below);
    below.map(|row| {
        let position = row.position;
        ("liquidate", position, ExecuteMsg::Liquidate { position })
    })
}

fn of_order(view: &View, settings: &Perps, row: &OrderResponse) -> Option<Wish> {
    let order = row.order;
    if view.now > row.record.expires_at {
        return settings
            .return_orders
            .then_some(("return", order, ExecuteMsg::ReturnOrder { order }));
    }
    let executed = settings.execute && may_be_executed(view, row);
    executed.then_some(("execute", order, ExecuteMsg::ExecuteOrder { order }))
}

/// What follows the answer to a shortfall, or its absence.
fn afterwards(view: &View, settings: &Perps, row: &ShortfallResponse) -> impl Iterator<Item = Wish> {
    let shortfall = row.shortfall;
    let book = settings.book && may_be_booked(view, row);
    let deleverage = settings.deleverage && row.deleverage && allows(view, Wanted::Deleverage);
    let write_off = settings.write_off && may_be_written_off(view, row);
    let limit = None;
    [
        (book, ("book", shortfall, ExecuteMsg::BookClaim { shortfall })),
        (
            deleverage,
            (
                "deleverage",
                shortfall,
                ExecuteMsg::Deleverage { shortfall, limit },
            ),
        ),
        (
            write_off,
            ("write off", shortfall, ExecuteMsg::WriteOff { shortfall }),
        ),
    ]
    .into_iter()
    .filter_map(|(is, wish)| is.then_some(wish))
}

fn allows(view: &View, action: Wanted) -> bool {
    view.verdicts.get(&action).is_some_and(|verdict| verdict.allowed)
}

/// Its first price after it: published by most lineages later than the order asks for.
fn may_be_executed(view: &View, row: &OrderResponse) -> bool {
    let order = &row.record;
    let verdict = view
        .verdicts
        .get(&order.wish.action())
        .filter(|verdict| verdict.allowed);
    let published = verdict.and_then(|verdict| verdict.published);
    view.height >= order.height && published.is_some_and(|published| published > order.price_after.seconds())
}

/// Within an hour of its first closing, without an answer, at a price that would be paid or
/// would stand.
fn may_be_sent(view: &View, row: &ShortfallResponse) -> bool {
    let record = &row.record;
    let open =
        record.answer.is_none() && record.books.deleveraged.is_zero() && record.books.written_off.is_zero();
    let verdict = view.verdicts.get(&Wanted::Payout);
    open && view.now < ASK_WITHIN.after(record.closed_at)
        && verdict.is_some_and(|verdict| verdict.allowed || would_stand(verdict, row.price))
}

/// The vault has paid more than is booked. An answer that could not be read may have been a
/// claim: the simulation tells.
fn may_be_booked(view: &View, row: &ShortfallResponse) -> bool {
    let Some(answer) = &row.record.answer else {
        return row.record.sent > 0 && !row.remaining.is_zero();
    };
    let claim = answer.cover.claim;
    let paid = claim
        .and_then(|claim| view.claims.get(&claim))
        .map(|(paid, _)| *paid);
    paid.is_some_and(|paid| paid > row.record.books.received)
}

/// Deleveraging is over, and nothing more can come. How much time without a price there was
/// is the exchange's to know: the simulation tells.
fn may_be_written_off(view: &View, row: &ShortfallResponse) -> bool {
    let over = view.now >= ADL_WINDOW.after(row.record.begins());
    let claim = row.record.answer.as_ref().and_then(|answer| answer.cover.claim);
    let pending = claim
        .and_then(|claim| view.claims.get(&claim))
        .is_some_and(|(_, pending)| *pending);
    over && !row.remaining.is_zero() && !row.deleverage && !pending
}
