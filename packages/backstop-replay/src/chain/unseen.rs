//! What open positions are below zero at the market's price, block by block: a loss
//! that the exchange does not see, or that nobody has closed.

use backstop_types::{Assets, Price};
use cosmwasm_std::Timestamp;

/// The hole of now, and the worst one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unseen {
    /// After the last block.
    pub now: Assets,
    /// The worst so far; none while there was none.
    pub worst: Option<Hole>,
}

/// A hole at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// When.
    pub time: Timestamp,
    /// How large.
    pub amount: Assets,
    /// The market's price then.
    pub price: Price,
}

impl Unseen {
    /// Notes a block.
    pub fn note(&mut self, time: Timestamp, price: Price, amount: Assets) {
        self.now = amount;
        let deepest = self.worst.map_or(Assets::ZERO, |worst| worst.amount);
        if amount > deepest {
            self.worst = Some(Hole { time, amount, price });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;

    #[test]
    fn the_worst_hole_stays_known_when_it_is_closed() {
        let mut unseen = Unseen::default();
        for (block, amount) in [(1, 0), (2, 30), (3, 70), (4, 70), (5, 10), (6, 0)] {
            unseen.note(
                Timestamp::from_seconds(block),
                Price(Decimal::one()),
                Assets::new(amount),
            );
        }
        let worst = unseen.worst.unwrap();
        assert_eq!(
            (unseen.now, worst.amount, worst.time.seconds()),
            (Assets::ZERO, Assets::new(70), 3)
        );
    }
}
