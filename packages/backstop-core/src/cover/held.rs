//! What a claim that the breaker denied waits for, and what it is judged by.

use backstop_types::breaker::{Layer, MarketFacts, TripCause, VerdictFacts};
use backstop_types::vault::Held;
use cosmwasm_std::Addr;

/// Whether a claim that is filed now is judged by the band of this reading alone:
/// in a guardian's trip in which no market fault keeps the market.
pub fn judged_at_filing(answer: &VerdictFacts) -> bool {
    let by_guardian = answer.trip_cause == Some(TripCause::Guardian.into());
    by_guardian && !answer.faults.any(Layer::Market)
}

/// Why a claim is held, from the market's record before the poke and from the
/// poke's answer, which is newer, as far as each could be read.
///
/// A guardian's trip says nothing about prices: the band at filing does. But
/// where a market fault was found in it, at filing or before, the market would
/// have tripped without the guardian, and the claim is judged as in that trip.
pub fn held(breaker: Addr, record: Option<&MarketFacts>, poked: Option<&VerdictFacts>) -> Held {
    let before = record.and_then(|market| market.last_clean);
    let trips = record.map_or(0, |market| market.trips);
    let Some(answer) = poked else {
        return Held {
            breaker,
            trip: record.and_then(MarketFacts::trip),
            trips,
            cause: record.and_then(|market| market.open_trip.clone()),
            last_clean: before,
            at_filing: None,
        };
    };
    Held {
        breaker,
        trip: answer.trip,
        trips: answer.trip.unwrap_or(trips),
        cause: answer.trip_cause.clone(),
        last_clean: answer.last_clean.or(before),
        at_filing: answer.band.filter(|_| judged_at_filing(answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::breaker::{Band, Fault, Faults, MarketState};
    use backstop_types::{Open, Price};
    use cosmwasm_std::Decimal;

    fn band(cents: u64) -> Band {
        let price = Price(Decimal::percent(cents));
        Band {
            low: price,
            high: price,
        }
    }

    fn record(trip: Option<TripCause>) -> MarketFacts {
        MarketFacts {
            trips: 3,
            open_trip: trip.map(Open::Known),
            last_clean: Some(band(1_000)),
            last_clean_at: None,
        }
    }

    fn denied(cause: Option<TripCause>, faults: &[Fault]) -> VerdictFacts {
        VerdictFacts {
            allowed: false,
            state: MarketState::Tripped.into(),
            faults: Faults::of(faults.iter().copied()),
            median: None,
            band: Some(band(900)),
            trip: cause.map(|_| 4),
            trip_cause: cause.map(Open::Known),
            last_clean: Some(band(1_001)),
            reduce_between: None,
            published: None,
        }
    }

    fn of(record: Option<&MarketFacts>, poked: Option<&VerdictFacts>) -> Held {
        held(Addr::unchecked("breaker"), record, poked)
    }

    #[test]
    fn the_pokes_answer_is_newer_than_the_record() {
        let poked = denied(Some(TripCause::Faults), &[Fault::Jump]);
        let held = of(Some(&record(Some(TripCause::Guardian))), Some(&poked));
        assert_eq!(
            (held.trip, held.trips, held.last_clean),
            (Some(4), 4, Some(band(1_001)))
        );
        assert_eq!(held.cause, Some(TripCause::Faults.into()));
        assert_eq!(held.at_filing, None, "a faults' trip is judged by its span");
    }

    #[test]
    fn without_an_answer_the_record_says_which_trip() {
        let held = of(Some(&record(Some(TripCause::Faults))), None);
        assert_eq!(
            (held.trip, held.trips, held.last_clean),
            (Some(3), 3, Some(band(1_000)))
        );
        let held = of(Some(&record(None)), None);
        assert_eq!((held.trip, held.trips, held.at_filing), (None, 3, None));
        assert_eq!(of(None, None).trips, 0);
    }

    #[test]
    fn without_a_trip_the_record_says_how_many_there_were() {
        let held = of(Some(&record(None)), Some(&denied(None, &[Fault::Quorum])));
        assert_eq!((held.trip, held.trips), (None, 3));
    }

    #[test]
    fn in_a_guardians_trip_a_sound_reading_alone_is_the_measure() {
        let at_filing = |faults: &[Fault]| {
            let poked = denied(Some(TripCause::Guardian), faults);
            of(None, Some(&poked)).at_filing
        };
        assert_eq!(at_filing(&[Fault::Guardian]), Some(band(900)));
        assert_eq!(at_filing(&[Fault::Guardian, Fault::Stale]), Some(band(900)));
        assert_eq!(at_filing(&[Fault::Guardian, Fault::Jump]), None);
        // Of a market fault that this version does not know, too.
        let mut poked = denied(Some(TripCause::Guardian), &[]);
        poked.faults = Faults(1 << 22);
        assert_eq!(of(None, Some(&poked)).at_filing, None);
    }
}
