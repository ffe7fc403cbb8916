//! The clock and every denom's flow in one value, and the steps that change
//! them: a stream begins or is stopped, a stake changes, a denom is added. None
//! is taken before the flows are advanced to the clock.

use backstop_types::{Seconds, Shares};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint256;

use super::account::Account;
use super::clock::Clock;
use super::flow::Flow;
use super::scale::RewardsError;
use super::stream::{Edges, RateChange, Stopped, Stream};

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
        let to = to.min(self.clock.staked);
        self.flow(slot)?.advance(due, to, shares)
    }

    /// Adds a stream to the denom at `slot`. The answer is to be added to the
    /// rate changes that lie ahead.
    pub fn fund(&mut self, slot: u8, stream: &Stream) -> Result<Edges, RewardsError> {
        self.up_to_date()?;
        self.flow(slot)?.start(stream)
    }

    /// Takes a stream out of the denom at `slot` that has not ended.
    pub fn stop(&mut self, slot: u8, stream: &Stream) -> Result<Stopped, RewardsError> {
        self.up_to_date()?;
        self.flow(slot)?.stop(stream)
    }

    fn flow(&mut self, slot: u8) -> Result<&mut Flow, RewardsError> {
        self.flows
            .get_mut(usize::from(slot))
            .ok_or(RewardsError::NoFlow { slot })
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

        let (from, end_week) = (self.clock.staked, self.clock.end_of(RETURN_WEEKS));
        let mut returned = Vec::new();
        for ((slot, amount), flow) in (0..).zip(amounts).zip(&mut self.flows) {
            if !amount.is_zero() {
                let stream = Stream {
                    amount,
                    from,
                    end_week,
                };
                let change = flow.start(&stream)?.end;
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
    use super::super::{scaled, whole};
    use super::*;
    use cosmwasm_std::{Timestamp, Uint128};

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
        let stream = Stream {
            amount: Uint256::one(),
            from: Seconds(0),
            end_week: 1,
        };
        let mut empty = Ledger::default();
        assert_eq!(empty.fund(0, &stream), Err(RewardsError::NoFlow { slot: 0 }));
        assert_eq!(empty.stop(0, &stream), Err(RewardsError::NoFlow { slot: 0 }));
    }

    #[test]
    fn a_stop_refunds_whole_units_and_the_next_second_shares_the_fraction_out() {
        let mut ledger = Ledger::default();
        ledger.add_flow();
        let mut alice = Account::default();
        ledger.set_stake(&mut alice, Shares::ZERO, Shares::ONE).unwrap();
        let stream = Stream {
            amount: scaled(Uint128::new(10)).unwrap(),
            from: Seconds(0),
            end_week: 1,
        };
        ledger.fund(0, &stream).unwrap();
        ledger.clock.tick(Timestamp::from_seconds(1));
        ledger.advance_one(0, &[], Seconds(1)).unwrap();

        let stopped = ledger.stop(0, &stream).unwrap();

        assert_eq!(stopped.refund, Uint128::new(9));
        ledger.clock.tick(Timestamp::from_seconds(2));
        ledger.advance_one(0, &[], Seconds(2)).unwrap();
        let flow = ledger.flows[0];
        assert_eq!((flow.rate, flow.carry), (Uint256::zero(), Uint256::zero()));
        assert_eq!(whole(flow.index), Ok(Uint128::one()));
    }
}
