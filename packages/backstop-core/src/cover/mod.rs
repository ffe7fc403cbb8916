//! What the vault answers to a shortfall, and what becomes of a claim that
//! waits. Both are decisions over facts that the vault has gathered; each step
//! is a function of its own.

mod answer;
mod held;
mod limits_and_deductible;
mod quote;
mod settle;

pub use answer::{Decision, Outcome, Permission, Shortfall, decide};
pub use held::{held, judged_at_filing};
pub use limits_and_deductible::{Fill, PolicyBuckets, PoolFacts, fill};
pub use quote::{Ahead, ahead};
pub use settle::{
    Clock, End, Ending, GRACE, NextTrip, Ruling, Since, Wait, by_trip, clock, rule, unpaid_deductible,
    without_trip,
};
