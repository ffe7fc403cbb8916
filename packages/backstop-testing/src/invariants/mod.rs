//! The invariants of the backstop: what must hold after every message, whoever
//! sent it and whatever state breaker, distributor and exchange are in.
//!
//! | number | what |
//! | --- | --- |
//! | 1 | the vault holds assets, pots, recoveries, premiums and credits, and no less; premiums and credits are those of the policies and accounts |
//! | 2 | the stakes sum to the shares, the tickets to the queued ones |
//! | 3 | assets ≤ shares; assets ≥ 1 while there are shares; only a grant lowers the price, only rounding raises it |
//! | 4 | no message by one user takes from another, a grant aside |
//! | 5 | the distributor holds what it owes and still streams, counts the vault's shares, and owes and pays each staker its part of every second |
//! | 6 | grants of a policy, and of the pool, stay within their limit × (1 + t/W) over any time t |
//! | 7 | of each loss: granted = paid + pot + back from the pot; repaid ≤ paid; taken ≤ recovered, by the stake at booking |
//! | 8 | whoever has shares can unbond, and whoever has waited can withdraw |
//! | 9 | nothing is paid on a deny, early, or at a price outside band or span, nor granted while the premium is not paid |
//! | 10 | parameters that raise risk change by the queue only |
//! | 11 | the exchange keeps its own rules, [`sample_perps::invariants`] |
//!
//! 10 is not checked here: the vault has no queue, and whoever owns it changes
//! its parameters at once.
//!
//! Storage is read directly, which is why this is cheap enough to run after
//! every message of a long replay; only a new claim or a payment asks the
//! breaker a question. [`check`] looks once, at what one moment shows; [`Watcher`]
//! remembers the moment before and the history of grants, and so sees what
//! changes between them.

mod books;
mod cohorts;
mod entitlements;
mod exits;
mod grants;
mod mirror;
mod payouts;
mod rewards;
mod vault;
mod watcher;

use std::fmt;

use cosmwasm_std::Addr;
use cw_multi_test::App;

pub use watcher::Watcher;

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its number in the table above; 0 if the storage could not be read.
    pub invariant: u8,
    /// What was found, with amounts.
    pub what: String,
}

impl Violation {
    /// Of the invariant with this number.
    pub fn new(invariant: u8, what: impl Into<String>) -> Self {
        Self {
            invariant,
            what: what.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}: {}", self.invariant, self.what)
    }
}

/// Whom to look at.
#[derive(Debug, Clone)]
pub struct Subjects {
    /// The vault.
    pub vault: Addr,
    /// Its distributor.
    pub distributor: Addr,
    /// The exchange, whose books must balance too.
    pub perps: Addr,
    /// What was sent to the vault without being deposited; none if that is not
    /// known, and then the vault may hold more than it counts.
    pub stray: Option<u128>,
}

/// Everything that one moment shows: 1, 2, 3, 5 and 7.
pub fn check(app: &App, subjects: &Subjects) -> Vec<Violation> {
    Watcher::new().look(app, subjects)
}
