//! What the owner and the guardian may do.

use backstop_types::vault::{ExecuteMsg, ParamsUpdate, Pausable, PolicyTerms, PremiumCurveUpdate};
use backstop_types::{Bps, Change, Patch, Seconds, Shares};

use super::{Run, bps, curve, policy_terms};
use crate::model::exact::SECOND;
use crate::model::ledger::{Pauses, Who};
use crate::model::premium::Tariff;
use crate::model::states::State;
use crate::model::steps::{Beforehand, Insured, Step, Terms, Tune};
use crate::model::votes::{Vote, Waiting};
use crate::support::{MARKET, owner_sets};

impl Run {
    pub(super) fn take_powers(&mut self, step: Step) {
        match step {
            Step::Pause { what, nanos, then } => {
                self.pause(what, nanos);
                if then && what == Pausable::Payouts {
                    self.small_shortfall(0, Insured::InForce);
                }
            }
            Step::Resume { what } => self.resume(what),
            Step::Tune(tune) => self.tune(tune),
            Step::Terms { holder, terms, add } => {
                let before = self.seen.of(State::PremiumNewlyAsked);
                self.terms(holder, terms, add);
                if self.seen.of(State::PremiumNewlyAsked) > before {
                    self.small_shortfall(holder, Insured::Nothing);
                }
            }
            Step::Close { holder, by_owner } => self.close(holder, by_owner),
            Step::HandOver { to } => self.hand_over(to),
            Step::ApplyVote {
                pick,
                wait,
                late,
                first,
            } => {
                let of_policy = |waiting: &Waiting| matches!(waiting.vote, Vote::Terms { add: false, .. });
                let fits = |waiting: &&Waiting| first != Beforehand::Close || of_policy(waiting);
                let numbers: Vec<u64> = self.waiting.iter().filter(fits).map(|it| it.number).collect();
                if let Some(number) = numbers.get(usize::from(pick) % numbers.len().max(1)) {
                    self.prepare(*number, first);
                    self.apply_vote(*number, wait, late);
                }
            }
            Step::Trespass { who } => self.trespass(who),
            _ => {}
        }
    }

    fn pauses(&mut self, what: Pausable) -> &mut Pauses {
        match what {
            Pausable::Deposits => &mut self.book.deposits,
            Pausable::Payouts => &mut self.book.payouts,
        }
    }

    fn pause(&mut self, what: Pausable, nanos: u64) {
        let now = self.now();
        let may = self.pauses(what).may(now);
        let guardian = self.desk.w.guardian.clone();
        let duration = Seconds(nanos / SECOND);
        self.tell(&guardian, &ExecuteMsg::Pause { what, duration }, may);
        if may {
            self.pauses(what).0.push((now, now + nanos));
        }
    }

    pub(super) fn resume(&mut self, what: Pausable) {
        let now = self.now();
        let may = self.pauses(what).until(now).is_some();
        let pause = self.pauses(what).0.len() as u64;
        let other = ExecuteMsg::Resume {
            what,
            pause: pause + 1,
        };
        for (msg, may) in [(other, false), (ExecuteMsg::Resume { what, pause }, may)] {
            if pause.is_multiple_of(2) {
                self.command(&msg, may);
            } else {
                let guardian = self.desk.w.guardian.clone();
                self.tell(&guardian, &msg, may);
            }
        }
        if may && let Some(last) = self.pauses(what).0.last_mut() {
            last.1 = now;
        }
    }

    pub(super) fn tune(&mut self, tune: Tune) {
        let mut update = ParamsUpdate::default();
        match tune {
            Tune::Unbonding(hours) => update.unbonding_period = Some(Seconds::hours(hours)),
            Tune::Notice(days) => update.notice = Some(Seconds::days(days)),
            Tune::Fraction(part) => update.pool_fraction = Some(bps(part)),
            Tune::MinTicket(shares) => update.min_ticket = Some(Shares::new(shares)),
            Tune::MaxTickets(most) => update.max_tickets = Some(most),
            Tune::Gas(gas) => (update.hook_gas, update.poke_gas) = (Some(gas), Some(gas)),
            Tune::Breaker => update.breaker = Some(self.desk.w.breaker.to_string()),
            Tune::Tariff(tariff) => update = self.tariff_update(&tariff),
        }
        let waiting = !self.book.pending().is_empty();
        let breaker = update.breaker.is_some();
        let may = !breaker || !(waiting || self.breaker_dead);
        self.seen.saw_if(breaker && waiting, State::BreakerKeptInUse);
        let vote = Vote::Tune(tune, update.treasury.is_some());
        if self.vote(&ExecuteMsg::UpdateParams { update }, may, vote) {
            self.follow(vote);
        }
    }

    pub(super) fn tuned(&mut self, tune: Tune) {
        let now = self.now();
        self.book.refill(now);
        let tuning = &mut self.book.tuning;
        match tune {
            Tune::Unbonding(hours) => tuning.unbonding = hours * 3_600,
            Tune::Notice(days) => tuning.notice = days * 86_400,
            Tune::Fraction(part) => tuning.fraction = part,
            Tune::MinTicket(shares) => tuning.min_ticket = shares,
            Tune::MaxTickets(most) => tuning.max_tickets = most as usize,
            Tune::Gas(gas) => tuning.gas = [gas; 2],
            Tune::Breaker => {}
            Tune::Tariff(tariff) => self.book.tariff = tariff,
        }
    }

    fn tariff_update(&self, tariff: &Tariff) -> ParamsUpdate {
        let treasury = if tariff.treasury {
            Patch::Set(self.treasury.to_string())
        } else {
            Patch::Remove {}
        };
        let had = self.book.tariff.treasury;
        ParamsUpdate {
            premium: Some(PremiumCurveUpdate::to(curve(tariff))),
            treasury: (had || tariff.treasury).then_some(treasury),
            treasury_part: Some(Bps(tariff.part)),
            ..Default::default()
        }
    }

    /// Adds a policy where there is none or it is closed, or changes it where it
    /// is active.
    pub(super) fn terms(&mut self, holder: usize, terms: Terms, add: bool) {
        let policy = self.book.policies[holder].as_ref();
        let active = policy.is_some_and(|policy| !policy.closed);
        let terms = policy_terms(terms);
        let msg = owner_sets(&self.holders[holder], terms, add);
        let vote = Vote::Terms { holder, terms, add };
        if self.vote(&msg, add != active, vote) {
            self.follow(vote);
        }
    }

    pub(super) fn termed(&mut self, holder: usize, terms: PolicyTerms, add: bool) {
        let now = self.now();
        let policy = self.book.policies[holder].as_ref();
        let again = add && policy.is_some_and(|policy| policy.closed);
        let before = policy.map(|policy| (policy.terms.premium, policy.premium.until));
        let back = self.book.set_terms(holder, terms, now);
        self.seen.saw_if(again, State::PolicyAddedAgain);
        if let Some((asked, until)) = before.filter(|_| !add) {
            self.saw_terms(holder, asked.is_some(), until, back);
        }
    }

    pub(super) fn close(&mut self, holder: usize, by_owner: bool) {
        let named = self.holders[holder].clone();
        let msg = ExecuteMsg::ClosePolicy {
            policyholder: by_owner.then(|| named.to_string()),
            market: MARKET.to_string(),
        };
        let may = self.book.policies[holder]
            .as_ref()
            .is_some_and(|policy| !policy.closed);
        let vote = Vote::Close { holder };
        if by_owner {
            if self.vote(&msg, may, vote) {
                self.follow(vote);
            }
        } else if self.tell(&named, &msg, may).is_some() {
            self.closed(holder);
        }
    }

    pub(super) fn closed(&mut self, holder: usize) {
        let now = self.now();
        self.book.policies[holder].as_mut().unwrap().closed = true;
        let back = self.book.end_premium(holder, now);
        self.seen.saw_if(back > 0, State::RefundByClose);
    }

    /// To somebody else and back, in two steps each time; nobody else takes it.
    fn hand_over(&mut self, to: Who) {
        if self.timelock.is_some() {
            return;
        }
        let (owner, next) = (self.owner(), self.stakers[to].clone());
        let other = self.funder.clone();
        for (from, to) in [(&owner, &next), (&next, &owner)] {
            let transfer = ExecuteMsg::UpdateOwnership(cw_ownable::Action::TransferOwnership {
                new_owner: to.to_string(),
                expiry: None,
            });
            let accept = ExecuteMsg::UpdateOwnership(cw_ownable::Action::AcceptOwnership);
            self.tell(from, &transfer, true);
            self.tell(&other, &accept, false);
            self.tell(to, &accept, true);
        }
        self.seen.saw(State::HandedOver);
    }

    /// A staker is neither owner, guardian, nor the vault.
    fn trespass(&mut self, who: Who) {
        let (staker, owner) = (self.stakers[who].clone(), self.owner());
        let distributor = self.desk.w.distributor.to_string();
        let again = ExecuteMsg::SetDistributor { distributor };
        self.command(&again, false);
        if self.timelock.is_some() {
            let most = ExecuteMsg::UpdateParams {
                update: ParamsUpdate {
                    max_tickets: Some(7),
                    ..Default::default()
                },
            };
            self.tell(&owner, &most, false);
        }
        let holder = self.holders[0].clone();
        let terms = self.book.policies[0].as_ref().unwrap().terms;
        let active = !self.book.policies[0].as_ref().unwrap().closed;
        let what = Pausable::Deposits;
        let pause = self.pauses(what).0.len() as u64;
        for msg in [
            again,
            owner_sets(&holder, terms, !active),
            ExecuteMsg::ClosePolicy {
                policyholder: Some(holder.to_string()),
                market: MARKET.to_string(),
            },
            ExecuteMsg::DeclineClaim {
                claim: 1,
                reason: "because".to_string(),
            },
            ExecuteMsg::UpdateParams {
                update: ParamsUpdate {
                    min_ticket: Some(Shares::new(1)),
                    ..Default::default()
                },
            },
            ExecuteMsg::Pause {
                what,
                duration: Seconds::HOUR,
            },
            ExecuteMsg::Resume { what, pause },
            ExecuteMsg::UpdateOwnership(cw_ownable::Action::RenounceOwnership),
            ExecuteMsg::ProveDepth {},
        ] {
            self.tell(&staker, &msg, false);
        }
        self.seen.saw(State::Trespassed);
    }
}
