//! What becomes of claims: settled, declined, and repaid.

use backstop_types::breaker::TripCause;
use backstop_types::vault::ExecuteMsg;

use super::Run;
use crate::model::claims::{Ending, First, Phase, Ruling, without_trip};
use crate::model::exact::SECOND;
use crate::model::states::State;
use crate::model::steps::Step;

impl Run {
    pub(super) fn take_claims(&mut self, step: Step) {
        let pending = self.book.pending();
        let pick = |pick: u8, from: &[u64]| from.get(usize::from(pick) % from.len().max(1)).copied();
        let all: Vec<u64> = (1..=self.book.claims.len() as u64).collect();
        match step {
            Step::Settle {
                pick: place,
                wait,
                fresh,
            } => {
                // Sometimes one that has ended, or none: those are refused.
                let claim = pick(place, &pending).or(pick(place, &all)).unwrap_or(1);
                self.settle_about(claim, wait.filter(|_| pending.contains(&claim)), fresh);
            }
            Step::Expire { pick: place } => {
                let held = |number: &u64| self.book.claim(*number).phase == Phase::Held;
                let held: Vec<u64> = pending.into_iter().filter(held).collect();
                if let Some(claim) = pick(place, &held) {
                    self.expire(claim, u64::from(place) * SECOND / 16);
                }
            }
            Step::Decline { pick: place } => {
                self.decline(pick(place, &pending).or(pick(place, &all)).unwrap_or(1));
            }
            Step::Recover { pick: place, part } => {
                let paid = |number: &u64| self.book.claim(*number).paid > 0;
                let paid: Vec<u64> = all.iter().copied().filter(paid).collect();
                self.recover(pick(place, &paid).or(pick(place, &all)).unwrap_or(1), part);
            }
            _ => {}
        }
    }

    /// Settles a claim so long after its latest date.
    pub(super) fn expire(&mut self, claim: u64, after: u64) {
        let now = self.now();
        let latest = match self.ending(claim) {
            Ending::Open(start) => self.book.latest_from(claim, start, now),
            Ending::Ended(..) => self.book.latest(claim, now),
        };
        self.wait_until(latest + after);
        self.settle(claim);
    }

    /// Settles a claim, after waiting until so far off its time.
    fn settle_about(&mut self, claim: u64, wait: Option<i64>, fresh: bool) {
        if let Some(off) = wait {
            let at = self.book.payable_at(claim, self.now());
            self.wait_until(at.saturating_add_signed(off));
        }
        if fresh {
            self.publish(false);
        }
        self.settle(claim);
    }

    /// Settles a claim. What its breaker is found to say is read again after a
    /// settlement that passed, since the vault may have poked in it.
    pub(super) fn settle(&mut self, number: u64) {
        let pending = self.book.pending().contains(&number);
        let foreseen = pending.then(|| self.ending(number));
        let trips = self.record().trips;
        let done = self.desk.settle(number).is_ok();
        let Some(foreseen) = foreseen else {
            return assert!(!done, "settled {number}, which is not pending");
        };
        let ending = if done { self.ending(number) } else { foreseen };
        let ruling = self.book.ruling(number, ending, self.now());
        assert!(
            waits(ruling) != done && self.did(number, ruling),
            "claim {number}: {ruling:?} by {ending:?}, but settled {done} at {}",
            self.now()
        );
        self.seen
            .saw_if(ruling == Ruling::WaitForPause, State::SettlementWaitsForPause);
        self.saw_ending(number, ending, ruling);
        let judged = matches!(ruling, Ruling::Pay | Ruling::Stand | Ruling::LapseByPrice);
        if let (Ending::Ended(band, first), true) = (ending, judged) {
            self.book.judge(number, band, first);
        }
        self.settled(number, ruling);
        self.saw_trips(trips);
        self.check_claim(number);
    }

    /// How it stands with what a claim waits for, by the breaker's records and
    /// by what it would answer.
    fn ending(&self, number: u64) -> Ending {
        let claim = self.book.claim(number);
        match claim.held.trip {
            Some(trip) => match self.trip(trip).and_then(|trip| trip.end) {
                Some(end) => Ending::Ended(end.band, First::Trip),
                None => Ending::Open(claim.filed_at),
            },
            None => without_trip(claim.filed_at, &self.since(claim.filed_at)),
        }
    }

    fn saw_ending(&mut self, number: u64, ending: Ending, ruling: Ruling) {
        let claim = self.book.claim(number);
        if claim.phase != Phase::Held || claim.held.trip.is_some() {
            return;
        }
        let state = match ending {
            Ending::Ended(_, First::Reading) => State::EndedByReading,
            Ending::Ended(_, First::Trip) => State::EndedByNextTrip,
            Ending::Ended(_, First::Poke) => State::EndedByPoke,
            Ending::Open(start) if start > claim.filed_at && ruling == Ruling::LapseByTime => {
                State::ExpiredAfterNextTrip
            }
            Ending::Open(_) => return,
        };
        self.seen.saw(state);
    }

    /// Whether the vault's record agrees with the ruling.
    fn did(&self, number: u64, ruling: Ruling) -> bool {
        let phase = self.phase(number);
        match ruling {
            Ruling::Pay => phase == Phase::Paid,
            Ruling::Stand => phase == Phase::Delayed,
            Ruling::LapseByPrice => phase == Phase::LapsedByPrice,
            Ruling::LapseByTime => phase == Phase::LapsedByTime,
            _ => phase == self.book.claim(number).phase,
        }
    }

    fn settled(&mut self, number: u64, ruling: Ruling) {
        let claim = self.book.claim(number);
        let (holder, phase, stood, held) = (claim.holder, claim.phase, claim.stood, claim.held);
        match ruling {
            Ruling::Pay => {
                let cause = if stood || phase == Phase::Held {
                    held.cause
                } else {
                    None
                };
                let seen = &mut self.seen;
                seen.saw_if(phase == Phase::Delayed && !stood, State::DelayedPaid);
                seen.saw_if(stood, State::StandingPaid);
                seen.saw_if(cause == Some(TripCause::Faults), State::HeldByFaultsPaid);
                seen.saw_if(cause == Some(TripCause::Guardian), State::HeldByGuardianPaid);
                let silent = (stood || phase == Phase::Held) && held.silent;
                seen.saw_if(silent, State::HeldWithDeadBreakerPaid);
                let now = self.now();
                self.received[holder] += self.book.pay(number, now);
            }
            Ruling::Stand => {
                self.seen.saw(State::HeldStands);
                self.book.stand(number);
            }
            Ruling::LapseByPrice => self.give_back(number, Phase::LapsedByPrice, State::HeldLapsedByPrice),
            Ruling::LapseByTime => self.give_back(number, Phase::LapsedByTime, State::LapsedExpired),
            _ => {}
        }
    }

    fn give_back(&mut self, number: u64, phase: Phase, state: State) {
        self.seen.saw(state);
        let now = self.now();
        let some = self.book.give_back(number, phase, now);
        self.seen.saw_if(some, State::DeductibleRestored);
    }

    pub(super) fn decline(&mut self, number: u64) {
        let may = self.book.pending().contains(&number);
        let msg = ExecuteMsg::DeclineClaim {
            claim: number,
            reason: "no such position".to_string(),
        };
        self.command(&msg, may);
        if may {
            let state = match self.book.claim(number).phase {
                Phase::Held => State::DeclinedHeld,
                _ => State::DeclinedDelayed,
            };
            self.give_back(number, Phase::Declined, state);
            self.check_claim(number);
        }
    }

    fn recover(&mut self, number: u64, part: u8) {
        let booked = number <= self.book.losses.len() as u64;
        let left = if booked { self.book.to_repay(number) } else { 0 };
        let paid = if booked { self.book.claim(number).paid } else { 0 };
        let amount = paid * u128::from(part) / 200 + 1;
        let funder = self.funder.clone();
        let before = self.desk.balance(&funder);
        let done = self.desk.recover(&funder, number, amount);
        assert_eq!(done.is_ok(), left > 0, "{done:?}");
        let kept = amount.min(left);
        if left > 0 {
            self.seen.saw(State::Repaid);
            self.seen.saw_if(amount > left, State::RepaidTooMuch);
            self.book.repay(number, kept);
            self.check_claim(number);
        }
        assert_eq!(self.desk.balance(&funder), before - kept);
    }
}

fn waits(ruling: Ruling) -> bool {
    use Ruling::{WaitForDelay, WaitForPause, WaitForTrip};
    matches!(ruling, WaitForDelay | WaitForPause | WaitForTrip)
}
