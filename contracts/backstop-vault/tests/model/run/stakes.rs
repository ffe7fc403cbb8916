//! Deposits, tickets, withdrawals, and what stakers take back.

use backstop_types::vault::{ClaimRecoveryResponse, ExecuteMsg};
use backstop_types::{Assets, Shares};
use cosmwasm_std::from_json;

use super::Run;
use crate::model::ledger::{Who, ready_at};
use crate::model::states::State;
use crate::model::steps::{Choice, Step};

/// The most that one message names.
const MOST: usize = 30;

impl Run {
    pub(super) fn take_stakes(&mut self, step: Step) {
        match step {
            Step::Deposit {
                from,
                to,
                amount,
                guard,
            } => self.deposit(from, to, amount, guard),
            Step::Unbond {
                who,
                part,
                auto,
                untold,
            } => self.unbond(who, part, auto, untold),
            Step::Cancel { who, pick, untold } => {
                if untold {
                    self.unbond(who, Some(pick), pick % 2 == 0, true);
                }
                self.cancel(who, pick);
            }
            Step::Withdraw {
                who,
                by,
                choice,
                wait,
                guard,
            } => {
                let oldest = self.book.stakers[who].tickets.values().next();
                if let (Some(off), Some(ticket)) = (wait, oldest) {
                    let ready = ready_at(ticket, &self.book.tuning);
                    self.wait_until(ready.saturating_add_signed(off));
                }
                self.withdraw(who, by.unwrap_or(who), choice, guard);
            }
            Step::Leave { who: Some(who) } => self.leave(&[who]),
            Step::Leave { who: None } => self.leave(&[0, 1, 2, 3]),
            Step::TakeBack { who, choice, restake } => self.take_back(who, choice, restake),
            _ => {}
        }
    }

    /// Whether the vault can mint shares now, and if not, counts why.
    pub(super) fn may_mint(&mut self) -> bool {
        let paused = self.book.deposits.until(self.now()).is_some();
        self.seen.saw_if(paused, State::DepositRefusedPaused);
        self.seen
            .saw_if(!paused && self.distributor_broken, State::DepositRefusedByHook);
        !paused && !self.distributor_broken
    }

    pub(super) fn deposit(&mut self, from: Who, to: Who, amount: u128, guard: Option<i8>) {
        let minted = self.book.minted(amount);
        let min = guard.map(|off| minted.saturating_add_signed(off.into()));
        let may = self.may_mint() && amount > 0 && min.is_none_or(|min| min <= minted);
        let (sender, due) = (self.stakers[from].clone(), self.pending(to));
        let before = self.balance(from);
        let receiver = (from != to).then(|| self.stakers[to].to_string());
        let done = self.desk.deposit_with(&sender, amount, min, receiver);
        assert_eq!(done.is_ok(), may, "deposit of {amount}: {done:?}");
        if may {
            self.book.deposit(to, amount);
            self.seen.saw_if(from != to, State::DepositForOther);
        }
        assert_eq!(self.balance(from), before - if may { amount } else { 0 });
        self.still_due(to, due);
    }

    fn unbond(&mut self, who: Who, part: Option<u8>, auto: bool, untold: bool) {
        let active = self.book.stakers[who].active;
        let shares = part.map_or(active, |part| (active * u128::from(part)).div_ceil(255));
        let may = self.book.may_unbond(who, shares);
        let (sender, due) = (self.stakers[who].clone(), self.pending(who));
        let was_broken = self.distributor_broken;
        self.set_distributor(was_broken || untold);
        let msg = ExecuteMsg::Unbond {
            shares: part.map(|_| Shares::new(shares)),
            auto_withdraw: Some(auto),
        };
        self.tell(&sender, &msg, may);
        if may {
            let told = !self.distributor_broken;
            let now = self.now();
            self.book.unbond(who, shares, auto, told, now);
            self.seen.saw_if(!told, State::HookFailed);
        }
        self.set_distributor(was_broken);
        // What was earned since the record was last settled is forfeited in
        // part when the distributor was not told.
        if !may || self.book.stakers[who].recorded == self.book.stakers[who].active {
            self.still_due(who, due);
        }
    }

    /// These stakers unbond all that is active, wait, and withdraw all.
    pub(super) fn leave(&mut self, stakers: &[Who]) {
        for who in stakers {
            self.unbond(*who, None, false, false);
        }
        let tickets = stakers
            .iter()
            .flat_map(|who| self.book.stakers[*who].tickets.values());
        let ready = tickets.map(|ticket| ready_at(ticket, &self.book.tuning)).max();
        self.wait_until(ready.unwrap_or_default());
        for who in stakers {
            while !self.book.stakers[*who].tickets.is_empty() {
                self.withdraw(*who, *who, Choice::Latest(Some(30)), None);
            }
        }
    }

    fn cancel(&mut self, who: Who, pick: u8) {
        let staker = &self.book.stakers[who];
        let open: Vec<u64> = staker.tickets.keys().copied().collect();
        let known = !open.is_empty();
        let ticket = if known {
            open[usize::from(pick) % open.len()]
        } else {
            1
        };
        let untold = staker.recorded != staker.active;
        let may = known && !self.distributor_broken;
        let (sender, due) = (self.stakers[who].clone(), self.pending(who));
        self.tell(&sender, &ExecuteMsg::CancelUnbond { ticket }, may);
        if may {
            self.book.cancel(who, ticket);
            self.seen.saw(State::Cancelled);
            self.seen
                .saw_if(untold && due.iter().any(|due| *due > 0), State::CancelledUntold);
        }
        self.still_due(who, due);
    }

    /// The tickets that a withdrawal takes, or none if it must be refused.
    fn chosen_tickets(&self, who: Who, by: Who, choice: &Choice) -> (Option<Vec<u64>>, Vec<u64>) {
        let mut ready = self.book.ready(who, self.now());
        ready.retain(|number| who == by || self.book.stakers[who].tickets[number].auto);
        match choice {
            Choice::Latest(limit) => {
                let limit = limit.unwrap_or(10).min(MOST as u32) as usize;
                (None, ready.into_iter().take(limit).collect())
            }
            Choice::Named(places) => {
                let open: Vec<u64> = self.book.stakers[who].tickets.keys().copied().collect();
                let number = |place: &u8| open.get(usize::from(*place) % open.len().max(1)).copied();
                let named: Vec<u64> = places.iter().map(|place| number(place).unwrap_or(1)).collect();
                let valid = distinct(&named) && named.iter().all(|number| ready.contains(number));
                let taken = if valid { named.clone() } else { vec![] };
                (Some(named), taken)
            }
        }
    }

    /// `by` withdraws tickets of `who`, who is paid.
    pub(super) fn withdraw(&mut self, who: Who, by: Who, choice: Choice, guard: Option<i8>) {
        let (named, taken) = self.chosen_tickets(who, by, &choice);
        let paid = self.book.payment(who, &taken);
        let min = guard.map(|off| paid.saturating_add_signed(off.into()));
        let may = !taken.is_empty() && min.is_none_or(|min| min <= paid);
        let msg = ExecuteMsg::Withdraw {
            tickets: named,
            min_assets: min.map(Assets::new),
            limit: match choice {
                Choice::Latest(limit) => limit,
                Choice::Named(_) => None,
            },
            staker: (who != by).then(|| self.stakers[who].to_string()),
        };
        let early = taken.is_empty() && !self.book.stakers[who].tickets.is_empty();
        self.seen.saw_if(early, State::TicketRefusedEarly);
        let waits = taken.is_empty() && !self.book.ready(who, self.now()).is_empty();
        self.seen.saw_if(who != by && waits, State::StrangerRefused);
        let (sender, before) = (self.stakers[by].clone(), self.balance(who));
        let own = self.balance(by);
        self.tell(&sender, &msg, may);
        if may {
            self.seen.saw_if(who != by, State::WithdrawnByStranger);
            self.saw_withdrawal(who, &taken);
            self.book.withdraw(who, &taken);
            self.seen.saw_if(self.book.shares() == 0, State::VaultEmptied);
        }
        assert_eq!(self.balance(who), before + if may { paid } else { 0 });
        assert!(who == by || self.balance(by) == own);
    }

    fn saw_withdrawal(&mut self, who: Who, taken: &[u64]) {
        let lossy = !self.book.losses.is_empty();
        self.seen.saw_if(lossy, State::WithdrawalAfterLoss);
        self.seen.saw_if(taken.len() > 1, State::WithdrawalOfSeveral);
        let period = self.book.tuning.unbonding;
        let tickets = &self.book.stakers[who].tickets;
        let shortened = taken.iter().any(|number| tickets[number].delay > period);
        self.seen.saw_if(shortened, State::UnbondingShortened);
    }

    /// The losses that a claim of recoveries takes, or none if it must be refused.
    fn chosen_losses(&self, who: Who, choice: &Choice) -> Look {
        let booked = self.book.losses.len() as u64;
        let unseen = self.book.unseen(who);
        match choice {
            Choice::Latest(limit) => {
                let limit = limit.unwrap_or(10).clamp(1, MOST as u32) as usize;
                let seen = &unseen[..limit.min(unseen.len())];
                Look {
                    named: None,
                    losses: seen.iter().map(|(_, loss)| *loss).collect(),
                    to: seen.last().map(|(place, _)| place + 1),
                    more: unseen.len() > limit,
                }
            }
            Choice::Named(places) => {
                let number = |place: &u8| u64::from(*place) % (booked + 1) + 1;
                let named: Vec<u64> = places.iter().map(number).collect();
                let valid = distinct(&named) && named.iter().all(|number| *number <= booked);
                Look {
                    losses: if valid { named.clone() } else { vec![] },
                    named: Some(named),
                    to: None,
                    more: !unseen.is_empty(),
                }
            }
        }
    }

    pub(super) fn take_back(&mut self, who: Who, choice: Choice, restake: bool) {
        let look = self.chosen_losses(who, &choice);
        let due = self.book.due(who, &look.losses);
        let in_vain = due == 0 && look.named.is_none() && look.more;
        let may = in_vain || (due > 0 && (!restake || self.may_mint()));
        let msg = ExecuteMsg::ClaimRecovery {
            losses: look.named.clone(),
            restake: Some(restake),
            limit: match choice {
                Choice::Latest(limit) => limit,
                Choice::Named(_) => None,
            },
        };
        let (sender, before) = (self.stakers[who].clone(), self.balance(who));
        let rewards = self.pending(who);
        let done = self.tell(&sender, &msg, may);
        let mut paid = 0;
        if may {
            let owed = |number: &&u64| self.book.loss(**number).due(who) > 0;
            let answer: ClaimRecoveryResponse = from_json(done.unwrap().data.unwrap()).unwrap();
            let expected = ClaimRecoveryResponse {
                amount: due.into(),
                losses: look.losses.iter().filter(owed).count() as u32,
                more: look.more,
            };
            assert_eq!(answer, expected);
            self.saw_recovery(who, &look, due);
            self.book.take_back(who, &look.losses);
            if let Some(to) = look.to {
                self.book.stakers[who].looked_at = to;
            }
            match restake && due > 0 {
                true => self.book.deposit(who, due),
                false => paid = due,
            }
            self.seen.saw_if(restake && due > 0, State::RecoveryRestaked);
        }
        assert_eq!(self.balance(who), before + paid);
        self.still_due(who, rewards);
    }

    fn saw_recovery(&mut self, who: Who, look: &Look, due: u128) {
        let left = self.book.stakers[who].shares() == 0;
        self.seen
            .saw_if(left && due > 0, State::RecoveryTakenAfterLeaving);
        if look.named.is_some() {
            return;
        }
        self.seen.saw_if(due == 0, State::LookedInVain);
        self.seen
            .saw_if(due > 0 && look.more, State::RecoveryTakenInSteps);
        let again = |number: &u64| {
            let loss = self.book.loss(*number);
            loss.taken[who] > 0 && loss.due(who) > 0
        };
        self.seen
            .saw_if(look.losses.iter().any(again), State::RecoveryTakenAgain);
    }
}

/// Which losses a claim of recoveries takes.
struct Look {
    named: Option<Vec<u64>>,
    losses: Vec<u64>,
    /// How many of `Ledger::came_back` have been looked at afterwards.
    to: Option<usize>,
    more: bool,
}

/// As a list in a message must be: not empty, and nothing twice.
fn distinct(numbers: &[u64]) -> bool {
    let twice = |(i, number)| numbers[..i].contains(number);
    (1..=MOST).contains(&numbers.len()) && !numbers.iter().enumerate().any(twice)
}
