//! Prices, trips, and contracts that fail. What the breaker makes of prices is
//! its own model's concern: here its word is taken as it is given.

use backstop_types::breaker::{
    Action, ExecuteMsg, Faults, Layer, MarketRecord, OracleBreaker, TripCause, Verdict,
};

use super::{Run, price_of};
use crate::model::claims::{Hold, Phase};
use crate::model::cover::Saying;
use crate::model::exact::SECOND;
use crate::model::states::State;
use crate::model::steps::{HOUR, Step};
use crate::support::MARKET;

/// From so many Bps on a move is a jump.
const JUMP: i64 = 2_000;

impl Run {
    pub(super) fn take_market(&mut self, step: Step) {
        match step {
            Step::Price { by, poke } => {
                self.move_price(by);
                self.publish(poke);
            }
            Step::GuardianTrip => self.guardian_trip(),
            Step::EndTrip { hours, drift, settle } => {
                self.end_trip(hours, drift);
                let held = |number: &u64| self.book.claim(*number).phase == Phase::Held;
                if let Some(number) = self.book.pending().into_iter().find(held).filter(|_| settle) {
                    self.settle(number);
                }
            }
            Step::Breaker { dead } => self.set_breaker(dead),
            Step::Distributor { broken } => self.set_distributor(broken),
            _ => {}
        }
    }

    /// Prices stay between a half and two hundred: a move beyond is turned round.
    fn move_price(&mut self, by: i64) {
        let moved = |by: i64| self.price.saturating_add_signed(self.price as i64 * by / 10_000);
        let inside = (500_000..200_000_000).contains(&moved(by));
        let by = if inside { by } else { -by.clamp(-9_000, 9_000) };
        let price = moved(by);
        if by.abs() >= JUMP {
            self.former = self.price;
        }
        self.price = price;
    }

    /// The sources say the present price, if anything can be told to them.
    pub(super) fn publish(&mut self, poke: bool) {
        if self.breaker_dead {
            return;
        }
        let before = self.record().trips;
        let price = price_of(self.price).to_string();
        match poke {
            true => self.desk.w.set_price(&price),
            false => self.desk.w.set_sources(&price),
        }
        self.saw_trips(before);
    }

    pub(super) fn saw_trips(&mut self, before: u64) {
        self.seen.saw_if(self.record().trips > before, State::FaultTrip);
    }

    fn breaker(&self) -> OracleBreaker {
        OracleBreaker(self.desk.w.breaker.clone())
    }

    pub(super) fn record(&self) -> MarketRecord {
        let record = self.breaker().record(&self.desk.w.querier(), MARKET);
        record.unwrap().unwrap()
    }

    fn guardian_trip(&mut self) {
        let (guardian, breaker) = (self.desk.w.guardian.clone(), self.desk.w.breaker.clone());
        let trip = ExecuteMsg::Trip {
            market: MARKET.to_string(),
            reason: "something is wrong".to_string(),
        };
        let done = self.desk.w.execute(&guardian, &breaker, &trip, &[]);
        self.seen.saw_if(done.is_ok(), State::GuardianTrip);
    }

    /// A fresh price after the cooldown, and three more.
    pub(super) fn end_trip(&mut self, hours: u64, drift: i64) {
        self.set_breaker(false);
        let record = self.record();
        let held = record.watch.held_until.map_or(0, |until| until.nanos());
        if record.trip().is_none() {
            // What was held for silence alone needs no more than a price.
            return self.publish(false);
        }
        self.wait(hours * HOUR);
        self.wait_until(held);
        for _ in 0..4 {
            self.wait(61 * SECOND);
            self.move_price(drift);
            self.publish(true);
        }
        self.seen.saw_if(self.record().trip().is_none(), State::EndedTrip);
    }

    pub(super) fn set_breaker(&mut self, dead: bool) {
        if self.breaker_dead != dead {
            let code = if dead {
                self.broken
            } else {
                self.desk.w.codes.breaker
            };
            self.migrate(self.desk.w.breaker.clone(), code);
            self.breaker_dead = dead;
        }
    }

    fn verdict(&self) -> Option<Verdict> {
        let verdict = self
            .breaker()
            .verdict(&self.desk.w.querier(), MARKET, Action::Payout);
        verdict.ok()
    }

    /// What a poke in this block says, and what a claim held now waits for.
    pub(super) fn consult(&self) -> (Saying, Hold) {
        let record = self.record();
        let Some(verdict) = self.verdict() else {
            let hold = Hold {
                trip: record.trip(),
                cause: record.open_trip,
                last_clean: record.last_clean,
                at_filing: None,
                silent: true,
            };
            return (Saying::Silence, hold);
        };
        let hold = Hold {
            trip: verdict.trip,
            cause: verdict.trip_cause,
            last_clean: verdict.last_clean.or(record.last_clean),
            at_filing: verdict.band.filter(|_| band_counts(&verdict)),
            silent: false,
        };
        let saying = match verdict.band {
            Some(band) if verdict.allowed => Saying::Allow(band),
            _ => Saying::Deny,
        };
        (saying, hold)
    }

    /// The band that ended what a held claim waits for: its trip, or without
    /// one the breaker's denial.
    pub(super) fn ended(&self, hold: &Hold) -> Option<backstop_types::breaker::Band> {
        match hold.trip {
            Some(number) => {
                let trip = self.breaker().trip(&self.desk.w.querier(), MARKET, number);
                trip.unwrap().and_then(|trip| trip.end).map(|end| end.band)
            }
            None => match self.consult().0 {
                Saying::Allow(band) => Some(band),
                _ => None,
            },
        }
    }
}

/// Whether a held claim is judged by the band at filing: in a guardian's trip,
/// unless the reading has a fault of the market, whose band is no measure.
fn band_counts(verdict: &Verdict) -> bool {
    let faults = Faults::of(verdict.reasons.iter().copied());
    verdict.trip_cause == Some(TripCause::Guardian) && !faults.any(Layer::Market)
}
