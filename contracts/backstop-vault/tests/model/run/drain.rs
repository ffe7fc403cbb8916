//! At the end everything works again, and everybody takes out all they can.

use backstop_types::vault::Pausable;

use super::Run;
use crate::model::ledger::STAKERS;
use crate::model::steps::{Choice, DAY};

impl Run {
    /// What is left is less than a unit for each who bore a loss, and for each
    /// who ever earned.
    pub fn drain(&mut self) {
        self.set_distributor(false);
        self.end_trip(20, 0);
        for (what, paused) in [
            (Pausable::Deposits, self.book.deposits.until(self.now())),
            (Pausable::Payouts, self.book.payouts.until(self.now())),
        ] {
            if paused.is_some() {
                self.resume(what);
            }
        }
        self.check();
        self.end_claims();
        self.end_premiums();
        self.end_rewards();
        self.leave(&[0, 1, 2, 3]);
        self.take_all_back();
        self.check();
        self.check_all();
        self.check_dust();
    }

    /// Each pending claim is settled in its time, or declined if it still waits
    /// then.
    fn end_claims(&mut self) {
        for number in self.book.pending() {
            self.wait_until(self.book.payable_at(number, self.now()));
            for _ in 0..2 {
                if self.book.pending().contains(&number) {
                    self.settle(number);
                }
            }
            if self.book.pending().contains(&number) {
                self.decline(number);
            }
        }
    }

    /// All streams run out while somebody is staked.
    fn end_rewards(&mut self) {
        self.deposit(0, 0, 1_000, None);
        self.wait(60 * 7 * DAY);
        for who in 0..STAKERS {
            self.claim_rewards(who, who, false);
        }
        // What was returned of a record that was off has a week of its own.
        self.wait(3 * 7 * DAY);
        for who in 0..STAKERS {
            self.claim_rewards(who, who, false);
        }
        self.check();
    }

    fn take_all_back(&mut self) {
        for who in 0..STAKERS {
            while !self.book.unseen(who).is_empty() {
                let unseen = self.book.unseen(who).len();
                self.take_back(who, Choice::Latest(Some(30)), false);
                // The last of them, looked at in vain, are refused.
                if self.book.unseen(who).len() == unseen {
                    break;
                }
            }
            let all: Vec<u64> = (1..=self.book.losses.len() as u64).collect();
            assert_eq!(self.book.due(who, &all), 0, "due to {who} where nobody looks");
        }
    }

    fn check_dust(&self) {
        assert_eq!((self.book.assets, self.book.shares()), (0, 0));
        let [pots, recoveries] = self.book.reserves();
        assert_eq!(pots, 0);
        for loss in &self.book.losses {
            let cohort = loss.stakes.iter().filter(|stake| **stake > 0).count() as u128;
            assert!(loss.left() < cohort, "{} of a loss left", loss.left());
        }
        let vault = self.desk.balance(&self.desk.w.vault);
        assert_eq!(self.book.premiums_held(), 0);
        assert_eq!(self.book.credits.iter().sum::<u128>(), 0);
        assert_eq!(vault, self.donated + recoveries);
        for left in self.rewards {
            assert!(left <= STAKERS as u128, "{left} of the rewards left");
        }
    }
}
