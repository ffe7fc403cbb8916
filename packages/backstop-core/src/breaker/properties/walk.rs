//! Any sequence of pokes.

use backstop_types::breaker::{Fault, Layer, MarketState, TripCause, TripEnd};
use proptest::prelude::*;

use super::super::{Advance, TripChange, advance, assess, guardian_trip, tightened, verdict};
use super::*;

/// The time for which a plausible reading is made before it is moved.
const ORIGIN: u64 = 1_000;

/// What happens next: the wait before, then what the sources say or do.
#[derive(Clone, Debug)]
enum Event {
    Plausible(u64, Vec<Observed<'static>>),
    Unanimous(u64, u128),
    Guardian(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let wait = || prop_oneof![3 => 0u64..200, 1 => 0u64..40_000];
    prop_oneof![
        2 => (wait(), sources(ORIGIN)).prop_map(|(wait, seen)| Event::Plausible(wait, seen)),
        12 => (wait(), 97_000u128..103_000).prop_map(|(wait, price)| Event::Unanimous(wait, price)),
        1 => (wait(), 20_000u128..300_000).prop_map(|(wait, price)| Event::Unanimous(wait, price)),
        1 => wait().prop_map(Event::Guardian),
    ]
}

/// The observations with their times moved to `now`.
fn at(seen: &[Observed<'static>], now: u64) -> Vec<Observed<'static>> {
    let moved = |observation| match observation {
        Observation::Priced {
            price,
            confidence,
            publish_time,
        } => priced(price, confidence, publish_time + now - ORIGIN),
        other => other,
    };
    seen.iter()
        .map(|it| Observed {
            observation: moved(it.observation),
            ..it.clone()
        })
        .collect()
}

/// Counted readings of the trip that is open, as a model outside the machine
/// sees them.
#[derive(Default)]
struct Counted(Vec<u64>);

fn check_step(
    before: &MarketRecord,
    after: &Advance,
    counted: &mut Counted,
    params: &MarketParams,
    now: u64,
) -> Result<(), TestCaseError> {
    use MarketState::{Guarded, Normal, Recovering, Tripped};
    let record = &after.record;
    let tripped = matches!(record.state, Tripped | Recovering);
    prop_assert_eq!(record.open_trip.is_some(), tripped);
    prop_assert!(
        before.state != Tripped || tripped,
        "out of Tripped only into Recovering"
    );

    if after.reading.faulty() {
        prop_assert_eq!(record.watch.reference, before.watch.reference);
        prop_assert_eq!(record.last_clean, before.last_clean);
        prop_assert!(before.watch.reference.is_none() || record.state == Tripped);
        prop_assert_eq!(record.watch.recovery, None);
        counted.0.clear();
    }
    if record.open_trip.is_some() && before.open_trip.is_some() {
        prop_assert_eq!(record.last_clean, before.last_clean);
        prop_assert_eq!(record.trips, before.trips);
    }
    let readings = |record: &MarketRecord| record.watch.recovery.map(|recovery| recovery.clean);
    let ended = matches!(after.change, Some(TripChange::Ended(_)));
    match (readings(before), readings(record)) {
        (Some(a), Some(b)) if b > a => counted.0.push(now),
        (None, Some(clean)) => {
            prop_assert_eq!(clean, 0);
            counted.0.clear();
        }
        _ if ended => counted.0.push(now),
        _ => {}
    }
    if ended {
        prop_assert!(matches!(record.state, Normal | Guarded));
        prop_assert_eq!(counted.0.len() as u32, params.recovery_readings);
        prop_assert!(
            counted
                .0
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= params.recovery_spacing.0)
        );
    }
    let opened = matches!(after.change, Some(TripChange::Opened(_)));
    prop_assert_eq!(record.trips - before.trips, u64::from(opened));
    Ok(())
}

fn check_verdicts(after: &Advance) -> Result<(), TestCaseError> {
    use backstop_types::breaker::Action::{Liquidate, Open, Payout, Reduce};
    for action in [Open, Reduce, Liquidate, Payout] {
        let verdict = verdict("m", action, after);
        prop_assert!(verdict.allowed || !verdict.reasons.is_empty());
        prop_assert!(!verdict.allowed || verdict.band.is_some());
        prop_assert!(!(verdict.allowed && after.reading.faults.any(Layer::Market)));
        prop_assert_eq!(verdict.trip_cause.is_some(), verdict.trip.is_some());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_walk_breaks_the_state_machine(
        events in prop::collection::vec(event(), 1..120),
        params in params(),
    ) {
        let (mut record, mut now, mut counted) = (record(), START, Counted::default());
        for event in events {
            let observed = match event {
                Event::Guardian(wait) => {
                    now += wait;
                    let (held, opened) = guardian_trip(&record, time(now));
                    prop_assert_eq!(held.state, MarketState::Tripped);
                    prop_assert_eq!(opened.is_some(), record.open_trip.is_none());
                    prop_assert!(opened.is_none_or(|trip| trip.cause == TripCause::Guardian));
                    counted.0.clear();
                    record = held;
                    continue;
                }
                Event::Plausible(wait, seen) => {
                    now += wait;
                    at(&seen, now)
                }
                Event::Unanimous(wait, price) => {
                    now += wait;
                    unanimous(milli(price), now)
                }
            };
            let after = advance(&record, &observed, &params, time(now));
            check_step(&record, &after, &mut counted, &params, now)?;
            check_verdicts(&after)?;

            let again = advance(&after.record, &observed, &params, time(now));
            prop_assert_eq!(&again.record, &after.record, "a second poke in the block changes nothing");
            prop_assert_eq!(&again.change, &None);
            record = after.record;
        }
    }

    #[test]
    fn the_reference_never_outruns_its_speed_however_often_it_is_poked(
        pokes in prop::collection::vec((0u64..90, 70_000u128..140_000), 1..200),
        params in params(),
    ) {
        let (mut now, first) = (START, milli(100_000));
        let mut record = advance(&record(), &unanimous(first, now), &params, time(now)).record;
        for (wait, price) in pokes {
            now += wait;
            record = advance(&record, &unanimous(milli(price), now), &params, time(now)).record;
            let price = record.watch.reference.unwrap().price.0.atomics().u128() as f64;
            let moved = price / first.0.atomics().u128() as f64;
            let reach = f64::from(params.reference_slew.0) / 10_000.0 / 60.0 * (now - START) as f64;
            prop_assert!(moved <= reach.exp() * (1.0 + 1e-12), "{moved} after {reach}");
            prop_assert!(moved >= (1.0 - reach) * (1.0 - 1e-12), "{moved} after {reach}");
        }
    }

    #[test]
    fn one_lineage_of_three_neither_trips_a_market_nor_keeps_it_tripped(
        lies in prop::collection::vec(prop_oneof![3 => 90_000u128..110_000, 1 => 1u128..1_000_000], 2..60),
        honest in 0u128..1_200,
        fell_silent: bool,
    ) {
        // The honest ones are 1.2 % apart, within half of max_outlier.
        let params = MarketParams::default();
        let mut now = START;
        let mut record = advance(&record(), &unanimous(milli(100_000), now), &params, time(now)).record;
        if fell_silent {
            record = advance(&record, &[], &params, time(now)).record;
            prop_assert_eq!(record.state, MarketState::Tripped);
        }
        let trips = record.trips;
        now += params.cooldown.0;
        for (round, lie) in (0u32..).zip(lies) {
            let observed = said([100_000, 100_000 + honest, lie].map(milli), now);
            record = advance(&record, &observed, &params, time(now)).record;
            prop_assert_eq!(record.trips, trips);
            prop_assert_eq!(record.open_trip.is_some(), fell_silent && round < params.recovery_readings);
            now += params.recovery_spacing.0;
        }
    }

    #[test]
    fn a_trips_end_holds_every_price_that_was_clean_in_its_recovery(
        pokes in prop::collection::vec((1u64..90, 85_000u128..115_000, 0usize..=3), 1..60),
        params in params(),
    ) {
        let mut now = START;
        let first = advance(&record(), &unanimous(milli(100_000), now), &params, time(now)).record;
        let mut record = advance(&first, &[], &params, time(now)).record;
        now += params.cooldown.0;
        let mut clean = vec![];
        let mut observed = unanimous(milli(100_000), now);
        for (wait, price, renewed) in pokes {
            now += wait;
            for (seen, new) in observed.iter_mut().zip(unanimous(milli(price), now)).take(renewed) {
                *seen = new;
            }
            let tight = assess(&observed, record.watch.reference, &tightened(&params), time(now));
            let after = advance(&record, &observed, &params, time(now));
            if let Some(TripChange::Ended(end)) = &after.change {
                clean.extend(tight.sound());
                for (median, band) in clean {
                    prop_assert!(end.band.contains(median) && end.band.span(band) == end.band);
                }
                break;
            }
            match (after.record.state, tight.sound()) {
                (MarketState::Recovering, sound) => clean.extend(sound),
                _ => clean.clear(),
            }
            record = after.record;
        }
    }

    #[test]
    fn a_trip_at_a_new_level_recovers_by_itself_and_does_not_relapse(
        level in 2_000u128..1_000_000,
        params in params(),
        wait in 1u64..4_000,
    ) {
        let mut now = START;
        let mut record = advance(&record(), &unanimous(milli(100_000), now), &params, time(now)).record;
        // Long enough for the bound to have grown to any fall or tenfold rise.
        let most = 10 * 10_000 * 3_600 / u64::from(params.jump_growth.0) / wait + params.cooldown.0 + 10;
        let mut recovering = 0u32;
        for _ in 0..most.min(200_000) {
            now += wait;
            let was = record.state;
            record = advance(&record, &unanimous(milli(level), now), &params, time(now)).record;
            let spaced = wait >= params.recovery_spacing.0;
            match (was, record.state) {
                (MarketState::Recovering, MarketState::Tripped) => prop_assert!(false, "relapsed"),
                (MarketState::Recovering, MarketState::Recovering) if spaced => recovering += 1,
                (MarketState::Recovering, MarketState::Recovering) => {}
                (MarketState::Recovering, _) => break,
                (MarketState::Normal | MarketState::Guarded, MarketState::Normal) => break,
                _ => {}
            }
            prop_assert!(recovering < params.recovery_readings);
        }
        prop_assume!(most <= 200_000);
        prop_assert_eq!(record.open_trip, None);
    }
}

#[test]
fn a_trip_keeps_the_clean_bands_before_and_after_it() {
    let TripEnd { at, band } = super::lifecycle::crash_and_return();
    assert!(band.low < band.high);
    assert!(at > time(START));
}

/// So many milliseconds after the beginning.
fn millis(after: u64) -> Timestamp {
    Timestamp::from_nanos(time(START).nanos() + after * 1_000_000)
}

#[test]
fn a_reference_poked_between_whole_seconds_keeps_its_speed() {
    let params = MarketParams::default();
    let mut record = advance(&record(), &unanimous(milli(100_000), START), &params, time(START)).record;
    for poke in 1..=30 {
        let now = millis(poke * 1_900);
        record = advance(&record, &unanimous(milli(102_000), now.seconds()), &params, now).record;
    }
    // 57 seconds have passed, and as many have counted.
    let slew = f64::from(params.reference_slew.0) / 10_000.0;
    let moved = record.watch.reference.unwrap().price.0.atomics().u128() as f64 / 1e20;
    assert!(moved >= 1.0 + slew * 56.0 / 60.0, "{moved}");
    assert!(moved <= (slew * 57.0 / 60.0).exp(), "{moved}");
}

#[test]
fn a_price_is_stale_as_soon_as_it_is_older_than_it_may_be() {
    let params = MarketParams::default();
    let stale = |now| {
        let reading = assess(&unanimous(milli(100_000), START), None, &params, now);
        reading.faults.has(Fault::Stale)
    };
    assert!(!stale(millis(params.max_age.0 * 1_000)));
    assert!(stale(millis(params.max_age.0 * 1_000 + 1)));
}
