//! What the owner and the guardian may do.

use backstop_types::vault::{ExecuteMsg, ParamsUpdate, Pausable};
use backstop_types::{Seconds, Shares};

use super::{Run, bps, policy_terms};
use crate::model::exact::SECOND;
use crate::model::ledger::Pauses;
use crate::model::states::State;
use crate::model::steps::{Step, Terms, Tune};
use crate::support::{MARKET, owner_sets};

impl Run {
    pub(super) fn take_powers(&mut self, step: Step) {
        match step {
            Step::Pause { what, nanos } => self.pause(what, nanos),
            Step::Resume { what } => self.resume(what),
            Step::Tune(tune) => self.tune(tune),
            Step::Terms { holder, terms, add } => self.terms(holder, terms, add),
            Step::Close { holder, by_owner } => self.close(holder, by_owner),
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
        let owner = self.owner();
        let pause = self.pauses(what).0.len() as u64;
        self.tell(&owner, &ExecuteMsg::Resume { what, pause }, may);
        if may && let Some(last) = self.pauses(what).0.last_mut() {
            last.1 = now;
        }
    }

    fn tune(&mut self, tune: Tune) {
        let mut update = ParamsUpdate::default();
        match tune {
            Tune::Unbonding(hours) => update.unbonding_period = Some(Seconds::hours(hours)),
            Tune::Notice(days) => update.notice = Some(Seconds::days(days)),
            Tune::Fraction(part) => update.pool_fraction = Some(bps(part)),
            Tune::MinTicket(shares) => update.min_ticket = Some(Shares::new(shares)),
            Tune::MaxTickets(most) => update.max_tickets = Some(most),
            Tune::Gas(gas) => (update.hook_gas, update.poke_gas) = (Some(gas), Some(gas)),
            Tune::Breaker => update.breaker = Some(self.desk.w.breaker.to_string()),
        }
        let waiting = !self.book.pending().is_empty();
        let breaker = update.breaker.is_some();
        let may = !breaker || !(waiting || self.breaker_dead);
        self.seen.saw_if(breaker && waiting, State::BreakerKeptInUse);
        let owner = self.owner();
        self.tell(&owner, &ExecuteMsg::UpdateParams { update }, may);
        let now = self.now();
        self.book.refill(now);
        let tuning = &mut self.book.tuning;
        match tune {
            Tune::Unbonding(hours) => tuning.unbonding = hours * 3_600,
            Tune::Notice(days) => tuning.notice = days * 86_400,
            Tune::Fraction(part) => tuning.fraction = part,
            Tune::MinTicket(shares) => tuning.min_ticket = shares,
            Tune::MaxTickets(most) => tuning.max_tickets = most as usize,
            Tune::Gas(_) | Tune::Breaker => {}
        }
    }

    /// Adds a policy where there is none or it is closed, or changes it where it
    /// is active.
    pub(super) fn terms(&mut self, holder: usize, terms: Terms, add: bool) {
        let policy = self.book.policies[holder].as_ref();
        let active = policy.is_some_and(|policy| !policy.closed);
        let again = add && policy.is_some_and(|policy| policy.closed);
        let terms = policy_terms(terms);
        let msg = owner_sets(&self.holders[holder], terms, add);
        let owner = self.owner();
        self.tell(&owner, &msg, add != active);
        if add != active {
            let now = self.now();
            self.book.set_terms(holder, terms, now);
            self.seen.saw_if(again, State::PolicyAddedAgain);
        }
    }

    fn close(&mut self, holder: usize, by_owner: bool) {
        let named = self.holders[holder].clone();
        let sender = if by_owner { self.owner() } else { named.clone() };
        let msg = ExecuteMsg::ClosePolicy {
            policyholder: by_owner.then(|| named.to_string()),
            market: MARKET.to_string(),
        };
        let policy = self.book.policies[holder].as_mut();
        let may = policy.is_some_and(|policy| !std::mem::replace(&mut policy.closed, true));
        self.tell(&sender, &msg, may);
    }
}
