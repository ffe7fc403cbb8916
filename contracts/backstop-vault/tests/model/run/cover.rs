//! Shortfalls and what becomes of their claims.

use backstop_types::Price;
use backstop_types::breaker::TripCause;
use backstop_types::vault::{CoverReason, CoverResponse, QueryMsg};
use cosmwasm_std::from_json;

use super::{Run, price_of};
use crate::model::claims::{Phase, Ruling};
use crate::model::cover::{Ask, Parts};
use crate::model::exact::SECOND;
use crate::model::states::State;
use crate::model::steps::{Quote, Size, Step};
use crate::support::MARKET;

impl Run {
    pub(super) fn take_cover(&mut self, step: Step) {
        let pending = self.book.pending();
        let pick = |pick: u8, from: &[u64]| from.get(usize::from(pick) % from.len().max(1)).copied();
        let all: Vec<u64> = (1..=self.book.claims.len() as u64).collect();
        match step {
            Step::Shortfall {
                holder,
                size,
                quote,
                fresh,
            } => self.shortfall(holder, size, quote, fresh),
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
                    let latest = self.book.latest(claim, self.now());
                    self.wait_until(latest + u64::from(place) * SECOND / 16);
                    self.settle(claim);
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

    fn quoted(&self, quote: Quote) -> Option<Price> {
        let millionths = match quote {
            Quote::Present(by) => self.price.saturating_add_signed(self.price as i64 * by / 10_000),
            Quote::Former => self.former,
            Quote::Missing => return None,
        };
        Some(Price(price_of(millionths)))
    }

    /// Settles a claim, after waiting until so far off its time.
    fn settle_about(&mut self, claim: u64, wait: Option<i64>, fresh: bool) {
        if let Some(off) = wait {
            let (at, _) = self.book.payable_at(claim, self.now());
            self.wait_until(at.saturating_add_signed(off));
        }
        if fresh {
            self.publish(false);
        }
        self.settle(claim);
    }

    fn shortfall(&mut self, holder: usize, size: Size, quote: Quote, fresh: bool) {
        if fresh {
            self.publish(false);
        }
        let ask = self.ask(holder, size, quote);
        let (sender, trips) = (self.holders[holder].clone(), self.record().trips);
        let policy = self.book.policies[holder].as_ref();
        let active = policy.is_some_and(|policy| !policy.closed);
        let quoted = self.quote(&ask);
        let price = ask.price.map(|price| price.to_string());
        let done = self.desk.w.shortfall(&sender, ask.amount, price.as_deref());
        assert_eq!(done.is_ok(), active, "{done:?}");
        let Ok(done) = done else { return };
        let answer: CoverResponse = from_json(done.data.unwrap()).unwrap();
        assert_eq!(quoted.as_ref(), Some(&answer), "a quote differs from its answer");
        self.answered(&ask, &answer);
        self.saw_trips(trips);
    }

    /// A shortfall as it would be sent now.
    fn ask(&mut self, holder: usize, size: Size, quote: Quote) -> Ask {
        let now = self.now();
        self.book.refill(now);
        let (saying, hold) = self.consult();
        Ask {
            holder,
            amount: match size {
                Size::Units(amount) => amount,
                Size::Permille(part) => self.book.assets * part / 1_000 + 1,
            },
            price: self.quoted(quote),
            saying,
            hold,
            now,
        }
    }

    /// The answer must be the model's, and is booked.
    fn answered(&mut self, ask: &Ask, answer: &CoverResponse) {
        let parts = self.book.answer(ask);
        self.saw_answer(ask, &parts);
        self.book.grant(ask, &parts);
        self.received[ask.holder] += parts.paid;
        let granted = parts.paid + parts.pending > 0;
        let claim = granted.then_some(self.book.claims.len() as u64);
        let expected = (Parts { held: false, ..parts }, claim);
        assert_eq!((read(answer), answer.claim), expected, "{ask:?}");
        if let Some(claim) = claim {
            self.check_claim(claim);
        }
    }

    /// What the vault says that it would answer; nothing under a closed policy.
    fn quote(&self, ask: &Ask) -> Option<CoverResponse> {
        let query = QueryMsg::QuoteCover {
            policyholder: self.holders[ask.holder].to_string(),
            market: MARKET.to_string(),
            amount: ask.amount.into(),
            price: ask.price,
        };
        self.desk.w.query(&self.desk.w.vault, &query).ok()
    }

    fn saw_answer(&mut self, ask: &Ask, parts: &Parts) {
        let granted = parts.paid + parts.pending;
        let state = match parts.reason {
            Some(CoverReason::PolicyLimit) => Some(State::PolicyLimitReached),
            Some(CoverReason::PoolLimit) => Some(State::PoolLimitReached),
            Some(CoverReason::BelowMinimum) => Some(State::BelowMinimum),
            Some(CoverReason::PriceOutsideBand) => Some(State::PriceOutsideBand),
            Some(CoverReason::PriceMissing) => Some(State::PriceMissing),
            Some(CoverReason::PayoutsHeld) => Some(State::PayoutsPaused),
            Some(CoverReason::Unpriced) => Some(State::UnpricedDelayed),
            _ => None,
        };
        if let Some(state) = state {
            self.seen.saw(state);
        }
        let tickets = self.book.stakers.iter().any(|staker| !staker.tickets.is_empty());
        let seen = &mut self.seen;
        seen.saw_if(parts.paid == ask.amount, State::PaidAtOnce);
        seen.saw_if(parts.paid > 0 && parts.pending > 0, State::PartPaidPartDelayed);
        seen.saw_if(parts.deductible == ask.amount, State::DeductibleOnly);
        seen.saw_if(parts.held && ask.hold.silent, State::HeldWithDeadBreaker);
        seen.saw_if(granted > 0 && tickets, State::TicketOpenInLoss);
    }

    pub(super) fn settle(&mut self, number: u64) {
        let pending = self.book.pending().contains(&number);
        let rulings = pending.then(|| {
            let ended = self.ended(&self.book.claim(number).hold);
            self.book.rulings(number, ended, self.now())
        });
        let trips = self.record().trips;
        let done = self.desk.settle(number).is_ok();
        let Some(rulings) = rulings else {
            return assert!(!done, "settled {number}, which is not pending");
        };
        let waits = |ruling: &Ruling| {
            use Ruling::{WaitForDelay, WaitForPause, WaitForTrip};
            matches!(ruling, WaitForDelay | WaitForPause | WaitForTrip)
        };
        // Within the vault's slack both are right: take what it did.
        let ruled = rulings
            .iter()
            .find(|ruling| waits(ruling) != done && self.did(number, **ruling));
        let Some(ruling) = ruled.copied() else {
            panic!(
                "claim {number}: {rulings:?}, but settled {done} at {}",
                self.now()
            );
        };
        self.seen
            .saw_if(ruling == Ruling::WaitForPause, State::SettlementWaitsForPause);
        self.settled(number, ruling);
        self.saw_trips(trips);
        self.check_claim(number);
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
        let (holder, phase, stood, hold) = (claim.holder, claim.phase, claim.stood, claim.hold);
        match ruling {
            Ruling::Pay => {
                let cause = if stood || phase == Phase::Held {
                    hold.cause
                } else {
                    None
                };
                let seen = &mut self.seen;
                seen.saw_if(phase == Phase::Delayed && !stood, State::DelayedPaid);
                seen.saw_if(stood, State::StandingPaid);
                seen.saw_if(cause == Some(TripCause::Faults), State::HeldByFaultsPaid);
                seen.saw_if(cause == Some(TripCause::Guardian), State::HeldByGuardianPaid);
                let silent = (stood || phase == Phase::Held) && hold.silent;
                seen.saw_if(silent, State::HeldWithDeadBreakerPaid);
                self.received[holder] += self.book.pay(number);
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
        let done = self.desk.decline(number);
        assert_eq!(done.is_ok(), may, "{done:?}");
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
            self.book.losses[number as usize - 1].repaid += kept;
            self.check_claim(number);
        }
        assert_eq!(self.desk.balance(&funder), before - kept);
    }
}

/// The vault's answer in the model's terms; whether it is held its record says.
fn read(answer: &CoverResponse) -> Parts {
    Parts {
        deductible: answer.deductible.u128(),
        paid: answer.paid.u128(),
        pending: answer.pending.u128(),
        uncovered: answer.uncovered.u128(),
        reason: answer.reason,
        held: false,
    }
}
