//! What a replay is held against.

use crate::chain::{Chain, Truth};

/// How a replay is watched.
#[derive(Debug, Clone, Copy)]
pub struct Watched<'a> {
    /// What the market was worth; without it, what all sources but the first say.
    pub truth: Option<&'a Truth>,
    /// Whether every invariant is checked after every message.
    pub invariants: bool,
}

impl Watched<'_> {
    /// After the poke of a block of so many seconds: what the market is worth, and
    /// who is due at that and cannot be liquidated.
    pub(crate) fn look(&self, chain: &mut Chain, seconds: u64) {
        chain.harm.truth = match self.truth {
            Some(truth) => truth.at(chain.now()),
            None => chain.market,
        };
        let price = chain.price.filter(|_| chain.liquidates);
        chain.harm.block(&chain.book, price, seconds);
    }
}

impl Default for Watched<'_> {
    fn default() -> Self {
        Self {
            truth: None,
            invariants: true,
        }
    }
}
