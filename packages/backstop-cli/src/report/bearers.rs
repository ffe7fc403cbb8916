//! Who bore what was missing, as rows that terminal and page show alike.

use backstop_replay::record::{Bearers, Limit, LimitKind, Record};
use backstop_types::Assets;

use super::words::{shown, signed_money, times, when};

/// A line of the table. A part is of the line above it that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who, or what.
    pub name: &'static str,
    /// How much.
    pub amount: Assets,
    /// How deep it stands: what was missing, its bearers, and what is open of it.
    pub depth: usize,
}

/// What was missing, and who bore it.
pub fn rows(bearers: &Bearers) -> Vec<Row> {
    let open = &bearers.open;
    let row = |depth, name, amount| Row { name, amount, depth };
    let mut rows = vec![
        row(0, "what was missing", bearers.missing),
        row(1, "insurance fund", bearers.insurance),
        row(1, "pool", bearers.pool),
        row(1, "winners", bearers.winners),
        row(1, "liquidity providers", bearers.providers),
        row(1, "still open", open.sum()),
    ];
    let parts = [
        ("set aside by the pool", open.waiting),
        ("may still be deleveraged", open.deleveraging),
        ("in positions not closed", open.unclosed),
    ];
    let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
    rows.extend(parts.map(|(name, amount)| row(2, name, amount)));
    rows
}

/// What a limit is called by programs.
pub fn key(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Policy => "policy",
        LimitKind::Pool => "pool",
        LimitKind::Instant => "instant",
        LimitKind::Deductible => "deductible",
        LimitKind::Minimum => "minimum",
    }
}

/// What it is called by people.
pub fn name(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Policy => "policy's limit",
        LimitKind::Pool => "pool's fraction",
        LimitKind::Instant => "instant amount",
        LimitKind::Deductible => "deductible",
        LimitKind::Minimum => "minimum",
    }
}

/// How often it bound.
pub fn bound(limit: &Limit) -> String {
    match limit.bound {
        0 => "never bound".to_string(),
        count => format!("bound {}", times(count)),
    }
}

/// What stands beside the table, a sentence each.
pub fn beside(record: &Record) -> Vec<String> {
    let (vault, providers) = (&record.vault, &record.providers);
    let mut beside = vec![format!(
        "The pool had {} when the first block began, and {} after the last one.",
        shown(record, vault.assets_start),
        shown(record, vault.assets_end)
    )];
    beside.extend(hole(record));
    let result = signed_money(providers.result(), record.decimals);
    beside.push(format!(
        "The liquidity providers put in {} and have {}, at the market's price: a result of {result}, with trades, fees and slippage.",
        shown(record, providers.put_in),
        shown(record, Assets(providers.worth.0 + providers.took_out.0))
    ));
    beside
}

/// The worst hole, and the one at the end.
fn hole(record: &Record) -> Option<String> {
    let exchange = &record.exchange;
    let worst = exchange.worst_hole?;
    let at_the_end = match exchange.underwater_at_market {
        Assets::ZERO => "nothing".to_string(),
        amount => shown(record, amount),
    };
    Some(format!(
        "Open positions were at most {} below zero at the market's price, at {}; at the end {at_the_end}.",
        shown(record, worst.amount),
        when(worst.time)
    ))
}
