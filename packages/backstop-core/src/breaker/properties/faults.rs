//! What broke real protocols: each fault by an example, and at its bound.

use backstop_types::breaker::{Action, Fault, MarketState};

use super::super::{Advance, advance, verdict};
use super::*;

/// A market whose lineages each say something of their own.
struct Market {
    record: MarketRecord,
    params: MarketParams,
    limits: SourceLimits,
    now: u64,
    height: u64,
}

impl Market {
    /// As many lineages as prices, after their first reading.
    fn at<const N: usize>(prices: [u128; N]) -> Self {
        Self::with(MarketParams::default(), SourceLimits::default(), prices)
    }

    fn with<const N: usize>(params: MarketParams, limits: SourceLimits, prices: [u128; N]) -> Self {
        let mut market = Self {
            record: record(),
            params,
            limits,
            now: START,
            height: START / 6,
        };
        market.reads(0, prices);
        market
    }

    fn reads<const N: usize>(&mut self, wait: u64, prices: [u128; N]) -> Advance {
        let (now, published) = (self.now + wait, self.now + wait);
        let said = prices.map(|price| priced(milli(price), Price::default(), published));
        self.height += wait / 6;
        self.hears(now, said)
    }

    fn hears<const N: usize>(&mut self, now: u64, said: [Observation; N]) -> Advance {
        self.now = now;
        let mut observed = heard(said);
        for seen in &mut observed {
            seen.limits = self.limits;
        }
        let block = Block {
            time: time(now),
            height: self.height,
        };
        let after = advance(&self.record, &observed, &self.params, block);
        self.record = after.record.clone();
        after
    }

    fn allows(&self, after: &Advance, action: Action) -> bool {
        verdict("m", action, after, &self.params).allowed
    }
}

fn of_source(after: &Advance, place: usize) -> Vec<Fault> {
    let findings = &after.reading.sources[place].findings;
    findings.iter().map(|finding| finding.fault).collect()
}

#[test]
fn two_lineages_that_repeat_themselves_do_not_outvote_a_live_one() {
    let mut market = Market::at([100_000, 100_000, 100_000]);
    for minute in 1..10 {
        market.reads(60, [100_000, 100_000, 100_000 + minute]);
    }
    let after = market.reads(60, [100_000, 100_000, 10_000]);
    assert_eq!(of_source(&after, 0), [Fault::Frozen]);
    assert_eq!(of_source(&after, 1), [Fault::Frozen]);
    assert_eq!(of_source(&after, 2), []);
    assert_eq!(after.record.state, MarketState::Tripped);
    assert!(!market.allows(&after, Action::Payout));
}

#[test]
fn a_source_is_frozen_at_the_fifth_price_of_one_value_and_when_the_others_moved_by_3_percent() {
    let with = |repeats: u128, others: u128| {
        let mut market = Market::at([100_000, 100_001, 99_999, 100_002]);
        for tick in 2..repeats {
            market.reads(60, [100_000, 100_001 + tick, 99_999 + tick, 100_002 + tick]);
        }
        of_source(&market.reads(60, [100_000, others, others + 1, others + 2]), 0)
    };
    // 3.01 % and 2.99 % of the others' median when the value was first seen.
    assert_eq!(with(5, 103_011), [Fault::Frozen]);
    assert!(!with(5, 102_989).contains(&Fault::Frozen));
    assert!(!with(4, 103_011).contains(&Fault::Frozen));
}

#[test]
fn the_same_price_at_the_same_time_is_not_news_and_freezes_nothing() {
    let mut market = Market::at([100_000, 100_001, 99_999, 100_002]);
    for tick in 0..20 {
        let now = market.now + 5;
        let others = [100_001, 99_999, 100_002]
            .map(|price: u128| priced(milli(price * (1_000 + tick * 2) / 1_000), Price::default(), now));
        let old = priced(milli(100_000), Price::default(), START);
        let after = market.hears(now, [old, others[0], others[1], others[2]]);
        assert!(!of_source(&after, 0).contains(&Fault::Frozen));
    }
}

#[test]
fn a_feed_at_its_providers_floor_is_pinned_once_the_others_are_below() {
    let limits = SourceLimits {
        floor: Some(milli(107)),
        cap: Some(milli(1_000_000)),
        ..SourceLimits::default()
    };
    let mut market = Market::with(MarketParams::default(), limits, [120, 120, 120]);
    let at_floor = market.reads(60, [107, 108, 108]);
    assert_eq!(of_source(&at_floor, 0), [], "where the others are, too");
    let below = market.reads(60, [107, 104, 104]);
    assert_eq!(of_source(&below, 0), [Fault::Pinned]);
    // A pair at the floor against one that fell on: nobody is left to agree.
    let pair = market.reads(60, [107, 107, 90]);
    assert_eq!(of_source(&pair, 0), [Fault::Pinned]);
    assert_eq!(of_source(&pair, 1), [Fault::Pinned]);
    assert!(pair.reading.faults.has(Fault::Quorum));
    assert!(!market.allows(&pair, Action::Payout));
    let mut market = Market::with(MarketParams::default(), limits, [1_000_000, 1_010_000, 1_011_000]);
    assert_eq!(
        of_source(&market.reads(6, [1_000_000, 1_010_000, 1_011_000]), 0),
        [Fault::Pinned]
    );
}

#[test]
fn a_source_that_follows_another_to_the_last_digit_is_dropped_as_its_copy() {
    let mut market = Market::at([100_000, 100_000, 100_007]);
    let mut after = market.reads(6, [100_001, 100_001, 100_006]);
    for tick in 2..100 {
        assert_eq!(of_source(&after, 1), [], "{tick} changes");
        after = market.reads(6, [100_000 + tick, 100_000 + tick, 100_005 + tick]);
    }
    assert_eq!(of_source(&after, 0), []);
    assert_eq!(of_source(&after, 1), [Fault::Shared]);
    assert_eq!(after.reading.lineages, 2);
    // One value of its own, and it is a lineage again.
    let own = market.reads(6, [100_020, 100_021, 100_006]);
    assert_eq!((of_source(&own, 1), own.reading.lineages), (vec![], 3));
}

#[test]
fn a_price_out_of_absolute_bounds_drops_its_source() {
    let params = MarketParams {
        min_price: Some(milli(900)),
        max_price: Some(milli(1_100)),
        ..MarketParams::default()
    };
    let mut market = Market::with(params, SourceLimits::default(), [1_000, 1_001, 999, 1_002]);
    for (price, faults) in [
        (899, vec![Fault::OutOfBounds]),
        (900, vec![Fault::Outlier]),
        (1_100, vec![Fault::Outlier]),
        (1_101, vec![Fault::OutOfBounds]),
    ] {
        let after = market.reads(6, [price, 1_001, 999, 1_002]);
        assert_eq!(of_source(&after, 0), faults, "{price}");
    }
}

#[test]
fn a_source_keeps_an_age_of_its_own() {
    let limits = SourceLimits {
        max_age: Some(Seconds(10)),
        ..SourceLimits::default()
    };
    let mut market = Market::with(MarketParams::default(), limits, [1_000, 1_001, 999]);
    let old = |market: &Market, age| {
        let now = market.now + 60;
        let fresh = priced(milli(1_000), Price::default(), now);
        (
            now,
            [priced(milli(1_001), Price::default(), now - age), fresh, fresh],
        )
    };
    let (now, said) = old(&market, 10);
    market.height += 10;
    assert_eq!(of_source(&market.hears(now, said), 0), []);
    let (now, said) = old(&market, 11);
    market.height += 10;
    assert_eq!(of_source(&market.hears(now, said), 0), [Fault::Stale]);
}

/// 0.038 to 0.91 in 336 minutes, by as much each minute: no step is a jump.
#[test]
fn a_price_that_is_walked_up_trips_by_drift_before_it_has_doubled() {
    let mut market = Market::at([38_000, 38_010, 37_990]);
    for minute in 1..=336 {
        let price = (38_000.0 * (0.91_f64 / 0.038).powf(f64::from(minute) / 336.0)) as u128;
        let after = market.reads(60, [price, price + 10, price - 10]);
        assert!(!after.reading.faults.has(Fault::Jump) || after.reading.faults.has(Fault::Drift));
        if after.record.state == MarketState::Tripped {
            assert!(price <= 2 * 38_000 * 101 / 100, "{price} after {minute} minutes");
            assert!(!market.allows(&after, Action::Open) && !market.allows(&after, Action::Payout));
            return;
        }
    }
    panic!("no trip");
}

#[test]
fn a_drift_ends_when_where_it_began_is_out_of_its_window() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    for minute in 1..=100 {
        let price = 100_000 + 1_050 * minute;
        market.reads(60, [price, price + 10, price - 10]);
    }
    assert_eq!(market.record.state, MarketState::Tripped);
    let began = market.now;
    while market.record.open_trip.is_some() {
        let price = 205_000 + u128::from(market.now % 5);
        market.reads(60, [price, price + 10, price - 10]);
        assert!(market.now - began < 7 * 3_600, "for ever");
    }
    assert!(market.now - began > 4 * 3_600);
}

#[test]
fn the_first_block_after_a_halt_trips_and_a_long_silence_of_pokers_does_not() {
    let fell = [60_000, 60_010, 59_990];
    let mut market = Market::at([100_000, 100_010, 99_990]);
    market.height += 1;
    let after = market.hears(
        market.now + 8 * 3_600,
        fell.map(|price| priced(milli(price), Price::default(), START + 8 * 3_600)),
    );
    assert!(after.reading.faults.has(Fault::Halt));
    for action in [Action::Payout, Action::Liquidate, Action::Open] {
        assert!(!market.allows(&after, action), "{action}");
    }
    // The grace is the cooldown: who is in can take risk off, once the price is
    // read within the bound.
    let mut market = Market::at([100_000, 100_010, 99_990]);
    let after = market.reads(8 * 3_600, [99_000, 99_010, 98_990]);
    assert_eq!(after.reading.faults.list(), [Fault::Unread]);
}

#[test]
fn a_halt_is_found_beyond_ten_minutes_more_than_a_quarter_over_what_its_blocks_take() {
    let after = |lost: u64| {
        let mut market = Market::at([100_000, 100_010, 99_990]);
        market.height += 100;
        let now = market.now + 750 + lost;
        market.hears(
            now,
            [100_000, 100_010, 99_990].map(|p| priced(milli(p), Price::default(), now)),
        )
    };
    assert!(!after(600).reading.faults.has(Fault::Halt));
    assert!(after(601).reading.faults.has(Fault::Halt));
}

#[test]
fn no_time_unread_makes_a_halt_of_blocks_that_take_longer_than_told() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    // Blocks of 7.5 s, where 6 s are told, for a week.
    market.height += 7 * 86_400 * 2 / 15;
    let now = market.now + 7 * 86_400;
    let said = [100_000, 100_010, 99_990].map(|p| priced(milli(p), Price::default(), now));
    assert!(!market.hears(now, said).reading.faults.has(Fault::Halt));
}

#[test]
fn halts_alone_latch_nothing() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    for _ in 0..5 {
        let now = market.now + 1_000;
        let said = [100_000, 100_010, 99_990].map(|p| priced(milli(p), Price::default(), now));
        let after = market.hears(now, said);
        assert!(after.reading.faults.has(Fault::Halt));
        assert_eq!(market.record.state, MarketState::Tripped);
        for wait in [1_800, 60, 60, 60] {
            market.reads(wait, [100_000, 100_010, 99_990]);
        }
        assert_eq!(market.record.open_trip, None);
    }
}

#[test]
fn what_a_composites_market_lacks_trips_the_composite() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    let now = market.now + 6;
    let fresh = |price| priced(milli(price), Price::default(), now);
    let unwell = Observation::Unreadable {
        why: Unreadable::Dependency,
    };
    let after = market.hears(now, [fresh(100_000), fresh(100_010), unwell]);
    assert!(after.reading.faults.has(Fault::Dependency));
    assert_eq!(after.record.state, MarketState::Tripped);
}

#[test]
fn an_old_reference_guards_the_market_until_it_has_been_read_again() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    let after = market.reads(3_600, [100_001, 100_011, 99_991]);
    assert_eq!(after.record.state, MarketState::Normal);
    let after = market.reads(3_601, [100_000, 100_010, 99_990]);
    assert_eq!(after.reading.faults.list(), [Fault::Unread]);
    assert_eq!(after.record.state, MarketState::Guarded);
    assert_eq!(
        market.reads(0, [100_000, 100_010, 99_990]).record.state,
        MarketState::Guarded
    );
    assert_eq!(
        market.reads(6, [100_001, 100_011, 99_991]).record.state,
        MarketState::Normal
    );
}

#[test]
fn a_jump_is_no_more_payable_for_a_week_in_which_nobody_poked() {
    for (silence, price) in [(16 * 3_600, 21_000), (7 * 86_400, 900_000), (7 * 86_400, 59_000)] {
        let mut market = Market::at([100_000, 100_010, 99_990]);
        let after = market.reads(silence, [price, price + 10, price - 10]);
        assert!(after.reading.faults.has(Fault::Jump), "{price}");
        assert!(!market.allows(&after, Action::Payout));
    }
    // 20 %, and at most 20 % more.
    let mut market = Market::at([100_000, 100_010, 99_990]);
    let after = market.reads(86_400, [60_010, 60_011, 60_012]);
    assert!(market.allows(&after, Action::Payout));
}

#[test]
fn a_liar_and_a_straggler_of_four_are_no_disagreement() {
    let mut market = Market::at([100_000, 100_010, 97_400, 100_000]);
    for lie in (60_000..140_000).step_by(100) {
        let after = market.reads(6, [100_000, 100_010, 97_400, lie]);
        assert!(!after.reading.faulty(), "{lie}: {:?}", after.reading.findings);
    }
    // Two against two, nobody can say.
    let mut market = Market::at([100_000, 100_010, 99_990, 100_020]);
    let after = market.reads(6, [100_000, 100_010, 90_000, 90_010]);
    assert!(after.reading.faults.has(Fault::Disagreement));
}

#[test]
fn a_source_without_a_time_is_heard_and_is_never_news() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    let untimed = |price| Observation::Priced {
        price: milli(price),
        confidence: Price::default(),
        publish_time: None,
    };
    let old = |price| priced(milli(price), Price::default(), START);
    market.height += 10;
    let after = market.hears(START + 60, [untimed(100_400), old(100_010), old(99_990)]);
    assert_eq!(after.reading.lineages, 3);
    let reference = after.record.watch.reference.unwrap();
    assert_eq!(reference.at, time(START), "the reference does not follow");
}

#[test]
fn the_cooldown_runs_from_the_last_reading_whatever_drops_the_sources() {
    let params = MarketParams {
        min_price: Some(milli(1_000)),
        ..MarketParams::default()
    };
    let mut market = Market::with(params, SourceLimits::default(), [1_010, 1_011, 1_009]);
    for _ in 0..300 {
        let after = market.reads(60, [900, 901, 899]);
        assert!(after.reading.faults.has(Fault::OutOfBounds));
    }
    let back = market.reads(6, [1_010, 1_012, 1_009]);
    assert!(!back.reading.faulty());
    assert_eq!(
        back.record.state,
        MarketState::Tripped,
        "the cooldown has begun just now"
    );
    assert!(!market.allows(&back, Action::Deleverage));
}

#[test]
fn a_fault_in_the_recovery_restarts_the_cooldown() {
    let mut market = Market::at([100_000, 100_010, 99_990]);
    market.reads(6, [70_000, 70_010, 69_990]);
    market.reads(1_800, [99_000, 99_010, 98_990]);
    assert_eq!(market.record.state, MarketState::Recovering);
    let silent = Observation::NonPositive {
        publish_time: Some(market.now + 60),
    };
    market.height += 10;
    market.hears(market.now + 60, [silent; 3]);
    assert_eq!(market.record.state, MarketState::Tripped);
    market.reads(1_740, [99_000, 99_020, 98_990]);
    assert_eq!(market.record.state, MarketState::Tripped);
}
