//! Two runs side by side: with the breaker, and without.

use super::paint::Paint;
use super::summary::money;
use super::{Report, number};

/// A table of what differs for the people in it.
pub fn compare(on: &Report, off: &Report, paint: Paint) -> String {
    let mut text = paint.bold("With the breaker, and without") + "\n";
    text += &paint.dim(&format!("  {:<26}{:>16}{:>16}", "", "on", "off"));
    text.push('\n');
    for ((name, on), (_, off)) in rows(on).into_iter().zip(rows(off)) {
        text += &format!("  {name:<26}{on:>16}{off:>16}\n");
    }
    text + "\n  " + &verdict(on, off) + "\n"
}

/// One run's column, with the rows' names.
fn rows(run: &Report) -> Vec<(&'static str, String)> {
    let amount = |value: &str| money(number(value), run.decimals);
    let (shortfalls, vault) = (&run.shortfalls, &run.vault);
    vec![
        ("trips", run.breaker.trips.to_string()),
        ("positions liquidated", run.exchange.liquidated.to_string()),
        ("shortfalls", shortfalls.count.to_string()),
        ("  asked", amount(&shortfalls.asked)),
        ("  deductible", amount(&shortfalls.deductible)),
        ("  paid at once", amount(&shortfalls.paid)),
        ("  pending", amount(&shortfalls.pending)),
        ("  uncovered", amount(&shortfalls.uncovered)),
        ("pool paid in all", amount(&vault.paid)),
        ("came back to stakers", amount(&vault.recovered)),
        ("winners deleveraged", run.adl.events.to_string()),
        ("  profit taken", amount(&run.adl.taken)),
        ("below zero, not seen", amount(&run.exchange.underwater_at_market)),
        (
            "share price at the end",
            vault.price_end.chars().take(8).collect(),
        ),
    ]
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
