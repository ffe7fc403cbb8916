//! Which limits bound in a run.

use backstop_replay::record::{LimitKind, Record};

/// A limit.
#[derive(Clone, Copy)]
pub struct Limit {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    kind: LimitKind,
}

/// The limits, in the order of the tables.
pub const LIMITS: [Limit; 5] = [
    Limit {
        key: "policy",
        name: "the policy's limit",
        kind: LimitKind::Policy,
    },
    Limit {
        key: "pool",
        name: "the pool's fraction",
        kind: LimitKind::Pool,
    },
    Limit {
        key: "instant",
        name: "the instant amount",
        kind: LimitKind::Instant,
    },
    Limit {
        key: "deductible",
        name: "the deductible",
        kind: LimitKind::Deductible,
    },
    Limit {
        key: "minimum",
        name: "the minimum",
        kind: LimitKind::Minimum,
    },
];

/// How many shortfalls each limit bound.
pub fn bound(record: &Record) -> [u64; LIMITS.len()] {
    LIMITS.map(|limit| {
        let same = record.limits.iter().filter(|known| known.kind == limit.kind);
        same.map(|known| known.bound).max().unwrap_or_default()
    })
}
