//! One staker's shares and what they have earned, in every denom: one record,
//! so that a change of stake reads and writes one value whatever the number of
//! denoms.

use backstop_types::Shares;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint128, Uint256};

use super::flow::Flow;
use super::scale::{RewardsError, scaled, whole};

/// One staker's record.
#[cw_serde]
#[derive(Default)]
pub struct Account {
    /// Active shares, as last told.
    pub shares: Shares,
    /// By denom, in the ledger's order. A denom that was listed after the last
    /// settlement is not in it yet: its index was zero then.
    pub rewards: Vec<Accrual>,
}

/// What a staker has earned in one denom.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Accrual {
    /// The denom's index at the last settlement.
    pub index: Uint256,
    /// Earned until then and not paid, in 2⁻¹²⁸ base units.
    pub owed: Uint256,
}

impl Account {
    /// Books what the shares have earned in every denom. Only `real` of them
    /// are paid if there are more on record: the rest is handed back, by denom,
    /// for whom it was never meant. The list is empty if all were real.
    pub fn settle(&mut self, flows: &[Flow], real: Shares) -> Result<Vec<Uint256>, RewardsError> {
        let paid = self.shares.min(real);
        let phantom = self.shares.saturating_sub(paid);
        self.rewards
            .resize(flows.len().max(self.rewards.len()), Accrual::default());
        let mut returned = Vec::new();
        for (accrual, flow) in self.rewards.iter_mut().zip(flows) {
            let each = flow.earned_since(accrual.index);
            accrual.index = flow.index;
            if !paid.is_zero() {
                accrual.owed = accrual.owed.checked_add(each.checked_mul(paid.wide())?)?;
            }
            if !phantom.is_zero() {
                returned.push(each.checked_mul(phantom.wide())?);
            }
        }
        Ok(returned)
    }

    /// Whether there is nothing to remember: no shares, and nothing owed.
    pub fn is_empty(&self) -> bool {
        self.shares.is_zero() && self.rewards.iter().all(|accrual| accrual.owed.is_zero())
    }

    /// The whole base units that are owed in the denom at `slot`.
    pub fn due(&self, slot: u8) -> Result<Uint128, RewardsError> {
        self.rewards
            .get(usize::from(slot))
            .map_or(Ok(Uint128::zero()), |accrual| whole(accrual.owed))
    }

    /// Takes the whole base units that are owed in the denom at `slot`, and
    /// leaves the fraction.
    pub fn take(&mut self, slot: u8) -> Result<Uint128, RewardsError> {
        let due = self.due(slot)?;
        if let Some(accrual) = self.rewards.get_mut(usize::from(slot)) {
            accrual.owed = accrual.owed.checked_sub(scaled(due)?)?;
        }
        Ok(due)
    }

    /// Owes `amount` in the denom at `slot` again, whose payment failed. The
    /// account may be a new one: the payment emptied the old one.
    pub fn restore(&mut self, slot: u8, amount: Uint128) -> Result<(), RewardsError> {
        self.rewards.resize(
            self.rewards.len().max(usize::from(slot).saturating_add(1)),
            Accrual::default(),
        );
        let accrual = self
            .rewards
            .get_mut(usize::from(slot))
            .ok_or(RewardsError::NoFlow { slot })?;
        accrual.owed = accrual.owed.checked_add(scaled(amount)?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::SCALE;
    use super::*;

    fn flow(index: Uint256) -> Flow {
        Flow {
            index,
            ..Flow::default()
        }
    }

    #[test]
    fn a_denom_listed_later_is_earned_from_its_beginning() {
        let mut account = Account {
            shares: Shares::new(3),
            rewards: vec![],
        };
        account.settle(&[flow(SCALE)], Shares::new(3)).unwrap();
        account
            .settle(&[flow(SCALE), flow(SCALE)], Shares::new(3))
            .unwrap();
        assert_eq!(account.due(0), Ok(Uint128::new(3)));
        assert_eq!(account.due(1), Ok(Uint128::new(3)));
    }

    #[test]
    fn shares_that_are_no_longer_there_earn_nothing_and_lose_nothing() {
        let mut account = Account {
            shares: Shares::new(10),
            rewards: vec![],
        };
        let returned = account.settle(&[flow(SCALE)], Shares::new(4)).unwrap();
        assert_eq!(account.due(0), Ok(Uint128::new(4)));
        assert_eq!(returned, vec![scaled(Uint128::new(6)).unwrap()]);
    }

    #[test]
    fn more_shares_than_recorded_earn_only_what_is_recorded() {
        let mut account = Account {
            shares: Shares::new(4),
            rewards: vec![],
        };
        let returned = account.settle(&[flow(SCALE)], Shares::new(10)).unwrap();
        assert_eq!(account.due(0), Ok(Uint128::new(4)));
        assert!(returned.is_empty());
    }

    #[test]
    fn a_payment_leaves_the_fraction_and_a_failed_one_changes_nothing() {
        let mut account = Account {
            shares: Shares::ONE,
            rewards: vec![],
        };
        let three_halves = SCALE + SCALE / Uint256::from(2u8);
        account.settle(&[flow(three_halves)], Shares::ONE).unwrap();
        let before = account.clone();

        let paid = account.take(0).unwrap();
        assert_eq!(paid, Uint128::one());
        assert_eq!(account.take(0), Ok(Uint128::zero()));

        account.restore(0, paid).unwrap();
        assert_eq!(account, before);
    }

    #[test]
    fn a_failed_payment_of_all_there_was_is_owed_by_a_new_account() {
        let mut account = Account::default();
        account.restore(2, Uint128::new(7)).unwrap();
        assert_eq!(account.due(2), Ok(Uint128::new(7)));
        assert!(!account.is_empty());
        // Without shares the indexes that it starts from earn nothing.
        account.settle(&[flow(SCALE); 3], Shares::ZERO).unwrap();
        assert_eq!(account.due(0), Ok(Uint128::zero()));
    }
}
