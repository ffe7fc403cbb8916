//! Which limits bound in a run.

use backstop_replay::record::{LimitKind, Record};

/// The limits, in the order of the tables.
pub const LIMITS: [LimitKind; 5] = [
    LimitKind::Policy,
    LimitKind::Pool,
    LimitKind::Instant,
    LimitKind::Deductible,
    LimitKind::Minimum,
];

/// How many shortfalls each limit bound.
pub fn bound(record: &Record) -> [u64; LIMITS.len()] {
    LIMITS.map(|kind| {
        let same = record.limits.iter().filter(|known| known.kind == kind);
        same.map(|known| known.bound).max().unwrap_or_default()
    })
}
