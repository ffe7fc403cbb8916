//! What the vault answers to a shortfall, and what becomes of a claim that
//! waits. Both are decisions over facts that the vault has gathered; each step
//! is a function of its own.

mod fill;
mod held;
mod judge;
mod settle;

pub use fill::{Fill, PolicyBuckets, PoolFacts, fill};
pub use held::held;
pub use judge::{Decision, Outcome, Permission, Shortfall, decide};
pub use settle::{Clock, Ending, GRACE, Ruling, Since, Wait, clock, rule, unpaid_deductible, without_trip};
