//! What a replay cost whom, as numbers, and how it is watched.

use super::chain::Chain;
use super::pool;
use super::truth::Truth;

/// What a replay cost whom, in base units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// What was missing after margins: paid by the insurance fund, asked of the
    /// pool, or open at the end, at the true price.
    pub bad_debt: u128,
    /// What the pool paid.
    pub pool_paid: u128,
    /// What of its money was still set aside for claims at the end.
    pub waiting: u128,
    /// What traders got less than at the true price.
    pub lost_to_false: u128,
    /// Seconds of blocks in which somebody was due at the true price and could
    /// not be liquidated.
    pub exposed: u64,
    /// Invariants that were broken.
    pub broken: u64,
}

impl Figures {
    /// How things stand now.
    pub(super) fn of(chain: &Chain) -> Self {
        let exchange = &chain.tally.exchange;
        let open = chain.harm.truth.map_or(0, |truth| chain.book.underwater(truth));
        Self {
            bad_debt: exchange.from_insurance + exchange.missing + open,
            pool_paid: chain.tally.paid(),
            waiting: pool::waiting(chain),
            lost_to_false: chain.harm.lost,
            exposed: chain.harm.exposed,
            broken: 0,
        }
    }

    /// With the number of invariants that were broken by the very end.
    pub(super) fn with_broken(self, broken: usize) -> Self {
        Self {
            broken: broken as u64,
            ..self
        }
    }
}

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
    pub(super) fn look(&self, chain: &mut Chain, seconds: u64) {
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
