//! Shortfalls, and their numbers sent again.

use backstop_types::Price;
use backstop_types::vault::{
    AnsweredShortfall, BackstopVault, CoverQuote, CoverReason, CoverResponse, QueryMsg,
};
use cosmwasm_std::from_json;

use super::{Run, price_of};
use crate::model::claims::Phase;
use crate::model::cover::{Answered, Ask, Parts};
use crate::model::exact::SECOND;
use crate::model::ledger::HOLDERS;
use crate::model::states::State;
use crate::model::steps::{AfterSilence, Former, Insured, Quote, Size, Step};
use crate::support::MARKET;

impl Run {
    pub(super) fn take_cover(&mut self, step: Step) {
        match step {
            Step::Shortfall {
                holder,
                size,
                quote,
                fresh,
                insured,
            } => {
                self.insure(holder, insured);
                if fresh {
                    self.publish(false);
                }
                let number = self.book.next_shortfall(holder);
                let ask = self.ask(holder, number, size, quote);
                self.shortfall(&ask, None);
            }
            Step::Silence {
                holder,
                size,
                quote,
                wait,
                then,
                expire,
            } => {
                self.insure(holder, Insured::InForce);
                self.publish(true);
                let before = self.book.claims.len();
                self.set_breaker(true);
                let number = self.book.next_shortfall(holder);
                let ask = self.ask(holder, number, size, quote);
                self.shortfall(&ask, None);
                self.wait(wait);
                self.set_breaker(false);
                let opened = (self.book.claims.len() > before).then_some(before as u64 + 1);
                self.after_silence(then, opened);
                if let Some(claim) = opened.filter(|_| expire) {
                    self.expire(claim, SECOND);
                }
            }
            Step::Repeat {
                former,
                pick,
                size,
                quote,
            } => {
                let sent = self.sent_before(former);
                if let Some(&(holder, number)) = sent.get(usize::from(pick) % sent.len().max(1)) {
                    let ask = self.ask(holder, number, size, quote);
                    self.ask_again(&ask, former);
                }
            }
            _ => {}
        }
    }

    /// One of a fiftieth of the assets, at the present price.
    pub(super) fn small_shortfall(&mut self, holder: usize, insured: Insured) {
        self.insure(holder, insured);
        self.publish(false);
        let number = self.book.next_shortfall(holder);
        let ask = self.ask(holder, number, Size::Permille(20), Quote::Present(0));
        self.shortfall(&ask, None);
    }

    fn quoted(&self, quote: Quote) -> Option<Price> {
        let millionths = match quote {
            Quote::Present(by) => self.price.saturating_add_signed(self.price as i64 * by / 10_000),
            Quote::Former => self.former,
            Quote::Missing => return None,
        };
        Some(Price(price_of(millionths)))
    }

    fn after_silence(&mut self, then: AfterSilence, opened: Option<u64>) {
        match then {
            AfterSilence::Settle => {
                if let Some(claim) = opened {
                    self.settle(claim);
                }
            }
            AfterSilence::Crash(by) => {
                self.move_price(by);
                self.publish(true);
            }
            AfterSilence::GuardianTrip => self.guardian_trip(),
        }
    }

    /// The shortfalls that stand so, by policyholder and number.
    fn sent_before(&self, former: Former) -> Vec<(usize, u64)> {
        let all = (0..HOLDERS).flat_map(|holder| {
            let numbers = 1..self.book.next_shortfall(holder);
            numbers.map(move |number| (holder, number))
        });
        all.filter(|(holder, number)| self.former(*holder, *number) == former)
            .collect()
    }

    fn former(&self, holder: usize, number: u64) -> Former {
        let claim = match self.book.answered(holder, number) {
            Answered::Nothing => return Former::Nothing,
            Answered::Deductible(_) => return Former::Deductible,
            Answered::Claim(claim) => claim,
        };
        match self.book.claim(claim).phase {
            Phase::Paid => Former::Paid,
            Phase::Delayed => Former::Delayed,
            Phase::Held => Former::Held,
            Phase::Declined => Former::Declined,
            Phase::LapsedByPrice | Phase::LapsedByTime => Former::Lapsed,
        }
    }

    /// Sends a number again, whatever else the message says: its record answers,
    /// and nothing changes. One that was answered with nothing is asked afresh.
    fn ask_again(&mut self, ask: &Ask, former: Former) {
        self.check_record(ask);
        let Some(expected) = self.book.repeated(ask.holder, ask.number) else {
            let done = self.shortfall(ask, Some(ask.number));
            return self.seen.saw_if(done, State::AskedAgainAfterNothing);
        };
        let before = self.picture();
        let quoted = self.quote(ask, Some(ask.number));
        let answer = self.send(ask).unwrap();
        assert_eq!((read(&answer), answer.claim), expected, "{ask:?}");
        assert_eq!(
            quoted.map(CoverResponse::from),
            Some(answer),
            "a quote differs from its answer"
        );
        assert!(
            self.picture() == before,
            "a repetition changed something: {ask:?}"
        );
        self.check_record(ask);
        self.seen.saw(match former {
            Former::Delayed | Former::Held => State::RepeatedPending,
            Former::Declined | Former::Lapsed => State::RepeatedGivenBack,
            Former::Deductible => State::RepeatedDeductible,
            Former::Paid | Former::Nothing => State::RepeatedPaid,
        });
    }

    /// All that vault and breaker have stored, and what the vault has.
    fn picture(&self) -> impl PartialEq + use<> {
        let stored = [&self.desk.w.vault, &self.desk.w.breaker].map(|it| self.desk.w.app.dump_wasm_raw(it));
        (stored, self.desk.balance(&self.desk.w.vault))
    }

    /// What an integrator reads of the number.
    fn check_record(&self, ask: &Ask) {
        let vault = BackstopVault(self.desk.w.vault.clone());
        let holder = &self.holders[ask.holder];
        let found = vault.answered(&self.desk.w.querier(), holder, ask.number);
        let repeated = self.book.repeated(ask.holder, ask.number);
        let expected = repeated.map(|(parts, claim)| AnsweredShortfall {
            claim,
            deductible: parts.deductible.into(),
        });
        assert_eq!(found.unwrap(), expected, "{ask:?}");
    }

    /// The vault's answer, unless it refuses.
    fn send(&mut self, ask: &Ask) -> Option<CoverResponse> {
        let sender = self.holders[ask.holder].clone();
        let price = ask.price.map(|price| price.to_string());
        let world = &mut self.desk.w;
        let done = world.shortfall_numbered(&sender, ask.number, ask.amount, price.as_deref());
        Some(from_json(done.ok()?.data.unwrap()).unwrap())
    }

    /// Sends a shortfall whose number has no record, and quotes it before, by
    /// its number or without; whether it was answered.
    fn shortfall(&mut self, ask: &Ask, named: Option<u64>) -> bool {
        let trips = self.record().trips;
        let policy = self.book.policies[ask.holder].as_ref();
        let active = policy.is_some_and(|policy| !policy.closed);
        let quoted = self.quote(ask, named);
        let answer = self.send(ask);
        assert_eq!(answer.is_some(), active, "{ask:?}");
        if let Some(quote) = &quoted {
            self.check_quote(ask, quote);
        }
        assert_eq!(
            quoted.map(CoverResponse::from),
            answer,
            "a quote differs from its answer"
        );
        let Some(answer) = answer else { return false };
        self.answered(ask, &answer);
        self.check_record(ask);
        self.saw_trips(trips);
        true
    }

    /// A shortfall as it would be sent now.
    fn ask(&mut self, holder: usize, number: u64, size: Size, quote: Quote) -> Ask {
        let now = self.now();
        self.book.refill(now);
        let (saying, held) = self.consult();
        Ask {
            holder,
            number,
            amount: match size {
                Size::Units(amount) => amount,
                Size::Permille(part) => self.book.assets * part / 1_000 + 1,
            },
            price: self.quoted(quote),
            saying,
            held,
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
    fn quote(&self, ask: &Ask, shortfall: Option<u64>) -> Option<CoverQuote> {
        let query = QueryMsg::QuoteCover {
            policyholder: self.holders[ask.holder].to_string(),
            market: MARKET.to_string(),
            amount: ask.amount.into(),
            price: ask.price,
            shortfall,
        };
        self.desk.w.query(&self.desk.w.vault, &query).ok()
    }

    /// What binds is the model's, and what is granted whole now is so from now.
    fn check_quote(&self, ask: &Ask, quote: &CoverQuote) {
        let parts = self.book.answer(ask);
        let binds: Vec<_> = quote.binds.iter().map(|bound| bound.known().unwrap()).collect();
        assert_eq!(binds, self.book.binds(ask, &parts), "{ask:?}");
        let waiting = [quote.delayed, quote.held].map(|part| part.u128());
        let expected = match parts.held {
            true => [0, parts.pending],
            false => [parts.pending, 0],
        };
        assert_eq!(waiting, expected, "{ask:?}");
        let whole = parts.uncovered == 0 && parts.paid + parts.pending > 0;
        let now = |time: Option<cosmwasm_std::Timestamp>| time.is_some_and(|time| time.nanos() == ask.now);
        assert_eq!(now(quote.granted_at), whole, "{ask:?} {quote:?}");
        assert_eq!(
            now(quote.paid_at),
            whole && parts.pending == 0,
            "{ask:?} {quote:?}"
        );
    }

    fn saw_answer(&mut self, ask: &Ask, parts: &Parts) {
        let granted = parts.paid + parts.pending;
        let state = match parts.reason {
            Some(CoverReason::PolicyLimit) => Some(State::PolicyLimitReached),
            Some(CoverReason::PoolLimit) => Some(State::PoolLimitReached),
            Some(CoverReason::BelowMinimum) => Some(State::BelowMinimum),
            Some(CoverReason::PriceOutsideBand) => Some(State::PriceOutsideBand),
            Some(CoverReason::PriceMissing) => Some(State::PriceMissing),
            Some(CoverReason::PayoutsPaused) => Some(State::PayoutsPaused),
            Some(CoverReason::Unpriced) => Some(State::UnpricedDelayed),
            Some(CoverReason::PremiumUnpaid) => Some(self.why_unpaid(ask.holder)),
            _ => None,
        };
        if let Some(state) = state {
            self.seen.saw(state);
        }
        self.saw_grant_by_premium(ask.holder, granted);
        let tickets = self.book.stakers.iter().any(|staker| !staker.tickets.is_empty());
        let seen = &mut self.seen;
        seen.saw_if(parts.paid == ask.amount, State::PaidAtOnce);
        seen.saw_if(parts.paid > 0 && parts.pending > 0, State::PartPaidPartDelayed);
        seen.saw_if(parts.deductible == ask.amount, State::DeductibleOnly);
        seen.saw_if(parts.held && ask.held.silent, State::HeldWithDeadBreaker);
        seen.saw_if(granted > 0 && tickets, State::TicketOpenInLoss);
    }
}

/// The vault's answer in the model's terms; whether it is held its record says.
fn read(answer: &CoverResponse) -> Parts {
    Parts {
        deductible: answer.deductible.u128(),
        paid: answer.paid.u128(),
        pending: answer.pending.u128(),
        uncovered: answer.uncovered.u128(),
        reason: answer.reason.as_ref().map(|reason| reason.known().unwrap()),
        held: false,
    }
}
