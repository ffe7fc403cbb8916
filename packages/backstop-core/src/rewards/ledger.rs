//! The clock and every denom's flow in one value, and the three steps that
//! change them: a stream begins, a stake changes, a denom is added. None is
//! taken before the flows are advanced to the clock.

use backstop_types::{Seconds, Shares};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint128, Uint256};

use super::{Account, Clock, Flow, RateChange, RewardsError, scaled};

/// The clock and the flows. A denom keeps its place, the slot, for ever.
#[cw_serde]
#[derive(Default)]
pub struct Ledger {
    /// Staked time and the records' sum.
    pub clock: Clock,
    /// By denom, in the order of listing.
    pub flows: Vec<Flow>,
}

/// What phantom shares earned in one denom and became a stream again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Returned {
    /// The denom's place.
    pub slot: u8,
    /// In 2⁻¹²⁸ base units.
    pub amount: Uint256,
    /// The end of the new stream.
    pub change: RateChange,
}

/// Over how many whole weeks what is returned is streamed again.
const RETURN_WEEKS: u32 = 1;

impl Ledger {
    /// Adds a denom at the next place. It has earned nothing yet.
    pub fn add_flow(&mut self) {
        self.flows.push(Flow::new(self.clock.staked));
    }

    /// Advances the denom at `slot` alone, up to `to` in staked time, with the
    /// rate changes that are due by then. While it lags behind the clock no
    /// stake and no stream can change, so what it releases later goes to the
    /// same shares.
    pub fn advance_one(&mut self, slot: u8, due: &[RateChange], to: Seconds) -> Result<(), RewardsError> {
        let shares = self.clock.shares;
        let flow = self
            .flows
            .get_mut(usize::from(slot))
            .ok_or(RewardsError::NoFlow { slot })?;
        flow.advance(due, to.min(self.clock.staked), shares)
    }

    /// Begins a stream of `amount` base units in the denom at `slot` that ends
    /// at the grid point `week`. The rate change is to be added to those that
    /// lie ahead.
    pub fn fund(&mut self, slot: u8, amount: Uint128, week: u64) -> Result<RateChange, RewardsError> {
        self.up_to_date()?;
        let flow = self
            .flows
            .get_mut(usize::from(slot))
            .ok_or(RewardsError::NoFlow { slot })?;
        flow.start(scaled(amount)?, week)
    }

    /// Settles `account` with the smaller of its record and `real`, the vault's
    /// value before the change, and records `after`.
    ///
    /// What shares earned that were no longer there becomes a stream of the
    /// same denom over the rest of this week and the next one. Each rate change
    /// in the answer is to be added to those that lie ahead.
    pub fn set_stake(
        &mut self,
        account: &mut Account,
        real: Shares,
        after: Shares,
    ) -> Result<Vec<Returned>, RewardsError> {
        self.up_to_date()?;
        let amounts = account.settle(&self.flows, real)?;
        let others = self.clock.shares.checked_sub(account.shares)?;
        self.clock.shares = others.checked_add(after)?;
        account.shares = after;

        let week = self.clock.end_of(RETURN_WEEKS);
        let mut returned = Vec::new();
        for ((slot, amount), flow) in (0..).zip(amounts).zip(&mut self.flows) {
            if !amount.is_zero() {
                let change = flow.start(amount, week)?;
                returned.push(Returned { slot, amount, change });
            }
        }
        Ok(returned)
    }

    /// Whether every flow has been advanced to the clock.
    fn up_to_date(&self) -> Result<(), RewardsError> {
        let staked = self.clock.staked;
        for (slot, flow) in (0..).zip(&self.flows) {
            if flow.at != staked {
                return Err(RewardsError::Behind {
                    slot,
                    at: flow.at,
                    staked,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Timestamp;

    #[test]
    fn no_stake_changes_before_the_flows_are_up_to_date() {
        let mut ledger = Ledger::default();
        ledger.add_flow();
        let mut alice = Account::default();
        ledger.set_stake(&mut alice, Shares::ZERO, Shares::ONE).unwrap();

        ledger.clock.tick(Timestamp::from_seconds(5));
        let behind = RewardsError::Behind {
            slot: 0,
            at: Seconds(0),
            staked: Seconds(5),
        };
        assert_eq!(
            ledger.set_stake(&mut alice, Shares::ONE, Shares::ZERO),
            Err(behind)
        );
    }

    #[test]
    fn an_unknown_denom_cannot_be_funded() {
        let none = Ledger::default().fund(0, Uint128::one(), 1);
        assert_eq!(none, Err(RewardsError::NoFlow { slot: 0 }));
    }
}
