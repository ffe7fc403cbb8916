//! The owner's messages: sent to the vault, or in some lives to the timelock that owns
//! it, where what raises stakers' risk waits.

use backstop_types::timelock::{self, ChangeResponse, Status, VoidReason};
use backstop_types::vault::ExecuteMsg;
use cosmwasm_std::{from_json, to_json_binary};

use super::Run;
use crate::model::exact::SECOND;
use crate::model::states::State;
use crate::model::steps::{Beforehand, Tune};
use crate::model::votes::{APPLICABLE, Fate, Vote, Waiting};

impl Run {
    /// The vault goes to a timelock of the owner's.
    pub(super) fn own_by_timelock(&mut self) {
        let timelock = self.desk.w.timelock();
        let offer = ExecuteMsg::UpdateOwnership(cw_ownable::Action::TransferOwnership {
            new_owner: timelock.to_string(),
            expiry: None,
        });
        let owner = self.owner();
        self.tell(&owner, &offer, true);
        let contract = timelock::Contract::Vault {};
        let accept = timelock::ExecuteMsg::AcceptOwnership { contract };
        self.desk.w.execute(&owner, &timelock, &accept, &[]).unwrap();
        self.timelock = Some(timelock);
    }

    /// A message of the owner's that never waits.
    pub(super) fn command(&mut self, msg: &ExecuteMsg, may: bool) {
        if self.timelock.is_some() {
            self.submit(msg, may);
        } else {
            let owner = self.owner();
            self.tell(&owner, msg, may);
        }
    }

    /// Whether the message is made now: then the books are to follow, and
    /// [`Self::made`] is to be told what the fields were.
    pub(super) fn vote(&mut self, msg: &ExecuteMsg, may: bool, vote: Vote) -> bool {
        if self.timelock.is_none() {
            let owner = self.owner();
            return self.tell(&owner, msg, may).is_some();
        }
        let (waits, from) = (vote.waits(&self.book), vote.from(&self.book));
        let Some(number) = self.submit(msg, may) else {
            return false;
        };
        let (now, tuning) = (self.now(), &self.book.tuning);
        let record = self.change(number).record;
        if !waits {
            assert!(matches!(record.status, Status::Applied { .. }), "{record:?}");
            self.seen.saw(State::VoteAtOnce);
            return true;
        }
        let due = now + (tuning.unbonding + tuning.notice) * SECOND;
        assert_eq!(record.wait.map(|wait| wait.due.nanos()), Some(due), "{record:?}");
        self.waiting.push(Waiting {
            number,
            vote,
            from,
            unbonding: tuning.unbonding,
            due,
            overtaken: false,
        });
        self.seen.saw(State::VoteWaits);
        false
    }

    /// What a vote that is made does to those that wait. To be called before the books
    /// follow it.
    pub(super) fn made(&mut self, vote: Vote) {
        let (from, to) = (vote.from(&self.book), vote.to());
        for other in &mut self.waiting {
            if !other.overtaken && other.is_overtaken_by(&from, &to) {
                other.overtaken = true;
                self.seen.saw(State::VoteOvertaken);
            }
        }
    }

    fn waiting(&self, number: u64) -> Option<Waiting> {
        self.waiting
            .iter()
            .find(|waiting| waiting.number == number)
            .cloned()
    }

    /// What can make a vote void that waits.
    pub(super) fn prepare(&mut self, number: u64, first: Beforehand) {
        match (first, self.waiting(number).map(|waiting| waiting.vote)) {
            (Beforehand::Close, Some(Vote::Terms { holder, .. })) => self.close(holder, false),
            (Beforehand::Slower, _) => {
                self.tune(Tune::Unbonding(self.book.tuning.unbonding / 3_600 + 1));
                if let Some(slower) = self.waiting.last().map(|waiting| waiting.number) {
                    self.apply_vote(slower, Some(0), false);
                }
            }
            _ => {}
        }
    }

    /// Anyone applies the vote of this number, after waiting until so far off the time when
    /// it is due, or lapses.
    pub(super) fn apply_vote(&mut self, number: u64, wait: Option<i64>, late: bool) {
        let (Some(timelock), Some(waiting)) = (self.timelock.clone(), self.waiting(number)) else {
            return;
        };
        if let Some(off) = wait {
            let late = if late { APPLICABLE } else { 0 };
            self.wait_until((waiting.due + late).saturating_add_signed(off));
        }
        let now = self.now();
        let fate = waiting.fate(&self.book, now);
        let msg = timelock::ExecuteMsg::Apply {
            change: waiting.number,
        };
        let anyone = self.funder.clone();
        let done = self.desk.w.execute(&anyone, &timelock, &msg, &[]);
        assert_eq!(
            done.is_ok(),
            fate != Fate::Refused,
            "{waiting:?} at {now}: {done:?}"
        );
        let status = self.change(waiting.number).record.status;
        let (expected, state) = match fate {
            Fate::Refused if waiting.overtaken => (Some(VoidReason::Overtaken), None),
            Fate::Refused => {
                assert_eq!(status, Status::Pending {});
                self.seen.saw(State::VoteTooEarly);
                return;
            }
            Fate::Applied => (None, Some(State::VoteApplied)),
            Fate::Overtaken => (Some(VoidReason::Overtaken), Some(State::VoteStale)),
            Fate::Lapsed => (Some(VoidReason::Lapsed), Some(State::VoteLapsed)),
            Fate::ExitsSlower => (Some(VoidReason::ExitsSlower), Some(State::VoteExitsSlower)),
        };
        let found = match status {
            Status::Void { reason, .. } => Some(reason),
            Status::Applied { .. } => None,
            other => panic!("{waiting:?} is {other:?}"),
        };
        assert_eq!(found, expected, "{waiting:?}");
        self.waiting.retain(|waiting| waiting.number != number);
        if let Some(state) = state {
            self.seen.saw(state);
        }
        if fate == Fate::Applied {
            self.follow(waiting.vote);
        }
    }

    /// The books follow a vote that is made.
    pub(super) fn follow(&mut self, vote: Vote) {
        self.made(vote);
        match vote {
            Vote::Tune(tune, _) => self.tuned(tune),
            Vote::Terms { holder, terms, add } => self.termed(holder, terms, add),
            Vote::Close { holder } => self.closed(holder),
        }
    }

    /// Submits the vault's message as a change; its number.
    fn submit(&mut self, msg: &ExecuteMsg, may: bool) -> Option<u64> {
        let timelock = self.timelock.clone()?;
        let change: timelock::VaultChange = from_json(to_json_binary(msg).unwrap()).unwrap();
        let submit = timelock::ExecuteMsg::Submit {
            change: timelock::Change::Vault(change),
            expect: None,
        };
        let owner = self.owner();
        let done = self.desk.w.execute(&owner, &timelock, &submit, &[]);
        assert_eq!(done.is_ok(), may, "{msg:?} at {}: {done:?}", self.now());
        done.ok()?;
        self.votes += 1;
        Some(self.votes)
    }

    fn change(&self, number: u64) -> ChangeResponse {
        let query = timelock::QueryMsg::Change { number };
        self.desk
            .w
            .query(self.timelock.as_ref().unwrap(), &query)
            .unwrap()
    }
}
