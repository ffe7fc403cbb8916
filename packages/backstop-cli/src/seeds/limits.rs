//! Which limits bound in a run.

use backstop_replay::record::{Answered, Record};
use backstop_types::vault::CoverReason;

/// The limits, in the order of the tables: a name for programs, one for people, and
/// whether it bound an answer.
pub const LIMITS: [Limit; 5] = [
    Limit {
        key: "policy",
        name: "the policy's limit",
        bound: |answer| answer.reason == Some(CoverReason::PolicyLimit),
    },
    Limit {
        key: "pool",
        name: "the pool's fraction",
        bound: |answer| matches!(answer.reason, Some(CoverReason::PoolLimit | CoverReason::Assets)),
    },
    Limit {
        key: "instant",
        name: "the instant amount",
        bound: |answer| answer.reason == Some(CoverReason::InstantLimit),
    },
    Limit {
        key: "deductible",
        name: "the deductible",
        bound: |answer| !answer.deductible.is_zero(),
    },
    Limit {
        key: "minimum",
        name: "the minimum",
        bound: |answer| answer.reason == Some(CoverReason::BelowMinimum),
    },
];

/// A limit.
#[derive(Clone, Copy)]
pub struct Limit {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    bound: fn(&Answered) -> bool,
}

/// How many shortfalls each limit bound.
pub fn bound(record: &Record) -> [u64; LIMITS.len()] {
    let answers = || record.shortfalls.answers.iter();
    LIMITS.map(|limit| answers().filter(|answer| (limit.bound)(answer)).count() as u64)
}
