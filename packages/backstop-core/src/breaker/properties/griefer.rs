//! One source in an attacker's hands, and strangers who poke whenever they like:
//! it can neither trip a market, nor end a trip early, nor confirm a jump, nor
//! walk the reference faster than it may move.

use backstop_types::breaker::{MarketState, Reference};
use proptest::prelude::*;

use super::super::{Relief, advance};
use super::*;

/// What the liar says, measured against the honest price.
#[derive(Clone, Debug)]
enum Lie {
    /// So many thousandths of the honest price, with so much confidence and age.
    Price(u128, u128, u64),
    /// The very value of an honest source.
    Copy(usize),
    /// Its last value again.
    Repeat,
    /// Nothing.
    Silence,
    /// A price of zero.
    Zero,
}

/// One step: the wait before it, how the honest price moves in hundredths of a
/// percent, which honest sources publish, the lie, and how often it is poked.
#[derive(Clone, Debug)]
struct Step {
    wait: u64,
    drift: i128,
    fresh: [bool; 4],
    lie: Lie,
    pokes: usize,
}

fn lie() -> impl Strategy<Value = Lie> {
    prop_oneof![
        4 => (940u128..1_060, 0u128..40, 0u64..200).prop_map(|(p, c, age)| Lie::Price(p, c, age)),
        2 => (1u128..1_000_000, 0u128..40, 0u64..10).prop_map(|(p, c, age)| Lie::Price(p, c, age)),
        2 => (0usize..4).prop_map(Lie::Copy),
        2 => Just(Lie::Repeat),
        1 => Just(Lie::Silence),
        1 => Just(Lie::Zero),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (0u64..60, -20i128..=20, any::<[bool; 4]>(), lie(), 1usize..4).prop_map(
        |(wait, drift, fresh, lie, pokes)| Step {
            wait,
            drift,
            fresh,
            lie,
            pokes,
        },
    )
}

/// Honest sources around a price, each off by its own part in thousandths, and a
/// liar. A source is a lineage.
struct Scene {
    offsets: Vec<u128>,
    price: u128,
    published: Vec<(u128, u64)>,
    lied: Observation,
    now: u64,
}

impl Scene {
    fn new(offsets: &[u128]) -> Self {
        let price = 100_000_000;
        Self {
            offsets: offsets.to_vec(),
            price,
            published: (0..)
                .zip(offsets)
                .map(|(i, off)| (price * off / 1_000 + 7 * i, START))
                .collect(),
            lied: priced(micro(price), Price::default(), START),
            now: START,
        }
    }

    fn play(&mut self, step: &Step) {
        self.now += step.wait;
        self.price = u128::try_from(self.price as i128 + self.price as i128 * step.drift / 10_000).unwrap();
        for (i, off) in self.offsets.iter().enumerate() {
            let old = self.now - self.published[i].1 > 90;
            if step.fresh[i] || old {
                // A live feed repeats neither itself nor another one to the last
                // digit.
                let digits = u128::from(self.now % 7) + 7 * i as u128;
                self.published[i] = (self.price * off / 1_000 + digits, self.now);
            }
        }
        self.lied = match step.lie {
            Lie::Price(part, confidence, age) => priced(
                micro((self.price * part / 1_000).max(1)),
                micro(self.price * confidence / 1_000),
                self.now - age,
            ),
            Lie::Copy(i) => {
                let (price, _) = self.published[i % self.published.len()];
                priced(micro(price), Price::default(), self.now)
            }
            Lie::Repeat => match self.lied {
                Observation::Priced { price, .. } => priced(price, Price::default(), self.now),
                other => other,
            },
            Lie::Silence => Observation::Unreadable {
                why: Unreadable::QueryFailed,
            },
            Lie::Zero => Observation::NonPositive {
                publish_time: Some(self.now),
            },
        };
    }

    /// What all say; the liar's place among them is `place`.
    fn observed(&self, place: usize) -> Vec<Observed<'static>> {
        let mut said: Vec<Observation> = self
            .published
            .iter()
            .map(|(price, at)| priced(micro(*price), Price::default(), *at))
            .collect();
        said.insert(place.min(said.len()), self.lied);
        heard(said)
    }

    /// The lowest and the highest that an honest source has said.
    fn range(&self) -> (Price, Price) {
        let prices = self.published.iter().map(|(price, _)| *price);
        (micro(prices.clone().min().unwrap()), micro(prices.max().unwrap()))
    }
}

/// A price in millionths.
fn micro(millionths: u128) -> Price {
    Price(Decimal::raw(millionths * 1_000_000_000_000))
}

/// Four honest sources of five; three of four, one of them 2.6 % off.
fn scenes() -> impl Strategy<Value = Vec<u128>> {
    prop_oneof![
        Just(vec![1_000, 1_001, 999, 1_002]),
        Just(vec![1_000, 1_000, 974]),
        Just(vec![1_000, 1_001, 1_026]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_liar_cannot_trip_a_market_nor_walk_its_reference(
        offsets in scenes(),
        steps in prop::collection::vec(step(), 20..120),
        place in 0usize..5,
    ) {
        let params = MarketParams::default();
        let mut scene = Scene::new(&offsets);
        let mut record = advance(&record(), &scene.observed(place), &params, block(START)).record;
        let (mut low, mut high) = scene.range();
        for step in &steps {
            scene.play(step);
            let (lowest, highest) = scene.range();
            (low, high) = (low.min(lowest), high.max(highest));
            for _ in 0..step.pokes {
                let after = advance(&record, &scene.observed(place), &params, block(scene.now));
                prop_assert!(!after.reading.faulty(), "{:?} of {:?}", after.reading.findings, after.reading.sources);
                prop_assert_eq!(after.record.trips, 0);
                let Reference { price, .. } = after.record.watch.reference.unwrap();
                prop_assert!(low <= price && price <= high, "{price} is outside of {low} to {high}");
                record = after.record;
            }
        }
    }

    #[test]
    fn a_liar_cannot_end_a_trip_before_its_time_nor_confirm_its_jump(
        offsets in scenes(),
        steps in prop::collection::vec(step(), 20..80),
        place in 0usize..5,
    ) {
        let params = MarketParams::default();
        let mut scene = Scene::new(&offsets);
        let mut record = advance(&record(), &scene.observed(place), &params, block(START)).record;
        // All feeds print a price 30 % higher once, and then the true one again.
        let honest = scene.published.clone();
        scene.now += 30;
        for (price, at) in &mut scene.published {
            (*price, *at) = (*price * 13 / 10, scene.now);
        }
        record = advance(&record, &scene.observed(place), &params, block(scene.now)).record;
        prop_assert_eq!(record.state, MarketState::Tripped);
        let tripped_at = scene.now;
        scene.now += 1;
        scene.published = honest.iter().map(|(price, _)| (*price, scene.now)).collect();
        let earliest = tripped_at + params.cooldown.0
            + u64::from(params.recovery_readings) * params.recovery_spacing.0;
        for step in &steps {
            scene.play(step);
            for _ in 0..step.pokes {
                let after = advance(&record, &scene.observed(place), &params, block(scene.now));
                prop_assert!(after.relief != Relief::Confirmed);
                prop_assert!(after.record.open_trip.is_some() || scene.now >= earliest);
                prop_assert!(!after.reading.faulty(), "{:?}", after.reading.findings);
                record = after.record;
            }
        }
    }
}
