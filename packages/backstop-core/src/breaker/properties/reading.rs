//! One reading.

use backstop_types::breaker::{Action, Fault, Layer, Observation, Reference, Watch};
use proptest::prelude::*;

use super::super::{Assessment, advance, assess, tightened, verdict};
use super::*;

fn reference() -> Watch {
    from(milli(100_000), time(START))
}

/// A market whose reference is this.
fn from(price: Price, at: Timestamp) -> Watch {
    Watch {
        reference: Some(Reference { price, at }),
        ..Watch::default()
    }
}

/// What a reading says of the market, the sources aside.
fn outcome(reading: &Assessment) -> impl PartialEq + std::fmt::Debug + use<> {
    (reading.agreed, reading.findings.clone(), reading.lineages)
}

fn shuffled(now: u64) -> impl Strategy<Value = (Vec<Observed<'static>>, Vec<Observed<'static>>)> {
    sources(now).prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()))
}

/// An observation at any price that has a fault of its own.
fn faulty(now: u64) -> impl Strategy<Value = Observation> {
    let price = || (1u128..u128::MAX).prop_map(|atomics| Price(Decimal::raw(atomics)));
    prop_oneof![
        price().prop_map(move |price| priced(price, price, now)),
        (price(), 121..now).prop_map(move |(price, age)| priced(price, Price::default(), now - age)),
        (price(), 16..now).prop_map(move |(price, ahead)| priced(price, Price::default(), now + ahead)),
        Just(priced(Price::default(), Price::default(), now)),
        Just(Observation::NonPositive {
            publish_time: Some(now)
        }),
        Just(Observation::Unreadable {
            why: Unreadable::Malformed
        }),
    ]
}

/// Honest lineages, the lowest first, each by the thousandths of the way to the
/// highest; and what the feeds of fewer other lineages say, often something
/// near.
fn minority() -> impl Strategy<Value = (Vec<u32>, Vec<(&'static str, u128)>)> {
    let lie = prop_oneof![3 => 90_000_000u128..110_000_000, 1 => 1..u128::MAX];
    (2usize..=3).prop_flat_map(move |honest| {
        let parts = prop::collection::vec(0u32..=1_000, honest - 1);
        let liars = LINEAGES[honest..2 * honest - 1].to_vec();
        let lies = prop::collection::vec((prop::sample::select(liars), lie.clone()), 0..=5);
        (parts.prop_map(|parts| [vec![0], parts].concat()), lies)
    })
}

proptest! {
    #[test]
    fn the_order_of_the_sources_changes_nothing((given, mixed) in shuffled(START), params in params()) {
        let one = assess(&given, &reference(), &params, block(START));
        let other = assess(&mixed, &reference(), &params, block(START));
        prop_assert_eq!(outcome(&one), outcome(&other));
        prop_assert_eq!(one.faults, other.faults);
    }

    #[test]
    fn dropping_the_sources_with_a_fault_of_their_own_by_hand_changes_nothing(
        given in sources(START),
        params in params(),
    ) {
        let reading = assess(&given, &reference(), &params, block(START));
        let well = |i: usize| {
            reading.sources[i].findings.iter().all(|finding| finding.fault == Fault::Outlier)
        };
        let rest: Vec<_> =
            given.iter().enumerate().filter(|(i, _)| well(*i)).map(|(_, seen)| seen.clone()).collect();
        let again = assess(&rest, &reference(), &params, block(START));
        prop_assert_eq!(outcome(&reading), outcome(&again));
        prop_assert!(again.faults.of_layer(Layer::Source).within(Fault::Outlier.into()));
    }

    #[test]
    fn what_a_faulty_source_says_moves_nothing(
        given in sources(START),
        place in 0usize..8,
        lineage in 0..LINEAGES.len(),
        lie in faulty(START),
        params in params(),
    ) {
        let mut lied = given.clone();
        let liar = Observed { source: "liar", lineage: LINEAGES[lineage], limits: SourceLimits::default(), observation: lie };
        lied.insert(place.min(given.len()), liar);

        let without = assess(&given, &reference(), &params, block(START));
        let with = assess(&lied, &reference(), &params, block(START));
        prop_assert_eq!(outcome(&with), outcome(&without));
        prop_assert!(with.faults.any(Layer::Source));
    }

    #[test]
    fn the_band_holds_the_median_and_needs_a_quorum_that_agrees(given in sources(START), params in params()) {
        let reading = assess(&given, &reference(), &params, block(START));
        let disputed = reading.faults.has(Fault::Quorum) || reading.faults.has(Fault::Disagreement);
        prop_assert_eq!(reading.agreed.is_none(), disputed);
        if let Some((median, band)) = reading.agreed {
            prop_assert!(band.contains(median));
            prop_assert!(!band.low.is_zero());
            prop_assert!(reading.lineages >= params.min_lineages);
        }
    }

    #[test]
    fn what_is_clean_under_the_tighter_thresholds_is_clean(given in sources(START), params in params()) {
        // The bounds apart that drop sources and so can hide a quarrel.
        let tight = tightened(&params);
        prop_assert!(tight.max_jump <= params.max_jump);
        let tight = MarketParams {
            max_confidence: params.max_confidence,
            max_outlier: params.max_outlier,
            ..tight
        };
        let clean = !assess(&given, &reference(), &tight, block(START)).faulty();
        prop_assert!(!clean || !assess(&given, &reference(), &params, block(START)).faulty());
    }

    #[test]
    fn the_tighter_thresholds_are_no_wider_and_fit_together(params in params()) {
        let tight = tightened(&params);
        prop_assert!(tight.max_confidence <= params.max_confidence);
        prop_assert!(tight.max_outlier <= params.max_outlier);
        prop_assert!(tight.max_disagreement <= params.max_disagreement);
        prop_assert!(tight.max_jump <= params.max_jump);
        prop_assert!(2 * tight.max_outlier.0 <= tight.max_disagreement.0);
        prop_assert!(tight.max_outlier.0 > 0);
    }

    #[test]
    fn who_was_not_dropped_does_not_disagree(given in sources(START), params in params()) {
        // A disagreement is there only if nobody can say who is right.
        let reading = assess(&given, &Watch::default(), &params, block(START));
        let dropped = reading.faults.has(Fault::Outlier);
        prop_assert!(!(dropped && reading.faults.has(Fault::Disagreement)));
    }

    #[test]
    fn a_minority_of_lineages_makes_no_fault_of_the_market_in_a_trip_or_out_of_it(
        (honest, lies) in minority(),
        tight: bool,
        params in params(),
    ) {
        let params = if tight { tightened(&params) } else { params };
        // The honest ones are within max_outlier of the lowest of them.
        let lowest = 100_000_000u128;
        let reach = u128::from(params.max_outlier.0) * lowest / 10_000;
        let prices: Vec<u128> = honest.iter().map(|part| lowest + reach * u128::from(*part) / 1_000).collect();
        let highest = prices.iter().copied().max().unwrap();
        let raw = |atomics| Price(Decimal::raw(atomics));
        let honest = LINEAGES.iter().zip(&prices).map(|(lineage, price)| (*lineage, raw(*price)));
        let lies = lies.iter().map(|(lineage, lie)| (*lineage, raw(*lie)));
        let given: Vec<_> = NAMES.iter().zip(honest.chain(lies)).map(|(source, (lineage, price))| {
            Observed { source, lineage, limits: SourceLimits::default(), observation: priced(price, Price::default(), START) }
        }).collect();

        let reading = assess(&given, &Watch::default(), &params, block(START));
        prop_assert!(!reading.faulty(), "{:?}", reading.findings);
        let well = reading.sources.iter().take(prices.len()).all(|source| source.findings.is_empty());
        prop_assert!(well, "an honest source was dropped");
        let (median, band) = reading.agreed.unwrap();
        prop_assert!(raw(lowest) <= median && median <= raw(highest));
        prop_assert!(band.contains(raw(lowest)) && band.contains(raw(highest)));
    }

    #[test]
    fn nothing_panics_whatever_the_sources_say(
        seen in prop::collection::vec((0..LINEAGES.len(), any::<[u128; 2]>(), any::<u64>()), 0..=8),
        reference: Option<(u128, u64)>,
        now: u64,
    ) {
        let raw = |atomics| Price(Decimal::raw(atomics));
        let given: Vec<_> = NAMES.iter().zip(seen).map(|(source, (lineage, [price, confidence], time))| {
            let observation = priced(raw(price), raw(confidence), time);
            Observed { source, lineage: LINEAGES[lineage], limits: SourceLimits::default(), observation }
        }).collect();
        let watch = reference.map(|(price, at)| from(raw(price), Timestamp::from_nanos(at)));
        let block = Block { time: Timestamp::from_nanos(now), height: 1 };
        assess(&given, &watch.unwrap_or_default(), &defaults(), block);
    }
}

#[test]
fn one_bad_lineage_of_three_is_dropped_and_one_of_two_is_a_disagreement() {
    let given = said([milli(100_000), milli(101_000), milli(5_402)], START);
    let params = defaults();

    let three = assess(&given, &Watch::default(), &params, block(START));
    assert_eq!(three.faults.list(), [Fault::Outlier]);
    assert_eq!(three.agreed.map(|(median, _)| median), Some(milli(100_500)));

    let two = assess(&given[1..], &Watch::default(), &params, block(START));
    assert_eq!(two.faults.list(), [Fault::Disagreement]);
    assert_eq!(two.agreed, None);
}

#[test]
fn half_of_the_lineages_are_not_dropped_as_outliers_and_fewer_are() {
    let read = |prices: &[u128]| {
        let given = said(prices.iter().map(|price| milli(*price)), START);
        assess(&given, &Watch::default(), &defaults(), block(START))
    };
    // Two near the median and two far from it, on either side: who is right?
    let half = read(&[100_000, 100_000, 50_000, 200_000]);
    assert_eq!(half.faults.list(), [Fault::Disagreement]);
    assert_eq!((half.lineages, half.agreed), (4, None));
    // A third near it, and the two are the fewer.
    let fewer = read(&[100_000, 100_000, 50_000, 200_000, 100_000]);
    assert_eq!(fewer.faults.list(), [Fault::Outlier]);
    assert_eq!((fewer.lineages, fewer.agreed.is_some()), (3, true));
}

#[test]
fn a_clean_reading_in_a_trip_keeps_its_part_of_every_bound() {
    let params = MarketParams {
        recovery_tightness: Bps(2_500),
        ..defaults()
    };
    let tight = tightened(&params);
    let bounds = [
        tight.max_confidence,
        tight.max_outlier,
        tight.max_disagreement,
        tight.max_jump,
    ];
    assert_eq!(bounds, [50, 62, 125, 500].map(Bps));
    // What confidence is, a half of a percent and a bit more, in a trip and out of it.
    let faults = |params: &MarketParams, confidence: u128| {
        let mut given = unanimous(milli(100_000), START);
        for seen in &mut given {
            seen.observation = priced(milli(100_000), milli(confidence), START);
        }
        assess(&given, &Watch::default(), params, block(START))
            .faults
            .list()
    };
    assert_eq!(faults(&tight, 500), []);
    assert_eq!(faults(&tight, 501), [Fault::Uncertain, Fault::Quorum]);
    assert_eq!(faults(&params, 501), []);
}

#[test]
fn two_feeds_of_one_lineage_are_no_quorum() {
    let mut given = unanimous(milli(100_000), START);
    given.truncate(2);
    given[1].lineage = given[0].lineage;
    let reading = assess(&given, &Watch::default(), &defaults(), block(START));
    assert_eq!(reading.faults.list(), [Fault::Quorum]);
}

#[test]
fn each_source_fault_is_found_at_its_bound_and_not_before() {
    let p = defaults();
    let (price, none) = (milli(100_000), Price::default());
    let cases = [
        (priced(price, none, START - p.max_age.0), None),
        (priced(price, none, START - p.max_age.0 - 1), Some(Fault::Stale)),
        (priced(price, none, START + p.max_future.0), None),
        (
            priced(price, none, START + p.max_future.0 + 1),
            Some(Fault::Future),
        ),
        (priced(price, milli(2_000), START), None),
        (priced(price, milli(2_001), START), Some(Fault::Uncertain)),
        (priced(milli(102_500), none, START), None),
        (priced(milli(102_501), none, START), Some(Fault::Outlier)),
        (priced(Price::default(), none, START), Some(Fault::NonPositive)),
        (
            Observation::NonPositive {
                publish_time: Some(START),
            },
            Some(Fault::NonPositive),
        ),
        (
            Observation::Unreadable {
                why: Unreadable::NoReport,
            },
            Some(Fault::Unreadable),
        ),
    ];
    for (observation, expected) in cases {
        let mut given = unanimous(price, START);
        given[2].observation = observation;
        let faults = assess(&given, &Watch::default(), &p, block(START)).faults;
        let source_faults: Vec<_> = faults.iter().filter(|f| f.layer() == Layer::Source).collect();
        assert_eq!(source_faults, Vec::from_iter(expected), "{observation:?}");
    }
}

#[test]
fn the_jumps_bound_grows_with_the_references_age() {
    let params = defaults();
    // 20 % and 5 % an hour: 30 % after two hours.
    let given = |milli_price| unanimous(milli(milli_price), START + 7_200);
    let faulty =
        |milli_price| assess(&given(milli_price), &reference(), &params, block(START + 7_200)).faulty();
    assert_eq!(
        [70_000, 69_999, 130_000, 130_001].map(faulty),
        [false, true, false, true]
    );
}

#[test]
fn a_reading_was_published_when_most_of_its_lineages_had() {
    let told = |ages: &[Option<u64>]| {
        let said = ages.iter().map(|age| Observation::Priced {
            price: milli(100_000),
            confidence: Price::default(),
            publish_time: age.map(|age| START - age),
        });
        let after = advance(&record(), &heard(said), &defaults(), block(START));
        let published = verdict("m", Action::Open, &after, &defaults()).published;
        published.map(|published| START - published)
    };
    assert_eq!(told(&[Some(9), Some(40), Some(3)]), Some(9));
    // Of four it takes three, and who has no time counts as none.
    assert_eq!(told(&[Some(9), Some(40), Some(3), Some(50)]), Some(40));
    assert_eq!(told(&[Some(9), None, Some(3)]), Some(9));
    assert_eq!(told(&[Some(9), None, None]), None);
    // Who is stale does not count; without a quorum there is nothing to tell.
    assert_eq!(told(&[Some(9), Some(10), Some(121)]), Some(10));
    assert_eq!(told(&[Some(9), Some(121), Some(121)]), None);
}
