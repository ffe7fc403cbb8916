//! Two runs side by side: with the breaker, and without.

use super::paint::Paint;
use super::summary::money;
use super::{Report, number};

/// A table of what differs for the people in it.
pub fn compare(on: &Report, off: &Report, paint: Paint) -> String {
    let amount = |value: &str| money(number(value), on.decimals);
    let count = |value: u64| value.to_string();
    let rows = [
        ("trips", count(on.breaker.trips), count(off.breaker.trips)),
        (
            "positions liquidated",
            count(on.exchange.liquidated),
            count(off.exchange.liquidated),
        ),
        (
            "shortfalls",
            count(on.shortfalls.count),
            count(off.shortfalls.count),
        ),
        (
            "  asked",
            amount(&on.shortfalls.asked),
            amount(&off.shortfalls.asked),
        ),
        (
            "  deductible",
            amount(&on.shortfalls.deductible),
            amount(&off.shortfalls.deductible),
        ),
        (
            "  paid at once",
            amount(&on.shortfalls.paid),
            amount(&off.shortfalls.paid),
        ),
        (
            "  pending",
            amount(&on.shortfalls.pending),
            amount(&off.shortfalls.pending),
        ),
        (
            "  uncovered",
            amount(&on.shortfalls.uncovered),
            amount(&off.shortfalls.uncovered),
        ),
        (
            "pool paid in all",
            amount(&on.vault.paid),
            amount(&off.vault.paid),
        ),
        (
            "came back to stakers",
            amount(&on.vault.recovered),
            amount(&off.vault.recovered),
        ),
        ("winners deleveraged", count(on.adl.events), count(off.adl.events)),
        ("  profit taken", amount(&on.adl.taken), amount(&off.adl.taken)),
        (
            "share price",
            price(&on.vault.price_end),
            price(&off.vault.price_end),
        ),
    ];
    let mut text = paint.bold("With the breaker, and without") + "\n";
    text += &paint.dim(&format!("  {:<24}{:>18}{:>18}", "", "on", "off"));
    text.push('\n');
    for (name, on, off) in rows {
        text += &format!("  {name:<24}{on:>18}{off:>18}\n");
    }
    text + "\n  " + &verdict(on, off) + "\n"
}

fn verdict(on: &Report, off: &Report) -> String {
    let (with, without) = (number(&on.vault.paid), number(&off.vault.paid));
    let difference = money(with.abs_diff(without), on.decimals);
    match with.cmp(&without) {
        std::cmp::Ordering::Less => format!("The breaker saved the pool {difference}."),
        std::cmp::Ordering::Equal => "The pool paid the same.".to_string(),
        std::cmp::Ordering::Greater => format!("With the breaker the pool paid {difference} more."),
    }
}

fn price(price: &str) -> String {
    price.chars().take(8).collect()
}
