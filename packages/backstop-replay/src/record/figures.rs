//! What a replay cost whom, as numbers.

use crate::chain::Chain;
use crate::people::pool;

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
    pub(crate) fn of(chain: &Chain) -> Self {
        let exchange = &chain.tally.exchange;
        let open = chain
            .harm
            .truth
            .map_or(0, |truth| chain.book.underwater(truth).u128());
        Self {
            bad_debt: exchange.from_insurance.u128() + exchange.missing.u128() + open,
            pool_paid: chain.tally.paid().u128(),
            waiting: pool::waiting(chain),
            lost_to_false: chain.harm.lost,
            exposed: chain.harm.exposed,
            broken: 0,
        }
    }

    /// With the number of invariants that were broken by the very end.
    pub(crate) fn with_broken(self, broken: usize) -> Self {
        Self {
            broken: broken as u64,
            ..self
        }
    }
}
