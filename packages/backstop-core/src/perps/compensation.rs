//! What the deleveraged traders get back, pro rata, without ever looping over
//! them. Haircuts are gathered in rounds. A round closes with the first payment
//! on it, so its total no longer changes and each trader's part is a plain
//! quotient; haircuts that follow open the next round, and a payment fills the
//! oldest round first. At most two rounds of a shortfall are unfilled.

use backstop_types::Assets;
use cosmwasm_schema::cw_serde;

use super::units::assets;
use crate::math::{MathError, mul_div_floor};

/// Haircuts of one shortfall that share their payments.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Round {
    /// Σ haircuts.
    pub taken: Assets,
    /// What was booked for them, at most `taken`.
    pub paid: Assets,
}

impl Round {
    /// Whether another haircut may join.
    pub fn is_open(&self) -> bool {
        self.paid.is_zero()
    }

    /// Whether all of it was paid.
    pub fn is_filled(&self) -> bool {
        self.paid >= self.taken
    }

    /// Books as much of a payment as fits and returns the rest.
    pub fn pay(&mut self, payment: Assets) -> Result<Assets, MathError> {
        let booked = payment.min(self.taken.saturating_sub(self.paid));
        self.paid = self.paid.checked_add(booked)?;
        Ok(payment.checked_sub(booked)?)
    }

    /// `floor(paid × haircut / taken) − claimed`: what its trader can take now.
    pub fn due(&self, haircut: &Haircut) -> Result<Assets, MathError> {
        if self.taken.is_zero() {
            return Ok(Assets::ZERO);
        }
        let part = mul_div_floor(self.paid.wide(), haircut.taken.wide(), self.taken.wide())?;
        Ok(assets(part)?.saturating_sub(haircut.claimed))
    }
}

/// What one trader lost to deleveraging in one round.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Haircut {
    /// The profit that was taken.
    pub taken: Assets,
    /// What of it the trader has taken back.
    pub claimed: Assets,
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn claims_never_exceed_what_was_booked_and_reach_it_when_filled(
            taken in proptest::collection::vec(1..1u128 << 90, 1..10), payments in proptest::collection::vec(1..1u128 << 92, 1..10),
        ) {
            let mut round = Round { taken: Assets::new(taken.iter().sum()), paid: Assets::ZERO };
            let mut haircuts: Vec<Haircut> =
                taken.iter().map(|h| Haircut { taken: Assets::new(*h), claimed: Assets::ZERO }).collect();
            for (i, payment) in payments.iter().enumerate() {
                let rest = round.pay(Assets::new(*payment)).unwrap();
                prop_assert!(rest.is_zero() || round.is_filled());
                // Some claim in between, some do not.
                let who = i % haircuts.len();
                let due = round.due(&haircuts[who]).unwrap();
                haircuts[who].claimed = haircuts[who].claimed.checked_add(due).unwrap();
                prop_assert!(haircuts[who].claimed <= haircuts[who].taken);
            }
            for haircut in &mut haircuts {
                let due = round.due(haircut).unwrap();
                haircut.claimed = haircut.claimed.checked_add(due).unwrap();
            }
            let claimed: u128 = haircuts.iter().map(|h| h.claimed.u128()).sum();
            prop_assert!(claimed <= round.paid.u128());
            prop_assert!(round.paid.u128() - claimed < haircuts.len() as u128);
            if round.is_filled() {
                prop_assert_eq!(claimed, round.taken.u128());
            }
        }
    }

    #[test]
    fn the_largest_numbers_do_not_panic() {
        let max = Assets::new(u128::MAX);
        let mut round = Round {
            taken: max,
            paid: Assets::ZERO,
        };
        assert_eq!(round.pay(max), Ok(Assets::ZERO));
        assert_eq!(round.pay(max), Ok(max));
        let haircut = Haircut {
            taken: max,
            claimed: Assets::ZERO,
        };
        assert_eq!(round.due(&haircut), Ok(max));
    }
}
