//! In a crash nobody is stuck, and what has stood admits no further fall.

use backstop_types::breaker::{Action, Fault, Layer, MarketState};

use super::super::{bounds, guardian_trip, verdict};
use super::confirm::{FIVE, Market, TAKING_OFF, latched, said_at};
use super::*;

/// What the reference's age alone admits at most, in thousandths: `max_jump` and
/// `max_growth` below it.
const LEAST: u128 = 600;

/// From 88 % on a fifth less in each block, in thousandths.
fn slide() -> impl Iterator<Item = u128> {
    std::iter::successors(Some(880), |permille| Some(permille * 81 / 100))
        .skip(1)
        .take(10)
}

/// In which minutes something changes about who can be liquidated.
fn changes(market: &mut Market, minutes: u64, permille: u128) -> Vec<(u64, bool)> {
    let mut changes: Vec<(u64, bool)> = vec![];
    for minute in 0..minutes {
        let after = market.at_permille(60, permille);
        let can = market.allowed(&after).contains(&Action::Liquidate);
        if changes.last().is_none_or(|(_, could)| *could != can) {
            changes.push((minute, can));
        }
    }
    changes
}

fn quarrel(market: &mut Market, prices: [u128; 4]) {
    let [a, b, c, d] = prices.map(Some);
    let reading = market.reads(6, [a, b, c, d, None]).reading;
    assert!(reading.faults.has(Fault::Disagreement), "{:?}", reading.findings);
}

#[test]
fn after_a_quarrel_a_confirmed_liquidation_goes_on_when_the_bound_has_grown() {
    let mut market = Market::new(MarketParams::default());
    quarrel(&mut market, [70_000, 80_000, 90_000, 100_000]);
    assert_eq!(changes(&mut market, 480, 700), [(0, false), (2, true)]);
}

#[test]
fn after_a_quarrel_a_fall_within_the_bound_is_liquidated_a_cooldown_later() {
    let mut market = Market::new(MarketParams::default());
    quarrel(&mut market, [82_000, 88_000, 94_000, 100_000]);
    assert_eq!(changes(&mut market, 480, 820), [(0, false), (29, true)]);
}

#[test]
fn one_uncertain_source_beside_silent_ones_is_a_gap() {
    let mut market = Market::new(MarketParams::default());
    let now = market.now + 121;
    let mut said = [None; 5].map(|price| said_at(price, now));
    said[4] = priced(milli(100_000), milli(5_000), now);
    market.say(121, said);
    assert_eq!(market.record.state, MarketState::Tripped);
    assert_eq!(market.record.watch.streak, None);
    let back = market.at(6, 85);
    assert_eq!(market.allowed(&back), TAKING_OFF);
    // Two that are uncertain are a quorum that is heard and does not count.
    said[3] = priced(milli(100_000), milli(5_000), now + 60);
    said[4] = priced(milli(100_000), milli(5_000), now + 60);
    market.say(121, said);
    let trip = market.record.watch.trip.as_ref();
    assert!(trip.is_some_and(|trip| trip.lost && trip.quarrelled_at.is_some()));
}

/// A market that recovers from a jump that came back.
fn recovering() -> Market {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 100);
    market.at(1_800, 100);
    assert_eq!(market.record.state, MarketState::Recovering);
    market
}

#[test]
fn a_recovery_ends_at_a_price_between_the_tight_bound_and_the_loose_one() {
    let mut market = recovering();
    // Nobody pokes for five hours, in which it falls by more than is clean.
    market.at(5 * 3_600, 65);
    assert_eq!(market.record.state, MarketState::Recovering);
    changes(&mut market, 24 * 60, 650);
    assert_eq!(market.record.open_trip, None);
}

#[test]
fn a_recovery_ends_after_a_slide_read_every_minute() {
    let mut market = recovering();
    for minute in 0..240 {
        market.at_permille(60, 840 - minute * 200 / 240);
    }
    changes(&mut market, 24 * 60, 640);
    assert_eq!(market.record.open_trip, None);
}

#[test]
fn however_long_a_level_has_stood_it_admits_no_slide_beyond_it() {
    let mut market = latched();
    assert_eq!(market.record.state, MarketState::Latched);
    for _ in 0..240 {
        market.at(3_600, 88);
    }
    for permille in slide() {
        let after = market.at_permille(6, permille);
        assert_eq!(after.reading.faulty(), permille < LEAST, "at {permille}");
        assert!(permille >= LEAST || !market.allowed(&after).contains(&Action::Liquidate));
    }
}

#[test]
fn in_the_guardians_time_a_slide_from_a_level_is_a_fault() {
    let mut market = Market::new(MarketParams::default());
    market.record = guardian_trip(&market.record, time(market.now)).0;
    for _ in 1..71 {
        market.at(3_600, 88);
    }
    for permille in slide() {
        let after = market.at_permille(6, permille);
        let payout = verdict("m", Action::Payout, &after, &market.params);
        assert_eq!(
            payout.faults.any(Layer::Market),
            permille < LEAST,
            "at {permille}"
        );
    }
}

/// The level's time is no more than the price takes: it is admitted as early as
/// the bound alone says, and stays so.
#[test]
fn a_level_is_admitted_when_the_bound_has_grown_to_it_and_stays_so() {
    let mut market = latched();
    let mut faulty = vec![];
    for minute in 0..48 * 60 {
        let after = market.at(60, 55);
        if faulty
            .last()
            .is_none_or(|(_, was)| *was != after.reading.faulty())
        {
            faulty.push((minute, after.reading.faulty()));
        }
    }
    // 45 % less 20 % at 5 % an hour.
    assert_eq!(faulty, [(0, true), (300, false)]);
}

#[test]
fn a_gap_in_a_dependency_latches_nothing() {
    let mut market = Market::new(MarketParams::default());
    for _ in 0..8 {
        let now = market.now + 60;
        let mut said = FIVE.map(|price| said_at(Some(price), now));
        said[4] = Observation::Unreadable {
            why: Unreadable::Dependency,
        };
        market.say(60, said);
        assert!(market.record.open_trip.is_some());
        for _ in 0..60 {
            market.at(60, 100);
        }
        assert_eq!(market.record.open_trip, None);
    }
}

#[test]
fn a_price_without_a_time_neither_contradicts_a_crash_nor_confirms_it() {
    let untimed = |price| Observation::Priced {
        price: milli(price),
        confidence: Price::default(),
        publish_time: None,
    };
    let crash = |market: &mut Market, timed: usize, rest: u128| {
        let now = market.now + 60;
        let mut said = FIVE.map(|price| said_at(Some(price * 55 / 100 + u128::from(now / 60 % 3)), now));
        for said in &mut said[timed..] {
            *said = untimed(rest);
        }
        let after = market.say(60, said);
        market.allowed(&after).contains(&Action::Liquidate)
    };
    let mut market = Market::new(MarketParams::default());
    let dead: Vec<bool> = (0..4).map(|_| crash(&mut market, 4, 100_000)).collect();
    assert_eq!(dead, [false, false, true, true]);
    // Two with a time are no three.
    let mut market = Market::new(MarketParams::default());
    assert!((0..60).all(|_| !crash(&mut market, 2, 55_000)));
}

#[test]
fn a_rebound_from_a_crash_is_no_leap() {
    let mut market = Market::new(MarketParams::default());
    for percent in [70, 50, 41, 41, 66] {
        market.at(60, percent);
    }
    let trip = market.record.watch.trip.as_ref();
    assert!(trip.is_some_and(|trip| !trip.leapt));
    // Through the reference and beyond it is one.
    market.at(60, 150);
    let trip = market.record.watch.trip.as_ref();
    assert!(trip.is_some_and(|trip| trip.leapt));
}

#[test]
fn where_a_bound_hardly_grows_a_trip_ends_also_if_the_price_moves() {
    let params = MarketParams {
        max_growth: Bps(200),
        ..MarketParams::default()
    };
    let mut market = Market::new(params);
    market.at(6, 60);
    for hour in 0..48 {
        market.at_permille(3_600, if hour % 2 == 0 { 600 } else { 618 });
    }
    assert_eq!(market.record.open_trip, None);
}

proptest! {
    /// What `Explain` says is admitted, a reading at that price does not call a
    /// jump or a drift.
    #[test]
    fn an_admitted_price_is_within_all_bounds(
        path in prop::collection::vec((1u64..14_400, 30u128..1_600), 1..40),
        growth in 200u32..9_000,
        guarded: bool,
        part in 0u128..=1_000,
    ) {
        let params = MarketParams { max_growth: Bps(growth), ..MarketParams::default() };
        let mut market = Market::new(params);
        if guarded {
            market.record = guardian_trip(&market.record, time(market.now)).0;
        }
        for (wait, permille) in path {
            market.at_permille(wait, permille);
        }
        let (watch, now) = (&market.record.watch, time(market.now + 6));
        let band = bounds::admitted(watch, &params, now).expect("it was read");
        let [low, high] = [band.low, band.high].map(|price| price.0.atomics().u128());
        // Where a drift's bound and the jump's leave nothing between them.
        prop_assume!(low <= high);
        let price = Price(Decimal::raw(low + (high - low) / 1_000 * part));
        prop_assert_eq!(bounds::beyond(price, watch, &params, now), None, "{:?} in {:?}", price, band);
    }
}
