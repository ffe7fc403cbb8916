//! Any sequence of pokes.

use backstop_types::Named;
use backstop_types::breaker::{Action, Fault, MarketState, Recovery, TripCause, TripEnd, Watch};
use proptest::prelude::*;

use super::super::machine::clean_params;
use super::super::{Advance, Relief, TripChange, advance, assess, guardian_trip, verdict};
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
        } => priced(price, confidence, publish_time.unwrap() + now - ORIGIN),
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
    use MarketState::{Guarded, Latched, Normal, Recovering, Tripped};
    let record = &after.record;
    let tripped = matches!(record.state, Tripped | Recovering | Latched);
    prop_assert_eq!(record.open_trip.is_some(), tripped);
    prop_assert!(
        before.state != Tripped || tripped,
        "out of Tripped only into Recovering"
    );
    prop_assert!(
        before.state != Latched || record.state == Latched,
        "out of Latched by a reseed only"
    );

    if after.reading.faulty() {
        prop_assert_eq!(record.watch.reference, before.watch.reference);
        prop_assert_eq!(record.last_clean, before.last_clean);
        prop_assert!(before.watch.reference.is_none() || matches!(record.state, Tripped | Latched));
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

fn check_verdicts(after: &Advance, params: &MarketParams) -> Result<(), TestCaseError> {
    for action in Action::ALL.iter().copied() {
        let verdict = verdict("m", action, after, params);
        let confirmed =
            after.relief == Relief::Confirmed && matches!(action, Action::Liquidate | Action::Reduce);
        prop_assert!(verdict.allowed || !verdict.reasons.is_empty());
        prop_assert!(!verdict.allowed || verdict.band.is_some());
        prop_assert!(!(verdict.allowed && after.reading.faulty()) || confirmed);
        prop_assert_eq!(
            verdict.reduce_between.is_some(),
            after.relief == Relief::Confirmed
        );
        prop_assert_eq!(verdict.trip_cause.is_some(), verdict.trip.is_some());
    }
    Ok(())
}

/// Three lineages, mostly together, now and then apart or somewhere else.
fn spread() -> impl Strategy<Value = [u128; 3]> {
    let base = prop_oneof![6 => 98_000u128..102_000, 1 => 60_000u128..150_000];
    let apart = prop_oneof![4 => 0u128..200, 1 => 0u128..9_000];
    (base, apart.clone(), apart).prop_map(|(base, one, other)| [base, base + one, base + other])
}

/// What a record keeps of its readings, apart from when it was last poked. The
/// band of a recovery is apart, too: a price that a growing bound has admitted
/// meanwhile could be acted on, so it is in the span of who poked then.
fn kept(record: &MarketRecord) -> impl PartialEq + std::fmt::Debug + use<> {
    let trip = record.watch.trip.clone().unwrap_or_default();
    let watch = Watch {
        read: None,
        transitions: 0,
        trip: None,
        recovery: record.watch.recovery.map(|recovery| Recovery {
            band: None,
            ..recovery
        }),
        ..record.watch.clone()
    };
    let of_trip = (trip.faults, trip.leapt, trip.counted, trip.confirmation);
    (
        record.state,
        record.open_trip,
        record.trips,
        record.last_clean,
        watch,
        of_trip,
    )
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
                    let (tripped, opened) = guardian_trip(&record, time(now));
                    prop_assert!(matches!(tripped.state, MarketState::Tripped | MarketState::Latched));
                    prop_assert_eq!(opened.is_some(), record.open_trip.is_none());
                    prop_assert!(opened.is_none_or(|trip| trip.cause == TripCause::Guardian));
                    counted.0.clear();
                    record = tripped;
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
            let after = advance(&record, &observed, &params, block(now));
            check_step(&record, &after, &mut counted, &params, now)?;
            check_verdicts(&after, &params)?;

            let again = advance(&after.record, &observed, &params, block(now));
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
        let mut record = advance(&record(), &unanimous(first, now), &params, block(now)).record;
        for (wait, price) in pokes {
            now += wait;
            record = advance(&record, &unanimous(milli(price), now), &params, block(now)).record;
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
        honest in 0u128..1_190,
        fell_silent: bool,
    ) {
        // The honest ones are 1.2 % apart, within half of max_outlier.
        let params = defaults();
        let mut now = START;
        let mut record = advance(&record(), &unanimous(milli(100_000), now), &params, block(now)).record;
        if fell_silent {
            record = advance(&record, &[], &params, block(now)).record;
            prop_assert_eq!(record.state, MarketState::Tripped);
        }
        let trips = record.trips;
        now += params.cooldown.0;
        for (round, lie) in (0u32..).zip(lies) {
            // Live feeds do not repeat themselves.
            let ticks = u128::from(round % 2);
            let observed = said([100_000 + ticks, 100_000 + honest + ticks, lie].map(milli), now);
            record = advance(&record, &observed, &params, block(now)).record;
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
        let first = advance(&record(), &unanimous(milli(100_000), now), &params, block(now)).record;
        let mut record = advance(&first, &[], &params, block(now)).record;
        now += params.cooldown.0;
        let mut clean = vec![];
        let mut observed = unanimous(milli(100_000), now);
        for (wait, price, renewed) in pokes {
            now += wait;
            for (seen, new) in observed.iter_mut().zip(unanimous(milli(price), now)).take(renewed) {
                *seen = new;
            }
            let tight = assess(&observed, &record.watch, &clean_params(&record.watch, &params), block(now));
            let after = advance(&record, &observed, &params, block(now));
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
    fn poking_more_often_than_there_is_news_changes_nothing(
        readings in prop::collection::vec((1u64..100, spread()), 1..60),
        every in 1u64..30,
        params in params(),
    ) {
        let once_each = &mut advance(&record(), &unanimous(milli(100_000), START), &params, block(START)).record;
        let always = &mut once_each.clone();
        let (mut now, mut published) = (START, unanimous(milli(100_000), START));
        for (wait, prices) in readings {
            let until = now + wait;
            while now + every < until {
                now += every;
                for _ in 0..2 {
                    *always = advance(always, &published, &params, block(now)).record;
                }
            }
            now = until;
            published = said(prices.map(milli), now);
            for record in [&mut *once_each, &mut *always] {
                *record = advance(record, &published, &params, block(now)).record;
            }
            prop_assert_eq!(kept(once_each), kept(always), "at {}", now - START);
        }
    }

    #[test]
    fn a_trip_at_a_new_level_recovers_by_itself_and_does_not_relapse(
        level in 41_000u128..159_000,
        params in params(),
        wait in 1u64..3_600,
    ) {
        let mut now = START;
        let mut record = advance(&record(), &unanimous(milli(100_000), now), &params, block(now)).record;
        // Long enough for the bound to have grown to any change that is no leap,
        // and for the drift to be out of its window.
        let most = 10 * 10_000 * 3_600 / u64::from(params.jump_growth.0) / wait + params.cooldown.0 + 10;
        let mut recovering = 0u32;
        for _ in 0..most.min(200_000) {
            now += wait;
            let was = record.state;
            record = advance(&record, &unanimous(milli(level), now), &params, block(now)).record;
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
    let params = defaults();
    let mut record = advance(
        &record(),
        &unanimous(milli(100_000), START),
        &params,
        block(START),
    )
    .record;
    for poke in 1..=30 {
        let now = millis(poke * 1_900);
        record = advance(
            &record,
            &unanimous(milli(102_000), now.seconds()),
            &params,
            block_at(now),
        )
        .record;
    }
    // 57 seconds have passed, and as many have counted.
    let slew = f64::from(params.reference_slew.0) / 10_000.0;
    let moved = record.watch.reference.unwrap().price.0.atomics().u128() as f64 / 1e20;
    assert!(moved >= 1.0 + slew * 56.0 / 60.0, "{moved}");
    assert!(moved <= (slew * 57.0 / 60.0).exp(), "{moved}");
}

#[test]
fn a_price_is_stale_as_soon_as_it_is_older_than_it_may_be() {
    let params = defaults();
    let stale = |now| {
        let reading = assess(
            &unanimous(milli(100_000), START),
            &Watch::default(),
            &params,
            block_at(now),
        );
        reading.faults.has(Fault::Stale)
    };
    assert!(!stale(millis(params.max_age.0 * 1_000)));
    assert!(stale(millis(params.max_age.0 * 1_000 + 1)));
}
