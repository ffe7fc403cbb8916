//! Prices, trips, and contracts that fail. What the breaker makes of prices is
//! its own model's concern: here its word is taken as it is given.

use backstop_types::breaker::{
    Action, ExecuteMsg, Layer, MarketRecord, OracleBreaker, Trip, TripCause, VerdictFacts,
};
use backstop_types::{Open, keys};
use cw_storage_plus::Map;

use super::{Run, price_of};
use crate::model::claims::{Held, Phase, Since};
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
    pub(super) fn move_price(&mut self, by: i64) {
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

    /// The breaker's whole record of the market.
    pub(super) fn record(&self) -> MarketRecord {
        let records = Map::<&str, MarketRecord>::new(keys::MARKETS);
        let record = records.query(&self.desk.w.querier(), self.desk.w.breaker.clone(), MARKET);
        record.unwrap().unwrap()
    }

    pub(super) fn trip(&self, number: u64) -> Option<Trip> {
        let trips = Map::<(&str, u64), Trip>::new(keys::TRIPS);
        let breaker = self.desk.w.breaker.clone();
        let trip = trips.query(&self.desk.w.querier(), breaker, (MARKET, number));
        trip.unwrap()
    }

    pub(super) fn guardian_trip(&mut self) {
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
        let free = record.watch.guardian_until.map_or(0, |until| until.nanos());
        if record.trip().is_none() {
            // What was held for silence alone needs no more than a price.
            return self.publish(false);
        }
        self.wait(hours * HOUR);
        self.wait_until(free);
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

    fn verdict(&self) -> Option<VerdictFacts> {
        let verdict = self
            .breaker()
            .verdict(&self.desk.w.querier(), MARKET, Action::Payout);
        verdict.ok()
    }

    /// What a poke in this block says, and what a claim held now waits for.
    pub(super) fn consult(&self) -> (Saying, Held) {
        let record = self.record();
        let Some(verdict) = self.verdict() else {
            let held = Held {
                trip: record.trip(),
                trips: record.trips,
                cause: record.open_trip,
                last_clean: record.last_clean,
                at_filing: None,
                silent: true,
            };
            return (Saying::Silence, held);
        };
        let cause = verdict.trip_cause.as_ref().and_then(Open::known);
        // In a guardian's trip, unless a fault of the market keeps it, whose band is
        // no measure.
        let sound = cause == Some(TripCause::Guardian) && !verdict.faults.any(Layer::Market);
        let held = Held {
            trip: verdict.trip,
            trips: verdict.trip.unwrap_or(record.trips),
            cause,
            last_clean: verdict.last_clean.or(record.last_clean),
            at_filing: verdict.band.filter(|_| sound),
            silent: false,
        };
        (saying(&verdict), held)
    }

    /// What the breaker's records say of the time since a claim was filed that
    /// was held without a trip, and what a poke now adds to them.
    pub(super) fn since(&self, filed_at: u64) -> Since {
        let record = self.record();
        let verdict = self.verdict();
        let mut trips = (1..=record.trips).filter_map(|number| Some((number, self.trip(number)?)));
        let next = trips.find(|(_, trip)| trip.began_at.nanos() >= filed_at);
        let now_in = verdict.as_ref().map(|verdict| verdict.trip);
        let poked = match verdict.as_ref().map(saying) {
            Some(Saying::Allow(band)) => Some(band),
            _ => None,
        };
        let (clean, trip) = match next {
            Some((number, trip)) => {
                let open = record.trip() == Some(number);
                // One that a poke now ends has no record of its bands yet: the
                // last will do to tell that it ends.
                let ends = poked.filter(|_| open && now_in == Some(None));
                let ended = trip.end.map(|end| end.band).or(ends);
                let clean = trip.last_clean_at.zip(trip.last_clean);
                (clean, Some((trip.began_at.nanos(), ended)))
            }
            None => {
                let begins = now_in.flatten().map(|_| (self.now(), None));
                (record.last_clean_at.zip(record.last_clean), begins)
            }
        };
        let clean = clean.map(|(at, band)| (at.nanos(), band));
        Since { clean, trip, poked }
    }
}

fn saying(verdict: &VerdictFacts) -> Saying {
    match verdict.band {
        Some(band) if verdict.allowed => Saying::Allow(band),
        _ => Saying::Deny,
    }
}
