//! One trip from beginning to end, step by step.

use backstop_types::breaker::{Band, Fault, MarketState, Reference, Source, TripCause, TripEnd};
use backstop_types::guardian;

use super::super::{Advance, TripChange, advance, exit, guardian_ready_at, guardian_trip, remap, reseed};
use super::*;

/// A market under the default parameters: 1,800 s of cooldown, three readings
/// a minute apart.
struct Market {
    record: MarketRecord,
    now: u64,
}

impl Market {
    fn at(price: u128) -> Self {
        let mut market = Self {
            record: record(),
            now: START,
        };
        market.says(0, price);
        market
    }

    fn hears(&mut self, wait: u64, prices: [u128; 3]) -> Advance {
        self.now += wait;
        let observed = said(prices.map(milli), self.now);
        let after = advance(&self.record, &observed, &defaults(), block(self.now));
        self.record = after.record.clone();
        after
    }

    fn says(&mut self, wait: u64, price: u128) -> Advance {
        self.hears(wait, [price; 3])
    }

    fn state(&self) -> MarketState {
        self.record.state
    }
}

fn flat(price: u128) -> Band {
    Band {
        low: milli(price),
        high: milli(price),
    }
}

/// A fall of 21 % that comes back, and the trip's end.
pub(super) fn crash_and_return() -> TripEnd {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    assert_eq!(market.state(), MarketState::Tripped);
    assert_eq!(market.record.trip(), Some(1));
    assert_eq!(market.record.last_clean, Some(flat(100_000)));
    assert_eq!(market.record.watch.faults.list(), [Fault::Jump]);

    market.says(60, 97_000);
    assert_eq!(market.state(), MarketState::Tripped, "the cooldown goes on");
    market.says(1_740, 97_000);
    assert_eq!(market.state(), MarketState::Recovering);

    market.says(60, 98_000);
    market.says(59, 98_000);
    assert_eq!(
        market.record.watch.recovery.unwrap().clean,
        1,
        "too soon to count"
    );
    market.says(1, 99_000);
    assert_eq!(
        market.record.last_clean,
        Some(flat(100_000)),
        "as it was before the trip"
    );
    let end = market.says(60, 98_500);
    assert_eq!(market.state(), MarketState::Normal);
    assert_eq!(market.record.last_clean, Some(flat(98_500)));
    match end.change {
        Some(TripChange::Ended(end)) => end,
        other => panic!("no end: {other:?}"),
    }
}

#[test]
fn a_trip_ends_after_cooldown_and_three_clean_readings() {
    let end = crash_and_return();
    assert_eq!(end.band, flat(97_000).span(flat(99_000)));
    assert_eq!(end.at, time(START + 60 + 60 + 1_740 + 60 + 60 + 60));
}

#[test]
fn the_first_reading_seeds_the_market_and_no_reading_before_it_trips() {
    let mut market = Market {
        record: record(),
        now: START,
    };
    market.hears(1, [100_000, 50_000, 20_000]);
    assert_eq!(market.record, record(), "nothing to lose, nothing to write");
    market.says(1, 4_060);
    let seeded = market.record.watch.reference.unwrap();
    assert_eq!(
        (market.state(), seeded.price),
        (MarketState::Normal, milli(4_060))
    );
}

#[test]
fn a_reading_without_news_is_no_reason_to_write() {
    let mut market = Market::at(100_000);
    market.says(6, 100_000);
    let before = market.record.clone();
    let observed = unanimous(milli(100_000), market.now);
    let after = advance(&before, &observed, &defaults(), block(market.now + 6));
    assert_eq!(after.record, before);
}

#[test]
fn a_market_fault_while_recovering_starts_over_under_the_same_number() {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    market.says(1_800, 99_000);
    market.says(60, 99_000);
    assert_eq!(market.record.watch.recovery.unwrap().clean, 1);

    let again = market.hears(60, [99_000, 80_000, 60_000]);
    assert_eq!((market.state(), market.record.trips), (MarketState::Tripped, 1));
    assert_eq!((market.record.watch.recovery, again.change), (None, None));
    market.says(1_799, 99_000);
    assert_eq!(market.state(), MarketState::Tripped);
    market.says(1, 99_000);
    assert_eq!(market.state(), MarketState::Recovering);
    assert_eq!(market.record.watch.recovery.unwrap().clean, 0);
}

#[test]
fn a_reading_in_a_trip_counts_only_within_the_tighter_thresholds() {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    market.says(1_800, 99_000);
    // A spread of 4 % passes 5 %, and not half of it; who is right nobody knows.
    market.hears(60, [97_000, 99_000, 101_000]);
    let recovery = market.record.watch.recovery.unwrap();
    assert_eq!((market.state(), recovery.clean), (MarketState::Recovering, 0));
    assert_eq!(recovery.band, Some(flat(99_000)));
    // One of three that is 2 % off is dropped instead, and the others count.
    market.hears(60, [99_000, 99_000, 97_020]);
    let recovery = market.record.watch.recovery.unwrap();
    assert_eq!((recovery.clean, recovery.band), (1, Some(flat(99_000))));
}

#[test]
fn a_trips_end_holds_each_clean_reading_of_its_recovery_counted_or_not() {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    market.says(1_800, 97_000);
    market.says(60, 99_000);
    market.says(30, 96_000);
    market.says(29, 101_000);
    assert_eq!(market.record.watch.recovery.unwrap().clean, 1);
    market.says(1, 99_000);
    match market.says(60, 99_000).change {
        Some(TripChange::Ended(end)) => assert_eq!(end.band, flat(96_000).span(flat(101_000))),
        other => panic!("no end: {other:?}"),
    }
}

#[test]
fn a_relapse_drops_what_was_clean_before_it() {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    market.says(1_800, 94_000);
    market.hears(30, [99_000, 80_000, 60_000]);
    market.says(1_800, 99_000);
    assert_eq!(market.record.watch.recovery.unwrap().band, Some(flat(99_000)));
}

#[test]
fn a_reading_counts_only_if_a_quorum_has_news() {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    market.says(1_800, 99_000);
    market.now += 60;
    let mut observed = unanimous(milli(99_000), market.now);
    for old in &mut observed[1..] {
        old.observation = priced(milli(99_000), Price::default(), market.now - 60);
    }
    let params = defaults();
    let one = advance(&market.record, &observed, &params, block(market.now));
    let recovery = |record: &MarketRecord| record.watch.recovery;
    assert_eq!(
        recovery(&one.record),
        recovery(&market.record),
        "one lineage of three is not enough"
    );
    observed[1].observation = priced(milli(99_000), Price::default(), market.now);
    let two = advance(&market.record, &observed, &params, block(market.now));
    assert_eq!(two.record.watch.recovery.unwrap().clean, 1);
}

#[test]
fn a_source_fault_guards_the_market_until_its_cooldown_is_over() {
    let mut market = Market::at(100_000);
    market.hears(60, [100_000, 100_000, 50_000]);
    assert_eq!(market.state(), MarketState::Guarded);
    assert_eq!(market.record.watch.faults.list(), [Fault::Outlier]);
    market.says(299, 100_000);
    assert_eq!(market.state(), MarketState::Guarded);
    market.says(1, 100_000);
    assert_eq!(market.state(), MarketState::Normal);
    assert!(market.record.watch.faults.is_empty());
}

#[test]
fn a_market_near_its_bounds_is_guarded() {
    let mut market = Market::at(100_000);
    // Six tenths of 20 %.
    market.says(1, 87_000);
    assert_eq!(market.record.watch.faults.list(), [Fault::NearJump]);
    let mut market = Market::at(100_000);
    market.hears(1, [98_300, 100_000, 101_700]);
    assert_eq!(market.record.watch.faults.list(), [Fault::NearDisagreement]);
}

#[test]
fn what_a_market_was_near_to_counts_for_the_whole_block() {
    let mut market = Market::at(100_000);
    market.says(3_600, 84_000);
    // The reference has followed by now, and nothing is near any more.
    let again = market.says(0, 84_000);
    assert!(!again.reading.faults.has(Fault::NearJump));
    assert_eq!(market.record.watch.faults.list(), [Fault::NearJump]);
}

#[test]
fn the_guardians_trip_lasts_three_days_and_cannot_follow_within_fourteen() {
    let mut market = Market::at(100_000);
    let (tripped, trip) = guardian_trip(&market.record, time(market.now));
    assert_eq!(trip.unwrap().cause, TripCause::Guardian);
    market.record = tripped;
    market.says(guardian::LONGEST.0 - 1, 100_000);
    assert_eq!(market.state(), MarketState::Tripped);
    let until = time(market.now + 1);
    assert_eq!(
        guardian_ready_at(&market.record),
        Some(Seconds::days(14).after(until))
    );
    market.says(1, 100_000);
    assert_eq!(market.state(), MarketState::Recovering);
}

#[test]
fn a_guardians_trip_in_a_trip_keeps_number_and_cause_and_holds() {
    let mut market = Market::at(100_000);
    market.says(60, 79_000);
    market.says(1_800, 99_000);
    let (tripped, trip) = guardian_trip(&market.record, time(market.now));
    assert_eq!(trip, None);
    assert_eq!((tripped.trips, tripped.open_trip), (1, Some(TripCause::Faults)));
    assert_eq!(
        (tripped.state, tripped.watch.recovery),
        (MarketState::Tripped, None)
    );
    assert!(tripped.watch.faults.has(Fault::Guardian));
}

#[test]
fn a_reseed_takes_what_the_sources_agree_on_and_goes_through_recovering() {
    let params = defaults();
    let mut market = Market::at(100_000);
    market.says(60, 10_000);
    let now = time(market.now);

    let quarrel = said([10_000, 12_000, 15_000].map(milli), market.now);
    assert_eq!(reseed(&market.record, &quarrel, &params, block(market.now)), None);
    let seeded = reseed(
        &market.record,
        &unanimous(milli(10_000), market.now),
        &params,
        block(market.now),
    )
    .unwrap();
    market.record = seeded.record;
    assert_eq!(
        market.record.watch.reference,
        Some(Reference {
            price: milli(10_000),
            at: now
        })
    );
    assert_eq!(market.state(), MarketState::Recovering);
    for left in [2, 1, 0] {
        market.says(60, 10_000);
        assert_eq!(market.record.open_trip.is_some(), left > 0);
    }
    let untripped = Market::at(100_000);
    assert_eq!(
        reseed(
            &untripped.record,
            &unanimous(milli(1), START),
            &params,
            block(START)
        ),
        None
    );
}

#[test]
fn the_exit_names_the_earliest_end_and_it_comes_true() {
    let params = defaults();
    let mut market = Market::at(100_000);
    assert_eq!(exit(&market.record, &params, time(market.now)), None);
    market.says(60, 79_000);
    let tripped = exit(&market.record, &params, time(market.now)).unwrap();
    assert_eq!(tripped.earliest_recovery, Some(time(START + 60 + 1_800 + 3 * 60)));
    assert_eq!((tripped.readings_left, tripped.guardian_until), (3, None));

    market.says(1_800, 99_000);
    market.says(60, 99_000);
    let under_way = exit(&market.record, &params, time(market.now)).unwrap();
    assert_eq!(under_way.earliest_recovery, tripped.earliest_recovery);
    assert_eq!(under_way.readings_left, 2);
    market.says(60, 99_000);
    market.says(60, 99_000);
    assert_eq!(market.record.open_trip, None);
    assert_eq!(Some(time(market.now)), tripped.earliest_recovery);
}

#[test]
fn the_exit_names_the_guardians_time_only_while_it_is_to_come() {
    let params = defaults();
    let mut market = Market::at(100_000);
    market.record = guardian_trip(&market.record, time(market.now)).0;
    let until = guardian::LONGEST.after(time(market.now));
    let at = |now| exit(&market.record, &params, now).unwrap();
    let before = at(time(market.now));
    assert_eq!(before.guardian_until, Some(until));
    assert_eq!(before.earliest_recovery, Some(Seconds(3 * 60).after(until)));
    assert_eq!(at(until).guardian_until, None);
    assert_eq!(at(Seconds(1).after(until)).guardian_until, None);
}

#[test]
fn a_warning_begins_beyond_its_part_of_the_bound_and_not_at_it() {
    // Six tenths of 5 %, around 100 exactly.
    let mut market = Market::at(100_000);
    market.hears(1, [98_500, 100_000, 101_500]);
    assert_eq!(market.state(), MarketState::Normal);
    let mut market = Market::at(100_000);
    market.hears(1, [98_500, 100_000, 101_501]);
    assert_eq!(market.record.watch.faults.list(), [Fault::NearDisagreement]);
    // And the fault likewise.
    let mut market = Market::at(100_000);
    let at = market.hears(1, [97_500, 100_000, 102_500]);
    assert!(!at.reading.faulty());
    assert!(market.says(1, 80_000).reading.faults.has(Fault::NearJump));
    let mut market = Market::at(100_000);
    assert!(market.says(0, 79_999).reading.faults.has(Fault::Jump));
}

#[test]
fn a_reference_that_reaches_the_median_is_as_old_as_the_reading() {
    let params = defaults();
    let first = advance(
        &record(),
        &unanimous(milli(100_000), START),
        &params,
        block(START),
    )
    .record;
    // 1 % a minute reaches 101 in a minute exactly; the reading is later by a half.
    let later = Timestamp::from_nanos(time(START + 60).nanos() + 500_000_000);
    let reach = |price| {
        let observed = unanimous(milli(price), START + 60);
        advance(&first, &observed, &params, block_at(later))
            .record
            .watch
            .reference
            .unwrap()
    };
    assert_eq!(
        reach(101_000),
        Reference {
            price: milli(101_000),
            at: later
        }
    );
    // Further away what its age has beyond whole seconds counts at the next step.
    assert_eq!(
        reach(101_001),
        Reference {
            price: milli(101_000),
            at: time(START + 60)
        }
    );
}

#[test]
fn seen_publish_times_follow_their_source_through_another_config() {
    let source = |name: &str, lineage: &str| Source::reporter(name, lineage, "addr");
    let (a, b, c) = (source("a", "x"), source("b", "y"), source("c", "z"));
    let renamed = source("b", "other");
    let limited = Source {
        max_age: Some(Seconds(60)),
        ..a.clone()
    };
    assert_eq!(
        remap(&[1, 2, 3], &[a.clone(), b, c.clone()], &[c, renamed, a.clone()]),
        [3, 0, 1]
    );
    assert_eq!(remap(&[7], &[a], &[limited]), [7], "held to another age");
}
