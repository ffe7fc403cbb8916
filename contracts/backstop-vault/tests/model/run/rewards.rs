//! Rewards: how much is due is the distributor's own model's concern; here it
//! counts that a loss, a deposit or a ticket takes none of it.

use backstop_types::distributor::{
    ExecuteMsg, FundingsResponse, Listing, QueryMsg, RewardDistributor, StreamTerms,
};
use cosmwasm_std::{Addr, Uint128};

use super::Run;
use crate::model::ledger::Who;
use crate::model::states::State;
use crate::model::steps::Step;

impl Run {
    pub(super) fn take_rewards(&mut self, step: Step) {
        match step {
            Step::Donate(amount) => {
                let funder = self.funder.clone();
                self.desk.donate(&funder, amount);
                self.donated += amount;
            }
            Step::Fund { asset, amount, weeks } => self.fund(usize::from(!asset), amount, weeks),
            Step::Stop { asset, back } => self.stop(usize::from(!asset), back),
            Step::Claim {
                who,
                receiver,
                restake,
            } => self.claim_rewards(who, receiver, restake),
            Step::Sync { who } => self.sync(who),
            _ => {}
        }
    }

    pub(super) fn list_rewards(&mut self) {
        for denom in self.denoms.clone() {
            let listing = Listing {
                denom: denom.into(),
                min_rate: Uint128::one(),
            };
            let owner = self.owner();
            assert!(self.tell_distributor(&owner, &ExecuteMsg::ListDenom(listing)));
        }
    }

    /// Whether it passed.
    fn tell_distributor(&mut self, sender: &Addr, msg: &ExecuteMsg) -> bool {
        let distributor = self.desk.w.distributor.clone();
        self.desk.w.execute(sender, &distributor, msg, &[]).is_ok()
    }

    fn fund(&mut self, denom: usize, amount: u128, weeks: u32) {
        let distributor = RewardDistributor(self.desk.w.distributor.clone());
        let terms = StreamTerms::now(weeks);
        let fund = distributor.fund(&self.denoms[denom], Uint128::new(amount), terms);
        let funder = self.funder.clone();
        let done = self.desk.w.send(&funder, fund.unwrap());
        assert_eq!(done.is_ok(), !self.distributor_broken, "{done:?}");
        if done.is_ok() {
            self.rewards[denom] += amount;
        }
    }

    /// Stops a stream, if it runs; the refund is the funder's.
    fn stop(&mut self, denom: usize, back: usize) {
        let Some(number) = self.funding(denom, back) else {
            return;
        };
        let (owner, name) = (self.owner(), self.denoms[denom].clone());
        let has = |run: &Self, who: &Addr| name.balance(&run.desk.w.querier(), who).unwrap().u128();
        let distributor = self.desk.w.distributor.clone();
        let before = [has(self, &self.funder), has(self, &distributor)];
        let denom_name = name.clone().into();
        let stop = ExecuteMsg::Stop {
            denom: denom_name,
            number,
        };
        if self.tell_distributor(&owner, &stop) {
            self.seen.saw(State::StreamStopped);
        }
        let refund = has(self, &self.funder) - before[0];
        assert_eq!(has(self, &distributor) + refund, before[1]);
        self.rewards[denom] -= refund;
    }

    /// The number of the latest funding, or so many back.
    fn funding(&self, denom: usize, back: usize) -> Option<u64> {
        if self.distributor_broken {
            return None;
        }
        let query = QueryMsg::Fundings {
            denom: self.denoms[denom].clone().into(),
            start_after: None,
            limit: Some(30),
        };
        let page: FundingsResponse = self.desk.w.query(&self.desk.w.distributor, &query).unwrap();
        page.fundings.iter().rev().nth(back).map(|funding| funding.number)
    }

    /// What a claim would pay now, by denom; nothing is known of a broken
    /// distributor.
    pub(super) fn pending(&self, who: Who) -> [u128; 2] {
        if self.distributor_broken {
            return [0; 2];
        }
        let distributor = RewardDistributor(self.desk.w.distributor.clone());
        let rewards = distributor.pending_rewards(&self.desk.w.querier(), &self.stakers[who]);
        let amounts = rewards.unwrap().into_iter().map(|reward| reward.amount.u128());
        amounts.collect::<Vec<_>>().try_into().unwrap()
    }

    /// A message about shares leaves what was due as it was.
    pub(super) fn still_due(&self, who: Who, due: [u128; 2]) {
        assert_eq!(self.pending(who), due, "rewards due to staker {who}");
    }

    pub(super) fn claim_rewards(&mut self, who: Who, receiver: Who, restake: bool) {
        let (due, sender) = (self.pending(who), self.stakers[who].clone());
        let to = self.stakers[receiver].clone();
        let has = |run: &Self, denom: usize| {
            let denom = &run.denoms[denom];
            denom.balance(&run.desk.w.querier(), &to).unwrap().u128()
        };
        let before = [has(self, 0), has(self, 1)];
        let msg = ExecuteMsg::Claim {
            denoms: None,
            receiver: Some(to.to_string()),
            restake: Some(restake),
        };
        let done = self.tell_distributor(&sender, &msg);
        assert_eq!(done, !self.distributor_broken);
        if !done {
            return;
        }
        self.synced(who);
        let deposited = restake && due[0] > 0 && self.book.deposits.until(self.now()).is_none();
        let kept = restake && !deposited;
        let paid = [if restake { 0 } else { due[0] }, due[1]];
        assert_eq!([has(self, 0) - before[0], has(self, 1) - before[1]], paid);
        if deposited {
            self.book.deposit(receiver, due[0]);
            self.seen.saw(State::RewardRestaked);
        }
        self.still_due(who, [if kept { due[0] } else { 0 }, 0]);
        self.rewards[0] -= if kept { 0 } else { due[0] };
        self.rewards[1] -= due[1];
        let some = due.iter().any(|due| *due > 0) && !self.book.losses.is_empty();
        self.seen.saw_if(some, State::RewardsAfterLoss);
    }

    pub(super) fn sync(&mut self, who: Who) {
        let (funder, due) = (self.funder.clone(), self.pending(who));
        let staker = self.stakers[who].to_string();
        let done = self.tell_distributor(&funder, &ExecuteMsg::Sync { staker });
        assert_eq!(done, !self.distributor_broken);
        if done {
            self.synced(who);
            self.still_due(who, due);
        }
    }

    fn synced(&mut self, who: Who) {
        let staker = &mut self.book.stakers[who];
        let drifted = staker.recorded != staker.active;
        staker.recorded = staker.active;
        self.seen.saw_if(drifted, State::HookSynced);
    }

    pub(super) fn set_distributor(&mut self, broken: bool) {
        if self.distributor_broken != broken {
            let code = if broken {
                self.broken
            } else {
                self.desk.w.codes.distributor
            };
            self.migrate(self.desk.w.distributor.clone(), code);
            self.distributor_broken = broken;
        }
    }
}
